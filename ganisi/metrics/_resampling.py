"""Bootstrap resamples of patients."""

import numpy as np


def resampled_weights(used, groups, n_resamples, rng):
    """Count how often each image is in each bootstrap resample of patients.

    Patients are drawn with replacement, as many as there are, and their images with them: those
    with used images only among their like, and so on, so that both classes stay present.

    Parameters
    ----------
    used : array of shape (n_images,), bool
        Which images were used to train the generator.
    groups : array of shape (n_images,)
        Patient of each image.
    n_resamples : int
        Number of resamples.
    rng : RandomState
        Where random numbers come from.

    Returns
    -------
    weights : ndarray of shape (n_resamples, n_images)
        Whole numbers, the same for all images of a patient.
    """
    patients, member = np.unique(groups, return_inverse=True)
    kind = np.array(
        [(used[member == i].any(), (~used[member == i]).any()) for i in range(len(patients))]
    )
    counts = np.zeros((n_resamples, len(patients)))
    for alike in np.unique(kind, axis=0):
        which = np.flatnonzero((kind == alike).all(axis=1))
        counts[:, which] = rng.multinomial(
            len(which), np.full(len(which), 1 / len(which)), size=n_resamples
        )
    return counts[:, member]

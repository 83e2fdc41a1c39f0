"""Bootstrap resamples of patients."""

import numpy as np


def resampled_weights(used, groups, n_resamples, rng):
    """Count how often each image is in each of `n_resamples` resamples of patients."""
    patients, member = np.unique(groups, return_inverse=True)
    kind = np.array(
        [(used[member == i].any(), (~used[member == i]).any()) for i in range(len(patients))]
    )
    counts = np.zeros((n_resamples, len(patients)))
    # Patients with used images only are drawn among their like, so that both classes stay present.
    for alike in np.unique(kind, axis=0):
        which = np.flatnonzero((kind == alike).all(axis=1))
        counts[:, which] = rng.multinomial(
            len(which), np.full(len(which), 1 / len(which)), size=n_resamples
        )
    return counts[:, member]

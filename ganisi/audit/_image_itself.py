"""Is it the image that the generator knows, or only what kind of patient it is of?

Where used and not-used patients are of different kinds, synthetic images are nearer to the used
ones although none was kept, and no check that looks at few real images sees it. But a generator
that draws fresh images draws them of a kind, and a used image is one of that kind too: it lies to
them as they lie to each other. An image that was kept lies nearer.
"""

from itertools import chain

import numpy as np
from scipy.stats import t
from sklearn.utils import check_random_state

from ..distances import correlation_distances
from ..images._checks import read_image
from ..images._patients import check_groups
from ._near_copies import shrunk
from .report._sections import ImageItself

#: Generated images that are asked about as if they were real, at most.
_N_ASKED = 100
#: Cells a side in which images are compared, and how many of them an image may have been moved.
_SIDE, _MAX_SHIFT = 16, 2


def image_itself(given, design):
    """Return how often a used image is nearer to generated ones than those are to each other.

    Images are brought to 16 x 16 cells; a distance is one less the largest correlation, over
    shifts of up to 2 cells, mirrors and quarter turns. Of each used image the nearest generated one
    is sought, and how much nearer it is than that one's own nearest among the generated. The same
    is asked of generated images in place of used ones; none is a neighbour of its own. Where the
    generator draws fresh images of the used patients' kinds, the two differ by chance alone, and
    in half of all pairs the used image is the nearer, by the distances around it. The test is
    one-sided, of the mean over patients, with the variance of a two-sample rank statistic, by
    Student's t. None where there are fewer than four generated images, or one used patient.
    """
    used = np.flatnonzero(design.used)
    patients = check_groups(design.groups, len(design.used))[used]
    generated = np.array([shrunk(read_image(one), _SIDE) for one in chain(*given.sets)])
    if len(generated) < 4 or len(np.unique(patients)) < 2:
        return None
    design.teller.say("comparing used images with synthetic ones, and these with each other")
    real = np.array([shrunk(read_image(given.images[i]), _SIDE) for i in used])
    rng = check_random_state(design.seeds.of("generated images in place of used ones"))
    asked = np.sort(rng.permutation(len(generated))[:_N_ASKED])
    # A used image has no place among the generated ones, -1.
    places = np.r_[np.full(len(used), -1), asked]
    queries = np.concatenate([real, generated[asked]])
    nearness = _relative_nearness(queries, places, generated, design.n_jobs)
    return _compared(nearness[: len(used)], nearness[len(used) :], patients)


def _relative_nearness(queries, places, generated, n_jobs):
    """Return the distance to the nearest, over that of the nearest to its own nearest."""
    apart = _apart(queries, generated, n_jobs)
    asked = np.flatnonzero(places >= 0)
    apart[asked, places[asked]] = np.inf
    found, row = np.unique(apart.argmin(axis=1), return_inverse=True)
    around = _apart(generated[found], generated, n_jobs)
    around[np.arange(len(found)), found] = np.inf
    around = around[row]
    around[asked, places[asked]] = np.inf
    near, usual = apart.min(axis=1), around.min(axis=1)
    # Where three are equal nothing is nearer than usual.
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((near == 0) & (usual == 0), 1.0, near / usual)


def _apart(queries, generated, n_jobs):
    """Return distances ``(n_queries, n_generated)``."""
    both = [
        correlation_distances(
            turned, generated, max_shift=_MAX_SHIFT, mirrors=True, whiten=False, n_jobs=n_jobs
        )
        for turned in (queries, np.rot90(queries, axes=(1, 2)))
    ]
    return np.maximum(np.minimum(*both), 0)


def _compared(used, generated, patients):
    """Return the share of pairs in which the used image is nearer, and p of its being above 1/2."""
    _, patient, n_images = np.unique(patients, return_inverse=True, return_counts=True)
    n_patients = len(n_images)
    nearer = (used[:, None] < generated) + 0.5 * (used[:, None] == generated)
    by_patient = np.zeros((n_patients, len(generated)))
    np.add.at(by_patient, patient, nearer)
    by_patient /= n_images[:, None]
    share = by_patient.mean()
    variance = by_patient.mean(axis=1).var(ddof=1) / n_patients
    variance += by_patient.mean(axis=0).var(ddof=1) / len(generated)
    if variance == 0:
        return ImageItself(share, float(share <= 0.5))
    return ImageItself(share, t.sf((share - 0.5) / np.sqrt(variance), n_patients - 1))

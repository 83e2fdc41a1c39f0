"""Is it the image that the generator knows, or only what kind of patient it is of?

Where used and not-used patients are of different kinds, synthetic images are nearer to the used
ones although none was kept, and no check that looks at few real images sees it. But a generator
that draws fresh images draws them of a kind, and a used image is one of that kind too: it lies to
them as they lie to each other. An image that was kept lies nearer.
"""

from itertools import chain, product

import numpy as np
from scipy.stats import rankdata, t
from sklearn.utils import check_random_state

from ..distances import correlation_distances
from ..distances._sharing import share_queries
from ..images._checks import read_image
from ..images._patients import check_groups
from ._near_copies import shrunk
from .report._sections import ImageItself

#: Generated images that are asked about as if they were real, at most.
_N_ASKED = 100
#: Cells a side in which images are compared, and how many of them an image may have been moved.
_SIDE, _MAX_SHIFT = 16, 2
#: Then parts of a cell, and how many of the nearest so far are looked at again, moved by these.
_FINER = ((2, 64), (4, 8))
#: The nearest are this share of all.
_NEAREST = 0.25


def image_itself(given, design):
    """Return how often used images are the nearest ones, and how often synthetic ones are.

    Images are brought to 16 x 16 cells; a distance is one less the largest correlation, over
    shifts of up to 2 cells, in steps of a quarter, mirrors and quarter turns. Of each used image
    the nearest generated one is sought, and how much nearer it is than that one's own nearest among
    the generated. The same is asked of generated images in place of used ones; none is a neighbour
    of its own. Where the generator draws fresh images of the used patients' kinds, the two differ
    by chance alone, and as many of either are among the nearest quarter of both, by the distances
    around them. The test is one-sided, of the mean over patients, by Student's t. None where there
    are fewer than four generated images, or one used patient.
    """
    used = np.flatnonzero(design.used)
    patients = check_groups(design.groups, len(design.used))[used]
    shown = list(chain(*given.sets))
    if len(shown) < 4 or len(np.unique(patients)) < 2:
        return None
    design.teller.say("comparing used images with synthetic ones, and these with each other")
    rng = check_random_state(design.seeds.of("generated images in place of used ones"))
    asked = np.sort(rng.permutation(len(shown))[:_N_ASKED])
    nearness = _relative_nearness([given.images[i] for i in used], asked, shown, design.n_jobs)
    return _compared(nearness[: len(used)], nearness[len(used) :], patients)


def _relative_nearness(used, asked, shown, n_jobs):
    """Return the distance to the nearest, over that of the nearest to its own nearest.

    Of used images, and then of those shown that are asked about, by their places.
    """
    real, least_of_real = _in_cells(used)
    generated, least = _in_cells(shown)
    # No part of a cell is smaller than a pixel.
    finer = [one for one in _FINER if one[0] * _SIDE <= min(least, least_of_real)]
    images = [*used, *(shown[i] for i in asked)]
    cells = np.concatenate([real, generated[asked]])
    # A used image has no place among the generated ones, -1.
    places = np.r_[np.full(len(used), -1), asked]
    among, apart = _nearest(images, cells, places, generated, finer, n_jobs)
    nearest = among[np.arange(len(images)), apart.argmin(axis=1)]
    found, row = np.unique(nearest, return_inverse=True)
    images, cells = [shown[i] for i in found], generated[found]
    others, around = _nearest(images, cells, found, generated, finer, n_jobs)
    around = np.where(others[row] == places[:, None], np.inf, around[row])
    near, usual = apart.min(axis=1), around.min(axis=1)
    # Where three are equal nothing is nearer than usual.
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((near == 0) & (usual == 0), 1.0, near / usual)


def _in_cells(images):
    """Return images in cells, and how many pixels the shortest side of all has."""
    cells, least = np.empty((len(images), _SIDE, _SIDE), np.float32), np.inf
    for i, one in enumerate(images):
        image = read_image(one)
        cells[i], least = shrunk(image, _SIDE), min(least, *image.shape)
    return cells, least


def _nearest(images, cells, places, generated, finer, n_jobs):
    """Return the generated images nearest to each, but for itself, and their distances."""
    coarse = _apart(cells, generated, n_jobs)
    own = np.flatnonzero(places >= 0)
    coarse[own, places[own]] = np.inf
    found = [None] * len(images)

    def look_again(some):
        for i in range(*some.indices(len(images))):
            found[i] = _from_coarse_to_fine(images[i], coarse[i], places[i], generated, finer)

    share_queries(look_again, len(images), n_jobs)
    among, apart = zip(*found, strict=True)
    return np.array(among), np.array(apart)


def _from_coarse_to_fine(image, apart, place, generated, finer):
    """Return the generated images nearest to one, and their distances.

    All of them are looked at by whole cells, the nearest of these by halves, of these by quarters.
    """
    among = np.arange(len(generated))
    image = read_image(image) if finer else None
    for parts, n_kept in finer:
        kept = np.argsort(apart, kind="stable")[:n_kept]
        among, apart = among[kept], apart[kept]
        moved = _apart(_moved_by_parts(image, parts), generated[among], None).min(axis=0)
        apart = np.where(among == place, np.inf, np.minimum(moved, apart))
    return among, apart


def _moved_by_parts(image, parts):
    """Return the cells of an image moved by up to half a cell either way, in so many steps each."""
    fine = shrunk(image, _SIDE * parts)
    edge = np.pad(fine, parts // 2, mode="edge")
    side = _SIDE * parts
    return np.array(
        [
            edge[down : down + side, right : right + side]
            .reshape(_SIDE, parts, _SIDE, parts)
            .mean(axis=(1, 3))
            for down, right in product(range(2 * (parts // 2) + 1), repeat=2)
        ]
    )


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
    """Return which share of either is among the nearest of both, and p of the used ones' excess.

    Of those that tie at the border each counts by a share.
    """
    _, patient, n_images = np.unique(patients, return_inverse=True, return_counts=True)
    both = np.r_[used, generated]
    n_nearest = _NEAREST * len(both)
    below, upto = rankdata(both, "min") - 1, rankdata(both, "max")
    among = np.clip((n_nearest - below) / (upto - below), 0, 1)
    by_patient = np.bincount(patient, among[: len(used)]) / n_images
    others = among[len(used) :]
    share, usual = by_patient.mean(), others.mean()
    variance = by_patient.var(ddof=1) / len(by_patient) + others.var(ddof=1) / len(others)
    if variance == 0:
        return ImageItself(share, usual, float(share <= usual))
    p_value = t.sf((share - usual) / np.sqrt(variance), len(by_patient) - 1)
    return ImageItself(share, usual, p_value)

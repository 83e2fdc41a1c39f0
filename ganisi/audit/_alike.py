"""Real images so alike that they are probably of one patient, and count as of several."""

import numpy as np
from scipy import ndimage

from ..descriptors import Intensity
from ..images._patients import check_groups
from ..images._survey import smallest_side
from .report._sections import Alike

#: Grey levels are compared in as many cells a side; images of fewer than half as many pixels a side
#: are not judged.
_GRID = 32
#: A single pair at least so alike is one of a patient. The most alike of different patients reached
#: 0.83, and half of the slices of one patient had another one with 0.89 to 0.98
#: (``examples/benchmarks/alike_patients.py``; the table is in docs/evidence.md).
_CERTAIN = 0.95
#: Where so large a share of the images have one at least so alike, patients are not told apart.
_LIKELY, _MANY = 0.9, 0.05
#: Images that show something have more than so large a share of cells of another than one level.
_SHOWN = 0.05


def alike_patients(images, names, groups):
    """Name pairs of images, the most alike first, that are nearly the same in different patients.

    Parameters
    ----------
    images : sequence of n_images images
        Real images of known status.
    names : sequence of n_images str
        What they are called.
    groups : array of shape (n_images,) or None
        Patient of each; None counts each as a patient of its own.

    Returns
    -------
    pairs : tuple of Alike
        Each image with the one that it is most like, no pair twice; empty where there is no pair of
        at least 0.95, nor pairs of at least 0.9 for more than 5 % of the images.
    """
    side = smallest_side([("X", images)])
    if side < _GRID // 2:
        return ()
    rows = Intensity(n_quantiles=1, grid=min(_GRID, side)).fit_transform(images)
    # A slice that is blank, or nearly so, is like any other.
    which = np.flatnonzero(np.mean(rows != np.median(rows, axis=1, keepdims=True), axis=1) > _SHOWN)
    if len(which) < 2:
        return ()
    rows, patients = rows[which], check_groups(groups, len(images))[which]
    nearest, likeness = _most_alike(rows.astype(np.float64), patients)
    often = np.mean(likeness >= _LIKELY) > _MANY
    found = np.flatnonzero(likeness >= (_LIKELY if often else _CERTAIN))
    pairs = {}
    for i in found[np.argsort(-likeness[found], kind="stable")]:
        both = sorted(int(which[one]) for one in (i, nearest[i]))
        pairs.setdefault(tuple(both), float(likeness[i]))
    return tuple(Alike(names[i], names[j], round(value, 3)) for (i, j), value in pairs.items())


def _most_alike(rows, patients):
    """Return of each image the one of another patient that it is most like, and how much."""
    seen = what_is_compared(rows)
    nearest, likeness = np.empty(len(rows), dtype=int), np.empty(len(rows))
    for start in range(0, len(rows), 1024):
        block = slice(start, start + 1024)
        both = np.minimum(*(each[block] @ each.T for each in seen))
        both[patients[block, None] == patients] = -1
        nearest[block], likeness[block] = both.argmax(axis=1), both.max(axis=1)
    return nearest, likeness


def what_is_compared(rows):
    """Return two sets of rows; the likeness of images is the smaller of their two correlations.

    Of grey levels, whatever brightness and contrast: less the mean of all images, which any two
    share; and less a smoothed copy, which says little but where the body lies.
    """
    rows, side = _standardised(rows), round(np.sqrt(rows.shape[1]))
    smooth = ndimage.gaussian_filter(
        rows.reshape(-1, side, side), (0, 2, 2), mode="nearest"
    ).reshape(rows.shape)
    return _standardised(rows - rows.mean(axis=0)), _standardised(rows - smooth)


def _standardised(rows):
    rows = rows - rows.mean(axis=1, keepdims=True)
    size = np.linalg.norm(rows, axis=1, keepdims=True)
    # What has nothing of its own is like nothing.
    return np.divide(rows, size, out=np.zeros_like(rows), where=size > 1e-9 * (1 + abs(rows).max()))

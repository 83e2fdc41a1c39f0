"""Range, standard deviation and entropy of the grey levels around each pixel."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from skimage.filters.rank import entropy as rank_entropy

from ..._compat._numba import compiled
from ...images._grey_levels import black_and_white, rescale_intensities
from ._checks import as_plane
from ._kernels import entropy_table, sliding_entropy, sliding_std

_ENTROPY_RADIUS = 4
_ENTROPY_SIDE = 2 * _ENTROPY_RADIUS + 1
_ENTROPY_TABLE = entropy_table(_ENTROPY_SIDE**2)


def local_range(image: NDArray[Any]) -> NDArray[np.float32]:
    """Compute the range of the grey levels in a 3x3 window.

    Parameters
    ----------
    image : ndarray of shape (height, width)
        A grey image, of any real dtype. The border mirrors the image, edge pixels repeated.

    Returns
    -------
    map : ndarray of shape (height, width)
        Maximum minus minimum, in grey levels, float32.

    Raises
    ------
    ValueError
        If `image` is not 2-D.

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi.descriptors.filters import local_range
    >>> local_range(np.array([[1, 1, 1], [2, 2, 2], [3, 3, 3]]))
    array([[1., 1., 1.],
           [2., 2., 2.],
           [1., 1., 1.]], dtype=float32)
    """
    padded = np.pad(as_plane(image), 1, mode="symmetric")
    highest, lowest = padded, padded
    for axis in (0, 1):
        highest = np.maximum(np.maximum(*_outer(highest, axis)), _middle(highest, axis))
        lowest = np.minimum(np.minimum(*_outer(lowest, axis)), _middle(lowest, axis))
    return (highest - lowest).astype(np.float32)


def local_std(image: NDArray[Any]) -> NDArray[np.float32]:
    r"""Compute the standard deviation of the grey levels in a 3x3 window.

    Parameters
    ----------
    image : ndarray of shape (height, width)
        A grey image, of any real dtype. The border mirrors the image, edge pixels repeated.

    Returns
    -------
    map : ndarray of shape (height, width)
        Standard deviation with N - 1 = 8 in the denominator, in grey levels, float32. Exactly 0
        where the window is constant.

    Raises
    ------
    ValueError
        If `image` is not 2-D.

    Notes
    -----
    .. math:: s = \sqrt{\frac{1}{8} \left( \sum x^2 - \frac{1}{9} \left(\sum x\right)^2 \right)}

    as MATLAB's ``stdfilt``. The sums are taken over differences from the middle pixel, in float32
    for uint8, where every intermediate value is an integer below 2^24 and so exact, and in
    float64 otherwise.

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi.descriptors.filters import local_std
    >>> local_std(np.array([[1, 1, 1], [1, 2, 1], [1, 1, 1]])).round(4)
    array([[0.3333, 0.3333, 0.3333],
           [0.3333, 0.3333, 0.3333],
           [0.3333, 0.3333, 0.3333]], dtype=float32)
    """
    image = as_plane(image)
    if image.dtype == np.uint8 and (kernel := compiled(sliding_std)):
        out = np.empty(image.shape, np.float32)
        kernel(np.pad(image, 1, mode="symmetric"), out)
        return out
    exact = np.float32 if image.dtype == np.uint8 else np.float64
    padded = np.pad(image.astype(exact), 1, mode="symmetric")

    # Three pixels of a column: `drift` is 3 (mean - middle), `spread` 3 times the sum of squares
    # around the mean. Then three columns in the same way; factors 3 keep integers integers.
    above, below = _outer(padded, 0)
    middle = _middle(padded, 0)
    above, below = above - middle, below - middle
    drift = above + below
    spread = 3 * (above * above + below * below) - drift * drift

    left, right = _outer(3 * middle + drift, 1)
    middle = _middle(3 * middle + drift, 1)
    left, right = left - middle, right - middle
    drift = left + right
    total = 3 * (left * left + right * right) - drift * drift
    total += 3 * (sum(_outer(spread, 1)) + _middle(spread, 1))
    variance = np.divide(np.maximum(total, 0), 72, dtype=np.float64)
    return np.sqrt(variance).astype(np.float32)


def _outer(padded, axis):
    """Neighbours before and after along an axis."""
    before, after = [slice(None)] * 2, [slice(None)] * 2
    before[axis], after[axis] = slice(None, -2), slice(2, None)
    return padded[tuple(before)], padded[tuple(after)]


def _middle(padded, axis):
    """What lies between them."""
    index = [slice(None)] * 2
    index[axis] = slice(1, -1)
    return padded[tuple(index)]


def grey_levels(
    image: NDArray[Any], intensity_range: tuple[float, float] | None = None
) -> NDArray[np.uint8]:
    """Quantise an image to the 256 grey levels of a histogram.

    Parameters
    ----------
    image : ndarray of shape (height, width)
        A grey image.
    intensity_range : tuple of float (low, high), default=None
        The intensities that become level 0 and level 255; what lies outside is clipped. By
        default the dtype decides: uint8 is left as it is, uint16 spans 0 to 65535, and floats
        span 0 to 1.

    Returns
    -------
    levels : ndarray of shape (height, width)
        uint8.

    Raises
    ------
    ValueError
        If `image` is not 2-D, if `intensity_range` is not an increasing pair of numbers, or if
        it is not given for a dtype or for values whose range is not known.

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi.descriptors.filters import grey_levels
    >>> grey_levels(np.array([[0.0, 0.5, 1.0]]))
    array([[  0, 128, 255]], dtype=uint8)
    >>> grey_levels(np.array([[-1000, -200, 3000]]), intensity_range=(-1000, 600))
    array([[  0, 128, 255]], dtype=uint8)
    """
    image = as_plane(image)
    if image.dtype == np.uint8 and intensity_range is None:
        return image
    low, high = black_and_white(image, intensity_range)
    return np.rint(255 * rescale_intensities(image, low, high, np.float64)).astype(np.uint8)


def local_entropy(levels: NDArray[np.uint8]) -> NDArray[np.float32]:
    r"""Compute the entropy of the grey levels in a 9x9 window.

    Parameters
    ----------
    levels : ndarray of shape (height, width)
        Grey levels, uint8; see `grey_levels`. The border mirrors the image, edge pixels repeated.

    Returns
    -------
    map : ndarray of shape (height, width)
        Entropy in bits, from 0 to log2(81) = 6.34, float32.

    Raises
    ------
    ValueError
        If `levels` is not a 2-D array of uint8.

    Notes
    -----
    With :math:`c_i` of the 81 pixels at grey level :math:`i`,

    .. math:: H = -\sum_i \frac{c_i}{81} \log_2 \frac{c_i}{81} ,

    as MATLAB's ``entropyfilt``. Where numba is installed (the extra ``fast``) a compiled kernel
    slides the histogram over the image; elsewhere `skimage.filters.rank.entropy` does, some
    30 times slower.

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi.descriptors.filters import local_entropy
    >>> levels = np.zeros((20, 20), np.uint8)
    >>> levels[:, 10:] = 255
    >>> local_entropy(levels)[10, ::3].round(3)
    array([0.   , 0.   , 0.503, 0.991, 0.764, 0.   , 0.   ], dtype=float32)
    """
    levels = as_plane(levels)
    if levels.dtype != np.uint8:
        raise ValueError(f"local_entropy counts uint8 grey levels, got {levels.dtype}")
    padded = np.pad(levels, _ENTROPY_RADIUS, mode="symmetric")
    kernel = compiled(sliding_entropy)
    if kernel is None:
        return _plain_entropy(padded)
    return kernel(padded, _ENTROPY_RADIUS, _ENTROPY_TABLE)


def _plain_entropy(padded):
    """Do by scikit-image what `sliding_entropy` does."""
    # The image comes padded because rank filters shrink their window at the border.
    inside = slice(_ENTROPY_RADIUS, -_ENTROPY_RADIUS)
    window = np.ones((_ENTROPY_SIDE, _ENTROPY_SIDE), np.uint8)
    return rank_entropy(padded, window)[inside, inside].astype(np.float32)


def local_statistics(
    image: NDArray[Any], intensity_range: tuple[float, float] | None = None
) -> NDArray[np.float32]:
    """Compute the range, standard deviation and entropy around each pixel.

    Parameters
    ----------
    image : ndarray of shape (height, width)
        A grey image. The border mirrors the image, edge pixels repeated.
    intensity_range : tuple of float (low, high), default=None
        The intensities of black and white, which the entropy needs for its 256 grey levels; see
        `grey_levels`. The other two maps are of the image as it is.

    Returns
    -------
    maps : ndarray of shape (3, height, width)
        Range in 3x3 pixels, standard deviation in 3x3 pixels, entropy in 9x9 pixels; float32.

    Raises
    ------
    ValueError
        If `image` is not 2-D or its grey levels are not known.

    See Also
    --------
    local_range, local_std, local_entropy : The single maps.

    Notes
    -----
    The paper says which three statistics, in windows of 3, 3 and 9 pixels. Border, normalisation
    and the 256 grey levels of the entropy it leaves open; they are the defaults of MATLAB's
    ``rangefilt``, ``stdfilt`` and ``entropyfilt``.

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi.descriptors.filters import local_statistics
    >>> image = np.random.default_rng(0).integers(256, size=(64, 48), dtype=np.uint8)
    >>> local_statistics(image).shape
    (3, 64, 48)
    """
    levels = grey_levels(image, intensity_range)
    return np.stack([local_range(image), local_std(image), local_entropy(levels)])

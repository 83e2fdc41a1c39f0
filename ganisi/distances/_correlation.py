"""The largest normalised cross-correlation over shifts and mirror images. Pure functions."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import fft

from ._image_pairs import check_image_pairs, distances_of_images, write_by_block

#: An overlap with at most this share of its image's variance counts as constant: in float32 its
#: correlation could not be told from rounding.
_FLAT = 1e-3
#: Frequencies with less than this share of the largest amplitude are not raised further.
_FAINT = 1e-3


def correlation_distances(
    queries: ArrayLike,
    generated: ArrayLike,
    max_shift: int = 4,
    mirrors: bool = True,
    whiten: bool = True,
    n_jobs: int | None = None,
) -> NDArray[np.float32]:
    """One less the largest correlation of every pair of images, over shifts and mirror images.

    For images x and y and a shift ``s = (down, right)`` let O be the cells that x, moved by -s,
    shares with y. ``r(s)`` is Pearson's correlation of ``x[p + s]`` and ``y[p]`` over the p in O:
    the normalised cross-correlation of the overlap [1]_. The distance is ``1 - max r(s)``, over
    all shifts of whole cells of at most `max_shift` down or up and right or left, and over the
    mirror images of x.

    Parameters
    ----------
    queries : array of shape (n_queries, height, width)
        Query images; a pixel is a cell.
    generated : array of shape (n_generated, height, width)
        Generated images.
    max_shift : int, default=4
        Largest shift in each direction, in cells, less than half of the smaller side, so that
        more than a quarter of the cells overlap. 0 shifts nothing.
    mirrors : bool, default=True
        Whether each query is also looked at mirrored left-right, up-down, and both.
    whiten : bool, default=True
        Whether each frequency of every image is first divided by its amplitude in the generated
        images (root mean square, at least a thousandth of the largest). What all images share,
        such as the outline of a body, then no longer decides: the matched filter [2]_.
    n_jobs : int or None, default=None
        Threads of joblib, which share the queries; None means 1.

    Returns
    -------
    distances : ndarray of shape (n_queries, n_generated), float32
        From 0, equal up to brightness and contrast, over 1, uncorrelated, to 2. The same bits for
        any `n_jobs`, and for a query and its mirror image if `mirrors`.

    Raises
    ------
    ValueError
        If the images are not all of one height and width, or `max_shift` is too large for them.

    Notes
    -----
    Where either image is constant over the overlap, or has at most a thousandth of its variance
    there, the correlation counts as 0. So a constant image has distance 1 to every image, itself
    included: it shows nothing.

    Without `whiten` a moved copy is at distance 0 whatever comes in at its border. With it only
    nearly, since the filter looks over the border, where it sees the other side of the image.

    Spectra of all images are multiplied pair by pair, and of the inverse transform only the
    shifts asked for are kept; the normalisation comes from sums over rectangles.

    References
    ----------
    .. [1] Padfield, D. (2012). Masked object registration in the Fourier domain. IEEE
       Transactions on Image Processing, 21(5), 2706-2718.
    .. [2] Turin, G. L. (1960). An introduction to matched filters. IRE Transactions on
       Information Theory, 6(3), 311-329.

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi.distances import correlation_distances
    >>> image = np.random.default_rng(0).normal(size=(1, 32, 32))
    >>> moved = 3 * np.roll(image[:, :, ::-1], 2, axis=1) + 7
    >>> print(correlation_distances(image, moved, whiten=False).round(4))
    [[0.]]
    >>> print(correlation_distances(image, moved, max_shift=0, whiten=False).round(1))
    [[1.]]
    """
    queries, generated = check_image_pairs(queries, generated)
    amplitudes = mean_amplitudes([generated]) if whiten else None

    def write(*images_and_distances):
        write_correlations(*images_and_distances, max_shift, mirrors, amplitudes)

    return distances_of_images(write, queries, generated, n_jobs)


def mean_amplitudes(sets):
    """Return the root-mean-square amplitude of each frequency over sets of images, never 0.

    The same bits however the images are divided into sets.
    """
    height, width = sets[0].shape[1:]
    power = np.zeros((height, width // 2 + 1))
    for images in sets:
        for image in images:
            # One by one, so that sums have one order.
            image = np.asarray(image, np.float64)
            power += np.abs(fft.rfft2(image - image.mean())) ** 2
    power[0, 0] = 0
    amplitudes = np.sqrt(power / sum(map(len, sets)))
    largest = amplitudes.max()
    return np.maximum(amplitudes, _FAINT * largest) if largest > 0 else np.ones_like(amplitudes)


def write_correlations(queries, generated, distances, max_shift, mirrors, amplitudes):
    """Write `correlation_distances` of images into ``distances (n_queries, n_generated)``."""
    check_max_shift(max_shift, min(queries.shape[1:]))
    lags = np.arange(-max_shift, max_shift + 1)
    flips = list(product((1, -1), repeat=2)) if mirrors else [(1, 1)]

    def prepare_queries(images):
        # All in one order in memory: an image's sums are then the same bits whichever way it came.
        views = (np.ascontiguousarray(images[:, ::down, ::right]) for down, right in flips)
        return [_Prepared.of(view, lags, amplitudes) for view in views]

    def prepare_generated(images):
        prepared = _Prepared.of(images, -lags, amplitudes)
        np.conj(prepared.spectra, out=prepared.spectra)
        return prepared

    def compare(views, generated):
        return np.min([_compare(view, generated, lags) for view in views], axis=0)

    write_by_block(queries, generated, distances, prepare_queries, prepare_generated, compare)


def check_max_shift(max_shift, side):
    """Refuse a shift after which less than a quarter of a square of that side would overlap."""
    if not 0 <= 2 * max_shift < side:
        raise ValueError(
            f"max_shift={max_shift}; expected at least 0 and below half of the {side} cells of a "
            f"side, so that enough overlap; use at most {(side - 1) // 2}."
        )


@dataclass(frozen=True)
class _Prepared:
    """Images of mean 0 and norm 1, whitened or not, as what the pairs of them need.

    Besides the spectra, for each shift and its overlap of n cells, `inverse` is one over the norm
    about the mean there, or 0 where the image is constant, and `level` the mean times
    ``sqrt(n) * inverse``.
    """

    spectra: np.ndarray
    inverse: np.ndarray
    level: np.ndarray
    n_columns: int

    @classmethod
    def of(cls, images, lags, amplitudes):
        images = images - images.mean(axis=(1, 2), dtype=np.float64, keepdims=True)
        if amplitudes is not None:
            images = fft.irfft2(fft.rfft2(images) / amplitudes, images.shape[1:])
        norms = np.sqrt((images**2).sum(axis=(1, 2), keepdims=True))
        images /= np.where(norms > 0, norms, 1)
        sizes = np.outer(*(side - np.abs(lags) for side in images.shape[1:]))
        sums = _sums_of_overlaps(images, lags)
        energies = _sums_of_overlaps(images**2, lags) - sums**2 / sizes
        flat = energies <= _FLAT
        inverse = np.where(flat, 0, 1 / np.sqrt(np.where(flat, 1, energies)))
        # Wide enough that what a shift wraps around meets zeros.
        shape = [fft.next_fast_len(side + lags.max(), real=True) for side in images.shape[1:]]
        return cls(
            fft.rfft2(images.astype(np.float32), shape),
            inverse.astype(np.float32),
            (sums / np.sqrt(sizes) * inverse).astype(np.float32),
            shape[1],
        )


def _sums_of_overlaps(images, lags):
    """Sums over the rectangles that ``images[p + lag]`` have with an image at p."""
    n_images, height, width = images.shape
    integral = np.zeros((n_images, height + 1, width + 1))
    integral[:, 1:, 1:] = images.cumsum(axis=1).cumsum(axis=2)
    starts = np.maximum(lags, 0)
    rows = integral[:, height + np.minimum(lags, 0)] - integral[:, starts]
    return rows[:, :, width + np.minimum(lags, 0)] - rows[:, :, starts]


def _compare(queries, generated, lags):
    distances = np.empty((len(queries.spectra), len(generated.spectra)), np.float32)
    products = np.empty_like(generated.spectra)
    for i, spectrum in enumerate(queries.spectra):
        np.multiply(generated.spectra, spectrum, out=products)
        # Of either axis only the shifts asked for are kept.
        rows = fft.ifft(products, axis=1, overwrite_x=True)[:, lags]
        correlations = fft.irfft(rows, queries.n_columns, axis=2)[:, :, lags]
        correlations *= generated.inverse
        correlations *= queries.inverse[i]
        correlations -= generated.level * queries.level[i]
        distances[i] = 1 - correlations.max(axis=(1, 2))
    return np.clip(distances, 0, 2, out=distances)

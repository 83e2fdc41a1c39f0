"""Magnitudes of a bank of Gabor filters."""

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from ..._compat._numba import compiled
from ._checks import as_numbers, as_plane
from ._kernels import magnitudes

# Values of the Gaussian envelope below this, in space and in frequency, are left out.
_NEGLIGIBLE = 1e-6
_N_STDS = math.sqrt(-2 * math.log(_NEGLIGIBLE))
# Octaves. The envelope along the wave depends on the bandwidth b by (2^b + 1) / (2^b - 1): beyond
# 10 that is 1 to 0.2 %, so wider filters are all the same; below 0.01 it grows without end, and the
# filters reach over hundreds of wavelengths.
_NARROWEST, _WIDEST = 0.01, 10
# Padding of the filters that are cut at Nyquist, in reaches of their envelopes.
_RINGING = 3


def gabor_wavelengths(shape):
    r"""Choose the wavelengths of a Gabor bank from the size of an image.

    Parameters
    ----------
    shape : tuple of int (height, width)
        Shape of the image, in pixels.

    Returns
    -------
    wavelengths : ndarray of shape (n_wavelengths,)
        In pixels per cycle, an octave apart: 2.83, 5.66, 11.31, ... up to half the shorter side.

    Raises
    ------
    ValueError
        If half the shorter side is less than the first wavelength.

    Notes
    -----
    The wavelengths are :math:`2^k \cdot 4 / \sqrt{2}`, as in MATLAB's documentation. The paper
    ends at half the side of its square images, here taken to be the shorter side.

    Examples
    --------
    >>> from ganisi.descriptors.filters import gabor_wavelengths
    >>> gabor_wavelengths((256, 256)).round(2)
    array([ 2.83,  5.66, 11.31, 22.63, 45.25, 90.51])
    """
    shortest = 4 / math.sqrt(2)
    longest = min(shape) / 2
    if longest < shortest:
        raise ValueError(
            f"an image of shape {tuple(shape)} has no room for the shortest wavelength, "
            f"{shortest:.2f} pixels, in half its shorter side; give the wavelengths explicitly"
        )
    octaves = math.floor(math.log2(longest / shortest) + 1e-9)
    return shortest * 2.0 ** np.arange(octaves + 1)


def gabor_magnitude(
    image, wavelengths, orientations=(0, 45, 90, 135), bandwidth=1.0, aspect_ratio=0.5
):
    r"""Compute the magnitude of the responses of a Gabor bank.

    Parameters
    ----------
    image : ndarray of shape (height, width)
        A grey image, of any real dtype, as it is (no rescaling). The border repeats the edge
        pixels, as far as the filters reach.
    wavelengths : sequence of float
        In pixels per cycle, 2 or more; see `gabor_wavelengths`.
    orientations : sequence of float, default=(0, 45, 90, 135)
        Directions in which the carrier wave runs, in degrees, counter-clockwise as seen on the
        screen from the direction of the rows.
    bandwidth : float, default=1.0
        Width of the filters at half height, in octaves of spatial frequency, 0.01 to 10: wider
        filters would all be the same.
    aspect_ratio : float, default=0.5
        Extent of the envelope along the wave divided by its extent across.

    Returns
    -------
    maps : ndarray of shape (n_wavelengths * n_orientations, height, width)
        Magnitudes of the complex responses, in grey levels, float32: wavelength by wavelength,
        each with all orientations.

    Raises
    ------
    ValueError
        If `image` is not 2-D, `wavelengths` or `orientations` is empty or holds what is not a
        finite number, a wavelength is below 2, `bandwidth` is not between 0.01 and 10, or
        `aspect_ratio` is not positive.

    See Also
    --------
    gabor_wavelengths : The wavelengths of the paper.

    Notes
    -----
    The filters of MATLAB's ``imgaborfilt`` [1]_: with :math:`u' = u \cos\theta - v \sin\theta`
    and :math:`v' = u \sin\theta + v \cos\theta` in cycles per pixel, where v runs down,

    .. math::
        H(u, v) = \exp\left(-\tfrac{1}{2} \left[ (u' - 1/\lambda)^2 (2 \pi \sigma_x)^2
                  + v'^2 (2 \pi \sigma_y)^2 \right]\right), \\
        \sigma_x = \frac{\lambda}{\pi} \sqrt{\frac{\ln 2}{2}} \, \frac{2^b + 1}{2^b - 1}, \quad
        \sigma_y = \sigma_x / \gamma

    for bandwidth b and aspect ratio :math:`\gamma`. H peaks at 1, whereas MATLAB multiplies it by
    :math:`2 \pi \sigma_x \sigma_y`: the gain is a constant of each map, and distances are
    standardised map by map.

    At frequency 0 H is not quite 0 (0.002 for a bandwidth of one octave), so a constant image
    has a small constant response. It is kept, as in MATLAB.

    The responses are those of a Fourier transform of the padded image, without the transform. A
    filter is negligible (below 1e-6) on all but a few frequencies, so two matrix products with
    sines and cosines lead there, and two lead back, each over half the pixels, since the waves
    are even and odd about the middle of the image; the padding is merely a weight of the first
    and last rows and columns in the former. The price of a wavelength is some
    :math:`n^3 / \lambda` multiplications for an image of n pixels a side.

    H is cut at the Nyquist frequency. Below a wavelength of 5 pixels the cut makes the filter
    ring, and the response depends on the width of the padding: at 2.83 pixels it differs from
    MATLAB's, which pads for the longest wavelength of the bank, by up to 1 % of the maximum of
    the map. All others agree to 1e-5.

    References
    ----------
    .. [1] A. K. Jain and F. Farrokhnia, "Unsupervised texture segmentation using Gabor filters",
       Pattern Recognition 24(12), 1167-1186, 1991.

    Examples
    --------
    A grating answers in the map of its own wavelength and orientation.

    >>> import numpy as np
    >>> from ganisi.descriptors.filters import gabor_magnitude
    >>> row, column = np.mgrid[:48, :48]
    >>> grating = 10 * np.cos(2 * np.pi * row / 8)
    >>> maps = gabor_magnitude(grating, wavelengths=[8, 16])
    >>> maps.shape
    (8, 48, 48)
    >>> maps[:, 24, 24].round(1)
    array([0., 0., 5., 0., 0., 0., 0., 0.], dtype=float32)
    """
    image = as_plane(image)
    plans = _plan_bank(
        image.shape,
        as_numbers("wavelengths", wavelengths),
        as_numbers("orientations", orientations),
        float(bandwidth),
        float(aspect_ratio),
    )
    # Around its mean, where float32 keeps the digits of the texture. The mean goes in at
    # frequency 0, where the whole of it is.
    mean = image.mean(dtype=np.float64)
    centred = np.subtract(image, mean, dtype=np.float64).astype(np.float32)
    out = np.empty((len(plans), len(orientations), *image.shape), np.float32)
    folded = _fold(centred, axis=-2)
    for maps, plan in zip(out, plans, strict=True):
        spectrum = plan.analyse(folded, mean)
        for magnitude, orientation in zip(maps, plan.orientations, strict=True):
            orientation.synthesise(spectrum, out=magnitude)
    return out.reshape(-1, *image.shape)


# A plan holds a few MB of cosines at 256 x 256, so only the latest sizes are kept.
@lru_cache(maxsize=4)
def _plan_bank(shape, wavelengths, orientations, bandwidth, aspect_ratio):
    if min(wavelengths) < 2:
        raise ValueError(f"wavelengths must be 2 pixels or more, got {wavelengths}")
    if not _NARROWEST <= bandwidth <= _WIDEST:
        raise ValueError(
            f"bandwidth must be {_NARROWEST} to {_WIDEST} octaves, got {bandwidth}; the paper's is "
            "1, and beyond the widest all filters are the same"
        )
    if not 0 < aspect_ratio < math.inf:
        raise ValueError(f"aspect_ratio must be a positive number, got {aspect_ratio}")
    return [
        _plan_wavelength(shape, wavelength, np.deg2rad(orientations), bandwidth, aspect_ratio)
        for wavelength in wavelengths
    ]


class _Waves(NamedTuple):
    """Cosines and sines along one axis, whose zero is in the middle of the image.

    Cosines are then even and sines odd, so that half the pixels tell of all, and the products
    with them cost half. An odd number of pixels has one in the middle, which is in both halves.
    """

    cosines: np.ndarray  # (n_cosines, n_half), on the second half
    sines: np.ndarray  # (n_sines, n_half)

    def analyse(self, folded, axis):
        """Multiply what `_fold` returns by the waves: first all cosines, then all sines."""
        even, odd = folded
        if axis == -1:
            return np.concatenate([even @ self.cosines.T, odd @ self.sines.T], axis)
        return np.concatenate([self.cosines @ even, self.sines @ odd], axis)

    def synthesise(self, amplitudes, axis):
        """Add up the waves on the second half of the image: the cosines, the sines."""
        n = len(self.cosines)
        if axis == -1:
            even = amplitudes[..., :n] @ self.cosines
            odd = amplitudes[..., n:] @ self.sines
        else:
            even = self.cosines.T @ amplitudes[..., :n, :]
            odd = self.sines.T @ amplitudes[..., n:, :]
        return even, odd


def _fold(values, axis):
    """Add the first half of an axis to the second, and take it away."""
    first, second = _halves(values, axis)
    return second + first, second - first


def _unfold(even, odd, axis, out):
    """Undo `_fold`, but for a factor of 2."""
    first, second = _halves(out, axis)
    np.subtract(even, odd, out=first)
    np.add(even, odd, out=second)
    return out


def _halves(values, axis):
    """Views of the first half of the last axis (-1) or the last but one, reversed; the second."""
    n = values.shape[axis]
    halves = slice((n + 1) // 2 - 1, None, -1), slice(n // 2, None)
    return [values[..., half] if axis == -1 else values[..., half, :] for half in halves]


class _Wavelength(NamedTuple):
    """From an image to the part of its spectrum that the filters of one wavelength see."""

    rows: _Waves  # n_v cosines down, and as many negative sines
    columns: _Waves  # n_u of each across
    n_padded: int  # pixels of the image with its padding
    orientations: list

    def analyse(self, folded, mean):
        """Return the spectrum, (2, 2 * n_v - 1, 2 * n_u - 1): real and imaginary, zero central.

        Of an image folded down, around its mean.
        """
        n_v, n_u = len(self.rows.cosines), len(self.columns.cosines)
        products = self.rows.analyse(folded, axis=-2)
        products = self.columns.analyse(_fold(products, axis=-1), axis=-1)
        cos_cos, cos_sin = products[:n_v, :n_u], products[:n_v, n_u:]
        sin_cos, sin_sin = products[n_v:, :n_u], products[n_v:, n_u:]
        spectrum = np.empty((2, 2 * n_v - 1, 2 * n_u - 1), np.float32)
        real, imag = spectrum
        v0, u0 = n_v - 1, n_u - 1
        np.subtract(cos_cos, sin_sin, out=real[v0:, u0:])
        np.add(cos_sin, sin_cos, out=imag[v0:, u0:])
        np.add(cos_cos, sin_sin, out=real[v0::-1, u0:])
        np.subtract(cos_sin, sin_cos, out=imag[v0::-1, u0:])
        # The image is real: the other half of its spectrum is the conjugate of this one.
        real[:, :u0] = real[::-1, :u0:-1]
        np.negative(imag[::-1, :u0:-1], out=imag[:, :u0])
        real[v0, u0] += np.float32(mean * self.n_padded)
        return spectrum


class _Orientation(NamedTuple):
    """From the spectrum of an image to the magnitude of one filter's response."""

    window: tuple  # the frequencies at which the filter counts
    transfer: np.ndarray  # (2 * m_v + 1, 2 * m_u + 1)
    rows: _Waves  # constant and m_v cosines down, m_v sines
    columns: _Waves  # constant and m_u cosines across, m_u sines

    def synthesise(self, spectrum, out):
        filtered = spectrum[(slice(None), *self.window)] * self.transfer
        # Moving the middle of the window to frequency 0 changes the phase of the response and
        # not its magnitude, and makes the waves come in pairs of opposite frequency: cosines and
        # sines with complex amplitudes, at half the price of complex waves.
        amplitudes = _pair(_pair(filtered, axis=-1), axis=-2)
        (_, n_v, n_u), (height, width) = amplitudes.shape, out.shape
        waves, axes = (self.columns, self.rows), (-1, -2)
        if n_v * width * (n_u + height) > n_u * height * (n_v + width):
            waves, axes = waves[::-1], axes[::-1]
        partly = np.empty((2, n_v, width) if axes[0] == -1 else (2, height, n_u), np.float32)
        _unfold(*waves[0].synthesise(amplitudes, axes[0]), axes[0], out=partly)
        even, odd = waves[1].synthesise(partly, axes[1])
        if magnitudes_of := compiled(magnitudes):
            magnitudes_of(even, odd, out)
        else:
            responses = np.empty((2, height, width), np.float32)
            real, imag = _unfold(even, odd, axes[1], out=responses)
            real *= real
            imag *= imag
            real += imag
            np.sqrt(real, out=out)


def _pair(spectrum, axis):
    """Turn amplitudes of waves -m..m along an axis into those of 1, m cosines and m sines.

    ``a exp(ikx) + b exp(-ikx) = (a + b) cos kx + i (a - b) sin kx``, with real and imaginary
    parts on axis 0.
    """
    m = spectrum.shape[axis] // 2
    paired = out = np.empty(spectrum.shape, np.float32)
    if axis == -2:
        spectrum, out = spectrum.swapaxes(-1, -2), out.swapaxes(-1, -2)
    positive, negative = spectrum[..., m + 1 :], spectrum[..., ::-1][..., m + 1 :]
    out[..., 0] = spectrum[..., m]
    np.add(positive, negative, out=out[..., 1 : m + 1])
    np.subtract(negative[1], positive[1], out=out[0, :, m + 1 :])
    np.subtract(positive[0], negative[0], out=out[1, :, m + 1 :])
    return paired


def _plan_wavelength(shape, wavelength, angles, bandwidth, aspect_ratio):
    octaves = 2**bandwidth
    sigma_x = wavelength / math.pi * math.sqrt(math.log(2) / 2) * (octaves + 1) / (octaves - 1)
    sigma_y = sigma_x / aspect_ratio
    cos, sin = np.cos(angles), np.sin(angles)

    # Padding by the reach of the envelopes down and across, so that no response inside the
    # image feels that the padded one is periodic.
    reach = _N_STDS * np.stack(
        [np.hypot(sigma_x * sin, sigma_y * cos), np.hypot(sigma_x * cos, sigma_y * sin)]
    ).max(axis=1)
    # A filter cut at Nyquist rings, and reaches as far as one likes to follow it.
    if 1 / wavelength + _N_STDS / (2 * math.pi * min(sigma_x, sigma_y)) > 0.5:
        reach *= _RINGING
    pads = np.ceil(reach).astype(int)
    periods = [n + 2 * pad for n, pad in zip(shape, pads, strict=True)]
    n_padded = math.prod(periods)

    filters = []
    for c, s in zip(cos, sin, strict=True):
        half_v = _N_STDS / (2 * math.pi) * math.hypot(s / sigma_x, c / sigma_y)
        half_u = _N_STDS / (2 * math.pi) * math.hypot(c / sigma_x, s / sigma_y)
        k_v = _frequency_window(-s / wavelength, half_v, periods[0])
        k_u = _frequency_window(c / wavelength, half_u, periods[1])
        v, u = k_v[:, np.newaxis] / periods[0], k_u / periods[1]
        along = (u * c - v * s - 1 / wavelength) * (2 * math.pi * sigma_x)
        across = (u * s + v * c) * (2 * math.pi * sigma_y)
        nyquist = (abs(v) < 0.5) & (abs(u) < 0.5)
        filters.append((k_v, k_u, nyquist * np.exp(-(along**2 + across**2) / 2) / n_padded))
    n_v = 1 + max(abs(k_v).max() for k_v, _, _ in filters)
    n_u = 1 + max(abs(k_u).max() for _, k_u, _ in filters)

    return _Wavelength(
        rows=_padded_waves(shape[0], pads[0], n_v),
        columns=_padded_waves(shape[1], pads[1], n_u),
        n_padded=n_padded,
        orientations=[
            _Orientation(
                window=(
                    slice(k_v[0] + n_v - 1, k_v[-1] + n_v),
                    slice(k_u[0] + n_u - 1, k_u[-1] + n_u),
                ),
                transfer=_frozen(transfer),
                rows=_paired_waves(shape[0], len(k_v) // 2, periods[0]),
                columns=_paired_waves(shape[1], len(k_u) // 2, periods[1]),
            )
            for k_v, k_u, transfer in filters
        ],
    )


def _frequency_window(centre, width, period):
    """List the frequencies that count, up to Nyquist: an odd number of them, to have a middle."""
    lowest = max(math.ceil((centre - width) * period), -(period // 2))
    highest = min(math.floor((centre + width) * period), period // 2)
    return np.arange(lowest, highest + 1 + (highest - lowest) % 2)


def _padded_waves(n, pad, n_frequencies):
    """Tabulate cosines and negative sines, at the ends of the image summed over the padding."""
    waves = _waves(np.arange(-pad, n + pad), n, n_frequencies, n + 2 * pad)
    beyond = waves[:, pad + n :].sum(axis=1)
    waves = waves[:, pad + n // 2 : pad + n]
    if n % 2:
        waves[:, 0] /= 2  # the middle pixel is in both halves
    waves[:, -1] += beyond
    return _Waves(_frozen(waves.real), _frozen(-waves.imag))


def _paired_waves(n, m, period):
    """Tabulate the constant, m cosines and m sines."""
    waves = _waves(np.arange(n // 2, n), n, m + 1, period)
    return _Waves(_frozen(waves.real), _frozen(waves.imag[1:]))


def _waves(pixels, n, n_frequencies, period):
    """Tabulate complex waves, (n_frequencies, n_pixels), that are 1 in the middle of n pixels."""
    twice = 2 * pixels - (n - 1)
    circle = np.exp(1j * math.pi / period * np.arange(2 * period))
    return circle[np.outer(np.arange(n_frequencies), twice) % (2 * period)]


def _frozen(array):
    array = np.ascontiguousarray(array, np.float32)
    array.flags.writeable = False
    return array

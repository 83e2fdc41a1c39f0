"""How a Gabor bank is applied to images of one size: the waves, and what filters leave of them."""

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from ..._compat._numba import compiled
from ._kernels import magnitudes

# Values of the Gaussian envelope below this, in space and in frequency, are left out.
_NEGLIGIBLE = 1e-6
_N_STDS = math.sqrt(-2 * math.log(_NEGLIGIBLE))
#: Octaves. The envelope along the wave depends on the bandwidth b by (2^b + 1) / (2^b - 1): beyond
#: 10 that is 1 to 0.2 %, so wider filters are all the same; below 0.1 filters reach over hundreds
#: of wavelengths, and the plans of a bank take gigabytes.
BANDWIDTHS = 0.1, 10
#: For the same reason: extent of the envelope along the wave by that across.
ASPECT_RATIOS = 0.1, 10
# Padding of the filters that are cut at Nyquist, in reaches of their envelopes.
_RINGING = 3


# A plan holds a few MB of cosines at 256 x 256, so only the latest sizes are kept.
@lru_cache(maxsize=4)
def plan_bank(shape, wavelengths, orientations, bandwidth, aspect_ratio):
    """Plan each wavelength for images (height, width), or refuse what no bank is made of."""
    if min(wavelengths) < 2:
        raise ValueError(f"wavelengths must be 2 pixels or more, got {wavelengths}")
    if not BANDWIDTHS[0] <= bandwidth <= BANDWIDTHS[1]:
        raise ValueError(
            f"bandwidth must be {BANDWIDTHS[0]} to {BANDWIDTHS[1]} octaves, got {bandwidth}; the "
            "default, MATLAB's, is 1, and beyond the widest all filters are the same"
        )
    if not ASPECT_RATIOS[0] <= aspect_ratio <= ASPECT_RATIOS[1]:
        raise ValueError(
            f"aspect_ratio must be {ASPECT_RATIOS[0]} to {ASPECT_RATIOS[1]}, got {aspect_ratio}; "
            "the default, MATLAB's, is 0.5"
        )
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
        """Multiply what `fold` returns by the waves: first all cosines, then all sines."""
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


def fold(values, axis):
    """Add the first half of an axis to the second, and take it away."""
    first, second = _halves(values, axis)
    return second + first, second - first


def _unfold(even, odd, axis, out):
    """Undo `fold`, but for a factor of 2."""
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
        products = self.columns.analyse(fold(products, axis=-1), axis=-1)
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
        """Compute the magnitude of the response, (height, width)."""
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
    """Choose padding and frequencies of the filters of one wavelength, and tabulate their waves."""
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
    """Return float32 that nobody writes on by mistake, since plans are kept."""
    array = np.ascontiguousarray(array, np.float32)
    array.flags.writeable = False
    return array

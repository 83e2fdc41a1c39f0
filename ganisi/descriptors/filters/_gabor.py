"""Magnitudes of a bank of Gabor filters."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._checks import as_numbers, as_plane
from ._gabor_plan import fold, plan_bank


def gabor_wavelengths(shape: tuple[int, ...]) -> NDArray[np.floating[Any]]:
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
    The wavelengths are the paper's, :math:`2^k \cdot 4 / \sqrt{2}`. It ends at half the side of its
    square images, here taken to be the shorter side.

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
    image: NDArray[Any],
    wavelengths: ArrayLike,
    orientations: ArrayLike = (0, 45, 90, 135),
    bandwidth: float = 1.0,
    aspect_ratio: float = 0.5,
) -> NDArray[np.float32]:
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
        Width of the filters at half height, in octaves of spatial frequency, 0.1 to 10: wider
        filters would all be the same.
    aspect_ratio : float, default=0.5
        Extent of the envelope along the wave divided by its extent across, 0.1 to 10.

    Returns
    -------
    maps : ndarray of shape (n_wavelengths * n_orientations, height, width)
        Magnitudes of the complex responses, in grey levels, float32: wavelength by wavelength,
        each with all orientations.

    Raises
    ------
    ValueError
        If `image` is not 2-D, `wavelengths` or `orientations` is empty or holds what is not a
        finite number, a wavelength is below 2, or `bandwidth` or `aspect_ratio` is not between 0.1
        and 10.

    See Also
    --------
    gabor_wavelengths : The wavelengths of the paper.

    Notes
    -----
    The paper gives wavelengths and orientations, but neither bandwidth, aspect ratio, gain nor
    border. These are the filters of MATLAB's ``imgaborfilt`` [1]_: with
    :math:`u' = u \cos\theta - v \sin\theta` and :math:`v' = u \sin\theta + v \cos\theta` in
    cycles per pixel, where v runs down,

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
    plans = plan_bank(
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
    folded = fold(centred, axis=-2)
    for maps, plan in zip(out, plans, strict=True):
        spectrum = plan.analyse(folded, mean)
        for magnitude, orientation in zip(maps, plan.orientations, strict=True):
            orientation.synthesise(spectrum, out=magnitude)
    return out.reshape(-1, *image.shape)

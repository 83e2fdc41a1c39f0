"""Derivatives of an image smoothed by a Gaussian, and filters steered from them."""

from __future__ import annotations

import math
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import ArrayLike, NDArray

from ..._compat._numba import compiled
from ._checks import as_numbers, as_plane
from ._kernels import derivatives

# Of a narrower Gaussian the samples next to the centre vanish in rounding.
_NARROWEST = 0.05


def gaussian_kernels(
    sigma: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    r"""Sample a Gaussian and its first two derivatives, with exact moments.

    A window cut at two standard deviations changes the moments of the sampled derivatives, and
    with them the response to a constant, a ramp and a parabola. They are put right here.

    Parameters
    ----------
    sigma : float
        Standard deviation of the Gaussian, in pixels.

    Returns
    -------
    smoothing, first, second : ndarray of shape (2 * ceil(2 * sigma) + 1,)
        Correlation kernels, float64, along increasing coordinate. `smoothing` sums to 1. `first`
        sums to 0 and gives 1 on a unit ramp. `second` sums to 0, is blind to a ramp and gives 1
        on the parabola :math:`t^2 / 2`.

    Raises
    ------
    ValueError
        If `sigma` is not a number of 0.05 pixels or more.

    Notes
    -----
    With :math:`t = -r, ..., r` and :math:`g = \exp(-t^2 / 2 \sigma^2)`,

    .. math::
        g_0 = g / \textstyle\sum g, \quad
        g_1 = t g / \textstyle\sum t^2 g, \quad
        g_2 \propto (t^2 - \textstyle\sum t^2 g_0) \, g_0
        \quad \text{with} \quad \textstyle\sum t^2 g_2 = 2 .

    The last is the sampled second derivative, :math:`(t^2 - \sigma^2) g`, with the variance of
    the samples in place of the variance of the Gaussian.

    Examples
    --------
    >>> from ganisi.descriptors.filters import gaussian_kernels
    >>> smoothing, first, second = gaussian_kernels(0.5)
    >>> first.round(3), second.round(3)
    (array([-0.5,  0. ,  0.5]), array([ 1., -2.,  1.]))
    """
    if not _NARROWEST <= sigma < math.inf:
        raise ValueError(f"sigma must be {_NARROWEST} pixels or more, got {sigma!r}")
    radius = math.ceil(2 * sigma)
    t = np.arange(-radius, radius + 1.0)
    g = np.exp(-(t**2) / (2 * sigma**2))
    smoothing = g / g.sum()
    first = t * g
    first /= t @ first
    second = (t**2 - t**2 @ smoothing) * smoothing
    second *= 2 / (t**2 @ second)
    return smoothing, first, second


def gaussian_derivatives(
    image: NDArray[Any], sigma: float, order: Literal[1, 2] = 2
) -> list[NDArray[np.float32]]:
    r"""Differentiate an image smoothed by a Gaussian.

    Parameters
    ----------
    image : ndarray of shape (height, width)
        A grey image, of any real dtype, as it is (no rescaling). The border repeats the edge
        pixels.
    sigma : float
        Standard deviation of the Gaussian, in pixels.
    order : {1, 2}, default=2
        The highest derivative.

    Returns
    -------
    maps : list of ndarray of shape (height, width)
        ``[Lx, Ly]``, followed for ``order=2`` by ``[Lxx, Lxy, Lyy]``: float32, in grey levels per
        pixel and per pixel squared. x points right and y points **up**. The maps of a constant
        image are exactly 0.

    Raises
    ------
    ValueError
        If `image` is not 2-D, `sigma` is below 0.05 or `order` is neither 1 nor 2.

    See Also
    --------
    gaussian_kernels : The separable kernels.

    Notes
    -----
    No scale normalisation: the maps are derivatives by pixels, whatever `sigma`.

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi.descriptors.filters import gaussian_derivatives
    >>> row, column = np.mgrid[:9, :9]
    >>> maps = gaussian_derivatives(3 * column - 2 * row, sigma=1.0)
    >>> [round(float(m[4, 4]), 4) for m in maps]
    [3.0, 2.0, 0.0, 0.0, 0.0]
    """
    if order not in (1, 2):
        raise ValueError(f"order must be 1 or 2, got {order!r}")
    return list(next(derivatives_at_scales(as_plane(image), [sigma], order)))


def derivatives_at_scales(image, sigmas, order=2):
    """Yield the maps of `gaussian_derivatives` scale by scale, sharing what the scales share."""
    kernels = [
        [kernel[len(kernel) // 2 + 1 :].astype(np.float32) for kernel in gaussian_kernels(sigma)]
        for sigma in sigmas
    ]
    border = max(len(smoothing) for smoothing, _, _ in kernels)
    height, width = image.shape
    padded = np.pad(image.astype(np.float32, copy=False), border, mode="edge")
    loop = compiled(derivatives)
    if loop is not None:
        for weights in kernels:
            maps = np.empty((5, height, width), np.float32)
            loop(padded, *weights, maps)
            yield maps if order == 2 else maps[:2]
        return

    # Rows of the padded image lie end to end in memory, so that a shift by a pixel in either
    # direction is a shift of one flat array: the fastest thing NumPy can do. What wraps around
    # from one row to the next falls in the border, which no map contains.
    stride = width + 2 * border
    strides = stride * padded.itemsize, padded.itemsize
    down = _Neighbours(padded.ravel(), step=stride, radius=border)
    for smoothing, first, second in kernels:
        radius = len(smoothing)
        across0 = _Neighbours(down.smooth(smoothing), step=1, radius=radius)
        # y points up and rows run down, hence the sign.
        across1 = _Neighbours(down.antisymmetric(-first), step=1, radius=radius)
        maps = [across0.antisymmetric(first), across1.smooth(smoothing)]
        if order == 2:
            across2 = _Neighbours(down.symmetric(second), step=1, radius=radius)
            maps += [
                across0.symmetric(second),
                across1.antisymmetric(first),
                across2.smooth(smoothing),
            ]
        yield [as_strided(values[border - radius :], (height, width), strides) for values in maps]


class _Neighbours:
    """Sums and differences of a flat array with itself, shifted to either side.

    Everything is written in differences from the centre, so that a constant image gives 0 and
    not the rounding error of kernel weights that nearly cancel.
    """

    def __init__(self, values, step, radius):
        n, margin = len(values), step * radius
        self._centre = values[margin : n - margin]
        self._pairs = [
            (values[margin + k : n - margin + k], values[margin - k : n - margin - k])
            for k in range(step, margin + 1, step)
        ]

    @cached_property
    def _differences(self):
        """Neighbour after minus neighbour before, nearest first."""
        return [after - before for after, before in self._pairs]

    @cached_property
    def _curvatures(self):
        """Both neighbours minus twice the centre, nearest first."""
        twice = self._centre + self._centre
        sums = [after + before for after, before in self._pairs]
        for total in sums:
            total -= twice
        return sums

    def antisymmetric(self, weights):
        """Correlate with an odd kernel."""
        return _weighted_sum(weights, self._differences)

    def symmetric(self, weights):
        """Correlate with an even kernel whose sum is 0."""
        return _weighted_sum(weights, self._curvatures)

    def smooth(self, weights):
        """Correlate with an even kernel whose sum is 1."""
        total = self.symmetric(weights)
        total += self._centre
        return total


def _weighted_sum(weights, terms):
    """Add up terms by their weights."""
    total = weights[0] * terms[0]
    product = np.empty_like(total)
    # A narrow kernel leaves out the far terms, which are there for the wider ones.
    for weight, term in zip(weights[1:], terms[1:], strict=False):
        np.multiply(term, weight, out=product)
        total += product
    return total


def steerable_gaussian(
    image: NDArray[Any], sigma: float = 1.0, orientations: ArrayLike = (0, 45, 90, 135)
) -> NDArray[np.float32]:
    r"""Filter an image with first and second Gaussian derivatives, steered to orientations.

    Parameters
    ----------
    image : ndarray of shape (height, width)
        A grey image, of any real dtype, as it is (no rescaling). The border repeats the edge
        pixels.
    sigma : float, default=1.0
        Standard deviation of the Gaussian, in pixels.
    orientations : sequence of float, default=(0, 45, 90, 135)
        Directions of differentiation, in degrees, counter-clockwise as seen on the screen from
        the direction of the rows.

    Returns
    -------
    maps : ndarray of shape (2 * n_orientations, height, width)
        Signed responses, float32: the first derivative at each orientation, then the second.

    Raises
    ------
    ValueError
        If `image` is not 2-D, `sigma` is below 0.05, or `orientations` is empty or holds what is
        not a finite number.

    See Also
    --------
    gaussian_derivatives : The derivatives along x and y from which the others are steered.

    Notes
    -----
    With derivatives along x (right) and y (up), the responses at an angle :math:`\theta` are [1]_

    .. math::
        G_1(\theta) &= \cos\theta \, L_x + \sin\theta \, L_y , \\
        G_2(\theta) &= \cos^2\theta \, L_{xx} + 2 \cos\theta \sin\theta \, L_{xy}
                       + \sin^2\theta \, L_{yy} .

    The paper's window of :math:`2[2\sigma] + 1` pixels is read as rounding :math:`2\sigma` up, so
    that it is 5 pixels wide for ``sigma=1``. It says neither how the border is treated nor how the
    kernels are normalised. Here the edge is repeated and the moments of the kernels are exact, see
    `gaussian_kernels`.

    References
    ----------
    .. [1] W. T. Freeman and E. H. Adelson, "The design and use of steerable filters", IEEE
       Transactions on Pattern Analysis and Machine Intelligence 13(9), 891-906, 1991.

    Examples
    --------
    A ramp that rises to the upper right climbs fastest at 45 degrees.

    >>> import numpy as np
    >>> from ganisi.descriptors.filters import steerable_gaussian
    >>> row, column = np.mgrid[:9, :9]
    >>> maps = steerable_gaussian(column - row)
    >>> maps.shape
    (8, 9, 9)
    >>> maps[:4, 4, 4].round(3) + 0
    array([1.   , 1.414, 1.   , 0.   ], dtype=float32)
    """
    angles = np.deg2rad(as_numbers("orientations", orientations))
    lx, ly, lxx, lxy, lyy = gaussian_derivatives(image, sigma)
    out = np.empty((2 * len(angles), *lx.shape), np.float32)
    for i, (c, s) in enumerate(zip(np.cos(angles), np.sin(angles), strict=True)):
        out[i] = np.float32(c) * lx + np.float32(s) * ly
        out[len(angles) + i] = (
            np.float32(c * c) * lxx + np.float32(2 * c * s) * lxy + np.float32(s * s) * lyy
        )
    return out

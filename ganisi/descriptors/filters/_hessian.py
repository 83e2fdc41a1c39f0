"""Gradient and curvature of an image at several scales."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..._compat._numba import compiled
from ._checks import as_numbers, as_plane
from ._gaussian import derivatives_at_scales
from ._kernels import curvatures


def multiscale_hessian(
    image: NDArray[Any], sigmas: ArrayLike = (0.5, 0.75, 1.0, 1.25, 1.5)
) -> NDArray[np.float32]:
    r"""Compute the gradient magnitude and five measures of curvature at several scales.

    Parameters
    ----------
    image : ndarray of shape (height, width)
        A grey image, of any real dtype, as it is (no rescaling). The border repeats the edge
        pixels.
    sigmas : sequence of float, default=(0.5, 0.75, 1.0, 1.25, 1.5)
        Standard deviations of the Gaussian, in pixels.

    Returns
    -------
    maps : ndarray of shape (6 * n_sigmas, height, width)
        float32, scale by scale, each: gradient magnitude; the eigenvalue of the Hessian with the
        larger magnitude and the one with the smaller, both signed; Laplacian of Gaussian;
        Gaussian curvature; Frobenius norm.

    Raises
    ------
    ValueError
        If `image` is not 2-D, `sigmas` is empty or holds what is not a finite number, or a sigma
        is below 0.05.

    See Also
    --------
    gaussian_derivatives : The derivatives, in pixels and without scale normalisation.

    Notes
    -----
    At every scale, with the derivatives :math:`L` of the smoothed image and the eigenvalues
    :math:`|\lambda_1| \ge |\lambda_2|` of its Hessian [1]_,

    .. math::
        \sqrt{L_x^2 + L_y^2}, \quad \lambda_1, \quad \lambda_2, \quad \lambda_1 + \lambda_2, \quad
        \lambda_1 \lambda_2, \quad \sqrt{\lambda_1^2 + \lambda_2^2} .

    The paper names the measures and the scales. The order and the signs of the eigenvalues are a
    choice of ours, and so are that windows of :math:`2[2\sigma] + 1` pixels are rounded up and that
    "Gaussian curvature" is the determinant of the Hessian, not the curvature of the grey-level
    surface: it does not say.

    Where :math:`|\lambda_1| = |\lambda_2|`, as on thousands of pixels of an integer image at a
    small scale, rounding would choose the sign of :math:`\lambda_1`. So, with :math:`m` half the
    trace and :math:`d` half the gap, the positive eigenvalue comes first wherever
    :math:`m \ge -10^{-4} d`.

    References
    ----------
    .. [1] L. Sorensen et al., "Early detection of Alzheimer's disease using MRI hippocampal
       texture", Human Brain Mapping 37(3), 1148-1161, 2016.

    Examples
    --------
    A ridge along a row is curved downwards across, and flat along.

    >>> import numpy as np
    >>> from ganisi.descriptors.filters import multiscale_hessian
    >>> image = np.zeros((9, 9))
    >>> image[4] = 1
    >>> maps = multiscale_hessian(image, sigmas=[0.5])
    >>> maps[:, 4, 4].round(3) + 0
    array([ 0.,  -2.,  0.,  -2.,  0.,  2.], dtype=float32)
    """
    image, sigmas = as_plane(image), as_numbers("sigmas", sigmas)
    out = np.empty((len(sigmas), 6, *image.shape), np.float32)
    measure = compiled(curvatures) or _plain_curvatures
    for maps, derivatives in zip(out, derivatives_at_scales(image, sigmas), strict=True):
        measure(derivatives, maps)
    return out.reshape(-1, *image.shape)


def _plain_curvatures(derivatives, maps):
    """Do in NumPy what `curvatures` does."""
    lx, ly, lxx, lxy, lyy = derivatives
    gradient, first, second, laplacian, determinant, norm = maps
    np.sqrt(lx * lx + ly * ly, out=gradient)
    np.add(lxx, lyy, out=laplacian)
    middle = laplacian * np.float32(0.5)
    tilt = (lxx - lyy) * np.float32(0.5)
    gap2 = tilt * tilt + lxy * lxy
    gap = np.sqrt(gap2)
    gap = np.copysign(gap, middle + np.float32(1e-4) * gap)
    np.add(middle, gap, out=first)
    np.subtract(middle, gap, out=second)
    np.multiply(first, second, out=determinant)
    np.sqrt(2 * (middle * middle + gap2), out=norm)

"""Texture filters: pure functions from one grey image to its maps."""

from ._gabor import gabor_magnitude, gabor_wavelengths
from ._gaussian import gaussian_derivatives, gaussian_kernels, steerable_gaussian
from ._hessian import multiscale_hessian
from ._local_statistics import grey_levels, local_entropy, local_range, local_statistics, local_std

__all__ = [
    "gabor_magnitude",
    "gabor_wavelengths",
    "gaussian_derivatives",
    "gaussian_kernels",
    "grey_levels",
    "local_entropy",
    "local_range",
    "local_statistics",
    "local_std",
    "multiscale_hessian",
    "steerable_gaussian",
]

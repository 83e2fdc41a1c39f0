"""Texture filters: pure functions from one grey image to its maps."""

from ganisi.filters.gabor import gabor_magnitude, gabor_wavelengths
from ganisi.filters.gaussian import gaussian_derivatives, gaussian_kernels, steerable_gaussian
from ganisi.filters.hessian import multiscale_hessian
from ganisi.filters.local_statistics import (
    grey_levels,
    local_entropy,
    local_range,
    local_statistics,
    local_std,
)

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

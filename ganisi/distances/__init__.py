"""Quantile functions to distances."""

from ._correlation import correlation_distances
from ._pairer import CDFWassersteinPairer
from ._ssim import ssim_distances
from ._wasserstein import wasserstein_1d, wasserstein_distances

__all__ = [
    "CDFWassersteinPairer",
    "correlation_distances",
    "ssim_distances",
    "wasserstein_1d",
    "wasserstein_distances",
]

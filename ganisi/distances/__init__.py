"""Quantile functions to distances."""

from ._pairer import CDFWassersteinPairer
from ._wasserstein import wasserstein_1d, wasserstein_distances

__all__ = ["CDFWassersteinPairer", "wasserstein_1d", "wasserstein_distances"]

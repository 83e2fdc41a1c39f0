"""Rows of images to distances."""

from ._base import Pairer
from ._pairer import CDFWassersteinPairer
from ._wasserstein import wasserstein_1d, wasserstein_distances

__all__ = ["CDFWassersteinPairer", "Pairer", "wasserstein_1d", "wasserstein_distances"]

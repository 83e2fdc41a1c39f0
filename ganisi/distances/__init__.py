"""Rows of images to distances."""

from ._base import Pairer
from ._pairer import CDFWassersteinPairer
from ._references import ReferencePairer
from ._wasserstein import wasserstein_1d, wasserstein_distances

__all__ = [
    "CDFWassersteinPairer",
    "Pairer",
    "ReferencePairer",
    "wasserstein_1d",
    "wasserstein_distances",
]

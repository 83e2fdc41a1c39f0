"""Rows of images to distances."""

from ._base import Pairer
from ._correlation import correlation_distances
from ._correlation_pairer import CorrelationPairer
from ._feature_pairer import FeaturePairer
from ._pairer import CDFWassersteinPairer
from ._references import ReferencePairer
from ._ssim import ssim_distances
from ._ssim_pairer import SSIMPairer
from ._union import PairerUnion
from ._wasserstein import wasserstein_1d, wasserstein_distances

__all__ = [
    "CDFWassersteinPairer",
    "CorrelationPairer",
    "FeaturePairer",
    "Pairer",
    "PairerUnion",
    "ReferencePairer",
    "SSIMPairer",
    "correlation_distances",
    "ssim_distances",
    "wasserstein_1d",
    "wasserstein_distances",
]

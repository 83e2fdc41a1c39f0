"""Was this real image used to train the generator of these synthetic images?"""

from . import audit, baselines, datasets, descriptors, distances, identification, metrics
from ._compat._versions import show_versions
from ._version import __version__
from .descriptors import (
    GaborBank,
    Intensity,
    LocalStats,
    MultiscaleHessian,
    ResNetFeatures,
    SteerableGaussian,
    classical_descriptors,
)
from .distances import CDFWassersteinPairer, CorrelationPairer, SSIMPairer
from .identification import ProfileIdentifier, SourceIdentifier
from .images import ImageFile, Views
from .model import GANISI, ImagePairer, recommended

__all__ = [
    "GANISI",
    "CDFWassersteinPairer",
    "CorrelationPairer",
    "GaborBank",
    "ImageFile",
    "ImagePairer",
    "Intensity",
    "LocalStats",
    "MultiscaleHessian",
    "ProfileIdentifier",
    "ResNetFeatures",
    "SSIMPairer",
    "SourceIdentifier",
    "SteerableGaussian",
    "Views",
    "__version__",
    "audit",
    "baselines",
    "classical_descriptors",
    "datasets",
    "descriptors",
    "distances",
    "identification",
    "metrics",
    "recommended",
    "show_versions",
]

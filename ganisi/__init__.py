"""Was this real image used to train the generator of these synthetic images?"""

from . import audit, baselines, datasets, descriptors, metrics
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
from .identification import SourceIdentifier
from .image_file import ImageFile
from .model import GANISI
from .pairing import CDFWassersteinPairer
from .profile import ProfileIdentifier
from .recommendation import recommended

__all__ = [
    "GANISI",
    "CDFWassersteinPairer",
    "GaborBank",
    "ImageFile",
    "Intensity",
    "LocalStats",
    "MultiscaleHessian",
    "ProfileIdentifier",
    "ResNetFeatures",
    "SourceIdentifier",
    "SteerableGaussian",
    "__version__",
    "audit",
    "baselines",
    "classical_descriptors",
    "datasets",
    "descriptors",
    "metrics",
    "recommended",
]

"""Was this real image used to train the generator of these synthetic images?"""

from . import baselines, datasets, descriptors, metrics
from .descriptors import (
    GaborBank,
    Intensity,
    LocalStats,
    MultiscaleHessian,
    SteerableGaussian,
    classical_descriptors,
)
from .identification import SourceIdentifier
from .model import GANISI
from .pairing import CDFWassersteinPairer
from .profile import ProfileIdentifier

__version__ = "0.1.0.dev0"

__all__ = [
    "GANISI",
    "CDFWassersteinPairer",
    "GaborBank",
    "Intensity",
    "LocalStats",
    "MultiscaleHessian",
    "ProfileIdentifier",
    "SourceIdentifier",
    "SteerableGaussian",
    "baselines",
    "classical_descriptors",
    "datasets",
    "descriptors",
    "metrics",
]

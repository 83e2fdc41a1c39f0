"""Pictures: Display classes in scikit-learn's manner. matplotlib is imported when one is drawn."""

from .cdf import CDFDisplay
from .cost import CostDisplay
from .dose_response import DoseResponseDisplay
from .evidence import EvidenceDisplay
from .feature_maps import FeatureMapsDisplay
from .probability import ProbabilityDisplay
from .roc import RocDisplay

__all__ = [
    "CDFDisplay",
    "CostDisplay",
    "DoseResponseDisplay",
    "EvidenceDisplay",
    "FeatureMapsDisplay",
    "ProbabilityDisplay",
    "RocDisplay",
]

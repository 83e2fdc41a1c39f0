"""Pictures: Display classes in scikit-learn's manner. matplotlib is imported when one is drawn."""

from ._cdf import CDFDisplay
from ._contact_sheet import ContactSheetDisplay
from ._dose_response import DoseResponseDisplay
from ._evidence import EvidenceDisplay
from ._feature_maps import FeatureMapsDisplay
from ._probability import ProbabilityDisplay
from ._release import ReleaseDisplay
from ._roc import RocDisplay

__all__ = [
    "CDFDisplay",
    "ContactSheetDisplay",
    "DoseResponseDisplay",
    "EvidenceDisplay",
    "FeatureMapsDisplay",
    "ProbabilityDisplay",
    "ReleaseDisplay",
    "RocDisplay",
]

"""The honest answer: how sure, and on what evidence."""

from .auditing import audit
from .blind_checks import stand_in_generator, textures_alone
from .cross_fitting import CrossFit
from .degradation import degrade
from .intervals import auc_interval, excess_interval
from .permutation import PermutationResult, best_of, permutation_test, permuted_labels
from .positive_control import ControlResult, choose_planted, positive_control
from .power import minimum_detectable_auc
from .report import AuditReport
from .set_level import SetResult, reference_split, set_level_test

__all__ = [
    "AuditReport",
    "ControlResult",
    "CrossFit",
    "PermutationResult",
    "SetResult",
    "auc_interval",
    "audit",
    "best_of",
    "choose_planted",
    "degrade",
    "excess_interval",
    "minimum_detectable_auc",
    "permutation_test",
    "permuted_labels",
    "positive_control",
    "reference_split",
    "set_level_test",
    "stand_in_generator",
    "textures_alone",
]

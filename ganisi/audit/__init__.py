"""The honest answer: how sure, and on what evidence."""

from ..identification._query_decisions import QueryDecisions
from ._auditing import audit
from ._blind_checks import stand_in_generator, textures_alone
from ._copy_list import CopyList, copy_list
from ._cross_fitting import CrossFit
from ._degradation import degrade
from ._intervals import auc_interval, excess_interval
from ._permutation import (
    PermutationResult,
    best_of,
    furthest_of,
    lowest_of,
    permutation_test,
    permuted_labels,
    standing_out,
)
from ._positive_control import choose_planted, positive_control
from ._power import minimum_detectable_auc, minimum_detectable_share
from ._query_decisions import query_decisions
from ._release_list import ReleaseList, release_list
from ._releasing import Release, release
from ._set_level import SetResult, reference_split, set_level_test
from .report import AuditReport, ControlResult

__all__ = [
    "AuditReport",
    "ControlResult",
    "CopyList",
    "CrossFit",
    "PermutationResult",
    "QueryDecisions",
    "Release",
    "ReleaseList",
    "SetResult",
    "auc_interval",
    "audit",
    "best_of",
    "choose_planted",
    "copy_list",
    "degrade",
    "excess_interval",
    "furthest_of",
    "lowest_of",
    "minimum_detectable_auc",
    "minimum_detectable_share",
    "permutation_test",
    "permuted_labels",
    "positive_control",
    "query_decisions",
    "reference_split",
    "release",
    "release_list",
    "set_level_test",
    "stand_in_generator",
    "standing_out",
    "textures_alone",
]

"""The honest answer: how sure, and on what evidence."""

from .cross_fitting import CrossFit
from .intervals import auc_interval
from .permutation import PermutationResult, permutation_test

__all__ = ["CrossFit", "PermutationResult", "auc_interval", "permutation_test"]

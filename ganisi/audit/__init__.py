"""The honest answer: how sure, and on what evidence."""

from .cross_fitting import CrossFit
from .permutation import PermutationResult, permutation_test

__all__ = ["CrossFit", "PermutationResult", "permutation_test"]

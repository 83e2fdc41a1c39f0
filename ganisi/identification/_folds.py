"""Splits by query, and by patient where patients are known."""

import numpy as np
from sklearn.model_selection import StratifiedKFold
from sklearn.utils import check_consistent_length, check_random_state

from ..images._patients import TooFewError, check_groups


def query_folds(y, groups=None, n_splits=5):
    """Split queries into stratified folds; no patient stands on both sides of a split.

    As many folds up to `n_splits` as leave both classes on both sides of each, or ValueError.
    """
    y = np.asarray(y)
    check_consistent_length(y, groups)
    units = check_groups(groups, len(y))
    in_class = [len(np.unique(units[y == label])) for label in np.unique(y)]
    k = min(n_splits, *in_class)
    if k < 2:
        what = "queries" if groups is None else "groups (patients)"
        raise TooFewError(
            f"the two classes have {in_class} {what}; two folds with both classes on both sides "
            f"cannot be made. Give at least 2 {what} of each class."
        )
    if groups is None:
        # Not shuffled: neighbours in a list of medical images are often slices of one patient, and
        # stay together in a fold even where nobody gave `groups`.
        return list(StratifiedKFold(k).split(y, y))
    fold = _deal(*_labels_of_patients(y, units), k)[units]
    return [(np.flatnonzero(fold != i), np.flatnonzero(fold == i)) for i in range(k)]


def _labels_of_patients(y, units):
    """Which patients, by number, have queries of the first class, and which of the second."""
    second = y == np.unique(y)[-1]
    return (np.bincount(units, ~second) > 0, np.bincount(units, second) > 0)


def _deal(has_first, has_second, k):
    """Deal patients to folds at random; those of one class, and those of both, evenly.

    How many queries a patient has must not matter: folds that balance them by label would no longer
    be a matter of chance once labels are permuted, and a permutation test would not be exact.
    """
    rng, fold = check_random_state(0), np.empty(len(has_first), dtype=int)
    for first, second in ((True, False), (False, True), (True, True)):
        alike = rng.permutation(np.flatnonzero((has_first == first) & (has_second == second)))
        turn = np.arange(len(alike))
        # Patients with both go first where the others end, so that every fold has both classes.
        fold[alike] = (k - 1 - turn if first and second else turn) % k
    return fold

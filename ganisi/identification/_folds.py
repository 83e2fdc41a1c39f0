"""Splits by query, and by patient where patients are known."""

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold
from sklearn.utils import check_consistent_length

from ..images._patients import TooFewError, check_groups


def query_folds(y, groups=None, n_splits=5):
    """Split queries into stratified folds; no patient stands on both sides of a split.

    As many folds up to `n_splits` as leave both classes on both sides of each, or ValueError.
    """
    # Not shuffled: neighbours in a list of medical images are often slices of one patient, and stay
    # together in a fold even where nobody gave `groups`.
    y = np.asarray(y)
    check_consistent_length(y, groups)
    units = check_groups(groups, len(y))
    in_class = [len(np.unique(units[y == label])) for label in np.unique(y)]
    for k in range(min(n_splits, *in_class), 1, -1):
        if groups is None:
            folds = list(StratifiedKFold(k).split(y, y))
        else:
            folds = list(StratifiedGroupKFold(k).split(y, y, units))
        if all(len(np.unique(y[side])) == 2 for fold in folds for side in fold):
            return folds
    what = "queries" if groups is None else "groups (patients)"
    raise TooFewError(
        f"the two classes have {in_class} {what}; two folds with both classes on both sides cannot "
        f"be made. Give at least 2 {what} of each class."
    )

"""Splits by query, and by patient where patients are known."""

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold
from sklearn.utils import check_consistent_length

from ..images._patients import TooFewError, check_groups


def query_folds(y, groups=None, n_splits=5):
    """Split queries into stratified folds; no patient stands on both sides of a split.

    Parameters
    ----------
    y : array of shape (n_queries,)
        Labels of the queries, two classes.
    groups : array of shape (n_queries,) or None, default=None
        Patient of each query; None splits by query.
    n_splits : int, default=5
        Number of folds wished for. The folds are the largest number up to it for which every fold
        holds both classes on both sides; at most, the number of groups in the smaller class.

    Returns
    -------
    folds : list of (train, test)
        Indices of queries; the test parts are a partition.

    Raises
    ------
    ValueError
        If not even two such folds exist.

    Notes
    -----
    Not shuffled: neighbours in a list of medical images are often slices of one patient, and stay
    together in a fold even where nobody gave `groups`.

    Examples
    --------
    >>> from ganisi.identification._folds import query_folds
    >>> folds = query_folds([0, 0, 1, 1], groups=[1, 2, 3, 4])
    >>> [test.tolist() for train, test in folds]
    [[0, 2], [1, 3]]
    """
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

"""How probable it is of each query that it was used, and between what that may lie."""

import numpy as np

from ._scoring import interval_of


def mean_over_folds(fit, rows):
    """Low, probability and high of each query: the means of what the models of all folds say."""
    n_queries, n_folds = len(rows.queries), len(fit.folds)
    each = [
        fit._ask_of_new(
            interval_of,
            rows.queries,
            np.full(n_queries, k),
            rows.query_keys,
            np.empty((n_queries, 3)),
        )
        for k in range(n_folds)
    ]
    return np.mean(each, axis=0)


def of_queries(asked):
    """Return what a report has of `mean_over_folds`, or of None where there are no queries."""
    if asked is None:
        return {"query_probability": None, "query_interval": None}
    known = np.isfinite(asked).all()
    return {
        "query_probability": asked[:, 1],
        "query_interval": [(low, high) for low, _, high in asked] if known else None,
    }

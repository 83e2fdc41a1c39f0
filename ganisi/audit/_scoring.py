"""What a fitted classifier says of rows, and how well that ranks them."""

import numpy as np
from scipy.stats import rankdata


def probability_of(fitted, rows):
    """Return the probability of each row of having been used."""
    return fitted.predict_proba(rows)[:, 1]


def interval_of(fitted, rows):
    """Return low, probability and high of each row; low and high are NaN where nobody knows."""
    if hasattr(fitted, "predict_proba_interval"):
        return fitted.predict_proba_interval(rows)
    return probability_of(fitted, rows)[:, None] * [np.nan, 1, np.nan]


def raw_score_of(fitted, rows):
    """Return what rows rank by: the score that a probability is made of, where there is one."""
    # A sigmoid keeps the order, and one that would turn it is flattened: nothing is lost before.
    if hasattr(fitted, "decision_function"):
        return fitted.decision_function(rows)
    return probability_of(fitted, rows)


def fast_roc_auc(used, score):
    """As scikit-learn's, in a tenth of its time, which matters thousands of times."""
    n_used = used.sum()
    wins = rankdata(score)[used].sum() - n_used * (n_used + 1) / 2
    return wins / (n_used * (len(used) - n_used))

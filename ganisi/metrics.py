"""The paper's metrics, and what naive answers score on the same queries."""

import numpy as np
from sklearn.metrics import (
    accuracy_score,
    f1_score,
    precision_score,
    recall_score,
    roc_auc_score,
)

from .labels import encode_labels, positive_class

#: The columns of the paper's Table 1, and the ROC AUC.
TABLE_ONE = ("accuracy", "precision", "recall", "specificity", "f1", "roc_auc")


def specificity_score(y_true, y_pred, *, pos_label=1):
    """Recall of the negative class: the share of not-used images called not used.

    Parameters
    ----------
    y_true : array of shape (n_queries,)
        Labels.
    y_pred : array of shape (n_queries,)
        Predicted labels.
    pos_label : label, default=1
        The label that means "used".

    Returns
    -------
    specificity : float
        Between 0 and 1; 0 where there is no negative query.

    Examples
    --------
    >>> from ganisi.metrics import specificity_score
    >>> specificity_score([0, 0, 1, 1], [0, 1, 1, 1])
    0.5
    """
    negative = np.asarray(y_true) != pos_label
    predicted_negative = np.asarray(y_pred) != pos_label
    return float(recall_score(negative, predicted_negative, zero_division=0))


def table_one(y_true, probability, *, threshold=0.5, pos_label=None):
    """Scores of the paper's Table 1, and the ROC AUC.

    Parameters
    ----------
    y_true : array of shape (n_queries,)
        Two labels.
    probability : array of shape (n_queries,)
        Probability that each query was used.
    threshold : float, default=0.5
        "Used" is said where the probability is at least this.
    pos_label : label or None, default=None
        The label that means "used"; None means 1 or True.

    Returns
    -------
    scores : dict of str to float
        "accuracy", "precision", "recall" (sensitivity), "specificity", "f1" and "roc_auc". A
        ratio with no case in its denominator is 0.

    Raises
    ------
    ValueError
        If there are not two labels, or the lengths differ.

    Examples
    --------
    >>> from ganisi.metrics import table_one
    >>> scores = table_one([0, 0, 1, 1], [0.2, 0.6, 0.7, 0.9])
    >>> scores["accuracy"], scores["specificity"], scores["roc_auc"]
    (0.75, 0.5, 1.0)
    """
    classes, encoded = encode_labels(y_true)
    used = encoded == positive_class(classes, pos_label)
    probability = np.asarray(probability, dtype=float)
    if probability.shape != used.shape:
        raise ValueError(
            f"probability has shape {probability.shape}; expected one for each of the "
            f"{len(used)} queries."
        )
    said = probability >= threshold
    return {
        "accuracy": float(accuracy_score(used, said)),
        "precision": float(precision_score(used, said, zero_division=0)),
        "recall": float(recall_score(used, said, zero_division=0)),
        "specificity": specificity_score(used, said, pos_label=True),
        "f1": float(f1_score(used, said, zero_division=0)),
        "roc_auc": float(roc_auc_score(used, probability)),
    }


def naive_answers(y_true, *, pos_label=None):
    """Scores of saying the same of every query, and of tossing a coin.

    Parameters
    ----------
    y_true : array of shape (n_queries,)
        Two labels.
    pos_label : label or None, default=None
        The label that means "used"; None means 1 or True.

    Returns
    -------
    scores : dict of str to dict
        "always used", "never used" and "coin toss" (expected values; its F1 is that of the
        expected counts), each as :func:`table_one` returns.

    Examples
    --------
    >>> from ganisi.metrics import naive_answers
    >>> round(naive_answers([0, 0, 1, 1])["always used"]["f1"], 3)
    0.667
    """
    classes, encoded = encode_labels(y_true)
    used = encoded == positive_class(classes, pos_label)
    share = float(used.mean())
    return {
        "always used": table_one(used, np.ones(len(used))),
        "never used": table_one(used, np.zeros(len(used))),
        "coin toss": {
            "accuracy": 0.5,
            "precision": share,
            "recall": 0.5,
            "specificity": 0.5,
            "f1": share / (share + 0.5),
            "roc_auc": 0.5,
        },
    }

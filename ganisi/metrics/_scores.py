"""The paper's metrics and others, and what naive answers score on the same queries."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike
from sklearn.metrics import (
    accuracy_score,
    average_precision_score,
    cohen_kappa_score,
    f1_score,
    precision_score,
    recall_score,
    roc_auc_score,
)

from ._labels import encode_labels, positive_class
from ._low_fpr import can_show_fpr, tpr_at_fpr
from ._prevalence import f1_at_prevalence, ppv_at_prevalence

#: The columns of the paper's Table 1, and the ROC AUC.
TABLE_ONE = ("accuracy", "precision", "recall", "specificity", "f1", "roc_auc")


def specificity_score(y_true: ArrayLike, y_pred: ArrayLike, *, pos_label: object = 1) -> float:
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

    Raises
    ------
    ValueError
        If there are two labels and `pos_label` is neither.

    Examples
    --------
    >>> from ganisi.metrics import specificity_score
    >>> specificity_score([0, 0, 1, 1], [0, 1, 1, 1])
    0.5
    """
    y_true, y_pred = np.asarray(y_true), np.asarray(y_pred)
    labels = np.union1d(y_true, y_pred).tolist()
    if len(labels) > 1 and pos_label not in labels:
        raise ValueError(
            f"pos_label={pos_label!r} is not one of the labels {labels}; give the one that means "
            '"used to train the generator".'
        )
    return float(recall_score(y_true != pos_label, y_pred != pos_label, zero_division=0))


def table_one(
    y_true: ArrayLike, probability: ArrayLike, *, threshold: float = 0.5, pos_label: object = None
) -> dict[str, float]:
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
    used, probability = check_scores(y_true, probability, pos_label)
    said = probability >= threshold
    return {
        "accuracy": float(accuracy_score(used, said)),
        "precision": float(precision_score(used, said, zero_division=0)),
        "recall": float(recall_score(used, said, zero_division=0)),
        "specificity": specificity_score(used, said, pos_label=True),
        "f1": float(f1_score(used, said, zero_division=0)),
        "roc_auc": float(roc_auc_score(used, probability)),
    }


def all_scores(
    y_true: ArrayLike,
    probability: ArrayLike,
    *,
    threshold: float = 0.5,
    fpr: Sequence[float] = (0.01, 0.1),
    prevalence: float | None = None,
    pos_label: object = None,
) -> dict[str, float]:
    """Scores of :func:`table_one`, and those that the paper does not give.

    Parameters
    ----------
    y_true : array of shape (n_queries,)
        Two labels.
    probability : array of shape (n_queries,)
        Probability that each query was used, or any score of it.
    threshold : float, default=0.5
        "Used" is said where the probability is at least this.
    fpr : tuple of float, default=(0.01, 0.1)
        False positive rates at which the true positive rate is given.
    prevalence : float or None, default=None
        Share of used images among those that will be asked about, above 0 and below 1.
    pos_label : label or None, default=None
        The label that means "used"; None means 1 or True.

    Returns
    -------
    scores : dict of str to float
        In this order: "accuracy", "balanced_accuracy", "precision", "recall" (sensitivity),
        "specificity", "f1", "kappa" (Cohen's), "roc_auc", "average_precision"; then
        "tpr_at_fpr=0.01", ... for each `fpr`, NaN where it is below ``1 / n_negative`` and so
        cannot be said; and, where `prevalence` is given, "ppv_at_prevalence" and
        "f1_at_prevalence". A ratio with no case in its denominator is 0.

    Raises
    ------
    ValueError
        If there are not two labels, the lengths differ, or a rate is not in its range.

    See Also
    --------
    naive_answers : What saying the same of every query would score.
    make_scorers : The same for scikit-learn's searches.

    Examples
    --------
    >>> from ganisi.metrics import all_scores
    >>> scores = all_scores([0, 0, 1, 1], [0.2, 0.6, 0.7, 0.9], fpr=(0.5,), prevalence=0.1)
    >>> scores["balanced_accuracy"], scores["kappa"], scores["tpr_at_fpr=0.5"]
    (0.75, 0.5, 1.0)
    >>> round(scores["ppv_at_prevalence"], 3)
    0.182
    """
    used, probability = check_scores(y_true, probability, pos_label)
    paper = table_one(used, probability, threshold=threshold)
    recall, specificity = paper["recall"], paper["specificity"]
    scores = {
        "accuracy": paper["accuracy"],
        "balanced_accuracy": (recall + specificity) / 2,
        "precision": paper["precision"],
        "recall": recall,
        "specificity": specificity,
        "f1": paper["f1"],
        "kappa": float(cohen_kappa_score(used, probability >= threshold)),
        "roc_auc": paper["roc_auc"],
        "average_precision": float(average_precision_score(used, probability)),
    }
    for rate in fpr:
        possible = not 0 < rate <= 1 or can_show_fpr(rate, int((~used).sum()))
        scores[f"tpr_at_fpr={rate:g}"] = (
            tpr_at_fpr(used, probability, fpr=rate) if possible else float("nan")
        )
    if prevalence is not None:
        scores["ppv_at_prevalence"] = ppv_at_prevalence(recall, specificity, prevalence)
        scores["f1_at_prevalence"] = f1_at_prevalence(recall, specificity, prevalence)
    return scores


def naive_answers(
    y_true: ArrayLike, *, prevalence: float | None = None, pos_label: object = None
) -> dict[str, dict[str, float]]:
    """Scores of saying the same of every query, and of tossing a coin.

    Parameters
    ----------
    y_true : array of shape (n_queries,)
        Two labels.
    prevalence : float or None, default=None
        As in :func:`all_scores`.
    pos_label : label or None, default=None
        The label that means "used"; None means 1 or True.

    Returns
    -------
    scores : dict of str to dict
        "always used", "never used" and "coin toss" (expected values; its F1 is that of the
        expected counts), each as :func:`all_scores` returns, but no TPR at a low FPR: there
        chance scores the FPR.

    Examples
    --------
    >>> from ganisi.metrics import naive_answers
    >>> round(naive_answers([0, 0, 1, 1])["always used"]["f1"], 3)
    0.667
    """
    classes, encoded = encode_labels(y_true)
    used = encoded == positive_class(classes, pos_label)
    share = float(used.mean())
    coin = {
        "accuracy": 0.5,
        "balanced_accuracy": 0.5,
        "precision": share,
        "recall": 0.5,
        "specificity": 0.5,
        "f1": share / (share + 0.5),
        "kappa": 0.0,
        "roc_auc": 0.5,
        "average_precision": share,
    }
    if prevalence is not None:
        coin["ppv_at_prevalence"] = ppv_at_prevalence(0.5, 0.5, prevalence)
        coin["f1_at_prevalence"] = f1_at_prevalence(0.5, 0.5, prevalence)
    said = {"always used": np.ones(len(used)), "never used": np.zeros(len(used))}
    return {
        **{
            name: all_scores(used, answer, fpr=(), prevalence=prevalence)
            for name, answer in said.items()
        },
        "coin toss": coin,
    }


def check_scores(y_true, probability, pos_label):
    """Return which queries were used (bool), and their probabilities."""
    classes, encoded = encode_labels(y_true)
    used = encoded == positive_class(classes, pos_label)
    probability = np.asarray(probability, dtype=float)
    if probability.shape != used.shape:
        raise ValueError(
            f"probability has shape {probability.shape}; expected one for each of the "
            f"{len(used)} queries."
        )
    return used, probability

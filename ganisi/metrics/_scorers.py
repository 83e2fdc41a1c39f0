"""The scores as scikit-learn's scorers, for `cross_validate` and `GridSearchCV`."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from sklearn.metrics import (
    accuracy_score,
    average_precision_score,
    balanced_accuracy_score,
    cohen_kappa_score,
    f1_score,
    make_scorer,
    precision_score,
    recall_score,
    roc_auc_score,
)

from ._low_fpr import tpr_at_fpr
from ._prevalence import f1_at_prevalence, ppv_at_prevalence
from ._scores import specificity_score

#: As scikit-learn's own ranking scorers ask.
_RANKING = ("decision_function", "predict_proba")


def make_scorers(
    *, pos_label: object = 1, fpr: float = 0.1, prevalence: float | None = None
) -> dict[str, Callable[..., float]]:
    """Make the scorers of every metric, by the names of :func:`all_scores`.

    Parameters
    ----------
    pos_label : label, default=1
        The label that means "used".
    fpr : float, default=0.1
        False positive rate of the scorer "tpr_at_fpr"; every test fold needs at least ``1 / fpr``
        not-used images.
    prevalence : float or None, default=None
        Share of used images among those that will be asked about. Given, "ppv_at_prevalence" and
        "f1_at_prevalence" are among the scorers.

    Returns
    -------
    scorers : dict of str to scorer
        For ``scoring=`` of :func:`sklearn.model_selection.cross_validate` or of a search, whole or
        one by one. "roc_auc", "average_precision" and "tpr_at_fpr" ask an estimator for
        `decision_function`, or else `predict_proba`; the others for `predict`.

    Notes
    -----
    Where several scorers are asked at once, scikit-learn asks the estimator for its
    `decision_function` only once, and turns its sign for the first scorer's `pos_label`. All of
    these have the same; where `pos_label` is the label that sorts first, do not put scikit-learn's
    own ``"roc_auc"`` among them.

    Examples
    --------
    >>> from sklearn.model_selection import cross_val_score
    >>> from ganisi import GANISI, Intensity
    >>> from ganisi.baselines import NearestGenerated
    >>> from ganisi.datasets import make_source_identification
    >>> from ganisi.metrics import make_scorers
    >>> data = make_source_identification(10, 10, 30, size=32, leakage=1.0, random_state=0)
    >>> model = GANISI(Intensity(grid=32, n_quantiles=1), identifier=NearestGenerated())
    >>> specificity = make_scorers()["specificity"]
    >>> cross_val_score(
    ...     model,
    ...     data.real,
    ...     data.used,
    ...     scoring=specificity,
    ...     cv=2,
    ...     params={"generated": (data.generated,)},
    ... ).shape
    (2,)
    """
    label = {"pos_label": pos_label}
    ranking = {"response_method": _RANKING}
    scorers = {
        "accuracy": make_scorer(accuracy_score),
        "balanced_accuracy": make_scorer(balanced_accuracy_score),
        "precision": make_scorer(precision_score, zero_division=0, **label),
        "recall": make_scorer(recall_score, zero_division=0, **label),
        "specificity": make_scorer(specificity_score, **label),
        "f1": make_scorer(f1_score, zero_division=0, **label),
        "kappa": make_scorer(cohen_kappa_score),
        "roc_auc": make_scorer(_roc_auc, **ranking, **label),
        "average_precision": make_scorer(average_precision_score, **ranking, **label),
        "tpr_at_fpr": make_scorer(tpr_at_fpr, fpr=fpr, **ranking, **label),
    }
    if prevalence is not None:
        scorers["ppv_at_prevalence"] = make_scorer(_ppv, prevalence=prevalence, **label)
        scorers["f1_at_prevalence"] = make_scorer(_f1, prevalence=prevalence, **label)
    return scorers


def _roc_auc(y_true, y_score, *, pos_label):
    return roc_auc_score(np.asarray(y_true) == pos_label, y_score)


def _ppv(y_true, y_pred, *, prevalence, pos_label):
    return ppv_at_prevalence(*_rates(y_true, y_pred, pos_label), prevalence)


def _f1(y_true, y_pred, *, prevalence, pos_label):
    return f1_at_prevalence(*_rates(y_true, y_pred, pos_label), prevalence)


def _rates(y_true, y_pred, pos_label):
    recall = recall_score(y_true, y_pred, pos_label=pos_label, zero_division=0)
    return recall, specificity_score(y_true, y_pred, pos_label=pos_label)

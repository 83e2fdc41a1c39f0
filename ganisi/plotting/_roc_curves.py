"""ROC curves: their mean over folds, and how far patients move it."""

import numpy as np
from sklearn.metrics import roc_curve
from sklearn.utils.validation import check_consistent_length

from ..images._patients import check_groups
from ..metrics._labels import positive_class
from ..metrics._resampling import resampled_weights

#: False positive rates at which the band is computed, evenly on either axis.
_BAND_POINTS = 100


def used_and_scores(estimator, X, y, pos_label):
    """Return which images were used, and what a fitted classifier ranks them by."""
    classes = np.asarray(estimator.classes_).tolist()
    unknown = [label for label in np.unique(y).tolist() if label not in classes]
    if unknown:
        raise ValueError(
            f"y has the label {unknown[0]!r}; expected those that the estimator was fitted on, "
            f"{classes[0]!r} and {classes[1]!r}."
        )
    positive = positive_class(estimator.classes_, pos_label)
    if hasattr(estimator, "decision_function"):
        score = np.asarray(estimator.decision_function(X))
        score = score if positive == 1 else -score
    else:
        score = np.asarray(estimator.predict_proba(X))[:, positive]
    return np.asarray(y) == classes[positive], score


def parts_of(cv_results, X, y, groups):
    """Yield of each fold its estimator, and the images, labels and patients it left out."""
    if not {"estimator", "indices"} <= set(cv_results):
        raise ValueError(
            "cv_results lacks the estimators or the indices of the folds; make it by "
            "cross_validate(..., return_estimator=True, return_indices=True)."
        )
    y = np.asarray(y)
    check_consistent_length(X, y)
    patients = check_groups(groups, len(y))
    for estimator, test in zip(cv_results["estimator"], cv_results["indices"]["test"], strict=True):
        left_out = X[test] if hasattr(X, "shape") else [X[i] for i in test]
        yield estimator, left_out, y[test], patients[test]


def check_rates(name, fpr, tpr):
    """Refuse what is not a curve: rates from 0 to 1 that rise."""
    if fpr.ndim != 1 or fpr.shape != tpr.shape or len(fpr) < 2:
        raise ValueError(
            f"the curve {name!r} has fpr of shape {fpr.shape} and tpr of shape {tpr.shape}; give "
            "two arrays of one length, at least 2."
        )
    for rates in (fpr, tpr):
        if not (rates.min() >= 0 and rates.max() <= 1 and (np.diff(rates) >= 0).all()):
            raise ValueError(
                f"the rates of {name!r} must rise from 0 to 1, as sklearn.metrics.roc_curve "
                "returns them."
            )


def mean_curve(used, probability, tests, weights=None, at=None):
    """Mean over folds of the true positive rate at each false positive rate; both are returned.

    At a false positive rate where a curve rises, its lower and its upper end are both kept, so
    that the area of the mean is the mean of the areas. At rates that are given (`at`), only the
    upper ends are returned.
    """
    curves = []
    for test in tests:
        sample_weight = None if weights is None else weights[test]
        curves.append(
            roc_curve(
                used[test],
                probability[test],
                sample_weight=sample_weight,
                drop_intermediate=False,
            )[:2]
        )
    if at is not None:
        return np.mean([_ends_at(at, *curve)[1] for curve in curves], axis=0)
    fpr = np.unique(np.concatenate([fpr for fpr, _ in curves]))
    low, high = np.mean([_ends_at(fpr, *curve) for curve in curves], axis=0)
    return np.repeat(fpr, 2), np.column_stack([low, high]).ravel()


def _ends_at(at, fpr, tpr):
    """Lower and upper end of a curve at false positive rates."""
    rates, first = np.unique(fpr, return_index=True)
    low, high = tpr[first], tpr[np.append(first[1:], len(tpr)) - 1]
    before = np.searchsorted(rates, at, side="right") - 1
    after = np.minimum(before + 1, len(rates) - 1)
    width = np.where(after > before, rates[after] - rates[before], 1)
    share = (at - rates[before]) / width
    between = high[before] + share * np.where(after > before, low[after] - high[before], 0)
    met = rates[before] == at
    return np.where(met, low[before], between), np.where(met, high[before], between)


def bootstrap_band(used, probability, tests, groups, confidence, n_resamples, rng):
    """Pointwise band of the mean curve under resampling of patients within each fold."""
    weights = np.zeros((n_resamples, len(used)))
    for test in tests:
        weights[:, test] = resampled_weights(used[test], groups[test], n_resamples, rng)
    n_not_used = int((~used).sum())
    at = np.unique(
        np.concatenate(
            [np.linspace(0, 1, _BAND_POINTS), np.geomspace(0.5 / n_not_used, 1, _BAND_POINTS)]
        )
    )
    tprs = [mean_curve(used, probability, tests, row, at) for row in weights]
    tail = (1 - confidence) / 2
    return at, *np.quantile(tprs, [tail, 1 - tail], axis=0)

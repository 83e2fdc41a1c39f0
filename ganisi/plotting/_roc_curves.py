"""ROC curves: their mean over folds, and how far patients move it."""

import numpy as np
from sklearn.metrics import roc_curve

from ..metrics._resampling import resampled_weights

#: False positive rates at which the band is computed, evenly on either axis.
_BAND_POINTS = 100


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
    """Mean over folds of the true positive rate at each false positive rate.

    At a false positive rate where a curve rises, its lower and its upper end are both kept, so
    that the area of the mean is the mean of the areas.
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

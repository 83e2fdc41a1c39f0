"""How far a cross-validated AUC may be from what more patients would show."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.stats import norm
from sklearn.utils import check_random_state

from .._compat._hints import Seed
from ..images._patients import check_groups
from ..metrics._resampling import resampled_weights
from ._cross_fitting import CrossFit
from ._permutation import PermutationResult


def auc_interval(
    cross_fit: CrossFit,
    result: PermutationResult,
    *,
    confidence: float = 0.95,
    n_resamples: int = 1000,
    random_state: Seed = None,
) -> tuple[float, float]:
    """Interval of a cross-validated ROC AUC: bootstrap by patient, no narrower than chance is wide.

    Patients are drawn with replacement within each fold, those of one label among their like; the
    scores stay as they are. A plain bootstrap of out-of-fold scores ignores that the model would
    have been another one, and is too narrow; so each side is at least as wide as the normal
    quantile (1.96 at 95 %) times the standard deviation of the permutation null.

    Parameters
    ----------
    cross_fit : CrossFit
        What `result` was computed from.
    result : PermutationResult
        Its `score`, `roc_auc` and `null` are used.
    confidence : float, default=0.95
        Between 0 and 1.
    n_resamples : int, default=1000
        Bootstrap resamples.
    random_state : int, RandomState instance or None, default=None
        For the resamples.

    Returns
    -------
    low, high : float
        Within [0, 1].

    Examples
    --------
    >>> from ganisi import GANISI, Intensity
    >>> from ganisi.audit import CrossFit, auc_interval, permutation_test
    >>> from ganisi.baselines import NearestGenerated
    >>> from ganisi.datasets import make_source_identification
    >>> data = make_source_identification(20, 20, 60, size=32, leakage=1.0, random_state=0)
    >>> pixels = GANISI(Intensity(grid=32, n_quantiles=1), identifier=NearestGenerated())
    >>> descriptor, pairer, identifier = pixels.stages()
    >>> fit = CrossFit(
    ...     pairer,
    ...     identifier,
    ...     descriptor.fit_transform(data.real),
    ...     data.used,
    ...     generated=descriptor.transform(data.generated),
    ...     groups=data.groups,
    ... )
    >>> result = permutation_test(fit, n_permutations=19, random_state=0)
    >>> low, high = auc_interval(fit, result, random_state=0)
    >>> bool(0.5 < low <= result.roc_auc <= high)
    True
    """
    (resampled,) = _resampled_aucs(cross_fit, [result], n_resamples, random_state)
    return tuple(  # type: ignore[return-value]
        float(np.clip(end, 0, 1))
        for end in _interval(result.roc_auc, resampled, result.null, confidence)
    )


def excess_interval(
    cross_fit: CrossFit,
    result: PermutationResult,
    blinds: Sequence[PermutationResult],
    *,
    confidence: float = 0.95,
    n_resamples: int = 1000,
    random_state: Seed = None,
) -> tuple[float, float, float]:
    """Excess of an attack over the blind checks, and its interval.

    The excess is ``attack - max(blinds, 1/2)``, in ROC AUC. It is paired: every bootstrap
    resample of patients, and every permutation of their labels, is the same for attack and
    blinds. The rules are those of `auc_interval`.

    Parameters
    ----------
    cross_fit : CrossFit
        Its labels, patients and folds are those of all results.
    result : PermutationResult
        Of the attack.
    blinds : list of PermutationResult
        Of the blind checks, from the same `labellings`.
    confidence : float, default=0.95
        Between 0 and 1.
    n_resamples : int, default=1000
        Bootstrap resamples.
    random_state : int, RandomState instance or None, default=None
        For the resamples.

    Returns
    -------
    excess, low, high : float
        Within [-1, 1].
    """
    attack, *others = _resampled_aucs(cross_fit, [result, *blinds], n_resamples, random_state)
    excess = _excess(result.roc_auc, [blind.roc_auc for blind in blinds])
    low, high = _interval(
        excess,
        _excess(attack, others),
        _excess(result.null, [blind.null for blind in blinds]),
        confidence,
    )
    return float(excess), float(max(low, -1)), float(min(high, 1))


def _excess(attack, blinds):
    return attack - np.max(np.broadcast_arrays(0.5, *blinds), axis=0)


def _interval(value, resampled, null, confidence):
    tail = (1 - confidence) / 2
    low, high = np.quantile(resampled, [tail, 1 - tail])
    margin = norm.isf(tail) * null.std(ddof=1)
    return min(low, value - margin), max(high, value + margin)


def _resampled_aucs(cross_fit, results, n_resamples, random_state):
    """AUCs of the same bootstrap resamples of patients, ``(n_results, n_resamples)``."""
    rng = check_random_state(random_state)
    groups = check_groups(cross_fit.groups, len(cross_fit.used))
    aucs = np.zeros((len(results), n_resamples))
    for _, test in cross_fit.folds:
        used = cross_fit.used[test]
        weights = resampled_weights(used, groups[test], n_resamples, rng)
        for row, result in zip(aucs, results, strict=True):
            row += _weighted_auc(result.score[test], used, weights)
    return aucs / len(cross_fit.folds)


def _weighted_auc(score, used, weights):
    # A pair of a used and an unused image counts 1 if ordered, 1/2 if tied.
    difference = score[used][:, None] - score[~used][None, :]
    wins = (difference > 0) + 0.5 * (difference == 0)
    positive, negative = weights[:, used], weights[:, ~used]
    pairs = positive.sum(axis=1) * negative.sum(axis=1)
    return ((positive @ wins) * negative).sum(axis=1) / pairs

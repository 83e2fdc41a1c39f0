"""How far a cross-validated AUC may be from what more patients would show."""

import numpy as np
from scipy.stats import norm
from sklearn.utils import check_random_state

from ..splitting import check_groups


def auc_interval(cross_fit, result, *, confidence=0.95, n_resamples=1000, random_state=None):
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
        Its `probability`, `roc_auc` and `null` are used.
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
    rng = check_random_state(random_state)
    groups = check_groups(cross_fit.groups, len(cross_fit.used))
    resampled = np.mean(
        [
            _resampled_auc(
                result.probability[test], cross_fit.used[test], groups[test], n_resamples, rng
            )
            for _, test in cross_fit.folds
        ],
        axis=0,
    )
    tail = (1 - confidence) / 2
    low, high = np.quantile(resampled, [tail, 1 - tail])
    margin = norm.isf(tail) * result.null.std(ddof=1)
    return (
        float(max(0.0, min(low, result.roc_auc - margin))),
        float(min(1.0, max(high, result.roc_auc + margin))),
    )


def _resampled_auc(probability, used, groups, n_resamples, rng):
    """AUC of bootstrap resamples of patients, ``(n_resamples,)``."""
    difference = probability[used][:, None] - probability[~used][None, :]
    # A pair of a used and an unused image counts 1 if ordered, 1/2 if tied.
    wins = (difference > 0) + 0.5 * (difference == 0)
    patients, member = np.unique(groups, return_inverse=True)
    # Patients are drawn among those with the same labels, so that both classes stay present.
    kind = np.array(
        [(used[member == i].any(), (~used[member == i]).any()) for i in range(len(patients))]
    )
    counts = np.zeros((n_resamples, len(patients)))
    for alike in np.unique(kind, axis=0):
        which = np.flatnonzero((kind == alike).all(axis=1))
        counts[:, which] = rng.multinomial(
            len(which), np.full(len(which), 1 / len(which)), size=n_resamples
        )
    weights = counts[:, member]
    positive, negative = weights[:, used], weights[:, ~used]
    pairs = positive.sum(axis=1) * negative.sum(axis=1)
    return np.einsum("bi,ij,bj->b", positive, wins, negative, optimize=True) / pairs

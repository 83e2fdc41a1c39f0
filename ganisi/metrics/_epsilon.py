"""How private a generator can at most be, in the words of differential privacy."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike
from sklearn.utils.validation import check_consistent_length

from ._proportions import check_between, clopper_pearson_interval
from ._scores import check_scores


def epsilon_lower_bound(
    y_true: ArrayLike,
    probability: ArrayLike,
    *,
    groups: ArrayLike | None = None,
    threshold: float = 0.5,
    delta: float = 0.0,
    confidence: float = 0.95,
    pos_label: object = None,
) -> float:
    r"""Lower bound on the epsilon of differential privacy that these answers leave possible.

    A lower bound, no guarantee of differential privacy: 0 says that these answers exclude nothing,
    and another attack may show a larger epsilon. A patient is one answer, "used" where the mean
    probability of its images is at least the threshold.

    Parameters
    ----------
    y_true : array of shape (n_queries,)
        Two labels.
    probability : array of shape (n_queries,)
        Probability that each query was used, or any score of it.
    groups : array of shape (n_queries,) or None, default=None
        Patient of each query; None counts each query as a patient of its own. A patient with a used
        image is a used one.
    threshold : float, default=0.5
        Chosen before the answers were seen, or the bound holds less often.
    delta : float, default=0.0
        The delta of (epsilon, delta)-differential privacy, from 0 to below 1.
    confidence : float, default=0.95
        How often the bound is at most the true epsilon; between 0 and 1.
    pos_label : label or None, default=None
        The label that means "used"; None means 1 or True.

    Returns
    -------
    epsilon : float
        At least 0.

    Raises
    ------
    ValueError
        If there are not two labels, the lengths differ, or a share is not in its range.

    Notes
    -----
    If a generator is trained with :math:`(\epsilon, \delta)`-differential privacy of patients, then
    for any attack [1]_

    .. math:: \text{TPR} \le e^\epsilon \text{FPR} + \delta, \qquad
              \text{TNR} \le e^\epsilon \text{FNR} + \delta

    so with the ends of Clopper and Pearson's intervals of both rates, each at `confidence`,

    .. math:: \epsilon \ge \max\left(0,
              \ln \frac{\text{TPR}_- - \delta}{\text{FPR}_+},
              \ln \frac{\text{TNR}_- - \delta}{\text{FNR}_+}\right)

    n patients a side, all told right, show no more than
    :math:`\ln (a / (1 - a)), a = ((1 - c) / 2)^{1 / n}` for the confidence c: 1.6 with 20 patients,
    2.6 with 50, 3.3 with 100.

    It is of the generator only where lots decided who was used: otherwise what sets the two groups
    apart counts as leakage. And it takes the answers about patients for independent, although one
    generator was trained once on all of them, and out-of-fold answers are by models that have
    patients in common; then the confidence is about what is said and proven for other rules only
    [2]_.

    References
    ----------
    .. [1] Jagielski, M., Ullman, J., Oprea, A. (2020). Auditing differentially private machine
       learning. Advances in Neural Information Processing Systems 33.
    .. [2] Steinke, T., Nasr, M., Jagielski, M. (2023). Privacy auditing with one (1) training run.
       Advances in Neural Information Processing Systems 36.

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi.metrics import epsilon_lower_bound
    >>> used = np.repeat([1, 0], 50)
    >>> round(epsilon_lower_bound(used, used), 2)
    2.57
    >>> epsilon_lower_bound(used, np.full(100, 0.6))
    0.0
    """
    used, probability = check_scores(y_true, probability, pos_label)
    check_between("confidence", confidence)
    if not 0 <= delta < 1:
        raise ValueError(f"delta={delta!r}; expected a number from 0 to below 1.")
    groups = np.arange(len(used)) if groups is None else np.asarray(groups)
    check_consistent_length(used, groups)
    _, patient, n_images = np.unique(groups, return_inverse=True, return_counts=True)
    said = np.bincount(patient, probability) / n_images >= threshold
    was = np.bincount(patient, used) > 0
    if was.all():
        raise ValueError("every patient has a used image; give patients who were not used too.")
    (tpr, fnr), (tnr, fpr) = (
        _ends(np.sum(right), len(right), confidence) for right in (said[was], ~said[~was])
    )
    return max(0.0, *(_log_ratio(*rates, delta) for rates in ((tpr, fpr), (tnr, fnr))))


def _ends(n_right, n, confidence):
    """Return the least share of right answers, and the largest of wrong ones."""
    low, _ = clopper_pearson_interval(int(n_right), n, confidence=confidence)
    return low, 1 - low


def _log_ratio(right, wrong, delta):
    return math.log((right - delta) / wrong) if right > delta else 0.0

"""How far rates may be from what more patients would show: patients are counted, not images."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import binom
from sklearn.utils.validation import check_consistent_length

from ._low_fpr import can_show_fpr
from ._prevalence import ppv_at_prevalence
from ._proportions import check_between, interval_of_share
from ._scores import check_scores


def rate_intervals(
    y_true: ArrayLike,
    probability: ArrayLike,
    *,
    groups: ArrayLike | None = None,
    threshold: float = 0.5,
    fpr: Sequence[float] = (0.01, 0.1),
    prevalence: float | None = None,
    confidence: float = 0.95,
    pos_label: object = None,
) -> dict[str, tuple[float, float]]:
    r"""Intervals of recall, specificity, TPR at a low FPR and PPV, that count patients.

    The answers about the images of a patient are taken for one answer: a rate of the images of
    patients with :math:`m_i` images has the weight of
    :math:`n = (\sum m_i)^2 / \sum m_i^2` patients, and the exact interval of Clopper and Pearson
    for n answers [1]_, [2]_. It is never too narrow for it how much the answers about one patient
    depend on each other. So 20 images without a mistake, of 20 patients, show a rate of 0.83 or
    more, and of 4 patients 0.40.

    Parameters
    ----------
    y_true : array of shape (n_queries,)
        Two labels.
    probability : array of shape (n_queries,)
        Probability that each query was used, or any score of it.
    groups : array of shape (n_queries,) or None, default=None
        Patient of each query; None counts each query as a patient of its own.
    threshold : float, default=0.5
        "Used" is said where the probability is at least this.
    fpr : tuple of float, default=(0.01, 0.1)
        False positive rates at which the true positive rate is given.
    prevalence : float or None, default=None
        Share of used images among those that will be asked about, above 0 and below 1.
    confidence : float, default=0.95
        Between 0 and 1.
    pos_label : label or None, default=None
        The label that means "used"; None means 1 or True.

    Returns
    -------
    intervals : dict of str to (low, high)
        By the names of :func:`all_scores`: "recall", "specificity", "tpr_at_fpr=0.01", ... for each
        `fpr` that so many not-used images can show, and "ppv_at_prevalence" where `prevalence` is
        given. Within [0, 1].

    Raises
    ------
    ValueError
        If there are not two labels, the lengths differ, or a share is not in its range.

    See Also
    --------
    clopper_pearson_interval : For whole numbers of independent answers.

    Notes
    -----
    *PPV* rises with recall and with specificity, so its ends are those of both; each of these has
    confidence ``confidence ** 0.5``, since used and not-used patients are different ones.

    *TPR at FPR f*: which threshold truly has the rate f is not known. Of n not-used patients
    between :math:`a` and :math:`b` lie above it, quantiles of the binomial distribution of n and f;
    the ends are those of the rates at the thresholds that :math:`a` and :math:`b` reach, again each
    at ``confidence ** 0.5``. Where a is 0 the threshold may lie above all not-used images, by
    nobody knows how much, and the lower end is 0.

    Out-of-fold answers are by several models, which have images in common: for them, and for any
    other question of more training images, these intervals are too narrow.

    References
    ----------
    .. [1] Clopper, C. J., Pearson, E. S. (1934). The use of confidence or fiducial limits
       illustrated in the case of the binomial. Biometrika, 26(4), 404-413.
    .. [2] Korn, E. L., Graubard, B. I. (1998). Confidence intervals for proportions with small
       expected number of positive counts estimated from survey data. Survey Methodology, 24(2),
       193-201. They estimate the dependence; here it is taken to be complete.

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi.metrics import rate_intervals
    >>> used, patients = np.repeat([0, 1], 20), np.arange(40) // 5
    >>> of_images = rate_intervals(used, used)["recall"]
    >>> of_patients = rate_intervals(used, used, groups=patients)["recall"]
    >>> round(of_images[0], 2), round(of_patients[0], 2)
    (0.83, 0.4)
    """
    used, probability = check_scores(y_true, probability, pos_label)
    check_between("confidence", confidence)
    patients = np.arange(len(used)) if groups is None else np.asarray(groups)
    check_consistent_length(used, patients)
    said = probability >= threshold
    n_used, n_not_used = (_n_patients(patients[which]) for which in (used, ~used))
    recall, specificity = said[used].mean(), (~said)[~used].mean()
    intervals = {
        "recall": _exact(recall, n_used, confidence),
        "specificity": _exact(specificity, n_not_used, confidence),
    }
    each = confidence**0.5
    for rate in fpr:
        check_between("fpr", rate)
        if can_show_fpr(rate, int((~used).sum())):
            low, high = _around(rate, n_not_used, each)
            intervals[f"tpr_at_fpr={rate:g}"] = (
                0.0 if low == 0 else _exact(_found(used, probability, low), n_used, each)[0],
                _exact(_found(used, probability, high), n_used, each)[1],
            )
    if prevalence is not None:
        ends = _exact(recall, n_used, each), _exact(specificity, n_not_used, each)
        intervals["ppv_at_prevalence"] = tuple(
            ppv_at_prevalence(*both, prevalence) for both in zip(*ends, strict=True)
        )
    return intervals


def _n_patients(patients):
    """As many patients with equal numbers of images would say as much (Kish)."""
    sizes = np.unique(patients, return_counts=True)[1]
    return sizes.sum() ** 2 / (sizes**2).sum()


def _exact(rate, n, confidence):
    low, high = interval_of_share(rate, n, confidence)
    return float(low), float(high)


def _around(rate, n, confidence):
    """Between which shares of n not-used patients lie above the threshold of a true rate."""
    n = int(n)
    tail = (1 - confidence) / 2
    # The binomial's quantile at q is the least a with P(at most a) >= q.
    low, high = binom.ppf(tail, n, rate), binom.ppf(1 - tail, n, rate)
    return low / n, high / n


def _found(used, score, share):
    """Share of used images at least as high as the threshold that this share of others exceeds."""
    others = np.sort(score[~used])[::-1]
    n_above = min(int(np.floor(share * len(others) + 1e-9)), len(others))
    if n_above == len(others):
        return 1.0
    return float((score[used] > others[n_above]).mean())

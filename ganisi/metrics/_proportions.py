"""Could so many right answers be chance? For independent test sets."""

from __future__ import annotations

import numpy as np
from scipy.stats import beta, binomtest


def wilson_interval(
    n_correct: int, n_queries: int, *, confidence: float = 0.95
) -> tuple[float, float]:
    """Wilson's score interval of an accuracy, or of any share of independent answers.

    Only for independent test sets, one image a patient: answers about slices of one patient, and
    out-of-fold answers of models that share training images, are not independent, and the
    interval would be too narrow (in simulations of cross-validation without a leak it held the
    truth in 56 to 87 % instead of 95 %).

    Parameters
    ----------
    n_correct : int
        Number of right answers.
    n_queries : int
        Number of answers, at least 1.
    confidence : float, default=0.95
        Share of test sets whose interval holds the truth, about; between 0 and 1.

    Returns
    -------
    low, high : float
        Within [0, 1].

    Raises
    ------
    ValueError
        If the counts are not possible, or `confidence` is not between 0 and 1.

    See Also
    --------
    clopper_pearson_interval : Never narrower than promised, and wider.
    scipy.stats.binomtest : What this wraps.

    References
    ----------
    .. [1] Wilson, E. B. (1927). Probable inference, the law of succession, and statistical
       inference. Journal of the American Statistical Association, 22(158), 209-212.

    Examples
    --------
    The accuracy of the paper on the challenge's test set, 107 of 200:

    >>> from ganisi.metrics import wilson_interval
    >>> low, high = wilson_interval(107, 200)
    >>> round(low, 3), round(high, 3)
    (0.466, 0.603)
    """
    return _interval(n_correct, n_queries, confidence, "wilson")


def clopper_pearson_interval(
    n_correct: int, n_queries: int, *, confidence: float = 0.95
) -> tuple[float, float]:
    """Return the exact interval of Clopper and Pearson of a share of independent answers.

    Only for independent test sets, one image a patient; see :func:`wilson_interval`.

    Parameters
    ----------
    n_correct : int
        Number of right answers.
    n_queries : int
        Number of answers, at least 1.
    confidence : float, default=0.95
        Share of test sets whose interval holds the truth, at least; between 0 and 1.

    Returns
    -------
    low, high : float
        Within [0, 1].

    Raises
    ------
    ValueError
        If the counts are not possible, or `confidence` is not between 0 and 1.

    References
    ----------
    .. [1] Clopper, C. J., Pearson, E. S. (1934). The use of confidence or fiducial limits
       illustrated in the case of the binomial. Biometrika, 26(4), 404-413.

    Examples
    --------
    >>> from ganisi.metrics import clopper_pearson_interval
    >>> low, high = clopper_pearson_interval(107, 200)
    >>> round(low, 3), round(high, 3)
    (0.463, 0.606)
    """
    return _interval(n_correct, n_queries, confidence, "exact")


def binomial_p_value(n_correct: int, n_queries: int, *, chance: float = 0.5) -> float:
    """Probability that guessing is right at least so often: the exact one-sided binomial test.

    Only for independent test sets, one image a patient; see :func:`wilson_interval`. For
    cross-validated scores there is :func:`ganisi.audit.permutation_test`.

    Parameters
    ----------
    n_correct : int
        Number of right answers.
    n_queries : int
        Number of answers, at least 1.
    chance : float, default=0.5
        Probability that a guess is right: on an unbalanced set, at least the share of the larger
        class.

    Returns
    -------
    p_value : float
        Within [0, 1].

    Raises
    ------
    ValueError
        If the counts are not possible, or `chance` is not between 0 and 1.

    Examples
    --------
    >>> from ganisi.metrics import binomial_p_value
    >>> round(binomial_p_value(107, 200), 2)
    0.18
    """
    _check_counts(n_correct, n_queries)
    check_between("chance", chance)
    return float(binomtest(n_correct, n_queries, chance, alternative="greater").pvalue)


def _interval(n_correct, n_queries, confidence, method):
    _check_counts(n_correct, n_queries)
    check_between("confidence", confidence)
    test = binomtest(n_correct, n_queries)
    interval = test.proportion_ci(confidence_level=confidence, method=method)
    return float(interval.low), float(interval.high)


def interval_of_share(share, n, confidence):
    """Clopper and Pearson's interval of a share of n answers, which need not be a whole number."""
    tail, right = (1 - confidence) / 2, share * n
    low = np.where(share > 0, beta.ppf(tail, right, n - right + 1), 0.0)
    high = np.where(share < 1, beta.ppf(1 - tail, right + 1, n - right), 1.0)
    return low, high


def _check_counts(n_correct, n_queries):
    if n_queries < 1 or not 0 <= n_correct <= n_queries or n_correct % 1 or n_queries % 1:
        raise ValueError(
            f"{n_correct} right answers of {n_queries}; expected whole numbers, at least one "
            "answer, and no more right answers than answers."
        )


def check_between(name, value):
    if not 0 < value < 1:
        raise ValueError(f"{name}={value!r}; expected a number above 0 and below 1.")

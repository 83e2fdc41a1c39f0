"""What recall and specificity are worth where the share of used images is another."""

from __future__ import annotations

from typing import overload

import numpy as np
from numpy.typing import ArrayLike, NDArray


@overload
def ppv_at_prevalence(recall: float, specificity: float, prevalence: float) -> float: ...
@overload
def ppv_at_prevalence(
    recall: ArrayLike, specificity: ArrayLike, prevalence: float
) -> float | NDArray[np.float64]: ...
def ppv_at_prevalence(
    recall: ArrayLike, specificity: ArrayLike, prevalence: float
) -> float | NDArray[np.float64]:
    """Share of the images called used that are used, at a stated prevalence.

    ``PPV = r p / (r p + (1 - s) (1 - p))`` for recall r, specificity s and prevalence p (Bayes).
    Where few of the images asked about were used, most of those called used were not, however
    good the precision on a balanced set.

    Parameters
    ----------
    recall : float or array
        Share of used images called used.
    specificity : float or array, same shape
        Share of not-used images called not used.
    prevalence : float
        Share of used images among those that will be asked about, above 0 and below 1.

    Returns
    -------
    ppv : float or ndarray
        Between 0 and 1; 0 where nothing would be called used.

    Raises
    ------
    ValueError
        If `prevalence` is not between 0 and 1, or a rate is not within [0, 1].

    Examples
    --------
    >>> from ganisi.metrics import ppv_at_prevalence
    >>> round(ppv_at_prevalence(0.8, 0.8, 0.5), 3), round(ppv_at_prevalence(0.8, 0.8, 0.01), 3)
    (0.8, 0.039)
    """
    hits, false_alarms = _shares(recall, specificity, prevalence)
    return _ratio(hits, hits + false_alarms)


@overload
def f1_at_prevalence(recall: float, specificity: float, prevalence: float) -> float: ...
@overload
def f1_at_prevalence(
    recall: ArrayLike, specificity: ArrayLike, prevalence: float
) -> float | NDArray[np.float64]: ...
def f1_at_prevalence(
    recall: ArrayLike, specificity: ArrayLike, prevalence: float
) -> float | NDArray[np.float64]:
    """F1 score at a stated prevalence.

    ``F1 = 2 r p / (r p + (1 - s) (1 - p) + p)`` for recall r, specificity s and prevalence p: the
    harmonic mean of recall and :func:`ppv_at_prevalence`.

    Parameters
    ----------
    recall : float or array
        Share of used images called used.
    specificity : float or array, same shape
        Share of not-used images called not used.
    prevalence : float
        Share of used images among those that will be asked about, above 0 and below 1.

    Returns
    -------
    f1 : float or ndarray
        Between 0 and 1.

    Raises
    ------
    ValueError
        If `prevalence` is not between 0 and 1, or a rate is not within [0, 1].

    Examples
    --------
    >>> from ganisi.metrics import f1_at_prevalence
    >>> round(f1_at_prevalence(1.0, 0.0, 0.5), 3), round(f1_at_prevalence(1.0, 0.0, 0.01), 3)
    (0.667, 0.02)
    """
    hits, false_alarms = _shares(recall, specificity, prevalence)
    return _ratio(2 * hits, hits + false_alarms + prevalence)


def _shares(recall, specificity, prevalence):
    """Shares of all images that are hits and false alarms."""
    if not 0 < prevalence < 1:
        raise ValueError(
            f"prevalence={prevalence!r}; expected the share of used images among those that will "
            "be asked about, above 0 and below 1."
        )
    rates = {"recall": np.asarray(recall, float), "specificity": np.asarray(specificity, float)}
    for name, rate in rates.items():
        if not ((rate >= 0) & (rate <= 1)).all():
            raise ValueError(f"{name} is {rate}; expected a share within [0, 1].")
    return rates["recall"] * prevalence, (1 - rates["specificity"]) * (1 - prevalence)


def _ratio(numerator, denominator):
    ratio = np.divide(
        numerator, denominator, out=np.zeros(np.shape(denominator)), where=denominator > 0
    )
    return float(ratio) if ratio.ndim == 0 else ratio

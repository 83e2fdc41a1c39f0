"""How many used images are found while hardly any other is accused."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from sklearn.metrics import roc_curve
from sklearn.utils.validation import check_consistent_length

from ._labels import encode_labels, positive_class


def tpr_at_fpr(
    y_true: ArrayLike, y_score: ArrayLike, *, fpr: float, pos_label: object = None
) -> float:
    """Highest true positive rate at a false positive rate of at most `fpr`.

    Averages hide the worst case: an attack that is right about few images, but certain of them,
    is a leak all the same [1]_. Chance scores about `fpr`.

    Parameters
    ----------
    y_true : array of shape (n_queries,)
        Two labels.
    y_score : array of shape (n_queries,)
        Higher means more probably used.
    fpr : float
        Allowed share of not-used images called used, above 0 and at most 1.
    pos_label : label or None, default=None
        The label that means "used"; None means 1 or True.

    Returns
    -------
    tpr : float
        Between 0 and 1: the highest share of used images scored at least as high as a threshold
        that at most ``floor(fpr * n_negative)`` not-used images reach. Nothing is interpolated
        between the thresholds that exist, and equal scores fall on one side together.

    Raises
    ------
    ValueError
        If `fpr` is below ``1 / n_negative`` (a rate that so few negatives cannot show: the first
        mistake already exceeds it), or not in (0, 1], or the labels are not two.

    References
    ----------
    .. [1] Carlini, N., Chien, S., Nasr, M., Song, S., Terzis, A., Tramer, F. (2022). Membership
       inference attacks from first principles. IEEE S&P, pp. 1897-1914.

    Examples
    --------
    >>> from ganisi.metrics import tpr_at_fpr
    >>> used = [0, 0, 0, 0, 1, 1, 1, 1]
    >>> scores = [0.1, 0.2, 0.3, 0.8, 0.2, 0.4, 0.9, 0.9]
    >>> tpr_at_fpr(used, scores, fpr=0.25)
    0.75
    """
    classes, encoded = encode_labels(y_true)
    check_consistent_length(encoded, y_score)
    used = encoded == positive_class(classes, pos_label)
    n_negative = int((~used).sum())
    if not 0 < fpr <= 1:
        raise ValueError(f"fpr={fpr!r}; expected a share above 0 and at most 1.")
    if not can_show_fpr(fpr, n_negative):
        raise ValueError(
            f"fpr={fpr:g} is below 1 / {n_negative}, the smallest rate above 0 that {n_negative} "
            f"not-used images can show; use fpr >= {1 / n_negative:.3g} or more of them."
        )
    false, true, _ = roc_curve(used, y_score, drop_intermediate=False)
    return float(true[np.rint(false * n_negative) <= _n_allowed(fpr, n_negative)].max())


def can_show_fpr(fpr, n_negative):
    """Tell whether so many negatives can show a false positive rate at all."""
    return _n_allowed(fpr, n_negative) >= 1


def _n_allowed(fpr, n_negative):
    # 0.29 * 100 is 28.999999999999996.
    return np.floor(fpr * n_negative + 1e-9)

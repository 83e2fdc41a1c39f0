"""Fusion rules: many pair probabilities of one query become one. Pure functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, logit
from scipy.stats import trim_mean

#: Probabilities are clipped to [CLIP, 1 - CLIP] before a logarithm is taken.
CLIP = 1e-6

#: A rule by its name, the mean of the k highest, or a function of the pairs of every query.
Fusion: TypeAlias = str | tuple[str, int] | Callable[[NDArray[np.float64]], ArrayLike]


def _geometric(p):
    return expit(logit(np.clip(p, CLIP, 1 - CLIP)).mean(axis=1))


class Rule(NamedTuple):
    """A fusion rule; all that anybody else knows of it is read from here."""

    fuse: Callable  # (n_queries, n_pairs) -> (n_queries,)
    symmetric: bool  # Fusing 1 - p gives 1 minus the fused p.
    meaning: str  # For docstrings and the guide.


#: The rules that have a name.
RULES = {
    "mean": Rule(lambda p: p.mean(axis=1), True, "the mean"),
    "median": Rule(lambda p: np.median(p, axis=1), True, "the median"),
    "trimmed": Rule(
        lambda p: trim_mean(p, 0.1, axis=1),
        True,
        "the mean without the 10 % lowest and the 10 % highest",
    ),
    "geometric": Rule(
        _geometric,
        True,
        "the logistic function of the mean logit, probabilities clipped to [1e-6, 1 - 1e-6]",
    ),
    "max": Rule(lambda p: p.max(axis=1), False, "the highest"),
}


def fuse(probabilities: ArrayLike, rule: Fusion = "mean") -> NDArray[np.float64]:
    """Fuse the pair probabilities of each query.

    Parameters
    ----------
    probabilities : array of shape (n_queries, n_pairs)
        Probability of the positive class of each pair.
    rule : str, ("top-k", int) or callable, default="mean"
        {rules}
        - ``("top-k", k)``: the mean of the k highest (of all, where there are fewer);
        - a callable ``(n_queries, n_pairs) -> (n_queries,)`` with values in [0, 1].

    Returns
    -------
    fused : ndarray of shape (n_queries,)
        One probability a query. It does not depend on the order of the pairs.

    Raises
    ------
    ValueError
        If `rule` is none of these, or a callable returns another shape or leaves [0, 1].

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi.identification import fuse
    >>> p = np.array([[0.1, 0.2, 0.9]])
    >>> fuse(p), fuse(p, "max"), fuse(p, ("top-k", 2))
    (array([0.4]), array([0.9]), array([0.55]))
    """
    check_rule(rule)
    probabilities = np.asarray(probabilities, dtype=np.float64)
    if isinstance(rule, str):
        return RULES[rule].fuse(probabilities)
    if isinstance(rule, tuple):
        k = min(rule[1], probabilities.shape[1])
        return np.partition(probabilities, -k, axis=1)[:, -k:].mean(axis=1)
    fused = np.asarray(rule(probabilities), dtype=np.float64)
    if fused.shape != (len(probabilities),) or not ((fused >= 0) & (fused <= 1)).all():
        raise ValueError(
            f"the fusion callable returned an array of shape {fused.shape}; expected one "
            f"probability in [0, 1] for each of the {len(probabilities)} queries."
        )
    return fused


# So that a rule is described where it is, and nowhere else. Python run with -OO has no docstrings.
if fuse.__doc__ is not None:
    fuse.__doc__ = fuse.__doc__.replace(
        "{rules}",
        "\n        ".join(f'- ``"{name}"``: {rule.meaning};' for name, rule in RULES.items()),
    )


def check_rule(rule):
    """Raise ValueError if `rule` is not a fusion rule of :func:`fuse`."""
    is_top_k = (
        isinstance(rule, tuple)
        and len(rule) == 2
        and rule[0] == "top-k"
        and isinstance(rule[1], (int, np.integer))
        and rule[1] >= 1
    )
    if not (callable(rule) or is_top_k or (isinstance(rule, str) and rule in RULES)):
        raise ValueError(
            f"fusion={rule!r} is not a rule; use one of {sorted(RULES)}, ('top-k', k) with k >= 1 "
            "or a callable."
        )


def treats_classes_alike(rule):
    """Tell whether it does not matter to a valid rule which class is the positive one."""
    check_rule(rule)
    return isinstance(rule, str) and RULES[rule].symmetric

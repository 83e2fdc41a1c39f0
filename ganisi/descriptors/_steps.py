"""Steps of probability: where the entries of a quantile function begin and end. Pure functions."""

from __future__ import annotations

from numbers import Integral
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

#: What the steps may be, and which they are where nobody says.
STEPS = ("tails", "equal")
Steps: TypeAlias = Literal["tails", "equal"]
DEFAULT_STEPS: Steps = "tails"


def step_edges(n_quantiles: int, steps: Steps = DEFAULT_STEPS) -> NDArray[np.float64]:
    """Edges of the steps of probability over which a quantile function is averaged.

    Parameters
    ----------
    n_quantiles : int
        Number of steps, at least 1.
    steps : {"tails", "equal"}, default="tails"
        "equal" steps are ``1 / n_quantiles`` wide. "tails" are finer at both ends: edge k is
        ``4 v**3`` where ``v = k / n_quantiles`` is at most 1/2, and ``1 - 4 (1 - v)**3`` above.
        Of one or two steps, both are the same.

    Returns
    -------
    edges : ndarray of shape (n_quantiles + 1,), float64
        From 0 to 1, increasing; symmetric, ``edges[k] = 1 - edges[-1 - k]``.

    Raises
    ------
    ValueError
        If `n_quantiles` is not a whole number of 1 or more, or `steps` are others.

    Notes
    -----
    Heavy-tailed maps, such as curvatures, differ most within the first and the last hundredth of
    probability. There two quantile functions cross inside one of 64 equal steps, whose means do
    not see it, so that a distance comes out too small; finer steps at both ends see more of it,
    and the middle, where quantile functions are nearly straight, needs few. The exponent was
    chosen by ``examples/benchmarks/steps_of_probability.py``.

    Examples
    --------
    >>> from ganisi.descriptors import step_edges
    >>> step_edges(4)
    array([0.    , 0.0625, 0.5   , 0.9375, 1.    ])
    >>> step_edges(4, "equal")
    array([0.  , 0.25, 0.5 , 0.75, 1.  ])
    """
    check_steps(n_quantiles, steps)
    edges = np.arange(n_quantiles + 1) / n_quantiles
    if are_equal(n_quantiles, steps):
        return edges
    lower = edges <= 0.5
    edges[lower] = 4 * edges[lower] ** 3
    edges[~lower] = 1 - edges[: np.count_nonzero(~lower)][::-1]
    return edges


def step_widths(n_quantiles, steps):
    """Widths of the steps in units of an equal one, ``(n_quantiles,)``: their mean is 1."""
    widths = n_quantiles * np.diff(step_edges(n_quantiles, steps))
    # Near 1 edges are too coarse for the narrowest steps, near 0 they are not.
    half = n_quantiles // 2
    widths[n_quantiles - half :] = widths[:half][::-1]
    return widths


def step_parts(n_quantiles, steps):
    """The edges as whole numbers, in units of 1 over the last of them."""
    if are_equal(n_quantiles, steps):
        return np.arange(n_quantiles + 1, dtype=np.int64)
    numbers = np.arange(n_quantiles + 1, dtype=np.int64)
    parts = np.where(
        2 * numbers <= n_quantiles,
        4 * numbers**3,
        n_quantiles**3 - 4 * (n_quantiles - numbers) ** 3,
    )
    return parts // np.gcd.reduce(parts)


def are_equal(n_quantiles, steps):
    """Whether steps are as wide as each other; two of any kind are."""
    return steps == "equal" or n_quantiles <= 2


def steps_of(descriptor):
    """The steps of a descriptor; one that has no parameter `steps` has the default ones."""
    return getattr(descriptor, "steps", DEFAULT_STEPS)


def check_steps(n_quantiles, steps):
    """Refuse what is no number of steps, or names none."""
    if not isinstance(n_quantiles, Integral) or n_quantiles < 1:
        raise ValueError(
            f"n_quantiles={n_quantiles!r}; expected a whole number of steps, at least 1."
        )
    if not isinstance(steps, str) or steps not in STEPS:
        raise ValueError(f"steps={steps!r}; expected one of {list(STEPS)}.")

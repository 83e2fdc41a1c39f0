"""Quantile functions of maps, and the 1-Wasserstein distances between them. Pure functions."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial.distance import cdist
from sklearn.utils import gen_batches

from .._compat._numba import compiled
from ..descriptors._steps import DEFAULT_STEPS, Steps, are_equal, check_steps, step_widths
from ._kernels import cityblock
from ._sharing import share_queries


def wasserstein_1d(
    a: ArrayLike, b: ArrayLike, steps: Steps = DEFAULT_STEPS
) -> np.floating[Any] | NDArray[np.floating[Any]]:
    """1-Wasserstein distance between two quantile functions.

    ``W1(a, b) = integral |F_a^-1(p) - F_b^-1(p)| dp``, here the mean over steps of
    probability of ``|a - b|``, each step weighted by its width [1]_.

    Parameters
    ----------
    a, b : array of shape (..., n_quantiles)
        Quantile functions on the same steps, as :func:`quantile_function` returns them.
    steps : {"tails", "equal"}, default="tails"
        The steps of both; see :func:`ganisi.descriptors.step_edges`.

    Returns
    -------
    distance : ndarray of shape (...)
        In the unit of the values. Never above the distance of the values themselves, but for
        rounding.

    Raises
    ------
    ValueError
        If `steps` are others.

    References
    ----------
    .. [1] De Angelis, M., Gray, A. (2021). Why the 1-Wasserstein distance is the area between
       the two marginal CDFs. arXiv:2111.03570.

    Examples
    --------
    >>> from ganisi.descriptors import quantile_function
    >>> from ganisi.distances import wasserstein_1d
    >>> a = quantile_function([0.0, 1.0, 3.0], 3)
    >>> b = quantile_function([5.0, 6.0, 8.0], 3)
    >>> float(wasserstein_1d(a, b).round(6))
    5.0
    """
    changes = np.abs(np.asarray(a) - np.asarray(b))
    weights = step_weights(changes.shape[-1], changes.shape[-1], steps)
    return (changes if weights is None else weights * changes).mean(axis=-1)


def wasserstein_distances(
    queries: ArrayLike,
    generated: ArrayLike,
    n_maps: int,
    n_jobs: int | None = None,
    *,
    n_quantiles: int | None = None,
    steps: Steps = DEFAULT_STEPS,
) -> NDArray[np.float32]:
    """1-Wasserstein distance of every query to every generated image, map by map.

    A map's distance is the mean over its cells of the distance between quantile functions, which
    is the mean absolute difference over the map's columns, each weighted by the width of its step.

    Parameters
    ----------
    queries : array of shape (n_queries, n_maps * n_cells * n_quantiles)
        Quantile functions of the query images.
    generated : array of shape (n_generated, n_maps * n_cells * n_quantiles)
        Quantile functions of the generated images.
    n_maps : int
        Number of maps.
    n_jobs : int or None, default=None
        Threads of joblib, which share the queries; None means 1.
    n_quantiles : int or None, default=None
        Steps of probability of each quantile function, the descriptor's; None where a map is one
        cell: all of its columns.
    steps : {"tails", "equal"}, default="tails"
        The steps, the descriptor's; see :func:`ganisi.descriptors.step_edges`.

    Returns
    -------
    distances : ndarray of shape (n_queries, n_generated, n_maps), float32
        In the unit of each map. The same bits for any `n_jobs`.

    Raises
    ------
    ValueError
        If columns are no multiple of ``n_maps * n_quantiles``, if a quantile function decreases,
        or if `steps` are others.

    Notes
    -----
    Where numba is installed (the extra ``fast``) a compiled loop takes the place of
    :func:`scipy.spatial.distance.cdist`; both sum in float64 and agree to the rounding of float32.

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi.distances import wasserstein_distances
    >>> queries = np.array([[0.0, 1.0, 10.0, 10.0]])
    >>> generated = np.array([[2.0, 3.0, 10.0, 12.0], [0.0, 1.0, 10.0, 10.0]])
    >>> wasserstein_distances(queries, generated, n_maps=2)
    array([[[2., 1.],
            [0., 0.]]], dtype=float32)
    """
    queries, generated = (np.ascontiguousarray(rows) for rows in (queries, generated))
    width = queries.shape[1] // n_maps
    n_quantiles = width if n_quantiles is None else n_quantiles
    check_steps(n_quantiles, steps)
    if queries.shape[1] % (n_maps * n_quantiles):
        raise ValueError(
            f"queries have {queries.shape[1]} columns, not a multiple of n_maps * n_quantiles = "
            f"{n_maps} * {n_quantiles}; give the descriptor's n_quantiles."
        )
    for name, rows in (("queries", queries), ("generated", generated)):
        if falls_within_blocks(rows, n_quantiles):
            raise ValueError(
                f"{name} has a block of {n_quantiles} columns that decreases, so it is no quantile "
                "function; give the descriptor's n_quantiles, such as n_quantiles=1 for one mean "
                "a cell."
            )
    weights = step_weights(n_quantiles, width, steps)
    distances = np.empty((len(queries), len(generated), n_maps), np.float32)
    share_queries(
        lambda some: write_distances(queries[some], generated, distances[some], weights),
        len(queries),
        n_jobs,
    )
    return distances


def step_weights(n_quantiles, width, steps):
    """Weight of each of a map's columns in a mean, ``(width,)``; None where all weigh the same."""
    check_steps(n_quantiles, steps)
    return None if are_equal(n_quantiles, steps) else _tiled_widths(n_quantiles, width, steps)


@lru_cache(maxsize=8)
def _tiled_widths(n_quantiles, width, steps):
    weights = np.tile(step_widths(n_quantiles, steps), width // n_quantiles)
    weights.flags.writeable = False
    return weights


def falls_within_blocks(rows, n_quantiles):
    """Whether any block of `n_quantiles` columns decreases, which no quantile function does."""
    blocks = rows.reshape(len(rows), -1, n_quantiles)
    return any(
        (blocks[some, :, 1:] < blocks[some, :, :-1]).any()
        for some in gen_batches(len(rows), max(1, 2**22 // rows.shape[1]))
    )


def write_distances(queries, generated, distances, weights=None):
    """Write the distances of rows into ``distances (n_queries, n_generated, n_maps)``."""
    kernel = compiled(cityblock) or _plain_cityblock
    rows = (_rows_of_maps(rows, distances.shape[2]) for rows in (queries, generated))
    kernel(*rows, weights, distances)


def _rows_of_maps(quantiles, n_maps):
    rows = quantiles.reshape(len(quantiles), n_maps, quantiles.shape[1] // n_maps)
    # Read-only whatever it was, so that numba compiles one loop for all.
    rows.flags.writeable = False
    return rows


def _plain_cityblock(queries, generated, weights, distances):
    for m in range(queries.shape[1]):
        distances[:, :, m] = cdist(queries[:, m], generated[:, m], "cityblock", w=weights)
    distances /= queries.shape[2]

"""Quantile functions of maps, and the 1-Wasserstein distances between them. Pure functions."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial.distance import cdist

from .._compat._numba import compiled
from ._kernels import cityblock
from ._sharing import share_queries


def wasserstein_1d(a: ArrayLike, b: ArrayLike) -> np.floating[Any] | NDArray[np.floating[Any]]:
    """1-Wasserstein distance between two quantile functions.

    ``W1(a, b) = integral |F_a^-1(p) - F_b^-1(p)| dp``, here the mean over equal steps of
    probability of ``|a - b|`` [1]_.

    Parameters
    ----------
    a, b : array of shape (..., n_quantiles)
        Quantile functions on the same steps, as :func:`quantile_function` returns them.

    Returns
    -------
    distance : ndarray of shape (...)
        In the unit of the values.

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
    >>> float(wasserstein_1d(a, b))
    5.0
    """
    return np.abs(np.asarray(a) - np.asarray(b)).mean(axis=-1)


def wasserstein_distances(
    queries: ArrayLike, generated: ArrayLike, n_maps: int, n_jobs: int | None = None
) -> NDArray[np.float32]:
    """1-Wasserstein distance of every query to every generated image, map by map.

    A map's distance is the mean over its cells of the distance between quantile functions, which
    is the mean absolute difference over the map's columns.

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

    Returns
    -------
    distances : ndarray of shape (n_queries, n_generated, n_maps), float32
        In the unit of each map. The same bits for any `n_jobs`.

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
    distances = np.empty((len(queries), len(generated), n_maps), np.float32)
    share_queries(
        lambda some: write_distances(queries[some], generated, distances[some]),
        len(queries),
        n_jobs,
    )
    return distances


def write_distances(queries, generated, distances):
    """Write the distances of rows into ``distances (n_queries, n_generated, n_maps)``."""
    kernel = compiled(cityblock) or _plain_cityblock
    rows = (_rows_of_maps(rows, distances.shape[2]) for rows in (queries, generated))
    kernel(*rows, distances)


def _rows_of_maps(quantiles, n_maps):
    rows = quantiles.reshape(len(quantiles), n_maps, quantiles.shape[1] // n_maps)
    # Read-only whatever it was, so that numba compiles one loop for all.
    rows.flags.writeable = False
    return rows


def _plain_cityblock(queries, generated, distances):
    for m in range(queries.shape[1]):
        distances[:, :, m] = cdist(queries[:, m], generated[:, m], "cityblock")
    distances /= queries.shape[2]

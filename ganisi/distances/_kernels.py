"""Distances of all pairs, for numba."""

import numpy as np


def cityblock(queries, generated, distances):
    """Compute the mean absolute difference of every pair of rows, map by map.

    Parameters
    ----------
    queries : ndarray of shape (n_queries, n_maps, width)
        Rows.
    generated : ndarray of shape (n_generated, n_maps, width)
        Other rows.
    distances : ndarray of shape (n_queries, n_generated, n_maps)
        Overwritten. Differences and sums are float64.
    """
    n_queries, n_maps, width = queries.shape
    # A few queries stay in the cache while all generated rows pass by.
    few = 8
    for start in range(0, n_queries, few):
        for j in range(len(generated)):
            for i in range(start, min(start + few, n_queries)):
                for m in range(n_maps):
                    total = 0.0
                    for k in range(width):
                        total += abs(np.float64(queries[i, m, k]) - np.float64(generated[j, m, k]))
                    distances[i, j, m] = total / width

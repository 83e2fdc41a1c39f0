"""Distances of all pairs, for numba."""

import numpy as np


def cityblock(queries, generated, weights, distances):
    """Write the mean, weighted if so asked, absolute differences of rows ``(n, n_maps, width)``."""
    n_queries, n_maps, width = queries.shape
    # A few queries stay in the cache while all generated rows pass by.
    few = 8
    for start in range(0, n_queries, few):
        for j in range(len(generated)):
            for i in range(start, min(start + few, n_queries)):
                for m in range(n_maps):
                    total = 0.0
                    for k in range(width):
                        change = abs(np.float64(queries[i, m, k]) - np.float64(generated[j, m, k]))
                        if weights is None:
                            total += change
                        else:
                            total += weights[k] * change
                    distances[i, j, m] = total / width

"""What distance a map typically has, by which the views of a query are compared."""

import numpy as np

from ._relative import generated_blocks


def typical_distances(distances_to, n_queries, n_generated):
    """Return each map's mean over all pairs of ``distances_to(columns)``, asked for by blocks."""
    means = [
        distances_to(block).mean(axis=0, dtype=np.float64)
        for block in generated_blocks(n_queries, n_generated)
    ]
    return np.concatenate(means).mean(axis=0).astype(np.float32)


def mean_over_maps(distances, typical):
    """Return the mean over maps of ``distances / typical``, ``(n_queries, n_generated)``.

    A map in which no two images of `fit` differ has no say.
    """
    weights = np.divide(1, typical, out=np.zeros_like(typical), where=typical > 0)
    return (distances * weights).mean(axis=2)

"""Ranks of queries among references, generated image by generated image."""

import numpy as np


def ranks_among(pairs, references):
    """Count the references that are nearer to each generated image than the query is.

    Parameters
    ----------
    pairs : array of shape (n_queries, n_generated)
        Distances of the queries.
    references : array of shape (n_references, n_generated)
        Distances of the references.

    Returns
    -------
    ranks : ndarray of shape (n_queries, n_generated)
        Between 0 (the query is nearest) and `n_references`; equally near ones count one half.
    """
    ranks = np.empty(pairs.shape)
    for rank, pair in zip(ranks, pairs, strict=True):
        nearer = np.count_nonzero(references < pair, axis=0)
        rank[:] = (nearer + np.count_nonzero(references <= pair, axis=0)) / 2
    return ranks

"""Ranks of queries among references, generated image by generated image."""

import numpy as np


def ranks_among(pairs, references):
    """Count the references nearer to each generated image than the query is; equal ones by half."""
    ranks = np.empty(pairs.shape)
    for rank, pair in zip(ranks, pairs, strict=True):
        nearer = np.count_nonzero(references < pair, axis=0)
        rank[:] = (nearer + np.count_nonzero(references <= pair, axis=0)) / 2
    return ranks

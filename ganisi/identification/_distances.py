"""Distances as every identifier takes them: checked, in blocks, scaled map by map."""

import numpy as np
from sklearn.preprocessing import StandardScaler
from sklearn.utils import check_array, gen_batches

#: Pairs are standardised and scored this many at a time.
_PAIRS_PER_BLOCK = 2**16


def check_distances(X, n_maps=None):
    """Return distances ``(n_queries, n_generated, n_maps)``, of as many maps as `fit` saw."""
    distances = check_array(X, dtype=(np.float32, np.float64), allow_nd=True, input_name="X")
    if distances.ndim != 3:
        raise ValueError(
            f"X has shape {distances.shape}; expected distances of shape (n_queries, "
            "n_generated, n_maps), as CDFWassersteinPairer gives them."
        )
    if n_maps is not None and distances.shape[2] != n_maps:
        raise ValueError(
            f"X has {distances.shape[2]} maps, but fit was given {n_maps}; use the descriptor and "
            "pairer of fit."
        )
    return distances


def query_blocks(pairs):
    """Slices of queries, so that memory is bounded by a block of pairs."""
    return gen_batches(len(pairs), max(1, _PAIRS_PER_BLOCK // pairs.shape[1]))


def pair_blocks(pairs):
    """Slices of queries and of their pairs: one query may have more pairs than a block."""
    for rows in query_blocks(pairs):
        for some in gen_batches(pairs.shape[1], _PAIRS_PER_BLOCK):
            yield rows, some


def fit_scaler(distances):
    """Learn the spread of each map over all pairs of all queries; no label is seen."""
    scaler = StandardScaler().set_output(transform="default")
    for rows in query_blocks(distances):
        scaler.partial_fit(distances[rows].reshape(-1, distances.shape[2]))
    return scaler


def mean_distance(distances, scaler):
    """Mean over maps of the scaled distance of each pair, ``(n_queries, n_generated)``."""
    # Standardised up to a constant that all pairs share.
    return distances @ (1 / (scaler.scale_ * distances.shape[2]))

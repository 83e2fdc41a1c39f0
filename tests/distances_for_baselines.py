"""Distances in which some generated images remember each used query."""

import numpy as np

USED = np.tile([0, 1], 20)


def draw_distances(seed=0, used=USED, n_generated=300, n_maps=3, effect=0.0, n_leaked=12):
    """Distances; those of a used query to the images that remember it are smaller."""
    rng = np.random.default_rng(seed)
    distances = rng.gamma(8.0, size=(len(used), n_generated, n_maps))
    # Some queries and some generated images are nearer to everything.
    distances *= rng.uniform(0.98, 1.02, (len(used), 1, 1))
    distances *= rng.uniform(0.8, 1.2, (1, n_generated, 1))
    own = rng.random((len(used), n_generated)).argsort(axis=1)[:, :n_leaked]
    for i in np.flatnonzero(used):
        distances[i, own[i]] *= 1 - effect
    return distances

"""Distances in which used queries are nearer to a few generated images."""

import numpy as np

USED = np.tile([0, 1], 15)
GROUPS = np.arange(30) // 3 * 2 + USED


def draw_distances(used=USED, effect=1.0, seed=0, n_generated=12, n_maps=4):
    """Gamma distances; used queries are nearer to a few generated images."""
    rng = np.random.default_rng(seed)
    distances = rng.gamma(4.0, size=(len(used), n_generated, n_maps))
    distances[:, :3] *= 1 - 0.5 * effect * np.asarray(used)[:, None, None]
    return distances

"""Quantile functions and distances, by ganisi and by other libraries, for `_peers.py`.

Each function takes what the work is about, prepares what can be prepared, and returns a function of
no arguments that does it. Maps come first in its result.
"""

import numpy as np
from scipy.spatial.distance import cdist
from scipy.stats import wasserstein_distance

from ganisi import classical_descriptors
from ganisi.descriptors import quantile_function
from ganisi.distances import wasserstein_1d, wasserstein_distances

_N_QUANTILES, _N_QUERIES = 64, 20
#: Others have no other steps of probability.
_STEPS = "equal"


# Quantile functions: block means of the sorted pixels of each map.


def maps_of(image):
    descriptor = classical_descriptors().fit(image[np.newaxis])
    maps = [part.feature_maps(image) for _, part in descriptor.transformer_list]
    return np.concatenate(maps).reshape(-1, image.size)


def our_quantiles(maps):
    return lambda: quantile_function(maps, _N_QUANTILES, _STEPS)


def quantiles_of_numpy(maps):
    def work():
        blocks = np.sort(maps, axis=1).reshape(len(maps), _N_QUANTILES, -1)
        return blocks.mean(axis=2, dtype=np.float64)

    return work


def quantiles_of_torch(maps):
    import torch

    def work():
        blocks = torch.from_numpy(maps).sort(dim=1).values.reshape(len(maps), _N_QUANTILES, -1)
        return blocks.mean(dim=2, dtype=torch.float64).numpy()

    return work


# The exact distance of two images in each map, from all pixels.


def our_exact_distances(pair):
    def work():
        rows = (quantile_function(maps, maps.shape[1], _STEPS) for maps in pair)
        return wasserstein_1d(*rows, steps=_STEPS)

    return work


def exact_distances_of_scipy(pair):
    return lambda: np.array([wasserstein_distance(*both) for both in zip(*pair, strict=True)])


def exact_distances_of_pot(pair, as_backend=np.asarray):
    """Values come first, and what is returned is W_p to the power of p, here 1."""
    import ot

    a, b = (as_backend(np.ascontiguousarray(maps.T)) for maps in pair)
    return lambda: ot.wasserstein_1d(a, b, p=1)


def exact_distances_of_pot_and_torch(pair):
    import torch

    return exact_distances_of_pot(pair, torch.from_numpy)


def exact_distances_of_torch(pair):
    import torch

    def work():
        a, b = (torch.from_numpy(maps).sort(dim=1).values for maps in pair)
        return (a - b).abs().mean(dim=1, dtype=torch.float64).numpy()

    return work


# Distances of all pairs of images, from kept quantile functions.


def rows_of(images):
    """Rows of queries and of generated images, each (n_images, n_maps, n_quantiles)."""
    rows = classical_descriptors(n_quantiles=_N_QUANTILES, steps=_STEPS).fit_transform(images)
    rows = rows.reshape(len(images), -1, _N_QUANTILES)
    n_queries = min(_N_QUERIES, len(images) // 2)
    return rows[:n_queries], rows[n_queries:]


def our_pairs(rows):
    queries, generated = (some.reshape(len(some), -1) for some in rows)
    n_maps = rows[0].shape[1]
    return lambda: np.moveaxis(
        wasserstein_distances(queries, generated, n_maps, steps=_STEPS), 2, 0
    )


def pairs_of_cdist(rows):
    def work():
        maps = zip(*(some.swapaxes(0, 1) for some in rows), strict=True)
        return np.stack([cdist(a, b, "cityblock") for a, b in maps]) / _N_QUANTILES

    return work


def pairs_of_scipy(rows):
    def work():
        maps = zip(*(some.swapaxes(0, 1) for some in rows), strict=True)
        return np.array([[[wasserstein_distance(x, y) for y in b] for x in a] for a, b in maps])

    return work


def pairs_of_pot(rows, as_backend=np.asarray):
    """One query at a time with all generated images, told that values are sorted."""
    import ot

    queries, generated = rows
    n_generated, n_maps, _ = generated.shape
    flat = as_backend(np.ascontiguousarray(generated.reshape(-1, _N_QUANTILES).T))

    def work():
        distances = []
        for query in queries:
            repeated = as_backend(np.tile(query.T, n_generated))
            distances.append(ot.wasserstein_1d(repeated, flat, p=1, require_sort=False))
        return np.moveaxis(np.reshape(distances, (len(queries), n_generated, n_maps)), 2, 0)

    return work


def pairs_of_pot_and_torch(rows):
    import torch

    return pairs_of_pot(rows, torch.from_numpy)


def pairs_of_torch(rows):
    import torch

    a, b = (torch.from_numpy(np.ascontiguousarray(some.swapaxes(0, 1))) for some in rows)
    return lambda: (torch.cdist(a, b, p=1) / _N_QUANTILES).numpy()

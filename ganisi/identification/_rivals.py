"""Real images that compete for each generated image: a query's rivals."""

from collections.abc import Iterator
from numbers import Real
from typing import NamedTuple

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils import gen_batches
from sklearn.utils.validation import check_is_fitted

from .._compat._sklearn import Interval, fit_context
from ..images._identity import as_keys, row_keys
from ._distances import check_distances, query_blocks
from ._pools import Pools
from ._summaries import check_n_generated

#: Distances that are compared at a time while the nearest real images are looked for.
_DISTANCES_PER_BLOCK = 2**22


class NearestReal(NamedTuple):
    """The two real images nearest to each generated one that are not the same image.

    Of all others, the one nearest to a generated image is the first of the two, or, for whom that
    is the same image, the second: no more needs to be known of a set of real images.
    """

    distances: np.ndarray  # (2, n_generated), infinite where there is but one image
    owners: np.ndarray  # (2, n_generated), int: numbers of real images, the same for copies

    @classmethod
    def among(cls, distances, owners):
        """Look among real images of distances ``(n_images, n_generated)``, numbered `owners`."""
        blocks = gen_batches(distances.shape[1], max(1, _DISTANCES_PER_BLOCK // len(distances)))
        parts = [cls._of(distances[:, some], owners[:, None]) for some in blocks]
        return cls(*(np.concatenate(both, axis=1) for both in zip(*parts, strict=True)))

    def and_among(self, other):
        """Return the nearest of both sets; they may have images in common."""
        return self._of(*(np.concatenate(both) for both in zip(self, other, strict=True)))

    @classmethod
    def _of(cls, distances, owners):
        owners = np.broadcast_to(owners, distances.shape)
        first = distances.argmin(axis=0)[None]
        owner = np.take_along_axis(owners, first, axis=0)
        of_others = np.where(owners == owner, np.float32(np.inf), distances)
        second = of_others.argmin(axis=0)[None]
        return cls(
            np.concatenate(
                [
                    np.take_along_axis(distances, first, axis=0),
                    np.take_along_axis(of_others, second, axis=0),
                ]
            ),
            np.concatenate([owner, np.take_along_axis(owners, second, axis=0)]),
        )

    def margins(self, distances, owners):
        """How much farther than its nearest rival each image is from each generated one.

        ``(n_images, n_generated)``; negative where it is the nearest itself, minus infinity where
        it has no rival.
        """
        rivals = np.where(self.owners[0] == owners[:, None], self.distances[1], self.distances[0])
        return distances - rivals


class RivalProfile(TransformerMixin, BaseEstimator):
    """A query's nearest, 5th nearest, ... distance, each the longer the nearer a rival is.

    The distance over the mean of some or all maps, and `weight` times how much nearer another real
    image is to the same generated one. Other real images are those of `fit` and of the same call.
    """

    _parameter_constraints = {  # noqa: RUF012
        "ranks": [tuple, list],
        "pool_maps": ["boolean", list, tuple],
        "weight": [Interval(Real, 0, None, closed="neither")],
    }

    def __init__(self, ranks=(1, 5), *, pool_maps=True, weight):
        self.ranks = ranks
        self.pool_maps = pool_maps
        self.weight = weight

    def fit(self, X, y=None, groups=None, keys=None):
        """Learn the spread of each map, and which real images are nearest."""
        self.fit_transform(X, groups=groups, keys=keys)
        return self

    @fit_context(prefer_skip_nested_validation=False)
    def fit_transform(self, X, y=None, groups=None, keys=None):
        """Fit; return the rows of the same queries, rivals of each other."""
        distances = check_distances(X)
        _, self.n_generated_, self.n_maps_ = distances.shape
        self.pools_ = Pools.fit(distances, self.pool_maps, self.ranks)
        self.scaler_ = self.pools_.scaler
        self.keys_given_ = keys is not None
        keys = row_keys(distances) if keys is None else as_keys(keys, len(distances))
        pooled = self._pooled(distances)
        numbers = {}
        owners = np.array([numbers.setdefault(key, len(numbers)) for key in keys])
        self.nearest_ = [NearestReal.among(one, owners) for one in by_group(pooled)]
        # Nothing is kept of images that are nobody's rivals.
        kept = {owner for nearest in self.nearest_ for owner in nearest.owners.ravel().tolist()}
        self.numbers_ = {key: number for key, number in numbers.items() if number in kept}
        self._n_images = len(numbers)
        return self._profiles(pooled, owners, self.nearest_)

    def transform(self, X, keys=None):
        """Return the rows ``(n_queries, n_features)`` of new queries, rivals of each other.

        X may be an iterator of blocks of queries: one block is looked at after the other, and then
        all compete.
        """
        check_is_fitted(self)
        if self.keys_given_ and keys is None:
            raise ValueError(
                "fit was given keys, and without those of these queries it cannot be told which of "
                "them were in fit; give keys here too."
            )
        if keys is not None and not self.keys_given_:
            raise ValueError(
                "fit was given no keys, so that it cannot be told which of these queries were in "
                "fit; give keys to fit too, or to neither."
            )
        # No name holds a block while the next one is computed.
        looks = map(self._look, X if isinstance(X, Iterator) else iter([X]))
        pooled, equal = (np.concatenate(parts) for parts in zip(*looks, strict=True))
        keys = equal if keys is None else as_keys(keys, len(pooled))
        numbers = dict(self.numbers_)
        owners = np.array([numbers.setdefault(key, self._n_images + len(numbers)) for key in keys])
        nearest = [
            known.and_among(NearestReal.among(one, owners))
            for known, one in zip(self.nearest_, by_group(pooled), strict=True)
        ]
        return self._profiles(pooled, owners, nearest)

    def _look(self, X):
        """What is kept of a block of queries until all are there."""
        distances = check_distances(X, self.n_maps_)
        check_n_generated(distances, self.n_generated_)
        keys = np.full(len(distances), None) if self.keys_given_ else row_keys(distances)
        return self._pooled(distances), keys

    def _pooled(self, distances):
        return np.concatenate(
            [
                self.pools_.pooled(distances[some]).astype(np.float32)
                for some in query_blocks(distances)
            ]
        )

    def _profiles(self, pooled, owners, nearest):
        rows = []
        for some in query_blocks(pooled):
            contested = [
                one + self.weight * np.maximum(of_group.margins(one, owners[some]), 0)
                for of_group, one in zip(nearest, by_group(pooled[some]), strict=True)
            ]
            rows.append(self.pools_.at_ranks(np.stack(contested, axis=2)))
        return np.concatenate(rows)


def by_group(pooled):
    """Return the distances over each group of maps, ``(n_images, n_generated)``."""
    return list(np.moveaxis(pooled, 2, 0))

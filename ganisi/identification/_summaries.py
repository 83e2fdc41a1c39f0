"""Summaries of a query's distances: transformers that see no label."""

from abc import ABC, abstractmethod

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from .._compat._sklearn import fit_context
from ..images._patients import check_groups
from ._distances import check_distances, query_blocks
from ._pools import Pools


class DistanceSummary(TransformerMixin, BaseEstimator, ABC):
    """Base: from distances ``(n_queries, n_generated, n_maps)`` to one row of features a query.

    A child gives `_fit_rows` and `_rows`; each row depends on its own query and on `fit`.
    """

    def fit(self, X, y=None, groups=None):
        """Learn the spread of each map, and what else a child needs."""
        self.fit_transform(X, groups=groups)
        return self

    @fit_context(prefer_skip_nested_validation=False)
    def fit_transform(self, X, y=None, groups=None):
        """Fit; return the rows of the same queries, each without its own patient's help."""
        distances = check_distances(X)
        if groups is not None:
            groups = check_groups(groups, len(distances))
        self.n_maps_ = distances.shape[2]
        return self._fit_rows(distances, groups)

    def transform(self, X):
        """Return the rows ``(n_queries, n_features)`` of new queries."""
        check_is_fitted(self)
        distances = check_distances(X, self.n_maps_)
        return np.concatenate([self._rows(distances[some]) for some in query_blocks(distances)])

    @abstractmethod
    def _fit_rows(self, distances, groups):
        """Set `scaler_`; return the rows of the queries of `fit`."""

    @abstractmethod
    def _rows(self, distances):
        """Return the rows of a block of queries."""


class NearestProfile(DistanceSummary):
    """A query's nearest, 5th nearest, ... distance, map by map or over the mean of some or all."""

    _parameter_constraints = {  # noqa: RUF012
        "ranks": [tuple, list],
        "pool_maps": ["boolean", list, tuple],
    }

    def __init__(self, ranks=(1, 5), *, pool_maps=False):
        self.ranks = ranks
        self.pool_maps = pool_maps

    def _fit_rows(self, distances, groups):
        self.n_generated_ = distances.shape[1]
        self.pools_ = Pools.fit(distances, self.pool_maps, self.ranks)
        self.scaler_ = self.pools_.scaler
        return np.concatenate([self._rows(distances[some]) for some in query_blocks(distances)])

    def _rows(self, distances):
        check_n_generated(distances, self.n_generated_)
        return self.pools_.at_ranks(self.pools_.pooled(distances))


def check_n_generated(distances, n_generated):
    """Refuse distances to another number of generated images than in `fit`."""
    if distances.shape[1] != n_generated:
        raise ValueError(
            f"X has {distances.shape[1]} generated images, but fit was given {n_generated}, and "
            "the smallest of more distances is smaller; use the same generated images."
        )

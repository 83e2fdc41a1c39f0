"""Summaries of a query's distances: transformers that see no label."""

from abc import ABC, abstractmethod
from math import ceil
from numbers import Integral, Real

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from .._compat._sklearn import fit_context
from ..images._patients import TooFewError, check_groups
from ._distances import check_distances, fit_scaler, mean_distance, query_blocks


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
    """A query's nearest, 5th nearest, ... distance, map by map or over the mean of all maps."""

    _parameter_constraints = {  # noqa: RUF012
        "ranks": [tuple, list],
        "pool_maps": ["boolean"],
    }

    def __init__(self, ranks=(1, 5), *, pool_maps=False):
        self.ranks = ranks
        self.pool_maps = pool_maps

    def _fit_rows(self, distances, groups):
        self.n_generated_ = distances.shape[1]
        self._columns = whole_ranks(self.ranks, self.n_generated_) - 1
        self.scaler_ = fit_scaler(distances)
        return np.concatenate([self._rows(distances[some]) for some in query_blocks(distances)])

    def _rows(self, distances):
        check_n_generated(distances, self.n_generated_)
        if self.pool_maps:
            distances = mean_distance(distances, self.scaler_)[:, :, None]
        return at_ranks(distances, self._columns).reshape(len(distances), -1)


def check_n_generated(distances, n_generated):
    """Refuse distances to another number of generated images than in `fit`."""
    if distances.shape[1] != n_generated:
        raise ValueError(
            f"X has {distances.shape[1]} generated images, but fit was given {n_generated}, and "
            "the smallest of more distances is smaller; use the same generated images."
        )


def at_ranks(distances, columns):
    """Return the distances that have these places, from 0, in the order of each query's."""
    return np.partition(distances, columns, axis=1)[:, columns]


def whole_ranks(ranks, n_generated):
    """Ranks from 1, those given as shares too."""
    whole = []
    for rank in ranks:
        is_share = isinstance(rank, Real) and not isinstance(rank, Integral) and 0 < rank < 1
        if not is_share and not (isinstance(rank, Integral) and rank >= 1):
            raise ValueError(
                f"ranks={ranks!r}; expected whole numbers from 1, or shares between 0 and 1."
            )
        whole.append(ceil(rank * n_generated) if is_share else rank)
    if not whole:
        raise ValueError(f"ranks={ranks!r}; expected at least one rank.")
    if max(whole) > n_generated:
        raise TooFewError(
            f"ranks={ranks!r} asks for more than the {n_generated} generated images; use smaller "
            "ranks."
        )
    return np.asarray(whole)

"""Scores that compare a query with the queries of `fit`, and with no other."""

from __future__ import annotations

from abc import abstractmethod

import numpy as np
from numpy.typing import NDArray

from ...images._patients import TooFewError, check_groups
from ._base import MembershipScore


class ReferencedScore(MembershipScore):
    """Base of the baselines whose reference is the queries of `fit`.

    A child gives `_scores_against` instead of `_scores`. While the threshold is placed, a query
    of `fit` is scored against the queries of other patients, as a new query is; a query that
    stands among its own references would look more used than it is.
    """

    @abstractmethod
    def _scores_against(self, pairs, references):
        """Score ``pairs (n_queries, n_generated)`` against ``(n_references, n_generated)``."""

    @property
    def references_(self) -> NDArray[np.float64]:
        """Mean scaled distances of the queries of `fit`."""
        return self.summary_.reference_[0]

    def _reference(self, pairs):
        return (pairs,)

    def _scores_of_fit(self, pairs, groups, references):
        groups = check_groups(groups, len(pairs))
        if groups.max() == 0:
            raise TooFewError(
                f"{type(self).__name__} scores each query of fit against those of other groups, "
                "and groups holds only one; give at least 2 groups."
            )
        scores = np.empty(len(pairs))
        for group in range(groups.max() + 1):
            own = groups == group
            scores[own] = self._scores_against(pairs[own], references[~own])
        return scores

    def _scores(self, pairs, references):
        n_generated = references.shape[1]
        if pairs.shape[1] != n_generated:
            raise ValueError(
                f"X has {pairs.shape[1]} generated images, but {type(self).__name__} was fitted "
                f"with {n_generated}, and compares the distances to each with those of the "
                "queries of fit; use the same generated images."
            )
        return self._scores_against(pairs, references)

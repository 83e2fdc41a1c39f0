"""What the baselines share: a score that needs no label, and a threshold that does."""

from __future__ import annotations

from abc import abstractmethod

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, clone
from sklearn.preprocessing import StandardScaler
from sklearn.utils.validation import check_is_fitted

from ...images._patients import TooFewError
from .._base import StagedIdentifier, WithIntervals
from .._calibration import PatientSigmoid
from .._distances import fit_scaler, mean_distance, query_blocks
from .._row_classifiers import ScoreThreshold
from .._summaries import DistanceSummary


class MembershipScore(WithIntervals, StagedIdentifier):
    """Base of the baselines: higher scores mean "used", and labels only place the threshold.

    A child is a docstring, an ``__init__`` with `pos_label`, and `_scores`, from the mean scaled
    distances ``(n_queries, n_generated)`` to one score a query; `in_plain_words` is what a report
    says of it. Where a score refers to something of the pairs of `fit`, `_reference` returns it,
    and `_scores` is given it after the pairs. No hook keeps anything on `self`.
    """

    _parameter_constraints = {"pos_label": "no_validation"}  # noqa: RUF012

    @abstractmethod
    def _scores(self, pairs, *reference):
        """Score queries from ``pairs (n_queries, n_generated)``, each by its own row."""

    def _reference(self, pairs):
        """Return what scores refer to, as a tuple, from the pairs of `fit`; no label is seen."""
        return ()

    def _scores_of_fit(self, pairs, groups, *reference):
        """Score the queries of `fit`, each as if it were new; the threshold is placed on these."""
        return self._scores(pairs, *reference)

    def stages(self) -> tuple[BaseEstimator, BaseEstimator]:
        """Return the unfitted stages.

        Returns
        -------
        summary : transformer
            From distances to one column, the scores: the more probably used, the higher, whatever
            the labels.
        classifier : classifier
            The threshold.
        """
        return ScoreOfQuery(clone(self)), ScoreThreshold(self.pos_label)

    def decision_function(self, X: ArrayLike) -> NDArray[np.float64]:
        """Score queries: the more probably used, the higher.

        Parameters
        ----------
        X : array of shape (n_queries, n_generated, n_maps)
            Distances of the queries to the generated images.

        Returns
        -------
        scores : ndarray of shape (n_queries,)
            Higher for `classes_[1]`, as scikit-learn has it: with a `pos_label` that is
            `classes_[0]` the sign is turned. The labels of `fit` do not change it.
        """
        check_is_fitted(self)
        return self.classifier_.decision_function(self.summary_.transform(X))

    def _intervals(self, X, confidence):
        return self.classifier_.predict_proba_interval(self.summary_.transform(X), confidence)

    @property
    def scaler_(self) -> StandardScaler:
        """Spread of each map over all pairs of `fit`."""
        return self.summary_.scaler_

    @property
    def sigmoid_(self) -> PatientSigmoid:
        """From score to probability."""
        return self.classifier_.sigmoid_

    def _check_k(self, pairs):
        if self.k > pairs.shape[1]:
            raise TooFewError(
                f"k={self.k} is more than the {pairs.shape[1]} generated images; use fewer."
            )


class ScoreOfQuery(DistanceSummary):
    """One column: the score that a baseline gives a query."""

    _parameter_constraints = {"baseline": [MembershipScore]}  # noqa: RUF012

    def __init__(self, baseline):
        self.baseline = baseline

    def _fit_rows(self, distances, groups):
        self.scaler_ = fit_scaler(distances)
        pairs = np.concatenate(
            [mean_distance(distances[some], self.scaler_) for some in query_blocks(distances)]
        )
        self.reference_ = self.baseline._reference(pairs)
        return self.baseline._scores_of_fit(pairs, groups, *self.reference_)[:, None]

    def _rows(self, distances):
        pairs = mean_distance(distances, self.scaler_)
        return self.baseline._scores(pairs, *self.reference_)[:, None]

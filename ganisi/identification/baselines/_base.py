"""What the baselines share: a score that needs no label, and a threshold that does."""

from abc import ABC, abstractmethod

import numpy as np
from sklearn.utils.validation import check_is_fitted

from ..._compat._sklearn import fit_context
from ...images._patients import check_groups
from .._base import DistanceClassifier
from .._calibration import fit_sigmoid


class MembershipScore(DistanceClassifier, ABC):
    """Base of the baselines: higher scores mean "used", and labels only place the threshold.

    A child is a docstring, an ``__init__`` with `pos_label`, and `_scores`, from the mean scaled
    distances ``(n_queries, n_generated)`` to one score a query. Where it learns more in `fit`
    than the scale of the maps, it does so in `_fit_scores`.
    """

    _parameter_constraints = {"pos_label": "no_validation"}  # noqa: RUF012

    @abstractmethod
    def _scores(self, pairs):
        """Score queries from ``pairs (n_queries, n_generated)``, each by its own row."""

    def _fit_scores(self, pairs, groups):
        """Learn from the pairs of `fit` without labels; return the scores of its queries."""
        return self._scores(pairs)

    @fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y, groups=None):
        """Learn the scale of each map, what the score refers to, and the threshold.

        Parameters
        ----------
        X : array of shape (n_queries, n_generated, n_maps)
            Distances of real images to generated ones.
        y : array of shape (n_queries,)
            Two labels: used to train the generator, or not. They place the threshold and enter
            no score.
        groups : array of shape (n_queries,) or None, default=None
            Patient of each query. Where a score refers to the queries of `fit`, those of the same
            patient are left out of it while the threshold is placed.

        Returns
        -------
        self : object
            The fitted baseline.

        Raises
        ------
        ValueError
            If `X` is not 3-D or not finite, there are not two classes, or a parameter asks for
            more generated images or patients than there are.
        """
        distances, _, groups = self._check_fit(X, y, groups, direction_matters=True)
        return self.fit_labels(self._fit_distances(distances, groups), y)

    def fit_summary(self, X, groups=None):
        """Learn what no label enters: the scale of each map, and what the score refers to.

        With `fit_labels` this is `fit` in two steps, so that a permutation test can fit other
        labels without looking at the distances again.

        Parameters
        ----------
        X : array of shape (n_queries, n_generated, n_maps)
            Distances of real images to generated ones.
        groups : array of shape (n_queries,) or None, default=None
            Patient of each query.

        Returns
        -------
        scores : ndarray of shape (n_queries,)
            Where a score refers to the queries of `fit`, to those of other patients.
        """
        distances = self._check_distances(X, reset=True)
        if groups is not None:
            groups = check_groups(groups, len(distances))
        return self._fit_distances(distances, groups)

    def fit_labels(self, scores, y, groups=None):
        """Place the threshold on the scores that `fit_summary` returned.

        Parameters
        ----------
        scores : array of shape (n_queries,)
            Higher means more probably used.
        y : array of shape (n_queries,)
            Two labels.
        groups : None
            Ignored here; see `fit_summary`.

        Returns
        -------
        self : object
            The fitted baseline.
        """
        positive, _ = self._check_labels(scores, y, None, direction_matters=True)
        self.sigmoid_ = fit_sigmoid(scores, positive.astype(int))
        # Platt's sigmoid is 1 / (1 + exp(a s + b)): a > 0 would turn the attack's sign.
        if self.sigmoid_.a_ > 0:
            share = positive.mean()
            self.sigmoid_.a_, self.sigmoid_.b_ = 0.0, np.log((1 - share) / share)
        return self

    def decision_function(self, X):
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
        scores = self.summary(X)
        return scores if self._positive == 1 else -scores

    def summary(self, X):
        """Score queries: the more probably used, the higher, whatever the order of the labels.

        Parameters
        ----------
        X : array of shape (n_queries, n_generated, n_maps)
            Distances of the queries to the generated images.

        Returns
        -------
        scores : ndarray of shape (n_queries,)
            Each depends on its own query and on `fit`; no label enters.
        """
        return self._score_distances(self._check_distances(X))

    def score_summary(self, scores):
        """Turn the scores of `summary` into probabilities.

        Parameters
        ----------
        scores : array of shape (n_queries,)
            Higher means more probably used.

        Returns
        -------
        probability : ndarray of shape (n_queries,)
            Of the label that means "used".
        """
        return self.sigmoid_.predict(scores)

    def _fit_distances(self, distances, groups):
        self._fit_scaler(distances)
        pairs = np.concatenate(
            [self._mean_distance(distances[rows]) for rows in self._blocks(distances)]
        )
        return self._fit_scores(pairs, groups)

    def _score_distances(self, distances):
        return np.concatenate(
            [self._scores(self._mean_distance(distances[rows])) for rows in self._blocks(distances)]
        )

    def _positive_probability(self, distances):
        return self.score_summary(self._score_distances(distances))

    def _check_k(self, pairs):
        if self.k > pairs.shape[1]:
            raise ValueError(
                f"k={self.k} is more than the {pairs.shape[1]} generated images; use fewer."
            )

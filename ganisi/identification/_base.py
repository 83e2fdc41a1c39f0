"""What every classifier on distances needs: checks, labels, and predictions from probabilities."""

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.preprocessing import StandardScaler
from sklearn.utils import check_array, gen_batches
from sklearn.utils.validation import check_consistent_length, check_is_fitted

from .._compat._sklearn import DocumentationLinkMixin
from ..images._patients import check_groups
from ..metrics._labels import encode_labels, has_natural_order, positive_class

#: Pairs are standardised and scored this many at a time.
_PAIRS_PER_BLOCK = 2**16


class DistanceClassifier(ClassifierMixin, DocumentationLinkMixin, BaseEstimator):
    """Base of the classifiers on distances ``(n_queries, n_generated, n_maps)``.

    A child gives `_positive_probability`, and a `fit` that begins with `_check_fit`.
    """

    # Saves the user set_fit_request where scikit-learn routes metadata.
    __metadata_request__fit = {"groups": True}  # noqa: RUF012

    def _check_fit(self, X, y, groups, *, direction_matters):
        """Check the arguments of `fit`; return distances, positives (bool) and patients.

        `direction_matters` tells whether the child treats the two classes differently, so that it
        has to know which one means "used".
        """
        distances = self._check_distances(X, reset=True)
        positive, groups = self._check_labels(
            distances, y, groups, direction_matters=direction_matters
        )
        return distances, positive, groups

    def _check_labels(self, rows, y, groups, *, direction_matters):
        """Check labels and patients; set `classes_`; return positives (bool) and patients."""
        if y is None:
            raise ValueError(
                f"{type(self).__name__} requires y to be passed, but the target y is None; give "
                "the label of each query."
            )
        self.classes_, encoded = encode_labels(y)
        check_consistent_length(rows, encoded)
        if direction_matters or self.pos_label is not None or has_natural_order(self.classes_):
            self._positive = positive_class(self.classes_, self.pos_label)
        else:
            self._positive = 1
        if groups is not None:
            groups = check_groups(groups, len(rows))
        return encoded == self._positive, groups

    def _check_distances(self, X, reset=False):
        distances = check_array(X, dtype=(np.float32, np.float64), allow_nd=True, input_name="X")
        if distances.ndim != 3:
            raise ValueError(
                f"X has shape {distances.shape}; expected distances of shape (n_queries, "
                "n_generated, n_maps), as CDFWassersteinPairer gives them."
            )
        if reset:
            self.n_maps_ = distances.shape[2]
        elif distances.shape[2] != self.n_maps_:
            raise ValueError(
                f"X has {distances.shape[2]} maps, but {type(self).__name__} was fitted with "
                f"{self.n_maps_}; use the descriptor and pairer of fit."
            )
        return distances

    def predict_proba(self, X):
        """Probability of each class for each query.

        Parameters
        ----------
        X : array of shape (n_queries, n_generated, n_maps)
            Distances of the queries to the generated images.

        Returns
        -------
        probabilities : ndarray of shape (n_queries, 2)
            In the order of `classes_`; rows sum to 1.
        """
        check_is_fitted(self)
        return self._two_columns(self._positive_probability(self._check_distances(X)))

    def predict(self, X):
        """Predict the label of each query.

        Parameters
        ----------
        X : array of shape (n_queries, n_generated, n_maps)
            Distances of the queries to the generated images.

        Returns
        -------
        labels : ndarray of shape (n_queries,)
            The class whose probability is at least 1/2.
        """
        return self.classes_[self.predict_proba(X).argmax(axis=1)]

    def _blocks(self, pairs):
        """Slices of queries, so that memory is bounded by a block of pairs."""
        return gen_batches(len(pairs), max(1, _PAIRS_PER_BLOCK // pairs.shape[1]))

    def _pair_blocks(self, pairs):
        """Slices of queries and of their pairs: one query may have more pairs than a block."""
        for rows in self._blocks(pairs):
            for some in gen_batches(pairs.shape[1], _PAIRS_PER_BLOCK):
                yield rows, some

    def _fit_scaler(self, distances):
        """Learn the spread of each map over all pairs of all queries; no label is seen."""
        self.scaler_ = StandardScaler().set_output(transform="default")
        for rows in self._blocks(distances):
            self.scaler_.partial_fit(distances[rows].reshape(-1, self.n_maps_))

    def _mean_distance(self, distances):
        """Mean over maps of the scaled distance of each pair, ``(n_queries, n_generated)``.

        Standardised up to a constant that all pairs share.
        """
        return distances @ (1 / (self.scaler_.scale_ * self.n_maps_))

    def _two_columns(self, positive):
        """Probabilities of both classes from that of the positive one."""
        columns = [1 - positive, positive]
        return np.stack(columns if self._positive == 1 else columns[::-1], axis=-1)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        tags.input_tags.two_d_array = False
        tags.input_tags.three_d_array = True
        return tags

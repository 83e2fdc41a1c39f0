"""What every classifier here needs: two labels, and predictions from probabilities."""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_consistent_length, check_is_fitted

from .._compat._hints import Self
from .._compat._sklearn import DocumentationLinkMixin, fit_context
from ..images._patients import check_groups
from ..metrics._labels import encode_labels, has_natural_order, positive_class
from ..metrics._proportions import check_between


class TwoClassClassifier(ClassifierMixin, BaseEstimator, ABC):
    """Base of classifiers of used and not used; a child gives `fit` and `_probabilities`."""

    def _set_classes(self, rows, y, groups=None, *, direction_matters):
        """Check labels and patients; set `classes_`; return positives (bool) and patients."""
        if y is None:
            raise ValueError(
                f"{type(self).__name__} requires y to be passed, but the target y is None; give "
                "the label of each query."
            )
        self.classes_, encoded = encode_labels(y)
        check_consistent_length(rows, encoded)
        # Where the classes are treated alike, which of them means "used" need not be known.
        if direction_matters or self.pos_label is not None or has_natural_order(self.classes_):
            self._positive = positive_class(self.classes_, self.pos_label)
        else:
            self._positive = 1
        if groups is not None:
            groups = check_groups(groups, len(encoded))
        return encoded == self._positive, groups

    def predict_proba(self, X: ArrayLike) -> NDArray[np.float64]:
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
        return self._probabilities(X)

    @abstractmethod
    def _probabilities(self, X):
        """Return what `predict_proba` does, once fitted."""

    def predict(self, X: ArrayLike) -> NDArray[Any]:
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

    def _two_columns(self, positive):
        """Probabilities of both classes from that of the positive one."""
        columns = [1 - positive, positive]
        return np.stack(columns if self._positive == 1 else columns[::-1], axis=-1)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        return tags


class WithIntervals:
    """Mixin of classifiers that know how far a probability may be from the truth."""

    def predict_proba_interval(self, X: ArrayLike, confidence: float = 0.95) -> NDArray[np.float64]:
        """Probability of each query, and between which shares the truth may lie around it.

        The fewer patients `fit` was given, the wider: see the Notes of `ProfileIdentifier`.

        Parameters
        ----------
        X : array of shape (n_queries, n_generated, n_maps)
            Distances of the queries to the generated images.
        confidence : float, default=0.95
            Between 0 and 1, for each query on its own.

        Returns
        -------
        intervals : ndarray of shape (n_queries, 3)
            Low, probability and high of `classes_[1]`, in this order of size; that of `classes_[0]`
            lies between 1 - high and 1 - low.

        Raises
        ------
        ValueError
            If `confidence` is not between 0 and 1.
        """
        check_is_fitted(self)
        check_between("confidence", confidence)
        return self._intervals(X, confidence)

    def _intervals_of_scores(self, scores, confidence):
        values = np.stack(self.sigmoid_.interval(scores, confidence), axis=1)
        return values if self._positive == 1 else 1 - values[:, ::-1]


class DistanceClassifier(DocumentationLinkMixin, TwoClassClassifier):
    """Base of the classifiers on distances ``(n_queries, n_generated, n_maps)``."""

    # Saves the user set_fit_request where scikit-learn routes metadata.
    __metadata_request__fit = {"groups": True}  # noqa: RUF012

    def in_plain_words(self) -> str:
        """Say what is looked at, to somebody who reads a report and no code.

        Returns
        -------
        words : str
            A phrase, such as "how near an image's nearest synthetic image is"; where a class gives
            none, the first line of its docstring.
        """
        return (inspect.getdoc(type(self)) or type(self).__name__).splitlines()[0]

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.input_tags.three_d_array = True
        return tags


def predicts_jointly(identifier):
    """Tell whether a prediction depends on the other queries of the call; keys are given then."""
    if getattr(identifier, "predicts_jointly", False):
        return True
    for name, part in identifier.get_params().items():
        if getattr(part, "predicts_jointly", False):
            raise ValueError(
                f"{name} of {type(identifier).__name__} is an identifier with rivals, which must "
                "see all queries at once and know which are the same image; give the identifier "
                "itself, or rivals=False in it."
            )
    return False


class StagedIdentifier(DistanceClassifier):
    """Base of identifiers that summarise the distances of a query first, and see labels then.

    A permutation test can then fit other labels without looking at the distances again.
    """

    @abstractmethod
    def stages(self) -> tuple[BaseEstimator, BaseEstimator]:
        """Return the unfitted stages, which together are this identifier.

        Returns
        -------
        summary : transformer
            From distances to rows ``(n_queries, n_features)``; no label enters. `fit_transform`
            leaves out the query's patient where a row refers to the queries of `fit`.
        classifier : classifier
            Of these rows.
        """

    @fit_context(prefer_skip_nested_validation=False)
    def fit(self, X: ArrayLike, y: ArrayLike, groups: ArrayLike | None = None) -> Self:
        """Summarise the distances of each query, then fit the classifier of the summaries.

        Parameters
        ----------
        X : array of shape (n_queries, n_generated, n_maps)
            Distances of real images to generated ones.
        y : array of shape (n_queries,)
            Two labels: used to train the generator, or not. They do not enter the summary.
        groups : array of shape (n_queries,) or None, default=None
            Patient of each query. Folds keep a patient's queries together; where a summary refers
            to the queries of `fit`, those of the same patient are left out of it.

        Returns
        -------
        self : object
            The fitted identifier.

        Raises
        ------
        TypeError
            If an estimator cannot score rows.
        ValueError
            If `X` is not 3-D or not finite, if there are not two classes, or if a parameter asks
            for more generated images or patients than there are.
        """
        return self._fit_stages(X, y, groups)

    def _fit_stages(self, X, y, groups, **identity):
        summary, classifier = self.stages()
        # Before the distances are looked at, which takes longer.
        classifier.check_labels(X, y, groups)
        rows = summary.fit_transform(X, groups=groups, **identity)
        self.summary_, self.classifier_ = summary, classifier.fit(rows, y, groups=groups)
        self.classes_, self.n_maps_ = classifier.classes_, summary.n_maps_
        return self

    def _probabilities(self, X):
        return self.classifier_.predict_proba(self.summary_.transform(X))

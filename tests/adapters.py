"""scikit-learn's checks speak 2-D; these three let them speak to estimators on images and pairs."""

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin, clone
from sklearn.utils import check_random_state, get_tags
from sklearn.utils.validation import check_is_fitted, validate_data


class AsRows(TransformerMixin, BaseEstimator):
    """A descriptor on rows: a row is an image one pixel high."""

    def __init__(self, descriptor=None):
        self.descriptor = descriptor

    def fit(self, X, y=None):
        X = validate_data(self, X, dtype=[np.float64, np.float32])
        self.descriptor_ = clone(self.descriptor).fit(X[:, None, :])
        return self

    def transform(self, X):
        check_is_fitted(self)
        X = validate_data(self, X, dtype=[np.float64, np.float32], reset=False)
        return self.descriptor_.transform(X[:, None, :])

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.transformer_tags = get_tags(self.descriptor).transformer_tags
        return tags


class WithGenerated(TransformerMixin, BaseEstimator):
    """A pairer with a reference set of its own.

    Every column is a map of one quantile, or a cell of an image where the pairer reads those: its
    columns come again and again until the image is full.
    """

    def __init__(self, pairer=None):
        self.pairer = pairer

    def fit(self, X, y=None):
        X = self._rows(validate_data(self, X))
        reference = check_random_state(0).standard_normal((7, X.shape[1]))
        self.pairer_ = clone(self.pairer).fit(X, generated=(reference,))
        return self

    def transform(self, X):
        check_is_fitted(self)
        X = self._rows(validate_data(self, X, reset=False))
        return self.pairer_.transform(X).reshape(len(X), -1)

    def _rows(self, X):
        if getattr(self.pairer, "grid", 1) in (None, 1):
            return X
        return X[:, np.arange(self.pairer.grid**2) % X.shape[1]]

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.transformer_tags = get_tags(self.pairer).transformer_tags
        return tags


class OneGenerated(ClassifierMixin, BaseEstimator):
    """An identifier on rows: the distances to a single generated image."""

    def __init__(self, identifier=None):
        self.identifier = identifier

    def fit(self, X, y):
        X, y = validate_data(self, X, y)
        self.identifier_ = clone(self.identifier).fit(X[:, None, :], y)
        self.classes_ = self.identifier_.classes_
        return self

    def predict(self, X):
        check_is_fitted(self)
        return self.identifier_.predict(validate_data(self, X, reset=False)[:, None, :])

    def predict_proba(self, X):
        check_is_fitted(self)
        return self.identifier_.predict_proba(validate_data(self, X, reset=False)[:, None, :])

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        return tags

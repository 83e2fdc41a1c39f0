"""A package of somebody else: a descriptor, and a baseline that is registered."""

import numpy as np
from scipy import ndimage
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.utils.validation import check_consistent_length, validate_data

from ganisi.descriptors import MapInfo, TextureDescriptor


class LocalMedian(TextureDescriptor):
    """Median of 3 x 3 grey levels."""

    def __init__(self, n_quantiles=64, grid=1, n_jobs=None, memory=None):
        self.n_quantiles = n_quantiles
        self.grid = grid
        self.n_jobs = n_jobs
        self.memory = memory

    map_info_ = [MapInfo("local median", "local median", "grey levels")]  # noqa: RUF012

    def _maps(self, image):
        return ndimage.median_filter(image, 3)[None]


class MedianGenerated(ClassifierMixin, BaseEstimator):
    """Logistic regression of the median, and the smallest, mean distance of a query."""

    def _row(self, X, reset):
        X = validate_data(self, X, allow_nd=True, reset=reset)
        if X.ndim != 3:
            raise ValueError(f"X has shape {X.shape}; expected (n_queries, n_generated, n_maps).")
        pairs = np.log(X.mean(axis=2))
        return np.stack([np.median(pairs, axis=1), pairs.min(axis=1)], axis=1)

    def fit(self, X, y, groups=None):
        """Fit the regression, which has no use for patients."""
        check_consistent_length(X, y)
        self.classifier_ = LogisticRegression(C=1e3).fit(self._row(X, reset=True), y)
        self.classes_ = self.classifier_.classes_
        return self

    def predict_proba(self, X):
        """Probability of each class."""
        return self.classifier_.predict_proba(self._row(X, reset=False))

    def predict(self, X):
        """Class of the larger probability."""
        return self.classes_[self.predict_proba(X).argmax(axis=1)]

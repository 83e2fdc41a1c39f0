"""Classifiers of one row a query, which an identifier fits on its summary of the distances."""

from numbers import Integral

import numpy as np
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from .._compat._sklearn import HasMethods, Interval, fit_context
from ._base import TwoClassClassifier
from ._calibration import calibrated_classifier, fit_sigmoid, score_method
from ._folds import query_folds


class CalibratedByQuery(TwoClassClassifier):
    """Any classifier on standardised rows, with a sigmoid, in folds by query or by patient."""

    _parameter_constraints = {  # noqa: RUF012
        "estimator": [HasMethods(["fit"])],
        "cv": [Interval(Integral, 2, None, closed="left")],
        "pos_label": "no_validation",
        "n_jobs": [Integral, None],
    }

    def __init__(self, estimator, *, cv=5, pos_label=None, n_jobs=None):
        self.estimator = estimator
        self.cv = cv
        self.pos_label = pos_label
        self.n_jobs = n_jobs

    def check_labels(self, rows, y, groups=None):
        """Refuse what `fit` cannot learn from; return positives (bool) and folds."""
        score_method(self.estimator)
        positive, groups = self._set_classes(rows, y, groups, direction_matters=False)
        return positive, query_folds(positive, groups, self.cv)

    @fit_context(prefer_skip_nested_validation=False)
    def fit(self, X, y, groups=None):
        """Fit one classifier and one sigmoid a fold; no patient is on both sides of a fold."""
        positive, folds = self.check_labels(X, y, groups)
        self.n_folds_ = len(folds)
        self.calibrated_ = calibrated_classifier(
            make_pipeline(StandardScaler().set_output(transform="default"), self.estimator),
            X,
            positive.astype(int),
            folds,
            self.n_jobs,
        )
        return self

    def _probabilities(self, X):
        return self._two_columns(self.calibrated_.predict_proba(X)[:, 1])


class ScoreThreshold(TwoClassClassifier):
    """A sigmoid of one score a query: higher means more probably used, and is never turned."""

    def __init__(self, pos_label=None):
        self.pos_label = pos_label

    def check_labels(self, rows, y, groups=None):
        """Refuse what `fit` cannot learn from; return positives (bool)."""
        return self._set_classes(rows, y, direction_matters=True)[0]

    def fit(self, X, y, groups=None):
        """Place the threshold; it has no folds, so patients do not matter."""
        positive = self.check_labels(X, y)
        self.sigmoid_ = fit_sigmoid(X[:, 0], positive.astype(int))
        # Platt's sigmoid is 1 / (1 + exp(a s + b)): a > 0 would turn the attack's sign.
        if self.sigmoid_.a_ > 0:
            share = positive.mean()
            self.sigmoid_.a_, self.sigmoid_.b_ = 0.0, np.log((1 - share) / share)
        return self

    def decision_function(self, X):
        """Return the scores, higher for `classes_[1]` as scikit-learn has it."""
        return X[:, 0] if self._positive == 1 else -X[:, 0]

    def _probabilities(self, X):
        return self._two_columns(self.sigmoid_.predict(X[:, 0]))

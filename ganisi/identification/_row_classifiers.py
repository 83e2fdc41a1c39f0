"""Classifiers of one row a query, which an identifier fits on its summary of the distances."""

from numbers import Integral

from sklearn.base import clone
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.validation import check_is_fitted

from .._compat._sklearn import N_JOBS, HasMethods, Interval, fit_context
from ._base import TwoClassClassifier, WithIntervals
from ._calibration import fit_sigmoid, out_of_fold_scores, row_scores, score_method
from ._folds import query_folds


class CalibratedByQuery(WithIntervals, TwoClassClassifier):
    """Any classifier on standardised rows, with a sigmoid, in folds by query or by patient."""

    _parameter_constraints = {  # noqa: RUF012
        "estimator": [HasMethods(["fit"])],
        "cv": [Interval(Integral, 2, None, closed="left")],
        "pos_label": "no_validation",
        "n_jobs": N_JOBS,
    }

    def __init__(self, estimator, *, cv=5, pos_label=None, n_jobs=None):
        self.estimator = estimator
        self.cv = cv
        self.pos_label = pos_label
        self.n_jobs = n_jobs

    def check_labels(self, rows, y, groups=None):
        """Refuse what `fit` cannot learn from; return positives (bool), patients and folds."""
        score_method(self.estimator)
        positive, groups = self._set_classes(rows, y, groups, direction_matters=False)
        return positive, groups, query_folds(positive, groups, self.cv)

    @fit_context(prefer_skip_nested_validation=False)
    def fit(self, X, y, groups=None):
        """Fit one classifier on all rows, and a sigmoid of its scores of those left out of it."""
        positive, groups, folds = self.check_labels(X, y, groups)
        self.n_folds_ = len(folds)
        labels = positive.astype(int)
        scores = out_of_fold_scores(self._classifier(), X, labels, folds, self.n_jobs)
        # A score that is wrong out of fold is no evidence of the opposite.
        self.sigmoid_ = fit_sigmoid(scores, labels, groups, may_turn=False)
        self.classifier_ = self._classifier().fit(X, labels)
        return self

    @fit_context(prefer_skip_nested_validation=False)
    def fit_to_rank(self, X, y, groups=None):
        """Fit the classifier alone: `decision_function` is that of `fit`, for less work."""
        positive, *_ = self.check_labels(X, y, groups)
        self.classifier_ = self._classifier().fit(X, positive.astype(int))
        return self

    def _classifier(self):
        scaler = StandardScaler().set_output(transform="default")
        return make_pipeline(scaler, clone(self.estimator))

    def decision_function(self, X):
        """Return the scores, higher for `classes_[1]` as scikit-learn has it."""
        scores = self._scores(X)
        return scores if self._positive == 1 else -scores

    def _probabilities(self, X):
        return self._two_columns(self.sigmoid_.predict(self._scores(X)))

    def _intervals(self, X, confidence):
        return self._intervals_of_scores(self._scores(X), confidence)

    def _scores(self, X):
        check_is_fitted(self)
        return row_scores(self.classifier_, score_method(self.classifier_), X)


class ScoreThreshold(WithIntervals, TwoClassClassifier):
    """A sigmoid of one score a query: higher means more probably used, and is never turned."""

    def __init__(self, pos_label=None):
        self.pos_label = pos_label

    def check_labels(self, rows, y, groups=None):
        """Refuse what `fit` cannot learn from; return positives (bool)."""
        return self._set_classes(rows, y, direction_matters=True)[0]

    def fit(self, X, y, groups=None):
        """Place the threshold; it has no folds."""
        positive = self.check_labels(X, y)
        self.sigmoid_ = fit_sigmoid(X[:, 0], positive.astype(int), groups, may_turn=False)
        return self

    def fit_to_rank(self, X, y, groups=None):
        """Place no threshold: `decision_function` is that of `fit`."""
        self.check_labels(X, y)
        return self

    def decision_function(self, X):
        """Return the scores, higher for `classes_[1]` as scikit-learn has it."""
        return X[:, 0] if self._positive == 1 else -X[:, 0]

    def _probabilities(self, X):
        return self._two_columns(self.sigmoid_.predict(X[:, 0]))

    def _intervals(self, X, confidence):
        return self._intervals_of_scores(X[:, 0], confidence)

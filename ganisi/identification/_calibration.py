"""Probabilities by a logistic function, fitted on queries that the classifier has not seen."""

import numpy as np
from sklearn.calibration import CalibratedClassifierCV
from sklearn.model_selection import cross_val_predict
from sklearn.svm import SVC

from .._compat._sklearn import SigmoidCalibration, fitted_gamma
from .._compat._threads import one_blas_thread
from ..images._patients import check_groups
from ._intervals import frequency_band
from ._rbf import RBFMachine, rbf_decision_functions


def calibrated_classifier(estimator, rows, labels, folds, n_jobs=None):
    """Fit a classifier and, on the part left out, a sigmoid in each of `folds`; labels are 0, 1."""
    calibrated = CalibratedClassifierCV(estimator, method="sigmoid", cv=folds, n_jobs=n_jobs)
    return calibrated.fit(rows, labels)


def out_of_fold_scores(estimator, rows, labels, folds, n_jobs=None):
    """Score each row, higher meaning 1, by the classifier that has not seen its fold."""
    method = score_method(estimator)
    # Without params, scikit-learn 1.6 fails where metadata is routed.
    scores = cross_val_predict(
        estimator, rows, labels, cv=folds, method=method, n_jobs=n_jobs, params={}
    )
    return scores if method == "decision_function" else scores[:, 1]


def score_method(estimator):
    """Name the method that scores rows, as CalibratedClassifierCV chooses it; TypeError if none."""
    for name in ("decision_function", "predict_proba"):
        if hasattr(estimator, name):
            return name
    raise TypeError(
        f"{type(estimator).__name__} has neither decision_function nor predict_proba; give a "
        "classifier that scores its rows, such as sklearn.svm.SVC()."
    )


def row_scores(classifier, method, rows):
    """Score rows by a fitted classifier; scikit-learn's RBF machines by BLAS instead of libsvm."""
    if method == "predict_proba" and isinstance(classifier, CalibratedClassifierCV):
        members = classifier.calibrated_classifiers_
        if all(_is_rbf(member.estimator) for member in members):
            values = _rbf_values([member.estimator for member in members], rows)
            calibrated = [
                member.calibrators[0].predict(column)
                for member, column in zip(members, values.T, strict=True)
            ]
            return np.mean(calibrated, axis=0)
    if method == "decision_function" and _is_rbf(classifier):
        return _rbf_values([classifier], rows)[:, 0]
    scores = getattr(classifier, method)(rows)
    return scores if method == "decision_function" else scores[:, 1]


def _is_rbf(classifier):
    # Not its subclasses, which may decide in their own way.
    return type(classifier) is SVC and classifier.kernel == "rbf"


def _rbf_values(classifiers, rows):
    machines = [
        RBFMachine(svm.support_vectors_, svm.dual_coef_[0], svm.intercept_[0], fitted_gamma(svm))
        for svm in classifiers
    ]
    with one_blas_thread():
        return rbf_decision_functions(rows, machines)


class PatientSigmoid(SigmoidCalibration):
    """Platt's sigmoid, and how far the truth may be from it.

    `known_` are the scores, labels, patients and weights that it was fitted on; `signs_` are the
    directions in which a probability may rise with the score: both where the sigmoid is level.
    """

    def interval(self, scores, confidence):
        """Low, `predict` and high: between which shares the used queries of such scores lie."""
        known, *others = self.known_
        low = middle = high = self.predict(scores)
        for sign in self.signs_:
            band = frequency_band(sign * known, *others, sign * scores, confidence)
            low, high = np.minimum(low, band[0]), np.maximum(high, band[1])
        return low, middle, high


def fit_sigmoid(scores, labels, groups=None, *, may_turn=True):
    """Fit Platt's sigmoid of one score a query; its `predict` gives probabilities.

    Patients weigh alike, and Platt's smoothing counts them: 80 slices of 10 patients are no 80
    answers. Where it `may_turn`, a higher score may mean a lower probability; else it is level
    there, at the share of positive patients.
    """
    scores, labels = np.asarray(scores, dtype=np.float64), np.asarray(labels)
    patients = check_groups(groups, len(labels))
    # These make the patients equal, and their sum the number of patients.
    weights = 1 / np.bincount(patients)[patients]
    sigmoid = PatientSigmoid().fit(scores, labels, sample_weight=weights)
    sigmoid.known_ = scores, labels, patients, weights
    # Platt's sigmoid is 1 / (1 + exp(a s + b)): a > 0 turns the sign.
    turned = sigmoid.a_ > 0
    sigmoid.signs_ = (-1,) if turned else (1,)
    if turned and not may_turn:
        share = np.average(labels, weights=weights)
        sigmoid.a_, sigmoid.b_ = 0.0, np.log((1 - share) / share)
        # A score that is wrong is no evidence of either direction.
        sigmoid.signs_ = (1, -1)
    return sigmoid

"""Probabilities by a logistic function, fitted on queries that the classifier has not seen."""

import numpy as np
from sklearn.calibration import CalibratedClassifierCV
from sklearn.model_selection import cross_val_predict
from sklearn.svm import SVC

from .._compat._sklearn import SigmoidCalibration, fitted_gamma
from .._compat._threads import one_blas_thread
from ._rbf import RBFMachine, rbf_decision_functions


def calibrated_classifier(estimator, rows, labels, folds, n_jobs=None):
    """Fit a classifier and a sigmoid in every fold; the probabilities are averaged.

    Parameters
    ----------
    estimator : classifier
        Any with `decision_function` or `predict_proba`.
    rows : array of shape (n_rows, n_maps)
        Pairs, or queries.
    labels : array of shape (n_rows,)
        0 or 1.
    folds : list of (train, test)
        Indices of rows.
    n_jobs : int or None, default=None
        Workers of joblib.

    Returns
    -------
    classifier : CalibratedClassifierCV
        Fitted; each member's sigmoid (Platt scaling) saw only the fold left out.
    """
    calibrated = CalibratedClassifierCV(estimator, method="sigmoid", cv=folds, n_jobs=n_jobs)
    return calibrated.fit(rows, labels)


def out_of_fold_scores(estimator, rows, labels, folds, n_jobs=None):
    """Return each row's score from the classifier that has not seen its fold.

    Parameters
    ----------
    estimator : classifier
        Any with `decision_function` or `predict_proba`.
    rows : array of shape (n_rows, n_maps)
        Pairs.
    labels : array of shape (n_rows,)
        0 or 1.
    folds : list of (train, test)
        Indices of rows; the test parts are a partition.
    n_jobs : int or None, default=None
        Workers of joblib.

    Returns
    -------
    scores : ndarray of shape (n_rows,)
        Decision values where the classifier has them, else the probability of class 1.
    """
    method = score_method(estimator)
    scores = cross_val_predict(estimator, rows, labels, cv=folds, method=method, n_jobs=n_jobs)
    return scores if method == "decision_function" else scores[:, 1]


def score_method(estimator):
    """Name the method that scores rows: `decision_function` where there is one.

    Parameters
    ----------
    estimator : classifier
        Any with `decision_function` or `predict_proba`.

    Returns
    -------
    name : {"decision_function", "predict_proba"}
        As :class:`~sklearn.calibration.CalibratedClassifierCV` chooses it.

    Raises
    ------
    TypeError
        If the estimator has neither.
    """
    for name in ("decision_function", "predict_proba"):
        if hasattr(estimator, name):
            return name
    raise TypeError(
        f"{type(estimator).__name__} has neither decision_function nor predict_proba; give a "
        "classifier that scores its rows, such as sklearn.svm.SVC()."
    )


def row_scores(classifier, method, rows):
    """Score rows by a fitted classifier; scikit-learn's RBF machines by BLAS instead of libsvm.

    Parameters
    ----------
    classifier : classifier
        Fitted, two classes.
    method : {"decision_function", "predict_proba"}
        What to call it by.
    rows : array of shape (n_rows, n_maps)
        Pairs.

    Returns
    -------
    scores : ndarray of shape (n_rows,)
        Decision values, or probabilities of class 1: those of the classifier's own method, to
        rounding.
    """
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


def fit_sigmoid(scores, labels):
    """Fit Platt's sigmoid of one score a query.

    Parameters
    ----------
    scores : array of shape (n_queries,)
        Higher means more probably positive.
    labels : array of shape (n_queries,)
        0 or 1.

    Returns
    -------
    sigmoid : object
        ``sigmoid.predict(scores)`` gives probabilities.
    """
    return SigmoidCalibration().fit(np.asarray(scores, dtype=np.float64), labels)

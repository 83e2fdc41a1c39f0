import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.calibration import CalibratedClassifierCV
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC

from ganisi.identification import _rbf as rbf
from ganisi.identification._calibration import row_scores

RNG = np.random.default_rng(0)
ROWS = RNG.normal(size=(80, 5))
LABELS = (ROWS[:, 0] + RNG.normal(size=80) > 0).astype(int)
NEW = RNG.normal(size=(700, 5)).astype(np.float32)


def machine_of(svm):
    return rbf.RBFMachine(svm.support_vectors_, svm.dual_coef_[0], svm.intercept_[0], svm._gamma)


@given(
    n_features=st.integers(1, 8),
    scale=st.sampled_from([1e-3, 1.0, 1e3]),
    gamma=st.sampled_from(["scale", "auto", 1e-4, 3.0]),
    cost=st.sampled_from([0.1, 1.0, 100.0]),
    seed=st.integers(0, 99),
)
def test_values_are_those_of_libsvm(n_features, scale, gamma, cost, seed):
    rng = np.random.default_rng(seed)
    rows, new = scale * rng.normal(size=(2, 40, n_features))
    # Queries that are support vectors, far away, and rows that are there twice.
    new[:3], new[3], rows[5:8] = rows[:3], 1e3 * scale, rows[:3]
    svm = SVC(C=cost, gamma=gamma).fit(rows, rng.permutation(np.arange(40) % 2))
    values = rbf.rbf_decision_functions(new, [machine_of(svm)])
    np.testing.assert_allclose(values[:, 0], svm.decision_function(new), atol=1e-8 * cost)


def test_machines_that_share_support_vectors_are_each_evaluated_right():
    folds = [np.arange(80) % 5 != k for k in range(5)]
    svms = [SVC().fit(ROWS[fold], LABELS[fold]) for fold in folds]
    values = rbf.rbf_decision_functions(NEW, [machine_of(svm) for svm in svms])
    expected = np.stack([svm.decision_function(NEW) for svm in svms], axis=1)
    np.testing.assert_allclose(values, expected, atol=1e-10)


def test_blocks_change_no_value(monkeypatch):
    machine = machine_of(SVC().fit(ROWS, LABELS))
    whole = rbf.rbf_decision_functions(NEW, [machine])
    monkeypatch.setattr(rbf, "_ROWS_PER_BLOCK", 7)
    monkeypatch.setattr(rbf, "_VECTORS_PER_BLOCK", 3)
    np.testing.assert_allclose(rbf.rbf_decision_functions(NEW, [machine]), whole, atol=1e-12)


class Contrary(SVC):
    def decision_function(self, X):
        return -super().decision_function(X)


@pytest.mark.parametrize(
    "svm",
    [SVC(), SVC(C=10, gamma=0.3), SVC(kernel="linear"), Contrary(), LogisticRegression()],
    ids=repr,
)
def test_scores_are_those_of_the_classifiers_own_methods(svm):
    calibrated = CalibratedClassifierCV(svm, cv=4).fit(ROWS, LABELS)
    np.testing.assert_allclose(
        row_scores(calibrated, "predict_proba", NEW),
        calibrated.predict_proba(NEW)[:, 1],
        atol=1e-10,
    )
    bare = svm.fit(ROWS, LABELS)
    np.testing.assert_allclose(
        row_scores(bare, "decision_function", NEW), bare.decision_function(NEW), atol=1e-10
    )


def test_libsvm_is_not_asked_for_pairs(monkeypatch):
    calibrated = CalibratedClassifierCV(SVC(), cv=4).fit(ROWS, LABELS)
    expected = calibrated.predict_proba(NEW)[:, 1]

    def refuse(self, X):
        raise AssertionError("the slow way")

    monkeypatch.setattr(SVC, "decision_function", refuse)
    np.testing.assert_allclose(row_scores(calibrated, "predict_proba", NEW), expected, atol=1e-10)

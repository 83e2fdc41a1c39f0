"""From scores to probabilities: patients are counted, and wrong scores say nothing."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from ganisi.identification import _row_classifiers as row_classifiers
from ganisi.identification._calibration import fit_sigmoid
from ganisi.identification._folds import query_folds
from ganisi.identification._row_classifiers import CalibratedByQuery, ScoreThreshold

RNG = np.random.default_rng(0)
#: Seeds of `slices` whose out-of-fold scores are wrong.
LEVEL = (2, 4)
LABELS = np.repeat([0, 1], 12)
SCORES = RNG.normal(size=24) + LABELS


def test_further_images_of_a_patient_make_no_probability_surer():
    one = fit_sigmoid(SCORES, LABELS).predict(SCORES)
    sizes = RNG.integers(1, 30, 24)
    groups = np.arange(24).repeat(sizes)
    many = fit_sigmoid(SCORES.repeat(sizes), LABELS.repeat(sizes), groups).predict(SCORES)
    np.testing.assert_allclose(many, one, atol=1e-6)
    unknown = fit_sigmoid(SCORES.repeat(20), LABELS.repeat(20)).predict(SCORES)
    assert np.ptp(unknown) > np.ptp(one) + 0.01


def test_a_score_that_is_wrong_is_level_at_the_share_of_patients():
    labels, groups = np.repeat([0, 1], [30, 10]), np.r_[np.arange(30) // 10, 3 + np.arange(10)]
    level = fit_sigmoid(-labels, labels, groups, may_turn=False).predict(np.array([-5.0, 5.0]))
    np.testing.assert_allclose(level, 10 / 13)
    turned = fit_sigmoid(-labels, labels, groups).predict(np.array([-5.0, 5.0]))
    assert turned[0] > turned[1]


def slices(seed, effect, n_patients=20, n_slices=6):
    """Two features of slices that are nearly those of their patient."""
    rng = np.random.default_rng([seed, n_patients])
    used = np.arange(n_patients) % 2
    patients = rng.normal(size=(n_patients, 2)) + effect * used[:, None]
    rows = patients.repeat(n_slices, axis=0) + 0.1 * rng.normal(size=(n_patients * n_slices, 2))
    return rows, used.repeat(n_slices), np.arange(n_patients).repeat(n_slices)


@pytest.mark.parametrize(("seed", "effect"), [(0, 2.0), (1, 1.5), (2, 0.0), (3, 0.0), (4, 0.0)])
def test_the_sigmoid_is_of_scores_of_patients_left_out_and_level_where_they_are_wrong(seed, effect):
    rows, used, groups = slices(seed, effect)
    scores = np.empty(len(rows))
    for train, test in query_folds(used, groups):
        fold = make_pipeline(StandardScaler(), LogisticRegression()).fit(rows[train], used[train])
        scores[test] = fold.decision_function(rows[test])
    whole = make_pipeline(StandardScaler(), LogisticRegression()).fit(rows, used)
    expected = fit_sigmoid(scores, used, groups, may_turn=False)
    assert (expected.a_ == 0) == (seed in LEVEL)
    model = CalibratedByQuery(LogisticRegression()).fit(rows, used, groups=groups)
    np.testing.assert_allclose(
        model.predict_proba(rows)[:, 1], expected.predict(whole.decision_function(rows))
    )


@pytest.mark.parametrize(("effect", "most"), [(0.0, 0.265), (1.0, 0.215), (3.0, 0.06)])
def test_probabilities_of_new_patients_are_no_worse_than_the_constant_answer(effect, most):
    brier = []
    for seed in range(12):
        rows, used, groups = slices(seed, effect)
        model = CalibratedByQuery(LogisticRegression()).fit(rows, used, groups=groups)
        new, truth, _ = slices(1000 + seed, effect)
        brier.append(np.mean((model.predict_proba(new)[:, 1] - truth) ** 2))
    assert np.mean(brier) <= most


@pytest.mark.parametrize("names", [("in", "out"), ("out", "zin")])
def test_the_order_is_that_of_the_scores_for_either_order_of_labels(names):
    rows, used, groups = slices(0, 2.0)
    labels = np.where(used, "in" if "in" in names else "zin", "out")
    model = CalibratedByQuery(LogisticRegression(), pos_label=labels[-1]).fit(rows, labels, groups)
    scores, probability = model.decision_function(rows), model.predict_proba(rows)[:, 1]
    order = np.argsort(scores)
    assert (np.diff(probability[order]) >= 0).all()
    assert np.corrcoef(scores, labels == model.classes_[1])[0, 1] > 0.5


@pytest.mark.parametrize("names", [("in", "out"), ("out", "zin")])
@pytest.mark.parametrize("kind", ["classifier", "threshold"])
def test_what_is_fitted_to_rank_ranks_to_the_last_bit_as_a_whole_fit(kind, names):
    rows, used, groups = slices(0, 2.0)
    labels = np.where(used, "in" if "in" in names else "zin", "out")
    make = {
        "classifier": lambda: CalibratedByQuery(LogisticRegression(), pos_label=labels[-1]),
        "threshold": lambda: ScoreThreshold(pos_label=labels[-1]),
    }[kind]
    whole, ranks = make().fit(rows, labels, groups), make().fit_to_rank(rows, labels, groups)
    np.testing.assert_array_equal(ranks.decision_function(rows), whole.decision_function(rows))


def test_nothing_is_cross_validated_for_ranks_alone(monkeypatch):
    rows, used, groups = slices(0, 2.0)
    monkeypatch.setattr(row_classifiers, "out_of_fold_scores", None)
    monkeypatch.setattr(row_classifiers, "fit_sigmoid", None)
    for model in (CalibratedByQuery(LogisticRegression()), ScoreThreshold(pos_label=1)):
        model.fit_to_rank(rows, used, groups)
        with pytest.raises(TypeError):
            model.fit(rows, used, groups)

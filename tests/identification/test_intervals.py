"""Between what a probability may lie: laws, and an honest width for few patients."""

import pickle
from functools import partial

import numpy as np
import pytest
from distances_for_identifiers import GROUPS, USED, draw_distances
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import beta
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression

from ganisi import GANISI, ProfileIdentifier, SourceIdentifier, recommended
from ganisi._compat._sklearn import SigmoidCalibration
from ganisi.baselines import NearestGenerated
from ganisi.identification import SimilarityRules
from ganisi.identification._calibration import fit_sigmoid
from ganisi.identification._intervals import frequency_band
from ganisi.identification._row_classifiers import CalibratedByQuery

MAKE = {
    "profile": ProfileIdentifier,
    "rivals": partial(ProfileIdentifier, rivals=True),
    "baseline": partial(NearestGenerated, pos_label=1),
    "source": partial(SourceIdentifier, LogisticRegression(), calibration="query"),
}
AT = np.linspace(-3, 3, 13)


@st.composite
def known(draw):
    """Scores with ties, labels of both kinds, and patients with some images each."""
    n = draw(st.integers(4, 30))
    scores = draw(arrays(float, n, elements=st.integers(-4, 4).map(float)))
    labels = draw(arrays(int, n, elements=st.integers(0, 1)))
    labels[:2] = 0, 1
    patients = draw(arrays(int, n, elements=st.integers(0, n // 2)))
    return scores, labels, patients


def ends(sigmoid, at=AT, confidence=0.95):
    low, _, high = sigmoid.interval(at, confidence)
    return np.array([low, high])


@settings(deadline=None, max_examples=60)
@given(known(), st.booleans(), st.sampled_from([0.5, 0.9, 0.99]))
def test_laws_of_the_interval(drawn, may_turn, confidence):
    scores, labels, patients = drawn
    sigmoid = fit_sigmoid(scores, labels, patients, may_turn=may_turn)
    low, middle, high = sigmoid.interval(AT, confidence)
    np.testing.assert_array_equal(middle, sigmoid.predict(AT))
    assert ((low >= 0) & (low <= middle) & (middle <= high) & (high <= 1)).all()
    # Who asks beside a query changes nothing, nor does the order of those known.
    np.testing.assert_array_equal(np.transpose(sigmoid.interval(AT[4:5], confidence))[0, 0], low[4])
    order = np.random.default_rng(0).permutation(len(labels))
    mixed = fit_sigmoid(scores[order], labels[order], patients[order], may_turn=may_turn)
    np.testing.assert_allclose(ends(mixed, confidence=confidence), [low, high], atol=1e-4)
    surer = ends(sigmoid, confidence=1 - (1 - confidence) / 2)
    assert (surer[0] <= low).all()
    assert (surer[1] >= high).all()


@settings(deadline=None, max_examples=30)
@given(known(), st.integers(2, 5))
def test_further_images_of_a_patient_narrow_nothing(drawn, times):
    scores, labels, patients = drawn
    once = fit_sigmoid(scores, labels, patients)
    often = fit_sigmoid(scores.repeat(times), labels.repeat(times), patients.repeat(times))
    np.testing.assert_allclose(ends(often), ends(once), atol=1e-4)


@settings(deadline=None, max_examples=30)
@given(known())
def test_the_other_class_lies_between_what_is_left(drawn):
    scores, labels, patients = drawn
    used, others = (fit_sigmoid(scores, one, patients) for one in (labels, 1 - labels))
    if used.a_ == 0 or others.a_ == 0:
        return
    np.testing.assert_allclose(1 - ends(others)[::-1], ends(used), atol=1e-4)


def test_more_patients_narrow_it():
    rng = np.random.default_rng(0)
    labels = np.tile([0, 1], 10)
    scores = rng.normal(size=20) + labels
    widths = [
        np.diff(ends(fit_sigmoid(np.tile(scores, times), np.tile(labels, times))), axis=0)
        for times in (1, 2, 5, 20)
    ]
    assert (np.diff(widths, axis=0) <= 1e-3).all()
    means = np.mean(widths, axis=(1, 2))
    assert means[0] > 0.6
    assert means[-1] < 0.4


def test_where_all_scores_are_equal_it_is_the_exact_interval_of_the_share_of_patients():
    labels = np.r_[np.ones(6, int), np.zeros(14, int)]
    tail = 0.05 / 2 / 3
    right = beta.ppf(tail, 6, 15), beta.ppf(1 - tail, 7, 14)
    sizes = np.random.default_rng(0).integers(1, 9, 20)
    patients = np.arange(20).repeat(sizes)
    sigmoid = fit_sigmoid(np.zeros(len(patients)), labels.repeat(sizes), patients)
    np.testing.assert_allclose(ends(sigmoid, np.zeros(1))[:, 0], right, rtol=1e-9)


def test_the_half_the_quarter_and_the_eighth_just_below_and_above_bound_it():
    labels = np.r_[np.zeros(8, int), 1, 0, np.ones(6, int)]
    scores = np.arange(16.0)
    tail = 0.05 / 2 / 3
    sigmoid = fit_sigmoid(scores, labels)
    # Of the 8 highest 7 are used, of the 4 and the 2 highest all.
    lows = beta.ppf(tail, [7, 4, 2], [2, 1, 1])
    assert ends(sigmoid, [99.0])[0, 0] == pytest.approx(max(lows))
    # Of the 8 from 8 on 7 are used, of 4 there 3, of 2 there 1: 1/2 is far below.
    highs = beta.ppf(1 - tail, [8, 4, 2], [1, 1, 1])
    assert ends(sigmoid, [8.0])[1, 0] == pytest.approx(min(1, *highs))
    assert ends(sigmoid, [-99.0])[0, 0] == 0


def test_a_score_that_is_wrong_leaves_both_directions_open():
    labels = np.repeat([0, 1], 20)
    level = fit_sigmoid(-labels.astype(float), labels, may_turn=False)
    turned = fit_sigmoid(-labels.astype(float), labels)
    low, high = ends(level, np.array([-1.0, 0.0]))
    # The truth here is 1 at -1 and 0 at 0.
    assert (low <= [1, 0]).all()
    assert (high >= [1, 0]).all()
    assert (np.diff(ends(turned, np.array([-1.0, 0.0]))) < 0).all()


def test_a_level_probability_takes_no_contradiction_for_precision():
    # 20, 4 and 0 of 20 are used: a rising share would be above 0.4 at 0, and below.
    scores, labels = np.repeat([-1.0, 0, 1], 20), np.arange(60) < 24
    low, high = ends(fit_sigmoid(scores, labels.astype(int), may_turn=False), np.zeros(1))
    assert low[0] < 0.2
    assert high[0] > 0.45


def test_it_contains_a_probability_that_the_shares_contradict():
    scores = np.linspace(0, 1, 2000)
    labels = (np.arange(2000) % 2).astype(bool) | (scores > 0.6)
    sigmoid = fit_sigmoid(scores, labels.astype(int))
    at = np.array([0.15])
    band = frequency_band(*sigmoid.known_, at, 0.95)
    low, middle, high = sigmoid.interval(at, 0.95)
    assert middle[0] < band[0][0]
    assert low[0] == middle[0]
    assert high[0] == band[1][0]


@pytest.mark.parametrize("n_patients", [10, 40])
@pytest.mark.parametrize("recognised", [0.0, 0.3, 1.0])
def test_the_true_share_lies_between_at_least_as_often_as_said(n_patients, recognised):
    """Also where no sigmoid fits: a few of the used have scores that nobody else has."""
    rng = np.random.default_rng([n_patients, int(10 * recognised)])
    inside, at = [], np.array([-1.0, 0.5, 1.5, 2.5, 4.0])
    for _ in range(60):
        labels = np.repeat([0, 1], n_patients)
        away = (rng.random(2 * n_patients) < recognised) & (labels == 1)
        scores = rng.normal(size=2 * n_patients) + 4 * away
        low, high = ends(fit_sigmoid(scores, labels, may_turn=False), at)
        with_leak = np.exp(4 * at - 8)
        used = 1 - recognised + recognised * with_leak
        truth = used / (1 + used)
        inside.append((low <= truth) & (truth <= high))
    # At each score on its own; three standard errors.
    assert np.mean(inside, axis=0).min() >= 0.95 - 3 * (0.95 * 0.05 / 60) ** 0.5


@pytest.mark.parametrize("kind", MAKE)
def test_an_identifier_says_low_probability_and_high(kind):
    X = draw_distances()
    model = MAKE[kind]()
    with pytest.raises(NotFittedError):
        model.predict_proba_interval(X)
    model.fit(X, USED, groups=GROUPS)
    found = model.predict_proba_interval(X)
    assert found.shape == (len(X), 3)
    assert (np.diff(found) >= 0).all()
    np.testing.assert_array_equal(found[:, 1], model.predict_proba(X)[:, 1])
    for again in (clone(model).fit(X, USED, groups=GROUPS), pickle.loads(pickle.dumps(model))):
        np.testing.assert_array_equal(again.predict_proba_interval(X), found)
    assert (np.diff(model.predict_proba_interval(X, 0.5)[:, ::2]) <= np.diff(found[:, ::2])).all()
    with pytest.raises(ValueError, match=r"confidence=1.*above 0 and below 1"):
        model.predict_proba_interval(X, 1)
    # What was fitted to tell the width leaves the probability as it was.
    sigmoid = model.sigmoid_ if hasattr(model, "sigmoid_") else model.classifier_.sigmoid_
    scores, labels, _, weights = sigmoid.known_
    plain = SigmoidCalibration().fit(scores, labels, sample_weight=weights)
    if sigmoid.a_ != 0:
        np.testing.assert_array_equal(plain.predict(AT), sigmoid.predict(AT))


@pytest.mark.parametrize("kind", MAKE)
def test_patients_are_counted_and_not_their_images(kind):
    X = draw_distances()
    model = MAKE[kind]()
    widths = [
        np.diff(model.fit(X, USED, groups=groups).predict_proba_interval(X)[:, ::2]).mean()
        for groups in (np.arange(30) // 6 * 2 + USED, None)
    ]
    assert widths[0] > widths[1] + 0.05


@pytest.mark.parametrize("names", [("in", "out"), ("out", "zin")])
def test_it_is_of_the_second_class_whichever_means_used(names):
    rng = np.random.default_rng(0)
    rows, used = rng.normal(size=(40, 2)) + np.repeat([0, 1], 20)[:, None], np.repeat([0, 1], 20)
    labels = np.where(used, "in" if "in" in names else "zin", "out")
    model = CalibratedByQuery(LogisticRegression(), pos_label=labels[-1]).fit(rows, labels)
    found = model.predict_proba_interval(rows)
    assert (np.diff(found) >= 0).all()
    np.testing.assert_allclose(found[:, 1], model.predict_proba(rows)[:, 1])
    right = CalibratedByQuery(LogisticRegression()).fit(rows, used).predict_proba_interval(rows)
    right = right if labels[-1] == names[1] else 1 - right[:, ::-1]
    np.testing.assert_allclose(found, right, atol=1e-6)


def test_who_calibrates_no_queries_says_so():
    X = draw_distances()
    paper = SourceIdentifier(LogisticRegression()).fit(X, USED)
    assert not hasattr(paper, "predict_proba_interval")
    assert not hasattr(SimilarityRules(), "predict_proba_interval")
    assert not hasattr(GANISI(), "predict_proba_interval")
    assert hasattr(recommended(), "predict_proba_interval")
    with pytest.raises(AttributeError) as caught:
        paper.predict_proba_interval(X)
    assert 'use calibration="query"' in str(caught.value.__cause__)

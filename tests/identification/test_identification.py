"""Laws of several identifiers, and known answers of those that look at queries."""

import numpy as np
import pytest
from distances_for_identifiers import GROUPS, USED, draw_distances
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.neural_network import MLPClassifier
from sklearn.svm import SVC

from ganisi import ProfileIdentifier, SourceIdentifier
from ganisi.baselines import NearestGenerated
from ganisi.identification import _distances
from ganisi.identification._base import DistanceClassifier


@pytest.mark.parametrize(
    "estimator",
    [
        SVC(),
        LinearDiscriminantAnalysis(),
        HistGradientBoostingClassifier(max_iter=10),
        MLPClassifier((8,), max_iter=2000, tol=1e-3, random_state=0),
        GaussianNB(),
    ],
    ids=lambda estimator: type(estimator).__name__,
)
@pytest.mark.parametrize("make", [SourceIdentifier, ProfileIdentifier])
def test_the_papers_alternatives_work_by_passing_the_estimator(make, estimator):
    distances = draw_distances()
    probabilities = make(estimator).fit(distances, USED).predict_proba(distances)
    assert probabilities.shape == (30, 2)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    assert ((probabilities >= 0) & (probabilities <= 1)).all()


IDENTIFIERS = [
    SourceIdentifier(),
    SourceIdentifier(fusion="max", calibration="query", pos_label="in"),
    SourceIdentifier(fusion=("top-k", 2), n_nearest=3, pos_label="in"),
    ProfileIdentifier(),
    NearestGenerated(pos_label="in"),
]


@pytest.mark.parametrize("identifier", IDENTIFIERS, ids=repr)
def test_labels_that_sort_the_wrong_way_round_change_nothing(identifier):
    distances, new = draw_distances(), draw_distances(seed=1)
    text = np.where(USED, "in", "out")
    named = identifier.fit(distances, text)
    assert named.classes_.tolist() == ["in", "out"]
    probability = named.predict_proba(new)
    predicted = named.predict(new)
    assert (predicted == np.where(probability[:, 0] >= 0.5, "in", "out")).all()
    plain = clone(identifier).set_params(pos_label=None).fit(distances, USED)
    # libsvm stops at a tolerance of 1e-3.
    np.testing.assert_allclose(plain.predict_proba(new)[:, 1], probability[:, 0], atol=1e-3)


@pytest.mark.parametrize("identifier", [SourceIdentifier(fusion="max"), NearestGenerated()])
def test_where_direction_matters_the_positive_label_must_be_said(identifier):
    with pytest.raises(ValueError, match="say which label"):
        identifier.set_params(pos_label=None).fit(draw_distances(), np.where(USED, "in", "out"))


@pytest.mark.parametrize(
    "identifier",
    [
        SourceIdentifier(LogisticRegression(tol=1e-8), max_pairs=None),
        SourceIdentifier(LogisticRegression(tol=1e-8), n_nearest=3),
        SourceIdentifier(LogisticRegression(tol=1e-8), calibration="query"),
        ProfileIdentifier(),
        ProfileIdentifier(pool_maps=True),
        NearestGenerated(),
        NearestGenerated(k=3),
    ],
    ids=repr,
)
def test_the_order_of_generated_images_changes_nothing(identifier):
    distances, new = draw_distances(), draw_distances(seed=1)
    order = np.random.default_rng(0).permutation(12)
    expected = identifier.fit(distances, USED).predict_proba(new)
    moved = identifier.fit(distances[:, order], USED).predict_proba(new[:, order])
    np.testing.assert_allclose(moved, expected, atol=1e-6)


def test_a_row_depends_on_its_own_query_only():
    new = draw_distances(seed=1)
    for identifier in IDENTIFIERS:
        identifier.fit(draw_distances(), np.where(USED, "in", "out"))
        together = identifier.predict_proba(new)
        alone = np.concatenate([identifier.predict_proba(row[None]) for row in new])
        np.testing.assert_allclose(together, alone, atol=1e-9)


@pytest.mark.parametrize("make", [SourceIdentifier, ProfileIdentifier])
def test_labels_shuffled_by_group_leave_probabilities_at_the_prevalence(make):
    rng = np.random.default_rng(0)
    means = []
    for seed in range(20):
        used = rng.permutation(np.tile([0, 1], 15))
        identifier = make().fit(draw_distances(effect=0, seed=seed), used)
        means.append(
            identifier.predict_proba(draw_distances(effect=0, seed=100 + seed))[:, 1].mean()
        )
    assert abs(np.mean(means) - 0.5) < 3 * np.std(means) / np.sqrt(20) + 1e-3


def test_the_profile_is_the_nearest_distances_of_each_map():
    distances = draw_distances()
    identifier = ProfileIdentifier(ranks=(1, 3)).fit(distances, USED)
    ordered = np.sort(distances, axis=1)
    expected = np.hstack([ordered[:, 0], ordered[:, 2]])
    np.testing.assert_allclose(identifier.profiles(distances), expected)


def test_shares_of_the_generated_images_are_ranks_too():
    distances = draw_distances()
    identifier = ProfileIdentifier(ranks=(1, 0.25, 0.99)).fit(distances, USED)
    expected = np.sort(distances, axis=1)[:, [0, 2, 11]].reshape(30, -1)
    np.testing.assert_allclose(identifier.profiles(distances), expected)


def test_a_pooled_profile_is_that_of_the_mean_scaled_distance():
    distances = draw_distances()
    identifier = ProfileIdentifier(ranks=(1, 3), pool_maps=True).fit(distances, USED)
    scaled = (distances / distances.reshape(-1, 4).std(axis=0)).mean(axis=2)
    expected = np.sort(scaled, axis=1)[:, [0, 2]]
    np.testing.assert_allclose(identifier.profiles(distances), expected)


def test_nearest_generated_scores_minus_the_mean_scaled_distance():
    distances = draw_distances()
    nearest = NearestGenerated(k=2).fit(distances, USED)
    scaled = (distances / distances.reshape(-1, 4).std(axis=0)).mean(axis=2)
    expected = -np.sort(scaled, axis=1)[:, :2].mean(axis=1)
    np.testing.assert_allclose(nearest.decision_function(distances), expected)


def test_nearest_generated_never_turns_its_sign():
    distances = draw_distances()
    nearest = NearestGenerated().fit(distances, 1 - USED)
    np.testing.assert_allclose(nearest.predict_proba(distances), 0.5)


BAD = [
    ({}, draw_distances()[:, 0], USED, None, r"expected distances of shape \(n_queries"),
    ({}, draw_distances() * np.nan, USED, None, "NaN"),
    ({}, draw_distances(), USED[:-1], None, "inconsistent numbers of samples"),
    ({}, draw_distances(), np.ones(30), None, "only one class"),
    ({}, draw_distances(), np.arange(30) % 3, None, "binary"),
    ({}, draw_distances(), USED, GROUPS[:-1], "groups has 29 entries"),
    ({}, draw_distances(), np.arange(30) // 29, None, "two folds"),
    ({"cv": 1}, draw_distances(), USED, None, "cv"),
]


@pytest.mark.parametrize("make", [SourceIdentifier, ProfileIdentifier])
@pytest.mark.parametrize(("params", "X", "y", "groups", "message"), BAD)
def test_bad_input_is_refused_with_advice(make, params, X, y, groups, message):
    with pytest.raises(ValueError, match=message):
        make(**params).fit(X, y, groups=groups)


@pytest.mark.parametrize("identifier", [ProfileIdentifier(), NearestGenerated()], ids=repr)
def test_labels_that_nobody_can_learn_from_are_refused_before_distances_are_looked_at(identifier):
    with pytest.raises(ValueError, match="only one class"):
        identifier.fit(draw_distances() * np.nan, np.ones(30))


@pytest.mark.parametrize(
    ("identifier", "message"),
    [
        (SourceIdentifier(fusion="average"), "fusion='average' is not a rule"),
        (SourceIdentifier(n_nearest=13), "n_nearest=13 is more than the 12"),
        (SourceIdentifier(n_nearest=0), "n_nearest"),
        (SourceIdentifier(max_pairs=0), "max_pairs"),
        (SourceIdentifier(calibration="image"), "calibration"),
        (SourceIdentifier("svm"), "estimator"),
        (ProfileIdentifier(ranks=(1, 13)), "more than the 12 generated"),
        (ProfileIdentifier(ranks=(0,)), "whole numbers from 1"),
        (ProfileIdentifier(ranks=(1.5,)), "shares between 0 and 1"),
        (ProfileIdentifier(ranks=()), "at least one rank"),
        (NearestGenerated(k=13), "k=13 is more than the 12"),
    ],
    ids=repr,
)
def test_bad_parameters_are_refused_with_advice(identifier, message):
    with pytest.raises(ValueError, match=message):
        identifier.fit(draw_distances(), USED)


def test_an_identifier_without_words_of_its_own_is_known_by_its_docstring():
    class Wordless(DistanceClassifier):
        """Look twice.

        More.
        """

        _probabilities = None

    assert Wordless().in_plain_words() == "Look twice."


def test_an_estimator_that_cannot_score_is_refused():
    class Mute(ClassifierMixin, BaseEstimator):
        def fit(self, X, y):
            return self

    for make in (SourceIdentifier, ProfileIdentifier):
        with pytest.raises(TypeError, match="neither decision_function nor predict_proba"):
            make(Mute()).fit(draw_distances(), USED)


@pytest.mark.parametrize("identifier", IDENTIFIERS, ids=repr)
def test_other_maps_than_those_of_fit_are_refused(identifier):
    identifier.fit(draw_distances(), np.where(USED, "in", "out"))
    with pytest.raises(ValueError, match="X has 3 maps"):
        identifier.predict_proba(draw_distances(n_maps=3))


def test_the_number_of_generated_images_may_differ_where_it_means_nothing():
    fewer = draw_distances(n_generated=7)
    assert SourceIdentifier().fit(draw_distances(), USED).predict_proba(fewer).shape == (30, 2)
    with pytest.raises(ValueError, match="7 generated images, but fit was given 12"):
        ProfileIdentifier().fit(draw_distances(), USED).predict_proba(fewer)


@pytest.mark.parametrize("make", [SourceIdentifier, ProfileIdentifier, NearestGenerated])
def test_distances_are_looked_at_once_in_fit_and_once_in_predict(make, monkeypatch):
    looked = []
    check = _distances.check_array
    monkeypatch.setattr(
        _distances, "check_array", lambda X, **how: looked.append(X) or check(X, **how)
    )
    identifier = make().fit(draw_distances(), USED)
    assert len(looked) == 1
    identifier.predict_proba(draw_distances(seed=1))
    assert len(looked) == 2

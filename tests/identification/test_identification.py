import numpy as np
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from ganisi import ProfileIdentifier, SourceIdentifier
from ganisi.baselines import NearestGenerated
from ganisi.identification import _distances
from ganisi.identification._base import DistanceClassifier
from ganisi.identification._folds import query_folds

USED = np.tile([0, 1], 15)
GROUPS = np.arange(30) // 3 * 2 + USED


def draw_distances(used=USED, effect=1.0, seed=0, n_generated=12, n_maps=4):
    """Gamma distances; used queries are nearer to a few generated images."""
    rng = np.random.default_rng(seed)
    distances = rng.gamma(4.0, size=(len(used), n_generated, n_maps))
    distances[:, :3] *= 1 - 0.5 * effect * np.asarray(used)[:, None, None]
    return distances


class Recorder(ClassifierMixin, BaseEstimator):
    """Remembers the rows it was fitted on and those it was asked about."""

    seen = None

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        self.rows_ = {row.tobytes() for row in X}
        self.fits.append((self, X.copy(), y.copy()))
        return self

    def decision_function(self, X):
        self.asked.append((self, X.copy()))
        return X[:, 0]

    def predict(self, X):
        return self.classes_[(X[:, 0] > 0).astype(int)]


@pytest.fixture
def recorder():
    Recorder.fits, Recorder.asked = [], []
    return Recorder()


def queries_of(rows, distances, scaler):
    """Which queries do standardised rows come from?"""
    known = {}
    for i, pairs in enumerate(distances):
        known.update({row.tobytes(): i for row in scaler.transform(pairs)})
    return {known[row.tobytes()] for row in rows}


@pytest.mark.parametrize("groups", [None, GROUPS])
@pytest.mark.parametrize("calibration", ["pair", "query"])
@pytest.mark.parametrize("n_nearest", [None, 2])
def test_no_inner_fold_shares_a_query_or_a_group(recorder, groups, calibration, n_nearest):
    distances = draw_distances()
    identifier = SourceIdentifier(recorder, calibration=calibration, n_nearest=n_nearest)
    identifier.fit(distances, USED, groups=groups)
    units = np.arange(30) if groups is None else groups
    calibrated_on = set()
    for asked, rows in Recorder.asked:
        fitted_rows = next(X for model, X, y in Recorder.fits if model is asked)
        fitted = queries_of(fitted_rows, distances, identifier.scaler_)
        left_out = queries_of(rows, distances, identifier.scaler_)
        assert not fitted & left_out
        assert not set(units[list(fitted)]) & set(units[list(left_out)])
        calibrated_on |= left_out
    assert calibrated_on == set(range(30))
    assert len(Recorder.asked) == identifier.n_folds_ == 5


def test_every_pair_carries_the_label_of_its_query(recorder):
    distances = draw_distances()
    identifier = SourceIdentifier(recorder).fit(distances, USED)
    for _, rows, labels in Recorder.fits:
        for row, label in zip(rows, labels, strict=True):
            (query,) = queries_of([row], distances, identifier.scaler_)
            assert USED[query] == label


def test_the_default_is_the_papers_svm_with_a_sigmoid_by_query():
    distances = draw_distances()
    rows = StandardScaler().fit_transform(distances.reshape(-1, 4))
    folds = [
        tuple(np.flatnonzero(np.isin(np.arange(360) // 12, side)) for side in fold)
        for fold in query_folds(USED)
    ]
    svm = CalibratedClassifierCV(SVC(C=1, kernel="rbf", gamma="scale"), cv=folds)
    expected = svm.fit(rows, USED.repeat(12)).predict_proba(rows)[:, 1].reshape(30, 12)
    identifier = SourceIdentifier().fit(distances, USED)
    pairs = identifier.predict_pair_proba(distances)
    np.testing.assert_allclose(pairs[..., 1], expected, atol=1e-6)
    np.testing.assert_allclose(identifier.predict_proba(distances)[:, 1], expected.mean(axis=1))


@pytest.mark.parametrize("calibration", ["pair", "query"])
def test_one_generated_image_and_one_map_rank_like_the_bare_classifier(calibration):
    distances = draw_distances(n_generated=1)
    identifier = SourceIdentifier(LogisticRegression(), calibration=calibration)
    fused = identifier.fit(distances, USED).predict_proba(distances)
    pairs = identifier.predict_pair_proba(distances)[:, 0]
    if calibration == "pair":
        np.testing.assert_allclose(fused, pairs)
    else:
        bare = LogisticRegression().fit(StandardScaler().fit_transform(distances[:, 0]), USED)
        scores = bare.predict_proba(StandardScaler().fit_transform(distances[:, 0]))
        np.testing.assert_allclose(pairs, scores, atol=1e-6)
        assert (np.argsort(fused[:, 1]) == np.argsort(scores[:, 1])).all()


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


@pytest.mark.parametrize("n_nearest", [None, 3])
@pytest.mark.parametrize("size", [24, 5])  # two queries, and less than half a query
def test_results_do_not_depend_on_the_block_size(n_nearest, size, monkeypatch):
    distances, new = draw_distances(), draw_distances(seed=1)
    whole = SourceIdentifier(n_nearest=n_nearest).fit(distances, USED).predict_proba(new)
    monkeypatch.setattr("ganisi.identification._distances._PAIRS_PER_BLOCK", size)
    parts = SourceIdentifier(n_nearest=n_nearest).fit(distances, USED).predict_proba(new)
    np.testing.assert_allclose(whole, parts, atol=1e-6)


def test_a_row_depends_on_its_own_query_only():
    new = draw_distances(seed=1)
    for identifier in IDENTIFIERS:
        identifier.fit(draw_distances(), np.where(USED, "in", "out"))
        together = identifier.predict_proba(new)
        alone = np.concatenate([identifier.predict_proba(row[None]) for row in new])
        np.testing.assert_allclose(together, alone, atol=1e-9)


def test_only_the_nearest_pairs_are_looked_at():
    distances = draw_distances()
    identifier = SourceIdentifier(n_nearest=3).fit(distances, USED)
    looked_at = ~np.isnan(identifier.predict_pair_proba(distances)[..., 1])
    scaled = (distances / distances.reshape(-1, 4).std(axis=0)).mean(axis=2)
    expected = scaled <= np.sort(scaled, axis=1)[:, [2]]
    np.testing.assert_array_equal(looked_at, expected)


def test_equally_near_pairs_are_taken_by_index():
    distances = np.repeat(draw_distances(n_generated=1), 5, axis=1)
    identifier = SourceIdentifier(n_nearest=2).fit(distances, USED)
    looked_at = ~np.isnan(identifier.predict_pair_proba(distances)[..., 1])
    np.testing.assert_array_equal(looked_at, np.tile([True, True, False, False, False], (30, 1)))


def test_pairs_are_drawn_evenly_over_queries(recorder):
    distances = draw_distances()
    identifier = SourceIdentifier(recorder, max_pairs=100, random_state=0).fit(distances, USED)
    for _, rows, _ in Recorder.fits:
        assert len(rows) == 24 * 3
        assert len(queries_of(rows, distances, identifier.scaler_)) == 24


def test_at_least_one_pair_of_each_query_is_drawn():
    SourceIdentifier(max_pairs=1, random_state=0).fit(draw_distances(), USED)


def test_random_state_decides_which_pairs_are_drawn():
    distances = draw_distances()

    def proba(seed):
        identifier = SourceIdentifier(max_pairs=90, random_state=seed)
        return identifier.fit(distances, USED).predict_proba(distances)

    np.testing.assert_array_equal(proba(0), proba(0))
    assert not np.array_equal(proba(0), proba(1))


def test_calibration_by_query_gives_probabilities_of_queries():
    """Fused by max, every query looks used to a pair calibration; by query the mean is right."""
    used = np.tile([0, 1], 60)
    distances, new = draw_distances(used), draw_distances(used, seed=1)
    by_pair = SourceIdentifier(fusion="max").fit(distances, used).predict_proba(new)[:, 1]
    identifier = SourceIdentifier(fusion="max", calibration="query").fit(distances, used)
    by_query = identifier.predict_proba(new)[:, 1]
    assert by_pair.mean() > 0.6
    assert abs(by_query.mean() - 0.5) < 0.1


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

"""The classifier of pairs: its folds, the pairs that it looks at, its probabilities."""

import numpy as np
import pytest
from distances_for_identifiers import GROUPS, USED, draw_distances
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.calibration import CalibratedClassifierCV
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from ganisi import SourceIdentifier
from ganisi.identification._folds import query_folds


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


@pytest.mark.parametrize("n_nearest", [None, 3])
@pytest.mark.parametrize("size", [24, 5])  # two queries, and less than half a query
def test_results_do_not_depend_on_the_block_size(n_nearest, size, monkeypatch):
    distances, new = draw_distances(), draw_distances(seed=1)
    whole = SourceIdentifier(n_nearest=n_nearest).fit(distances, USED).predict_proba(new)
    monkeypatch.setattr("ganisi.identification._distances._PAIRS_PER_BLOCK", size)
    parts = SourceIdentifier(n_nearest=n_nearest).fit(distances, USED).predict_proba(new)
    np.testing.assert_allclose(whole, parts, atol=1e-6)


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

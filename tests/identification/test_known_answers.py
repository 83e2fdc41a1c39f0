"""What each of our baselines answers, beside the same by hand."""

import numpy as np
import pytest
from distances_for_baselines import USED, draw_distances
from sklearn.base import clone
from sklearn.metrics import roc_auc_score

from ganisi.baselines import (
    CalibratedNearest,
    MonteCarloMembership,
    NearestGenerated,
    RankMembership,
    RetrievalMembership,
)
from ganisi.identification.baselines._ranks import ranks_among


def mean_scaled(distances, of_fit=None):
    spread = (distances if of_fit is None else of_fit).reshape(-1, distances.shape[2]).std(axis=0)
    return (distances / spread).mean(axis=2)


@pytest.mark.parametrize("reference", ["typical", "nearest"])
@pytest.mark.parametrize("compare", ["difference", "ratio"])
def test_calibrated_nearest_compares_with_the_queries_of_fit(reference, compare):
    distances, new = draw_distances(), draw_distances(seed=1)
    baseline = CalibratedNearest(k=2, reference=reference, compare=compare).fit(distances, USED)
    pairs, references = mean_scaled(new, distances), mean_scaled(distances)
    if compare == "ratio":
        pairs, references = np.log(pairs), np.log(references)
    usual = references.mean(axis=0) if reference == "typical" else references.min(axis=0)
    expected = -np.sort(pairs - usual, axis=1)[:, :2].mean(axis=1)
    np.testing.assert_allclose(baseline.decision_function(new), expected)


def test_calibration_finds_what_an_image_close_to_everything_hides():
    """One generated image is close to every query, and nearer than the copies of the used ones."""
    auc = {}
    for baseline in (NearestGenerated(), CalibratedNearest()):
        distances, new = draw_distances(effect=0.8), draw_distances(seed=1, effect=0.8)
        rng = np.random.default_rng(0)
        for d in (distances, new):
            d[:, 0] = rng.uniform(0.5, 0.6, (40, 3))
        scores = baseline.fit(distances, USED).decision_function(new)
        auc[type(baseline)] = roc_auc_score(USED, scores)
    assert auc[NearestGenerated] < 0.7
    assert auc[CalibratedNearest] > 0.9


@pytest.mark.parametrize("radius", ["median", 0.05])
def test_monte_carlo_counts_generated_images_within_the_radius(radius):
    distances, new = draw_distances(), draw_distances(seed=1)
    baseline = MonteCarloMembership(radius).fit(distances, USED)
    pairs = mean_scaled(distances)
    radius = np.median(pairs.min(axis=1)) if radius == "median" else np.quantile(pairs, radius)
    assert baseline.radius_ == pytest.approx(radius)
    expected = (mean_scaled(new, distances) <= radius).mean(axis=1)
    np.testing.assert_allclose(baseline.decision_function(new), expected)


def test_under_the_median_heuristic_half_of_the_queries_have_a_neighbour():
    distances = draw_distances()
    scores = MonteCarloMembership().fit(distances, USED).decision_function(distances)
    assert (scores > 0).mean() == 0.5


def test_ranks_count_nearer_references_and_half_of_the_equal_ones():
    references = np.array([[1.0, 5.0], [2.0, 5.0], [3.0, 6.0]])
    ranks = ranks_among(np.array([[0.0, 5.0], [2.5, 9.0]]), references)
    np.testing.assert_array_equal(ranks, [[0, 1], [2, 3]])


def test_rank_membership_asks_the_nearest_generated_images():
    distances, new = draw_distances(), draw_distances(seed=1)
    scores = RankMembership(k=3).fit(distances, USED).decision_function(new)
    pairs, references = mean_scaled(new, distances), mean_scaled(distances)
    for score, pair in zip(scores, pairs, strict=True):
        p = [(1 + (references[:, j] < pair[j]).sum()) / 41 for j in np.argsort(pair)[:3]]
        assert score == pytest.approx(-np.mean(np.log(p)))


def test_ranks_do_not_see_how_much_nearer_a_query_is():
    distances, new = draw_distances(n_maps=1), draw_distances(seed=1, n_maps=1)
    for baseline in (RankMembership(), RetrievalMembership(), RetrievalMembership("ranking")):
        expected = clone(baseline).fit(distances, USED).decision_function(new)
        squared = clone(baseline).fit(distances**2, USED).decision_function(new**2)
        np.testing.assert_allclose(squared, expected)


def test_generated_images_retrieve_the_real_images_nearest_to_them():
    distances, new = draw_distances(), draw_distances(seed=1)
    pairs, references = mean_scaled(new, distances), mean_scaled(distances)
    for rule in ("retrieval", "ranking", "ensemble"):
        scores = RetrievalMembership(rule, depth=2).fit(distances, USED).decision_function(new)
        for score, pair in zip(scores, pairs, strict=True):
            place = np.vstack([pair, references]).argsort(axis=0).argsort(axis=0)[0]
            ranking = -place.mean() / 40
            expected = {
                "retrieval": (place < 2).mean(),
                "ranking": ranking,
                "ensemble": ranking + (place < 2).any(),
            }
            assert score == pytest.approx(expected[rule])


def test_a_query_never_retrieved_comes_last_in_the_ensemble():
    distances, new = draw_distances(n_generated=30), draw_distances(seed=1, n_generated=30)
    scores = RetrievalMembership("ensemble").fit(distances, USED).decision_function(new)
    retrieved = RetrievalMembership().fit(distances, USED).decision_function(new) > 0
    assert 0 < retrieved.sum() < 40
    assert scores[retrieved].min() > scores[~retrieved].max()

import re
import sys
from copy import copy
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import kstest
from sklearn.metrics import roc_auc_score

from ganisi import CDFWassersteinPairer
from ganisi.audit import (
    CrossFit,
    PermutationResult,
    auc_interval,
    furthest_of,
    lowest_of,
    permutation_test,
)
from ganisi.audit._intervals import _weighted_auc
from ganisi.audit._permutation import mean_of
from ganisi.baselines import NearestGenerated
from ganisi.metrics._resampling import resampled_weights


def draw(seed, effect=0.0, slices=1, n_patients=24):
    """Cheap quantiles: one map of one quantile. Used patients lie near generated images."""
    rng = np.random.default_rng(seed)
    used = np.tile([0, 1], n_patients // 2).repeat(slices)
    groups = np.arange(n_patients).repeat(slices)
    patients = rng.normal(size=(n_patients, 2)).repeat(slices, axis=0)
    queries = patients + 0.1 * rng.normal(size=patients.shape)
    near = queries[used == 1] + 0.05 * rng.normal(size=(used.sum(), 2))
    fakes = np.concatenate([rng.normal(size=(20, 2)), near[: round(effect * len(near))]])
    return queries, used, fakes, groups


def cross_fit(identifier, seed, relative=False, cv=5, **data):
    queries, used, fakes, groups = draw(seed, **data)
    pairer = CDFWassersteinPairer(n_quantiles=1, relative=relative)
    return CrossFit(pairer, identifier, queries, used, generated=(fakes,), groups=groups, cv=cv)


def randomised_p(result, rng):
    """Uniform where labels are exchangeable: ties, which make p conservative, broken at random."""
    higher = (result.null > result.roc_auc + 1e-12).sum()
    equal = (abs(result.null - result.roc_auc) <= 1e-12).sum()
    assert result.p_value == (1 + higher + equal) / (1 + len(result.null))
    return (higher + rng.random() * (1 + equal)) / (1 + len(result.null))


def test_under_no_leak_p_is_uniform():
    rng, p = np.random.default_rng(0), []
    for seed in range(200):
        fit = cross_fit(NearestGenerated(), seed, slices=3, n_patients=12, cv=2)
        p.append(randomised_p(permutation_test(fit, n_permutations=4, random_state=seed), rng))
    assert kstest(p, "uniform").pvalue > 0.01


def test_a_leak_gives_the_smallest_p_there_is():
    result = permutation_test(
        cross_fit(NearestGenerated(), 0, effect=1), n_permutations=99, random_state=0
    )
    assert result.p_value == 0.01
    assert result.roc_auc > 0.9
    assert result.null.shape == (99,)


def test_labels_move_with_their_patients_and_stay_in_their_fold():
    fit = cross_fit(NearestGenerated(), 0, slices=3)
    seen = []
    fit.raw_scores, original = (
        lambda used=None: seen.append(used) or original(used),
        fit.raw_scores,
    )
    permutation_test(fit, n_permutations=20, random_state=0)
    permuted = [used for used in seen if used is not None]
    assert len(permuted) == 20
    assert any((used != fit.used).any() for used in permuted)
    for used in permuted:
        for group in np.unique(fit.groups):
            assert len(np.unique(used[fit.groups == group])) == 1
        for _, test in fit.folds:
            assert used[test].sum() == fit.used[test].sum()


def test_labels_are_permuted_within_patients_that_have_both():
    queries, _, fakes, _ = draw(0, n_patients=24)
    groups, used = np.repeat(np.arange(6), 4), np.tile([0, 1], 12)
    pairer = CDFWassersteinPairer(n_quantiles=1)
    fit = CrossFit(pairer, NearestGenerated(), queries, used, generated=fakes, groups=groups)
    assert permutation_test(fit, n_permutations=5, random_state=0).n_distinct == 6**6


def test_the_number_of_distinct_labellings_is_counted():
    fit = cross_fit(NearestGenerated(), 0, slices=2, n_patients=20)
    # Five folds of two used and two unused patients: 6 labellings each.
    assert permutation_test(fit, n_permutations=5, random_state=0).n_distinct == 6**5


def test_workers_and_random_state_decide_as_promised():
    fit = cross_fit(NearestGenerated(), 0, effect=0.3)
    one = permutation_test(fit, n_permutations=15, random_state=0)
    two = permutation_test(fit, n_permutations=15, random_state=0, n_jobs=2)
    np.testing.assert_array_equal(one.null, two.null)
    other = permutation_test(fit, n_permutations=15, random_state=1)
    assert not np.array_equal(one.null, other.null)


@pytest.mark.parametrize("with_tqdm", [True, False])
@pytest.mark.parametrize("n_jobs", [1, 2])
def test_progress_counts_permutations_that_are_done(n_jobs, with_tqdm, capsys, monkeypatch):
    if with_tqdm:
        pytest.importorskip("tqdm")
    else:
        monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    fit = cross_fit(NearestGenerated(), 0, effect=0.3)
    silent = permutation_test(fit, n_permutations=49, random_state=0)
    assert capsys.readouterr().err == ""
    shown = permutation_test(fit, n_permutations=49, random_state=0, n_jobs=n_jobs, verbose=1)
    np.testing.assert_array_equal(shown.null, silent.null)
    err = capsys.readouterr().err
    assert "permuting labels" in err
    assert "49/49" in err


def test_progress_follows_the_work_and_not_the_queue(capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    fit = cross_fit(NearestGenerated(), 0)
    seen, original = [], type(fit).raw_scores

    def slow(self, used=None):
        seen.append(capsys.readouterr().err)
        return original(self, used)

    monkeypatch.setattr(type(fit), "raw_scores", slow)
    permutation_test(fit, n_permutations=40, random_state=0, verbose=1)
    # Before refit i of 40 (the first call has the true labels) no more than i are said to be done.
    lines = [(i - 1, re.findall(r"(\d+)/40", text)) for i, text in enumerate(seen)]
    said = [(done, int(number)) for done, numbers in lines for number in numbers]
    assert len(said) == 9
    assert all(number <= done for done, number in said)
    assert "40/40" in capsys.readouterr().err


def test_no_fold_shares_a_patient_and_every_image_is_scored_once():
    fit = cross_fit(NearestGenerated(), 0, slices=3)
    assert not np.isnan(fit.out_of_fold()).any()
    for train, test in fit.folds:
        assert not set(fit.groups[train]) & set(fit.groups[test])


def test_a_pairer_fitted_in_a_fold_sees_the_training_part_only():
    fitted_on = []

    class Witness(CDFWassersteinPairer):
        def fit_transform(self, X, y=None, *, generated=None, groups=None):
            assert y is None
            fitted_on.append({row.tobytes() for row in np.asarray(X, np.float64)})
            return super().fit_transform(X, y, generated=generated, groups=groups)

    queries, used, fakes, groups = draw(0)
    fit = CrossFit(
        Witness(n_quantiles=1, relative=True),
        NearestGenerated(),
        queries,
        used,
        generated=fakes,
        groups=groups,
    )
    for rows, (train, test) in zip(fitted_on, fit.folds, strict=True):
        assert rows == {queries[i].tobytes() for i in train}
        assert not rows & {queries[i].tobytes() for i in test}


def test_an_interval_holds_its_auc_and_is_no_narrower_than_chance():
    for seed, effect in [(0, 0), (1, 0.3), (2, 1)]:
        fit = cross_fit(NearestGenerated(), seed, effect=effect, slices=2)
        result = permutation_test(fit, n_permutations=49, random_state=0)
        low, high = auc_interval(fit, result, random_state=0)
        assert 0 <= low <= result.roc_auc <= high <= 1
        assert low <= max(0, result.roc_auc - 1.96 * result.null.std())
        wider = auc_interval(fit, result, confidence=0.99, random_state=0)
        assert wider[0] <= low
        assert wider[1] >= high


def test_an_interval_of_patients_is_wider_than_one_of_their_slices():
    fit = cross_fit(NearestGenerated(), 0, effect=0.3, slices=8)
    result = permutation_test(fit, n_permutations=2, random_state=0)
    result = replace(result, null=np.zeros(2))
    by_patient = auc_interval(fit, result, random_state=0)
    fit.groups = None
    by_slice = auc_interval(fit, result, random_state=0)
    assert by_patient[1] - by_patient[0] > 1.3 * (by_slice[1] - by_slice[0])


def test_a_bootstrap_resample_has_the_auc_of_its_images():
    rng = np.random.default_rng(0)
    probability, used = rng.random(12).round(1), np.tile([True, False], 6)
    weights = resampled_weights(used, np.arange(12), 400, np.random.RandomState(0))
    resampled = _weighted_auc(probability, used, weights)
    assert resampled.mean() == pytest.approx(roc_auc_score(used, probability), abs=0.03)
    assert len(np.unique(resampled)) > 20


@pytest.mark.parametrize("effect", [0.0, 0.5, 1.0])
def test_exchanged_labels_turn_the_auc_and_its_null(effect):
    """A raw score does not depend on labels, so each of them mirrors the other at 1/2."""
    one = cross_fit(NearestGenerated(), 0, effect=effect)
    other = copy(one)
    other.used = ~one.used
    true, exchanged = (
        permutation_test(fit, n_permutations=19, random_state=0) for fit in (one, other)
    )
    assert exchanged.roc_auc == pytest.approx(1 - true.roc_auc)
    np.testing.assert_array_equal(exchanged.score, true.score)
    assert (true.null != 0.5).mean() > 0.7


def test_the_lowest_of_all_attacks_pays_for_all_that_were_tried():
    null = np.linspace(0.3, 0.9, 19)
    low, high = (PermutationResult(auc, null, 0.5, 1, None, None) for auc in (0.25, 0.6))
    assert lowest_of({"high": high, "low": low}) == ("low", 0.05)
    other = PermutationResult(0.4, np.r_[np.full(17, 0.5), 0.2, 0.25], 0.5, 1, None, None)
    assert lowest_of({"high": high, "low": low, "other": other}) == ("low", 3 / 20)


def test_a_check_is_as_far_from_chance_below_as_above():
    null = np.linspace(0.4, 0.6, 19)
    above, below, calm, flat = (
        PermutationResult(auc, values, 0.5, 1, None, None)
        for auc, values in ((0.9, null), (0.1, null), (0.5, null), (0.5, np.full(19, 0.5)))
    )
    assert furthest_of({"calm": calm, "above": above}) == ("above", 0.05)
    assert furthest_of({"calm": calm, "below": below}) == ("below", 0.05)
    assert furthest_of({"calm": calm})[1] == 1
    assert furthest_of({"flat": flat}) == ("flat", 1)


def test_the_check_furthest_from_chance_is_as_far_as_chance_has_it():
    """Over all labellings that could have been the true one, p is uniform."""
    rng = np.random.default_rng(0)
    aucs = rng.normal(size=(3, 20)) * [[0.1], [1], [5]] + [[0.2], [0.5], [0]]
    p = []
    for i in range(20):
        results = {
            k: PermutationResult(row[i], np.delete(row, i), 0.5, 1, None, None)
            for k, row in enumerate(aucs)
        }
        p.append(furthest_of(results)[1])
    np.testing.assert_allclose(sorted(p), np.arange(1, 21) / 20)


def test_of_several_draws_the_mean_counts_for_true_and_permuted_labels_alike():
    draws = [
        PermutationResult(auc, np.array(null), 0.5, 20, np.full(4, auc), np.full(4, auc), 1.0, null)
        for auc, null in ((0.3, [0.4, 0.8]), (0.6, [0.6, 0.6]), (0.9, [0.5, 0.1]))
    ]
    mean = mean_of(draws)
    assert mean.roc_auc == pytest.approx(0.6)
    np.testing.assert_allclose(mean.null, [0.5, 0.5])
    assert mean.p_value == pytest.approx(1 / 3)
    np.testing.assert_array_equal(mean.score, draws[1].score)
    assert mean.tail is None
    assert mean_of(draws[:1]) is draws[0]

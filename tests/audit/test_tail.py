"""A few patients who stand out: the statistic, its null, and the share that would be seen."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import hypergeom, kstest
from stubs import GROUPS, OUTCOMES, USED

from ganisi.audit import PermutationResult, audit, minimum_detectable_share, standing_out
from ganisi.audit._contest import patients_standing_out
from ganisi.audit._permutation import permutation_p_value
from ganisi.audit._tail import Ranking, patients_used, tail_statistic

ONE_FOLD = [(None, np.arange(40))]


def brute(score, used):
    """The definition, patient by patient."""
    order, best = np.argsort(-score), 0.0
    for k in range(1, len(score) // 2 + 1):
        if score[order[k - 1]] > score[order[k]]:
            c = used[order[:k]].sum()
            best = max(best, -np.log10(hypergeom.sf(c - 1, len(score), used.sum(), k)))
    return best


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 12), min_size=4, max_size=24), st.integers(0, 2**20))
def test_the_statistic_is_the_least_probable_number_of_used_patients_in_front(score, seed):
    score = np.array(score, float)
    used = np.random.default_rng(seed).random(len(score)) < 0.5
    used[:2] = [True, False]
    ranking = Ranking.of(score, None, [(None, np.arange(len(score)))])
    expected = brute(score, used)
    assert tail_statistic(ranking, used) == pytest.approx(expected, abs=1e-9)
    both = tail_statistic(ranking, np.array([used, ~used]))
    assert both[0] == tail_statistic(ranking, used)
    if expected:
        k, c = ranking.most_extreme(used)
        assert expected == pytest.approx(
            -np.log10(hypergeom.sf(c - 1, len(used), used.sum(), k)), abs=1e-9
        )


def test_patients_count_once_by_the_image_that_stands_out_most():
    score = np.array([9.0, 0, 1, 2, 8, 3, 4, 5])
    groups = np.repeat(np.arange(4), 2)
    ranking = Ranking.of(score, groups, [(None, np.arange(8))])
    np.testing.assert_array_equal(groups[ranking.order], [0, 2, 3, 1])
    again = Ranking.of(score[[0, 3, 4, 7]], None, [(None, np.arange(4))])
    np.testing.assert_array_equal(ranking.ends, again.ends)
    assert patients_used(groups == 2, groups).tolist() == [False, False, True, False]


def test_folds_of_different_levels_are_brought_to_one():
    rng = np.random.default_rng(0)
    score = rng.normal(size=40)
    score[20:] += np.median(score[:20]) - np.median(score[20:])
    folds = [(None, np.arange(20)), (None, np.arange(20, 40))]
    plain = Ranking.of(score, None, folds)
    other = score.copy()
    other[20:] += 100
    np.testing.assert_array_equal(Ranking.of(other, None, folds).order, plain.order)


def test_under_no_leak_p_is_uniform():
    rng, p = np.random.default_rng(0), []
    used = np.tile([True, False], 20)
    for _ in range(300):
        ranking = Ranking.of(rng.normal(size=40), None, ONE_FOLD)
        statistic = tail_statistic(ranking, np.array([rng.permutation(used) for _ in range(20)]))
        higher, equal = (statistic[1:] > statistic[0]).sum(), (statistic[1:] == statistic[0]).sum()
        p.append((higher + rng.random() * (1 + equal)) / 20)
    assert kstest(p, "uniform").pvalue > 0.01


def test_a_tenth_of_100_patients_is_seen_where_the_average_sees_nothing():
    rng = np.random.default_rng(0)
    used = np.tile([True, False], 100)
    score = rng.normal(size=200)
    score[np.flatnonzero(used)[:10]] += 9
    fold = [(None, np.arange(200))]
    labels = np.array([rng.permutation(used) for _ in range(199)])
    null = tail_statistic(Ranking.of(score, None, fold), labels)
    statistic = tail_statistic(Ranking.of(score, None, fold), used)
    assert permutation_p_value(statistic, null) <= 0.02
    share = minimum_detectable_share(100, 100, null, random_state=0)
    assert 0.05 <= share <= 0.1


@pytest.mark.parametrize("n", [20, 60])
def test_a_share_that_is_detectable_is_missed_once_in_twenty(n):
    rng = np.random.default_rng(1)
    used, fold = np.tile([True, False], n), [(None, np.arange(2 * n))]
    labels = np.array([rng.permutation(used) for _ in range(199)])
    null = tail_statistic(Ranking.of(rng.normal(size=2 * n), None, fold), labels)
    share = minimum_detectable_share(n, n, null, random_state=0)
    missed = {}
    for known in (round(n * share), round(n * share / 2)):
        p = []
        for _ in range(300):
            score = rng.normal(size=2 * n)
            score[rng.permutation(np.flatnonzero(used))[:known]] += 99
            p.append(permutation_p_value(tail_statistic(Ranking.of(score, None, fold), used), null))
        missed[known] = np.mean(np.array(p) > 0.05)
    assert missed[round(n * share)] <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 300)
    assert missed[round(n * share / 2)] > 0.3


def test_too_few_patients_or_permutations_show_no_share():
    assert minimum_detectable_share(3, 3, np.linspace(0, 2, 199), random_state=0) == np.inf
    assert minimum_detectable_share(50, 50, np.zeros(9), random_state=0) == np.inf


def test_the_patients_that_stand_out_pay_for_all_attacks(design):
    calm, loud = (
        replace(OUTCOMES.attack, tail=tail, tail_null=np.linspace(0, top, 19))
        for tail, top in ((0.5, 2), (1.5, 1))
    )
    outcomes = replace(OUTCOMES, attack=calm, baselines={"ranks": loud})
    section, null = patients_standing_out(design, [outcomes])
    assert section.name == "ranks"
    assert section.p_value == permutation_p_value(1.5, np.linspace(0, 2, 19)) > 0.1
    np.testing.assert_array_equal(null, np.linspace(0, 2, 19))
    ranking = Ranking.of(loud.score, GROUPS, design.folds)
    assert (section.n_patients, section.n_used) == ranking.most_extreme(USED)
    assert standing_out({"calm": calm, "loud": loud})[0] == "loud"
    assert isinstance(calm, PermutationResult)


@pytest.mark.parametrize("share", [0, -0.1, 1.01])
def test_a_share_that_is_none_is_refused(share):
    with pytest.raises(ValueError, match="expected a share of patients above 0 and at most 1"):
        audit(SimpleNamespace(), [], [], generated=[], max_share=share)


def test_either_bound_says_the_other(design):
    assert replace(design, max_auc=0.65).share_bound == pytest.approx(0.3)
    assert replace(design, max_share=0.3).auc_bound == pytest.approx(0.65)
    both = replace(design, max_auc=0.65, max_share=0.1)
    assert (both.auc_bound, both.share_bound) == (0.65, 0.1)
    assert design.auc_bound is None
    assert design.share_bound is None


def test_of_many_patients_only_the_numbers_that_occur_are_computed(monkeypatch):
    asked = []

    class Counted:
        @staticmethod
        def sf(c, *settings):
            asked.append(np.size(c))
            return hypergeom.sf(c, *settings)

    monkeypatch.setattr("ganisi.audit._tail.hypergeom", Counted)
    n_patients, rng = 4000, np.random.default_rng(0)
    used = rng.permutation(np.repeat([True, False], n_patients // 2))
    ranking = Ranking.of(rng.random(n_patients) + used, None, [(None, np.arange(n_patients))])
    statistic = tail_statistic(ranking, np.array([used, rng.permutation(used)]))
    assert statistic[0] == pytest.approx(700 / np.log(10))
    assert 0 <= statistic[1] < 8
    assert ranking.most_extreme(used)[0] <= n_patients // 2
    # A table of all pairs, a quarter of a square, would take hours for 15,000 patients.
    assert sum(asked) <= 3 * n_patients // 2

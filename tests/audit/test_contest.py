"""What reaches the attacks and their checks, and what is made of their results: stubs record it."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from stubs import GROUPS, OUTCOMES, USED, N, Recorder, result

from ganisi.audit import _contest as contest_module
from ganisi.audit import _power as power_module
from ganisi.audit import excess_interval
from ganisi.audit._contest import (
    STAND_IN,
    TEXTURES_ALONE,
    attack_sections,
    best_attack,
    enter,
    eye_section,
    furthest_blind_check,
    n_stand_ins,
    run_permutations,
)
from ganisi.images._patients import TooFewError
from ganisi.metrics import rate_intervals


def test_the_attack_its_baselines_and_both_checks_take_part_on_the_same_folds(design, rows):
    contest = enter(design, design.eye, rows)
    assert list(contest.baselines) == ["ranks"]
    assert list(contest.blinds) == [TEXTURES_ALONE, STAND_IN]
    for _, fit in contest.all():
        assert fit.folds is design.folds
        np.testing.assert_array_equal(fit.groups, GROUPS)
        np.testing.assert_array_equal(fit.used, USED)


def test_all_are_refitted_on_the_same_labellings(design, rows, monkeypatch):
    seen = Recorder(result(0.5, [0.5]))
    monkeypatch.setattr(contest_module, "permutation_test", seen)
    contest = enter(design, design.eye, rows)
    (outcomes,) = run_permutations(design, [contest])
    assert set(outcomes.blinds) == set(contest.blinds)
    assert set(outcomes.baselines) == set(contest.baselines)
    fits = [call.arguments[0] for call in seen.calls]
    assert fits == [fit for _, fit in contest.all()]
    assert len({id(call.labellings) for call in seen.calls}) == 1
    assert seen.calls[0].labellings.shape == (19, N)


def test_too_few_patients_for_a_check_are_a_reason(design, rows, monkeypatch):
    def too_few(*_):
        raise TooFewError("too few")

    monkeypatch.setattr(contest_module, "stand_in_generators", too_few)
    contest = enter(design, design.eye, rows)
    assert list(contest.blinds) == [TEXTURES_ALONE]
    assert contest.blind_reason == "too few"


def test_the_best_attack_pays_for_all_that_were_tried():
    best, null = best_attack([OUTCOMES])
    assert best.name == "ranks"
    # Its own null never reaches 0.75, nor does that of the largest; were the largest of the two
    # not taken, 0.72 of the attack under audit would be lost.
    np.testing.assert_array_equal(
        null, np.r_[np.maximum(0.5, np.linspace(0.3, 0.6, 19)[:18]), 0.72]
    )
    worse = replace(OUTCOMES, baselines={"ranks": result(0.71, np.linspace(0.3, 0.6, 19))})
    best, _ = best_attack([worse])
    assert (best.name, best.p_value) == ("ranks", 2 / 20)


def test_more_labellings_than_digits_are_counted_by_their_logarithm():
    many = replace(OUTCOMES, baselines={}, attack=replace(OUTCOMES.attack, n_distinct=10**6000))
    best, _ = best_attack([many])
    assert best.n_distinct is None
    assert best.log10_n_distinct == pytest.approx(6000)


#: Stands for a fit whose attack is no search.
FIT = SimpleNamespace(identifier=None)


def sections(design, outcomes=OUTCOMES, fit=FIT):
    seen = (
        design.eye,
        SimpleNamespace(attack=fit, baselines={"ranks": fit}, blind_reason=None),
        outcomes,
    )
    return attack_sections(design, *seen), eye_section(design, *seen).blind_checks


def test_every_excess_is_over_both_checks_at_the_level_of_the_design(design, monkeypatch):
    excess, auc = Recorder((0.1, -0.2, 0.3)), Recorder((0.4, 0.9))
    monkeypatch.setattr(contest_module, "excess_interval", excess)
    monkeypatch.setattr(contest_module, "auc_interval", auc)
    design = replace(design, alpha=0.2)
    (attack, others), blinds = sections(design)
    assert [call.arguments[1] for call in excess.calls] == [
        OUTCOMES.baselines["ranks"],
        OUTCOMES.attack,
    ]
    for call in excess.calls:
        assert call.arguments[2] == list(OUTCOMES.blinds.values())
    assert len(auc.calls) == 4
    for call in excess.calls + auc.calls:
        assert call.arguments[0] is FIT
        assert call.confidence == pytest.approx(0.8)
        assert call.random_state == design.seeds.of("resamples")
    assert attack.excess_interval == (-0.2, 0.3)
    assert attack.interval == (0.4, 0.9)
    assert set(others) == {"ranks"}
    for name, one in {**others, "main attack": attack}.items():
        probability = dict(OUTCOMES.attacks())[name].probability
        counted = rate_intervals(USED, probability, groups=GROUPS, confidence=0.8)
        assert one.rate_intervals == counted
    assert set(blinds.checks) == set(OUTCOMES.blinds)
    assert attack.probability == tuple(OUTCOMES.attack.probability)
    assert others["ranks"].probability == tuple(OUTCOMES.baselines["ranks"].probability)
    assert others["ranks"].score == tuple(OUTCOMES.baselines["ranks"].score)


def test_the_bound_on_epsilon_counts_patients_at_the_level_of_the_design(design, monkeypatch):
    for name, answer in (("auc_interval", (0.4, 0.9)), ("excess_interval", (0.1, -0.2, 0.3))):
        monkeypatch.setattr(contest_module, name, Recorder(answer))
    bound = Recorder(0.7)
    monkeypatch.setattr(contest_module, "epsilon_lower_bound", bound)
    (attack, _), _ = sections(replace(design, alpha=0.2))
    assert attack.epsilon_lower_bound == 0.7
    for call in bound.calls:
        np.testing.assert_array_equal(call.arguments[0], USED)
        np.testing.assert_array_equal(call.groups, GROUPS)
        assert call.confidence == pytest.approx(0.8)
    mixed = np.empty_like(GROUPS)
    mixed[USED], mixed[~USED] = np.arange(USED.sum()), 0
    (attack, _), _ = sections(replace(design, groups=mixed))
    assert attack.epsilon_lower_bound is None


def test_without_both_checks_there_is_no_excess(design, monkeypatch):
    monkeypatch.setattr(contest_module, "auc_interval", Recorder((0.4, 0.9)))
    one = {TEXTURES_ALONE: OUTCOMES.blinds[TEXTURES_ALONE]}
    (attack, _), _ = sections(design, replace(OUTCOMES, blinds=one))
    assert attack.excess is None
    assert attack.excess_interval is None


def test_the_detectable_auc_takes_the_null_of_the_largest_and_the_spread_of_the_attack(
    design, monkeypatch
):
    seen = Recorder(0.7)
    monkeypatch.setattr(power_module, "minimum_detectable_auc", seen)
    null = np.linspace(0.5, 0.8, 19)
    section = power_module.power_section(replace(design, alpha=0.1), null, OUTCOMES.attack, null)
    (call,) = seen.calls
    np.testing.assert_array_equal(call.arguments[0], null)
    assert call.arguments[1] == OUTCOMES.attack.null.std(ddof=1) != null.std(ddof=1)
    assert (call.alpha, call.power) == (0.1, 0.8)
    assert section.minimum_detectable_auc == 0.7
    monkeypatch.setattr(power_module, "minimum_detectable_auc", Recorder(np.inf))
    section = power_module.power_section(design, null, OUTCOMES.attack, np.full(19, np.inf))
    assert section.minimum_detectable_auc is None
    assert section.minimum_detectable_share is None


def test_the_auc_shown_is_the_one_that_was_tested_and_scores_are_at_the_prevalence(
    design, monkeypatch
):
    monkeypatch.setattr(contest_module, "excess_interval", Recorder((0.1, -0.2, 0.3)))
    monkeypatch.setattr(contest_module, "auc_interval", Recorder((0.4, 0.9)))
    (attack, others), _ = sections(design)
    assert attack.scores["roc_auc"] == OUTCOMES.attack.roc_auc
    assert others["ranks"].scores["roc_auc"] == OUTCOMES.baselines["ranks"].roc_auc
    assert "ppv_at_prevalence" not in attack.scores
    (rare, _), _ = sections(replace(design, prevalence=0.01))
    (common, _), _ = sections(replace(design, prevalence=0.6))
    assert rare.scores["ppv_at_prevalence"] < common.scores["ppv_at_prevalence"]


def test_the_width_of_an_excess_is_that_of_the_difference_and_not_of_the_attack(design, rows):
    """Where attack and check move together under permutation, chance explains no difference."""
    fit = enter(design, design.eye, rows).attack
    null = np.linspace(0.2, 0.8, 19)
    same = np.where(USED, 0.9, 0.1)
    attack, check = (result(0.9, null + 0.3, same), result(0.6, null + 0.3, same))
    excess, low, _ = excess_interval(fit, attack, [check], random_state=0)
    assert excess == pytest.approx(0.3)
    assert low > -0.1
    independent = result(0.6, null[::-1] + 0.3, same)
    _, lower, _ = excess_interval(fit, attack, [independent], random_state=0)
    assert lower < low - 0.2


def test_blind_checks_of_every_eye_may_say_that_the_groups_differ():
    null = np.linspace(0.4, 0.6, 19)
    ours = replace(OUTCOMES, blinds={TEXTURES_ALONE: result(0.55, null)})
    theirs = replace(ours, eye="pixels", blinds={TEXTURES_ALONE: result(0.1, null)})
    section = furthest_blind_check([ours, theirs])
    assert (section.name, section.roc_auc) == (f"{TEXTURES_ALONE} (pixels)", 0.1)
    assert section.p_value == 0.05
    assert furthest_blind_check([ours]).name == TEXTURES_ALONE


def test_fewer_patients_are_chosen_from_more_often():
    assert [n_stand_ins(n) for n in (4, 40, 48, 80, 200, 9000)] == [20, 20, 17, 10, 4, 4]

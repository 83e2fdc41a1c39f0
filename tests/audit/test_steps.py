"""What reaches each step of an audit, and what the verdict is made of: stubs record it."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from ganisi import CDFWassersteinPairer
from ganisi.audit import PermutationResult, degrade
from ganisi.audit import _auditing as auditing
from ganisi.audit import _contest as contest_module
from ganisi.audit import _positive_control as control_module
from ganisi.audit import _power as power_module
from ganisi.audit import _set_level as set_level_module
from ganisi.audit import _verdict as verdict_module
from ganisi.audit._contest import (
    STAND_IN,
    TEXTURES_ALONE,
    Outcomes,
    attack_sections,
    best_attack,
    blind_section,
    enter,
    run_permutations,
)
from ganisi.audit._copies import Copies
from ganisi.audit._cross_fitting import CrossFit
from ganisi.audit._design import AuditDesign, Rows, Seeds
from ganisi.audit._set_level import set_level_section
from ganisi.audit.report._sections import Best, Controls, Power
from ganisi.baselines import NearestGenerated, RankMembership
from ganisi.images._patients import TooFewError

RNG = np.random.default_rng(0)
N = 48
GROUPS = np.arange(N) // 2
USED = np.tile([True, True, False, False], N // 4)
REAL = RNG.normal(size=(N, 3)).astype(np.float32)
GENERATED = (
    RNG.normal(size=(20, 3)).astype(np.float32),
    RNG.normal(size=(10, 3)).astype(np.float32),
)
QUERIES = RNG.normal(size=(6, 3)).astype(np.float32)


def make_design(**changes):
    design = AuditDesign(
        used=USED,
        groups=GROUPS,
        query_groups=np.array([0, 0, 1, 1, 2, 2]),
        pairer=CDFWassersteinPairer(n_quantiles=1, relative=True),
        attack=NearestGenerated(),
        baselines={"ranks": RankMembership()},
        seeds=Seeds(0),
        cv=3,
        n_permutations=19,
    )
    return replace(design, **changes)


@pytest.fixture
def design():
    return make_design()


@pytest.fixture
def rows(design):
    copies = {"exact": REAL[design.not_used][design.planted], "noise 0.25": REAL[:4]}
    return Rows(REAL, GENERATED, QUERIES, copies)


def result(roc_auc, null, probability=None):
    null = np.asarray(null, dtype=float)
    if probability is None:
        probability = np.linspace(0, 1, N)
    return PermutationResult(roc_auc, null, 0.5, 100, probability)


class Recorder:
    """Stands in for a function: keeps what it is called with, and answers or goes on."""

    def __init__(self, answer=None, then=None):
        self.calls, self.answer, self.then = [], answer, then

    def __call__(self, *arguments, **named):
        self.calls.append(SimpleNamespace(arguments=arguments, **named))
        return self.answer if self.then is None else self.then(*arguments, **named)


# Random numbers


def test_every_purpose_has_a_seed_of_its_own_that_no_other_moves():
    purposes = ["permutations", "resamples", "copies", "planted images"]
    seeds = Seeds(3)
    assert len({seeds.of(one) for one in purposes}) == len(purposes)
    assert [seeds.of(one) for one in purposes] == [Seeds(3).of(one) for one in purposes]
    assert Seeds(4).of("copies") != seeds.of("copies")
    assert all(0 <= seeds.of(one) < 2**31 for one in purposes)


def test_a_step_left_out_moves_no_random_number_of_another(design, rows, monkeypatch):
    """The labellings do not depend on which steps ran before."""
    seen = Recorder(USED[np.newaxis])
    monkeypatch.setattr(contest_module, "permuted_labels", seen)
    monkeypatch.setattr(contest_module, "permutation_test", Recorder())
    contest = enter(design, rows)
    run_permutations(design, contest)
    run_permutations(design, replace(contest, blinds={}))
    first, second = (call.arguments[2] for call in seen.calls)
    assert first == second == design.seeds.of("permutations")


# The contest


def test_the_attack_its_baselines_and_both_checks_take_part_on_the_same_folds(design, rows):
    contest = enter(design, rows)
    assert list(contest.baselines) == ["ranks"]
    assert list(contest.blinds) == [TEXTURES_ALONE, STAND_IN]
    for _, fit in contest.all():
        assert fit.folds is design.folds
        np.testing.assert_array_equal(fit.groups, GROUPS)
        np.testing.assert_array_equal(fit.used, USED)


def test_all_are_refitted_on_the_same_labellings(design, rows, monkeypatch):
    seen = Recorder(result(0.5, [0.5]))
    monkeypatch.setattr(contest_module, "permutation_test", seen)
    contest = enter(design, rows)
    outcomes = run_permutations(design, contest)
    assert set(outcomes.blinds) == set(contest.blinds)
    assert set(outcomes.baselines) == set(contest.baselines)
    fits = [call.arguments[0] for call in seen.calls]
    assert fits == [fit for _, fit in contest.all()]
    assert len({id(call.labellings) for call in seen.calls}) == 1
    assert seen.calls[0].labellings.shape == (19, N)


def test_too_few_patients_for_a_check_are_a_reason(design, rows, monkeypatch):
    def too_few(*_):
        raise TooFewError("too few")

    monkeypatch.setattr(contest_module, "stand_in_generator", too_few)
    contest = enter(design, rows)
    assert list(contest.blinds) == [TEXTURES_ALONE]
    assert contest.blind_reason == "too few"


def test_any_other_error_in_a_step_is_an_error(design, rows, monkeypatch):
    def broken(*_, **__):
        raise ValueError("broken")

    monkeypatch.setattr(contest_module, "stand_in_generator", broken)
    with pytest.raises(ValueError, match="broken"):
        enter(design, rows)
    monkeypatch.setattr(control_module, "positive_control", broken)
    with pytest.raises(ValueError, match="broken"):
        control_module.control_section(design, rows)
    monkeypatch.setattr(set_level_module, "set_level_test", broken)
    with pytest.raises(ValueError, match="broken"):
        set_level_section(design, rows)


OUTCOMES = Outcomes(
    attack=result(0.7, np.r_[np.full(18, 0.5), 0.72]),
    baselines={"ranks": result(0.75, np.linspace(0.3, 0.6, 19), np.linspace(1, 0, N))},
    blinds={TEXTURES_ALONE: result(0.55, [0.5] * 19), STAND_IN: result(0.65, [0.5] * 19)},
)


def test_the_best_attack_pays_for_all_that_were_tried():
    best, null = best_attack(OUTCOMES)
    assert best.name == "ranks"
    # Its own null never reaches 0.75, nor does that of the largest; were the largest of the two
    # not taken, 0.72 of the attack under audit would be lost.
    np.testing.assert_array_equal(
        null, np.r_[np.maximum(0.5, np.linspace(0.3, 0.6, 19)[:18]), 0.72]
    )
    worse = replace(OUTCOMES, baselines={"ranks": result(0.71, np.linspace(0.3, 0.6, 19))})
    best, _ = best_attack(worse)
    assert (best.name, best.p_value) == ("ranks", 2 / 20)


def test_more_labellings_than_digits_are_counted_by_their_logarithm():
    many = replace(OUTCOMES, baselines={}, attack=replace(OUTCOMES.attack, n_distinct=10**6000))
    best, _ = best_attack(many)
    assert best.n_distinct is None
    assert best.log10_n_distinct == pytest.approx(6000)


def sections(design, outcomes=OUTCOMES, fit="the fit"):
    contest = SimpleNamespace(attack=fit, blind_reason=None)
    return attack_sections(design, contest, outcomes), blind_section(design, contest, outcomes)


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
        assert call.arguments[0] == "the fit"
        assert call.confidence == pytest.approx(0.8)
        assert call.random_state == design.seeds.of("resamples")
    assert attack.excess_interval == (-0.2, 0.3)
    assert attack.interval == (0.4, 0.9)
    assert set(others) == {"ranks"}
    assert set(blinds.checks) == set(OUTCOMES.blinds)
    assert attack.probability == tuple(OUTCOMES.attack.probability)
    assert others["ranks"].probability == tuple(OUTCOMES.baselines["ranks"].probability)


def test_without_both_checks_there_is_no_excess(design, monkeypatch):
    monkeypatch.setattr(contest_module, "auc_interval", Recorder((0.4, 0.9)))
    one = {TEXTURES_ALONE: OUTCOMES.blinds[TEXTURES_ALONE]}
    (attack, _), _ = sections(design, replace(OUTCOMES, blinds=one))
    assert attack.excess is None
    assert attack.excess_interval is None


# Power


def test_the_detectable_auc_takes_the_null_of_the_largest_and_the_spread_of_the_attack(
    design, monkeypatch
):
    seen = Recorder(0.7)
    monkeypatch.setattr(power_module, "minimum_detectable_auc", seen)
    null = np.linspace(0.5, 0.8, 19)
    section = power_module.power_section(replace(design, alpha=0.1), null, OUTCOMES.attack)
    (call,) = seen.calls
    np.testing.assert_array_equal(call.arguments[0], null)
    assert call.arguments[1] == OUTCOMES.attack.null.std(ddof=1) != null.std(ddof=1)
    assert (call.alpha, call.power) == (0.1, 0.8)
    assert section.minimum_detectable_auc == 0.7
    monkeypatch.setattr(power_module, "minimum_detectable_auc", Recorder(np.inf))
    assert power_module.power_section(design, null, OUTCOMES.attack).minimum_detectable_auc is None


# Controls


def test_the_control_is_the_attack_on_unused_images_of_its_patients(design, rows, monkeypatch):
    seen = Recorder(then=control_module.positive_control)
    monkeypatch.setattr(control_module, "positive_control", seen)
    section = control_module.control_section(design, rows)
    (call,) = seen.calls
    np.testing.assert_array_equal(call.arguments[2], REAL[~USED])
    np.testing.assert_array_equal(call.groups, GROUPS[~USED])
    assert call.arguments[0] is design.pairer
    assert call.arguments[1] is design.attack
    assert call.generated is rows.generated
    assert (call.cv, call.n_permutations) == (design.cv, control_module.N_PERMUTATIONS)
    assert [one.name for one in section.results] == ["nothing", "exact", "noise 0.25"]
    exact = section.results[1]
    assert section.found == (exact.p_value <= design.alpha)


def test_whether_copies_were_found_is_said_of_exact_ones_at_alpha(design, rows, monkeypatch):
    results = [
        SimpleNamespace(name=name, p_value=p, n_planted=1, roc_auc=0.5)
        for name, p in (("nothing", 0.9), ("exact", 0.04), ("noise 0.25", 0.5))
    ]
    monkeypatch.setattr(control_module, "positive_control", Recorder(results))
    assert control_module.control_section(design, rows).found
    assert not control_module.control_section(replace(design, alpha=0.03), rows).found


def test_planting_adds_the_copies_to_all_generated_images_and_copies_none(
    design, rows, monkeypatch
):
    seen = []

    class Witness(CrossFit):
        def __init__(self, *arguments, generated, **named):
            seen.append(generated)
            super().__init__(*arguments, generated=generated, **named)

    monkeypatch.setattr(control_module, "CrossFit", Witness)
    control_module.control_section(design, rows)
    nothing, exact, noise = seen
    for generated in seen:
        assert generated[0] is GENERATED[0]
        assert generated[1] is GENERATED[1]
    assert [len(one) for one in seen] == [2, 3, 3]
    assert exact[2] is rows.copies["exact"]
    assert noise[2] is rows.copies["noise 0.25"]
    assert len(nothing) == 2


def test_the_shares_of_a_blend_are_those_of_its_name():
    image, other = np.full((4, 4), 100.0), np.full((4, 4), 200.0)
    image[0, 0], other[0, 0] = 0, 250
    blended = degrade(image, "blend", 0.3, other)
    expected = np.clip(0.7 * image + 0.3 * other, image.min(), image.max())
    np.testing.assert_allclose(blended, expected)
    assert blended[0, 0] == 75


# The set of queries


def test_the_queries_are_tested_against_patients_set_aside_as_one_set(design, rows, monkeypatch):
    fits, tests = [], Recorder(then=set_level_module.set_level_test)

    class Witness(CrossFit):
        def __init__(self, *arguments, cv, groups, generated, **named):
            fits.append(SimpleNamespace(cv=cv, groups=groups, generated=generated))
            super().__init__(*arguments, cv=cv, groups=groups, generated=generated, **named)

    monkeypatch.setattr(set_level_module, "CrossFit", Witness)
    monkeypatch.setattr(set_level_module, "set_level_test", tests)
    section = set_level_section(design, rows)
    (fit,) = fits
    np.testing.assert_array_equal(fit.groups, GROUPS)
    assert fit.generated is rows.generated
    ((train, test),) = fit.cv
    assert not set(GROUPS[train]) & set(GROUPS[test])
    assert not USED[test].any()
    assert len(np.unique(GROUPS[test])) == len(np.unique(GROUPS[~USED])) // 2
    assert len(tests.calls) == 2
    for call in tests.calls:
        np.testing.assert_array_equal(call.groups, design.query_groups)
        np.testing.assert_array_equal(call.arguments[2], QUERIES)
    assert section.grouped
    assert section.reason is None
    assert 0 <= section.blind_p_value <= 1


def test_queries_without_patients_are_said_to_have_none(design, rows):
    assert not set_level_section(replace(design, query_groups=None), rows).grouped


def test_the_probability_of_a_query_is_the_mean_over_all_folds(design, rows):
    fit = enter(design, rows).attack
    each = [fit.score_new(QUERIES, np.full(6, k)) for k in range(3)]
    assert not np.allclose(each[0], each[1])
    np.testing.assert_allclose(auditing.mean_over_folds(fit, QUERIES), np.mean(each, axis=0))


# The verdict


def verdict_of(design, best="ranks", low=0.1, main_low=-0.5, p_value=0.01, **changes):
    attacks = {
        "main attack": SimpleNamespace(excess_interval=(main_low, 0.9)),
        "ranks": SimpleNamespace(excess_interval=None if low is None else (low, 0.9)),
    }
    parts = {
        "copies": Copies((), (), ()),
        "controls": Controls(None, True, None),
        "power": Power(0.6, 0.8, 0.05),
        **changes,
    }
    return verdict_module.verdict_step(
        design, best=Best(best, p_value, 10, 1.0), attacks=attacks, **parts
    )[0]


def test_the_lower_end_of_the_best_attack_s_excess_decides(design):
    assert verdict_of(design) == "leakage detected"
    assert verdict_of(design, low=-0.1) == "cannot say"
    assert verdict_of(design, low=-0.1, main_low=0.5) == "cannot say"
    assert verdict_of(design, low=None) == "cannot say"
    assert verdict_of(design, best="main attack", low=0.5) == "cannot say"


def test_the_level_and_the_bound_of_the_design_decide(design):
    free = replace(design, max_auc=0.65)
    assert verdict_of(free, p_value=0.2) == "no leakage detected at this power"
    assert verdict_of(design, p_value=0.2) == "cannot say"
    assert verdict_of(replace(design, max_auc=0.6), p_value=0.2) == "cannot say"
    assert verdict_of(free, p_value=0.04) == "leakage detected"
    assert (
        verdict_of(replace(free, alpha=0.03), p_value=0.04) == "no leakage detected at this power"
    )
    none = Power(None, 0.8, 0.05)
    assert verdict_of(free, p_value=0.2, power=none) == "cannot say"


def test_copies_mixed_patients_and_silent_controls_forbid_a_clearance(design):
    free = replace(design, max_auc=0.65)
    for copies, verdict in (
        (Copies(("a",), (), ()), "leakage detected"),
        (Copies((), (), ("q",)), "leakage detected"),
        (Copies((), ("a",), ()), "cannot say"),
    ):
        assert verdict_of(free, p_value=0.2, copies=copies) == verdict
    for found in (False, None):
        controls = Controls(None, found, "too few")
        assert verdict_of(free, p_value=0.2, controls=controls) == "cannot say"
    mixed = replace(free, groups=np.arange(N) % 5)
    assert mixed.n_mixed_patients == 5
    assert verdict_of(mixed, p_value=0.2) == "cannot say"
    assert verdict_of(mixed, p_value=0.01) == "leakage detected"

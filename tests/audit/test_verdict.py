"""What the verdict is made of."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from stubs import N

from ganisi.audit._copies import Copies
from ganisi.audit._verdict import (
    ACCUSATION,
    CANNOT_SAY,
    CLEARANCE,
    FINDINGS,
    LEAKAGE,
    NONE_DETECTED,
    PUBLICATION,
    Evidence,
    decide,
)
from ganisi.audit.report._sections import (
    Alike,
    Best,
    ControlResult,
    Controls,
    Disclosure,
    Extreme,
    ImageItself,
    Power,
    StandingOut,
)


def evidence_of(design, best="ranks", low=0.1, main_low=-0.5, p_value=0.01, high=0.64, **changes):
    parts = {
        "attacks": {
            "main attack": SimpleNamespace(excess_interval=(main_low, 0.9), interval=(0.2, 1)),
            "other": SimpleNamespace(excess_interval=(-main_low, 0.9), interval=(0.3, 1)),
            "ranks": SimpleNamespace(
                excess_interval=None if low is None else (low, 0.9), interval=(0.4, high)
            ),
        },
        "copies": Copies((), (), ()),
        "near_copies": Copies((), (), ()),
        "empty_sets": (),
        "alike": (),
        "lowest": Extreme("other", 0.4, 0.3),
        "furthest_blind": Extreme("textures alone", 0.6, 0.3),
        "standing_out": StandingOut("other", 0.3, 6, 4),
        "controls": planted(),
        "power": Power(0.6, 0.8, 0.05, 0.1, 0.95),
        "image_itself": ImageItself(0.7, 0.2, 0.05),
        "disclosure": None,
        **changes,
    }
    return Evidence(design=design, best=Best(best, p_value, 10, 1.0), **parts)


def verdict_of(design, **changes):
    return decide(evidence_of(design, **changes))[0]


@pytest.fixture
def free(design):
    """A design whose silence is a clearance."""
    return replace(design, max_auc=0.65)


def test_the_lower_end_of_the_best_attack_s_excess_decides(design):
    assert verdict_of(design) == LEAKAGE
    assert verdict_of(design, low=-0.1) == CANNOT_SAY
    assert verdict_of(design, low=-0.1, main_low=0.5) == CANNOT_SAY
    assert verdict_of(design, low=None) == CANNOT_SAY
    assert verdict_of(design, best="main attack", low=0.5) == CANNOT_SAY


def test_the_level_and_the_bound_of_the_design_decide(design, free):
    assert verdict_of(free, p_value=0.2) == NONE_DETECTED
    assert verdict_of(design, p_value=0.2) == CANNOT_SAY
    assert verdict_of(replace(design, max_auc=0.6), p_value=0.2) == CANNOT_SAY
    assert verdict_of(free, p_value=0.04) == LEAKAGE
    assert verdict_of(replace(free, alpha=0.03), p_value=0.04) == NONE_DETECTED


def test_patients_on_both_sides_forbid_a_clearance_and_no_accusation(free):
    mixed = replace(free, groups=np.arange(N) % 5)
    assert mixed.n_mixed_patients == 5
    verdict, reason = decide(evidence_of(mixed, p_value=0.2))
    assert verdict == CANNOT_SAY
    assert "5 patients have used and not-used images" in reason
    assert verdict_of(mixed, p_value=0.01) == LEAKAGE


ALIKE = (Alike("a.png", "b.png", 0.98),)


def planted(*missed):
    """Copies of four kinds, three of them required."""
    names = ("nothing", "exact", "mirrored", "moved 8", "inverted")
    results = [ControlResult(name, 5, 0.7, 0.9 if name in missed else 0.01) for name in names]
    required = names[1:4]
    return Controls(results, not set(missed) & set(required), None, required)


def risk_of(below):
    """A risk of disclosure that is below the bound, or not, or without one."""
    return Disclosure("ranks", "at FPR 0.1", 0.05, (0.01, 0.12), below)


SILENT = {"p_value": 0.5, "low": -0.1}
SWAPPED = {"lowest": Extreme("other", 0.1, 0.05)}


@pytest.mark.parametrize(
    ("facts", "verdict", "because"),
    [
        ({"p_value": 0.01}, LEAKAGE, "(ranks) tells used from unused"),
        ({"p_value": 0.05}, LEAKAGE, "by more than differences"),
        ({"p_value": 0.01, "low": 0.0}, CANNOT_SAY, "may differ in themselves"),
        ({"p_value": 0.01, "low": None}, CANNOT_SAY, "too few not-used patients for the blind"),
        ({"p_value": 0.5}, NONE_DETECTED, "would have been seen"),
        (SILENT, NONE_DETECTED, "0.60, below the bound 0.65"),
        ({**SILENT, "max_auc": None}, CANNOT_SAY, "nobody said"),
        ({**SILENT, "max_auc": 0.6}, CANNOT_SAY, "is 0.60, not below the bound 0.6"),
        (
            {**SILENT, "power": Power(None, 0.8, 0.05, 0.1, 0.95)},
            CANNOT_SAY,
            "too few to show any leak",
        ),
        ({**SILENT, "controls": planted("exact")}, CANNOT_SAY, "silence means nothing"),
        (
            {**SILENT, "controls": planted("mirrored", "moved 8")},
            CANNOT_SAY,
            "and were not found (mirrored left-right; moved by 8 pixels down and right); of copies",
        ),
        ({**SILENT, "controls": planted("moved 8")}, CANNOT_SAY, "were found (the images themselv"),
        (
            {**SILENT, "controls": replace(planted(), found=False, required=("exact", "moved 4"))},
            CANNOT_SAY,
            "could not be planted in images of this size (moved by 4 pixels down and right); of",
        ),
        (
            {**SILENT, "controls": planted("inverted")},
            NONE_DETECTED,
            "were found (the images themselves; mirrored left-right; moved by 8 pixels down and "
            "right) and were not found (with black and white exchanged); an AUC",
        ),
        (
            {**SILENT, "controls": Controls(None, None, "few")},
            CANNOT_SAY,
            "not-used patients to pl",
        ),
        ({**SILENT, "copies": Copies("ab", "c", ())}, LEAKAGE, "2 of the used images are"),
        ({**SILENT, "copies": Copies((), (), "q")}, LEAKAGE, "1 of the queries are"),
        ({**SILENT, "copies": Copies((), "a", ())}, CANNOT_SAY, "put this right"),
        ({"p_value": 0.01, "copies": Copies((), "a", ())}, CANNOT_SAY, "put this right"),
        ({**SILENT, "high": 0.65}, CANNOT_SAY, "(ranks) may be as large as 0.65"),
        ({**SILENT, "high": 0.8, "max_auc": 0.9}, NONE_DETECTED, "at most 0.80 by its interval"),
        (
            {**SILENT, "empty_sets": ("all black",)},
            CANNOT_SAY,
            "all black: such images say nothing",
        ),
        ({"p_value": 0.01, "empty_sets": ("all black",)}, CANNOT_SAY, "all black"),
        ({"p_value": 0.01, "alike": ALIKE}, CANNOT_SAY, "most alike a.png and b.png"),
        ({**SILENT, "alike": ALIKE}, CANNOT_SAY, "1 pair of real images"),
        ({**SILENT, "alike": ALIKE, "copies": Copies("a", (), ())}, LEAKAGE, "1 of the used"),
        ({"empty_sets": ("all black",), "copies": Copies("a", (), ())}, LEAKAGE, "1 of the used"),
        ({**SILENT, "standing_out": StandingOut("x", 0.05, 7, 6)}, CANNOT_SAY, "6 of the 7 whom x"),
        ({"p_value": 0.01, "standing_out": StandingOut("x", 0.05, 7, 7)}, LEAKAGE, "by more"),
        ({**SILENT, "max_share": 0.09}, CANNOT_SAY, "only 10% or more of them"),
        ({**SILENT, "max_share": 0.1}, NONE_DETECTED, "10% of the used ones (bound 10%)"),
        ({**SILENT, "max_auc": None, "max_share": 0.4}, NONE_DETECTED, "below the bound 0.7,"),
        ({**SILENT, "max_auc": None, "max_share": 0.2}, CANNOT_SAY, "not below the bound 0.6"),
        ({**SILENT, "power": Power(0.6, 0.8, 0.1, 0.31, 0.95)}, CANNOT_SAY, "the bound is 30%"),
        ({**SILENT, "power": Power(0.6, 0.8, 0.1, None, 0.95)}, CANNOT_SAY, "no share of the used"),
        (
            {**SILENT, "near_copies": Copies("ab", (), ())},
            LEAKAGE,
            "2 of the used images are among",
        ),
        ({**SILENT, "near_copies": Copies((), (), "q")}, LEAKAGE, "nearly as they are (nearer"),
        ({"p_value": 0.01, "near_copies": Copies((), "a", ())}, CANNOT_SAY, "put this right"),
        ({**SWAPPED, "near_copies": Copies((), "a", ())}, CANNOT_SAY, "put this right"),
        ({**SILENT, **SWAPPED}, CANNOT_SAY, "other finds the not-used images more used"),
        ({"p_value": 0.01, **SWAPPED}, CANNOT_SAY, "are the labels swapped?"),
        ({**SILENT, "furthest_blind": Extreme("b", 0.1, 0.05)}, CANNOT_SAY, "(b, ROC AUC 0.10"),
        ({"p_value": 0.01, "furthest_blind": Extreme("b", 0.9, 0.01)}, LEAKAGE, "by more than"),
        ({**SILENT, "disclosure": risk_of(True)}, NONE_DETECTED, "below the bound"),
        ({**SILENT, "disclosure": risk_of(None)}, NONE_DETECTED, "below the bound"),
        (
            {**SILENT, "disclosure": risk_of(False)},
            CANNOT_SAY,
            "at a prevalence of 0.01 may be as large as 0.12 by its interval (ranks, its surest "
            "answers, where 10% of the not-used images are called used), not below the bound 0.09",
        ),
        ({**SILENT, "max_auc": None, "disclosure": risk_of(True)}, CANNOT_SAY, "nobody said"),
        ({"p_value": 0.01, "disclosure": risk_of(False)}, LEAKAGE, "by more than"),
        ({**SWAPPED, "copies": Copies("ab", (), ())}, CANNOT_SAY, "are the labels swapped?"),
        ({**SWAPPED, "copies": Copies((), "a", ())}, CANNOT_SAY, "put this right"),
        ({**SILENT, "lowest": Extreme("other", 0.1, 0.06)}, NONE_DETECTED, "below the bound"),
        ({"image_itself": ImageItself(0.6, 0.2, 0.06)}, CANNOT_SAY, "patients of other kinds"),
        ({"image_itself": None}, CANNOT_SAY, "too few to say whether used images are nearer"),
        (
            {"low": -0.1, "image_itself": ImageItself(0.9, 0.2, 0.011)},
            CANNOT_SAY,
            "may differ in them",
        ),
        (
            {"low": -0.1, "image_itself": ImageItself(0.9, 0.2, 0.01)},
            LEAKAGE,
            "are 90% of the used and 20%",
        ),
        ({"low": None, "image_itself": ImageItself(0.9, 0.2, 0.01)}, CANNOT_SAY, "for the blind"),
        (
            {**SILENT, "image_itself": ImageItself(0.9, 0.2, 0.001)},
            NONE_DETECTED,
            "below the bound",
        ),
        ({"by_lot": True, "low": -0.1, "image_itself": None}, LEAKAGE, "lots decided"),
        ({"by_lot": True, "low": None}, LEAKAGE, "lots decided"),
        ({"by_lot": True, **SWAPPED}, CANNOT_SAY, "are the labels swapped?"),
        ({**SWAPPED, "empty_sets": ("all black",)}, CANNOT_SAY, "all black: such images say"),
        (
            {**SILENT, "by_lot": True, "furthest_blind": Extreme("b", 0.1, 0.01)},
            NONE_DETECTED,
            "would have been seen",
        ),
    ],
)
def test_the_verdict_follows_from_the_facts(free, facts, verdict, because):
    facts = dict(facts)
    bounds = {name: facts.pop(name) for name in ("max_auc", "max_share") if name in facts}
    free = replace(
        free,
        **bounds,
        prevalence=0.01,
        max_disclosure_risk=0.09,
        design="randomised" if facts.pop("by_lot", False) else "observed",
    )
    said, reason = decide(evidence_of(free, **facts))
    assert said == verdict
    assert because in reason


def test_a_finding_has_a_name_of_its_own_and_forbids_something():
    assert len({finding.name for finding in FINDINGS}) == len(FINDINGS)
    for finding in FINDINGS:
        assert finding.forbids
        assert finding.forbids <= {PUBLICATION, ACCUSATION, CLEARANCE}

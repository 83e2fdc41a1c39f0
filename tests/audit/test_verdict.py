"""What the verdict is made of."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
from stubs import N

from ganisi.audit import _verdict as verdict_module
from ganisi.audit._copies import Copies
from ganisi.audit.report._sections import Best, Controls, Power


def verdict_of(design, best="ranks", low=0.1, main_low=-0.5, p_value=0.01, **changes):
    parts = {
        "attack": SimpleNamespace(excess_interval=(main_low, 0.9)),
        "baselines": {
            "other": SimpleNamespace(excess_interval=(-main_low, 0.9)),
            "ranks": SimpleNamespace(excess_interval=None if low is None else (low, 0.9)),
        },
        "copies": Copies((), (), ()),
        "controls": Controls(None, True, None),
        "power": Power(0.6, 0.8, 0.05),
        **changes,
    }
    return verdict_module.verdict_step(design, best=Best(best, p_value, 10, 1.0), **parts)[0]


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

"""What holds for every step of an audit: seeds of its own, and no error taken for a reason."""

from dataclasses import replace

import numpy as np
import pytest
from stubs import USED, Recorder, result

from ganisi.audit import _contest as contest_module
from ganisi.audit import _positive_control as control_module
from ganisi.audit import _set_level as set_level_module
from ganisi.audit._contest import enter, run_permutations
from ganisi.audit._design import Seeds
from ganisi.audit._set_level import set_level_section


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
    monkeypatch.setattr(contest_module, "permutation_test", Recorder(result(0.5, [0.5])))
    contest = enter(design, design.eye, rows)
    run_permutations(design, [contest])
    run_permutations(design, [replace(contest, blinds={})])
    first, second = (call.arguments[2] for call in seen.calls)
    assert first == second == design.seeds.of("permutations")


def test_any_other_error_in_a_step_is_an_error(design, rows, monkeypatch):
    def broken(*_, **__):
        raise ValueError("broken")

    monkeypatch.setattr(contest_module, "stand_in_generators", broken)
    with pytest.raises(ValueError, match="broken"):
        enter(design, design.eye, rows)
    monkeypatch.setattr(control_module, "positive_control", broken)
    with pytest.raises(ValueError, match="broken"):
        control_module.control_section(design, rows)
    monkeypatch.setattr(set_level_module, "set_level_test", broken)
    with pytest.raises(ValueError, match="broken"):
        set_level_section(design, rows)

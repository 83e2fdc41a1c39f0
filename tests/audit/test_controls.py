"""What reaches the positive control, and what it plants: stubs record it."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from stubs import GROUPS, REAL, USED, N, Recorder

from ganisi import GANISI, Intensity
from ganisi.audit import _degradation, audit, degrade
from ganisi.audit import _positive_control as control_module
from ganisi.audit._degradation import DEGRADATIONS, REQUIRED, meaning_of, possible_kinds
from ganisi.audit._verdict import CANNOT_SAY
from ganisi.audit.report._sections import ControlResult
from ganisi.baselines import NearestGenerated
from ganisi.datasets import make_source_identification


def test_the_control_is_the_attack_on_unused_images_of_its_patients(design, rows, monkeypatch):
    seen = Recorder(then=control_module.positive_control)
    monkeypatch.setattr(control_module, "positive_control", seen)
    section = control_module.control_section(design, rows)
    (call,) = seen.calls
    np.testing.assert_array_equal(call.arguments[2], REAL[~USED])
    np.testing.assert_array_equal(call.groups, GROUPS[~USED])
    assert call.arguments[0] is design.eye.pairer
    assert call.arguments[1] is design.eye.attack
    assert call.generated is rows.generated
    assert (call.cv, call.n_permutations) == (design.cv, control_module.N_PERMUTATIONS)
    assert [one.name for one in section.results] == ["nothing", "exact", "noise 0.25"]


RESULTS = [
    ControlResult(name, 1, 0.5, p)
    for name, p in (("nothing", 0.9), ("exact", 0.01), ("mirrored", 0.04), ("moved 8", 0.5))
]


@pytest.mark.parametrize(
    ("required", "alpha", "found"),
    [
        (("exact",), 0.05, True),
        (("exact", "mirrored"), 0.05, True),
        (("exact", "mirrored"), 0.03, False),
        (("exact", "mirrored", "moved 8"), 0.05, False),
        # One that these images do not allow is not found either.
        (("exact", "turned 90"), 0.05, False),
    ],
)
def test_all_required_kinds_must_be_found_at_alpha(
    design, rows, monkeypatch, required, alpha, found
):
    monkeypatch.setattr(control_module, "positive_control", Recorder(RESULTS))
    design = replace(design, required_kinds=required, alpha=alpha)
    section = control_module.control_section(design, rows)
    assert section.found is found
    assert section.required == required


def test_copies_are_planted_beside_all_generated_images_each_kind_alone(design, rows, monkeypatch):
    added = Recorder(then=control_module.pair_more)
    monkeypatch.setattr(control_module, "pair_more", added)
    section = control_module.control_section(design, rows)
    assert [call.more for call in added.calls] == list(rows.copies.values())
    for call in added.calls:
        assert call.generated is rows.generated
        # Renumbered, and divided alike.
        theirs = GROUPS[~USED]
        np.testing.assert_array_equal(
            call.groups[:, None] == call.groups, theirs[:, None] == theirs
        )
        np.testing.assert_array_equal(call.arguments[2], REAL[~USED])
    # Without any other kind the figures are the same.
    for name, copies in rows.copies.items():
        alone = control_module.control_section(design, replace(rows, copies={name: copies}))
        assert alone.results[1] == next(one for one in section.results if one.name == name)


def test_the_shares_of_a_blend_are_those_of_its_name():
    image, other = np.full((4, 4), 100.0), np.full((4, 4), 200.0)
    image[0, 0], other[0, 0] = 0, 250
    blended = degrade(image, "blend", 0.3, other)
    expected = np.clip(0.7 * image + 0.3 * other, image.min(), image.max())
    np.testing.assert_allclose(blended, expected)
    assert blended[0, 0] == 75


def test_no_patient_is_divided_between_the_planted_and_the_others(design):
    patients = design.groups_of_not_used
    for patient in np.unique(patients):
        assert len(np.unique(design.planted[patients == patient])) == 1


def test_what_is_planted_depends_on_no_other_kind_of_copy(design, monkeypatch):
    images = np.random.default_rng(0).random((N, 8, 8)).astype(np.float32)
    given = SimpleNamespace(images=images, sets=[images[:3]])
    all_kinds = _degradation.degraded_copies(given, design)
    monkeypatch.setattr(_degradation, "possible_kinds", lambda _: ["blend 0.3", "noise 0.25"])
    for name, copies in _degradation.degraded_copies(given, design).items():
        np.testing.assert_array_equal(copies, all_kinds[name])


def test_what_images_are_too_small_for_is_not_planted():
    assert possible_kinds({(64, 64)}) == list(DEGRADATIONS)
    assert "turned 90" not in possible_kinds({(64, 64), (64, 80)})
    small = possible_kinds({(31, 40)})
    assert "moved 4" in small
    assert "moved 8" not in small


def test_kinds_are_told_with_their_doses_together():
    assert meaning_of("moved 8", "turned 3", "moved 2", "mirrored") == (
        "mirrored left-right; turned by 3 degrees; moved by 2, 8 pixels down and right"
    )
    assert meaning_of() == ""
    assert set(REQUIRED) < set(DEGRADATIONS)


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize(("kind", "dose"), [("mirror", 0), ("turn", 90), ("shift", 6)])
def test_an_attack_that_sees_no_turned_copies_does_not_clear_a_turned_leak(kind, dose):
    data = make_source_identification(40, 40, 60, size=32, leakage=0.9, random_state=1)
    turned = np.stack([degrade(image, kind, dose) for image in data.generated])
    in_place = GANISI(Intensity(grid=32, n_quantiles=1), identifier=NearestGenerated())
    dials = {"n_permutations": 19, "baselines": {}, "max_auc": 0.99, "random_state": 0}
    given = {"generated": (turned,), "groups": data.groups}
    report = audit(in_place, data.real, data.used, **given, **dials)
    p_values = {one.name: one.p_value for one in report.controls.results}
    assert p_values["exact"] <= 0.05 < min(p_values["mirrored"], p_values["moved 4"])
    assert not report.controls.found
    assert report.controls.required == REQUIRED
    assert report.verdict == CANNOT_SAY
    assert "and were not found (mirrored left-right; " in report.reason
    # Said once: what was looked for is not repeated below the verdict.
    assert str(report).count("opies planted on purpose were found") == 1
    asked_less = audit(
        in_place, data.real, data.used, **given, **dials, required_kinds=["exact", "noise 0.25"]
    )
    assert asked_less.controls.found


@pytest.mark.parametrize(("alpha", "n_permutations"), [(0.05, 39), (0.01, 99)])
def test_enough_permutations_that_copies_can_be_found_at_alpha(
    design, rows, monkeypatch, alpha, n_permutations
):
    seen = Recorder(RESULTS)
    monkeypatch.setattr(control_module, "positive_control", seen)
    control_module.control_section(replace(design, alpha=alpha), rows)
    assert seen.calls[0].n_permutations == n_permutations


@pytest.mark.parametrize("degrees", [90, 3])
def test_turns_are_counter_clockwise(degrees):
    image = np.zeros((65, 65), np.uint8)
    image[31:34, 55:60] = 255
    turned = degrade(image, "turn", degrees)
    (row,) = np.argwhere(turned > 128).mean(axis=0)[:1]
    assert row == pytest.approx(32 - 25 * np.sin(np.deg2rad(degrees)), abs=0.6)


@pytest.mark.parametrize("dtype", [np.uint16, np.float32])
@pytest.mark.parametrize("name", DEGRADATIONS)
def test_no_kind_of_copy_wraps_or_leaves_the_grey_levels(name, dtype):
    rng = np.random.default_rng(0)
    image, other = rng.integers(60_000, 65_536, (2, 40, 40)).astype(dtype)
    kind, strength = DEGRADATIONS[name]
    copy = degrade(image, kind, strength, other, 0)
    assert copy.dtype == dtype
    assert copy.shape == image.shape
    assert copy.min() > 55_000
    assert abs(copy.mean() - image.mean()) < 2_000


def test_what_is_pasted_into_keeps_its_own_grey_levels():
    image, other = np.full((8, 8), 0.5), np.linspace(0, 1, 64).reshape(8, 8)
    pasted = degrade(image, "paste", 0.5, other)
    expected = other.copy()
    expected[2:6, 2:6] = 0.5
    np.testing.assert_array_equal(pasted, expected)


@pytest.mark.parametrize("kinds", [[], "exact", ["exact", "melted"], 3, [["exact"]]])
def test_kinds_that_are_planted_nowhere_are_refused_before_any_work(kinds, monkeypatch):
    data = make_source_identification(6, 6, 6, size=32, random_state=0)
    monkeypatch.setattr(Intensity, "_maps", None)
    pixels = GANISI(Intensity(grid=8, n_quantiles=1), identifier=NearestGenerated())
    with pytest.raises(ValueError, match=r"required_kinds=.*expected a list of.*zoomed 1\.1"):
        audit(pixels, data.real, data.used, generated=(data.generated,), required_kinds=kinds)

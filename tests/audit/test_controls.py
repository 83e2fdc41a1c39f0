"""What reaches the positive control, and what it plants: stubs record it."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
from stubs import GENERATED, GROUPS, REAL, USED, N, Recorder

from ganisi.audit import _auditing as auditing
from ganisi.audit import _positive_control as control_module
from ganisi.audit import degrade
from ganisi.audit._cross_fitting import CrossFit


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


def test_no_patient_is_divided_between_the_planted_and_the_others(design):
    patients = design.groups_of_not_used
    for patient in np.unique(patients):
        assert len(np.unique(design.planted[patients == patient])) == 1


def test_what_is_planted_depends_on_no_other_kind_of_copy(design, monkeypatch):
    images = np.random.default_rng(0).random((N, 8, 8)).astype(np.float32)
    given = SimpleNamespace(images=images, sets=[images[:3]])
    all_kinds = auditing.degraded_copies(given, design)
    fewer = {name: auditing.DEGRADATIONS[name] for name in ("blend 0.3", "noise 0.25")}
    monkeypatch.setattr(auditing, "DEGRADATIONS", fewer)
    for name, copies in auditing.degraded_copies(given, design).items():
        np.testing.assert_array_equal(copies, all_kinds[name])

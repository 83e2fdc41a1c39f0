"""Evidence of the image itself: used images nearer to generated ones than their kind explains."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import ndimage
from stubs import make_design

from ganisi import GANISI, Intensity
from ganisi.audit import _image_itself as module
from ganisi.audit import audit
from ganisi.audit._image_itself import image_itself
from ganisi.baselines import NearestGenerated
from ganisi.datasets import make_source_identification


def kinds(seed, copied=0, n_side=20, n_generated=60, noise=0.02):
    """Images of six kinds; the generator draws fresh ones, and copies some used images nearly."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(6, 16, 16))
    real = centres[rng.integers(6, size=2 * n_side)]
    generated = centres[rng.integers(6, size=n_generated)]
    real, generated = (x + 0.4 * rng.normal(size=x.shape) for x in (real, generated))
    generated[:copied] = real[:copied] + noise * rng.normal(size=(copied, 16, 16))
    return real, generated


def asked(real, generated, groups=None, used=None):
    n = len(real)
    design = make_design(groups=groups, used=np.arange(n) < n // 2 if used is None else used)
    return image_itself(SimpleNamespace(images=real, sets=[generated]), design)


def test_fresh_images_of_the_same_kinds_are_no_evidence_and_copies_are():
    fresh = [asked(*kinds(seed)) for seed in range(6)]
    gap = [one.share - one.usual for one in fresh]
    assert np.mean(gap) == pytest.approx(0, abs=0.1)
    assert sum(one.p_value <= 0.05 for one in fresh) <= 2
    copies = asked(*kinds(0, copied=10))
    assert copies.p_value < 0.001
    assert copies.share > copies.usual + 0.3


@pytest.mark.parametrize(
    "change",
    [
        lambda x: x[:, :, ::-1],
        lambda x: np.rot90(x, axes=(1, 2)),
        lambda x: np.roll(x, 2, axis=1),
        lambda x: 3 * x - 1,
    ],
    ids=["mirrored", "turned", "moved", "brighter"],
)
def test_copies_are_seen_wherever_and_however_they_lie(change):
    real, generated = kinds(1, copied=16)
    assert asked(real, np.ascontiguousarray(change(generated))).p_value < 0.01


def smooth_kinds(seed, copied):
    """64 x 64 pixels: a move by a part of a cell changes every cell."""
    real, generated = kinds(seed, copied)
    return tuple(
        ndimage.gaussian_filter(np.kron(images, np.ones((1, 4, 4))), (0, 2, 2))
        for images in (real, generated)
    )


@pytest.mark.parametrize("by", [(1, 1), (2, 2), (0, 3), (-1, 2)])
def test_copies_are_seen_where_all_were_moved_by_a_part_of_a_cell(by):
    real, generated = smooth_kinds(1, copied=16)
    moved = np.roll(generated, by, axis=(1, 2))
    assert asked(real, moved).p_value < 0.01


def test_mirrors_and_quarter_turns_change_nothing():
    real, generated = smooth_kinds(2, copied=12)
    as_they_are = asked(real, generated)
    for change in (lambda x: x[:, ::-1], lambda x: np.rot90(x, axes=(1, 2))):
        found = asked(real, np.ascontiguousarray(change(generated)))
        assert found.p_value == pytest.approx(as_they_are.p_value)


@pytest.mark.parametrize("parts", [2, 4])
def test_an_image_is_moved_by_parts_of_a_cell_either_way(parts):
    image = np.random.default_rng(0).normal(size=(64, 64))
    moved = module._moved_by_parts(image, parts)
    of_mirrored = module._moved_by_parts(image[:, ::-1], parts)[:, :, ::-1]
    apart = np.abs(moved[:, None] - of_mirrored).max(axis=(2, 3))
    assert len(moved) == (parts + 1) ** 2
    assert (apart.min(axis=1) < 1e-6).all()


def test_no_part_of_a_cell_is_smaller_than_a_pixel(monkeypatch):
    steps = []
    moved = module._moved_by_parts
    monkeypatch.setattr(
        module, "_moved_by_parts", lambda image, parts: steps.append(parts) or moved(image, parts)
    )
    rng = np.random.default_rng(0)
    for real, side, expected in (
        *((16, 16, set()), (32, 32, {2}), (48, 48, {2}), (64, 64, {2, 4})),
        *((64, 32, {2}), (32, 64, {2}), (16, 64, set()), (64, 16, set())),
    ):
        steps.clear()
        asked(rng.normal(size=(8, real, real)), rng.normal(size=(6, side, side)))
        assert set(steps) == expected


def test_a_file_is_read_a_few_times_however_many_images_there_are(monkeypatch):
    """Two times for used images; one more for generated ones, where one is found by another."""
    counts = {}
    read = module.read_image

    def counting(image):
        counts[image.tobytes()] = counts.get(image.tobytes(), 0) + 1
        return read(image)

    monkeypatch.setattr(module, "read_image", counting)
    real, generated = smooth_kinds(3, copied=4)
    asked(real, generated)
    assert {counts[image.tobytes()] for image in real[:20]} == {2}
    assert {counts.get(image.tobytes(), 0) for image in real[20:]} == {0}
    of_generated = {counts[image.tobytes()] for image in generated}
    assert of_generated == {2, 3}


def test_those_that_tie_at_the_border_of_the_nearest_quarter_count_in_part():
    found = module._compared(
        np.array([0.1, 0.5, 0.5]), np.array([0.5, 0.5, 0.5, 0.9, 0.9]), list("abc")
    )
    # One of the two places is taken, and five share the other.
    assert found.share == pytest.approx((1 + 2 * 0.2) / 3)
    assert found.usual == pytest.approx(3 * 0.2 / 5)


def test_an_image_is_no_neighbour_of_its_own_and_no_real_one_of_a_generated_one():
    """Every generated image twice: each lies at its double, and no used one does."""
    real, generated = kinds(2)
    twice = asked(real, np.concatenate([generated, generated]))
    assert twice.share == 0
    assert twice.p_value > 0.9


def test_patients_count_and_not_images():
    real, generated = kinds(3, copied=12)
    alone, together = asked(real, generated), asked(real, generated, np.arange(40) // 5)
    assert together.p_value > 10 * alone.p_value
    assert asked(real, generated, np.zeros(40, dtype=int)) is None
    assert asked(real, generated[:3]) is None


def test_only_used_images_are_asked_about():
    real, generated = kinds(4, copied=14)
    others = asked(real, generated, used=np.arange(40) >= 20)
    assert others.p_value > 0.05


def test_equal_images_are_no_evidence():
    same = np.ones((20, 16, 16))
    found = asked(np.concatenate([same, same]), same)
    assert (found.share, found.usual, found.p_value) == (0.25, 0.25, 1)


def test_as_many_generated_images_as_there_are_speak_up_to_a_hundred(monkeypatch):
    seen = []
    compared = module._compared
    monkeypatch.setattr(module, "_compared", lambda *a: seen.append(len(a[1])) or compared(*a))
    asked(*kinds(5, n_generated=60))
    asked(*kinds(5, n_generated=130))
    assert seen == [60, 100]


def test_a_design_is_one_of_two():
    with pytest.raises(ValueError, match="design='lots'; expected 'observed', or 'randomised'"):
        audit(SimpleNamespace(), [], [], generated=[], design="lots")


def test_lots_are_of_one_design_only():
    design = make_design()
    assert not design.by_lot
    assert replace(design, design="randomised").by_lot


def test_images_of_a_tight_kind_are_near_and_that_is_no_evidence():
    rng = np.random.default_rng(6)
    centres, spread = rng.normal(size=(2, 16, 16)), np.array([0.1, 0.8])

    def of(which):
        return centres[which] + spread[which, None, None] * rng.normal(size=(len(which), 16, 16))

    found = asked(of(np.repeat([0, 1, 0], [17, 3, 20])), of(np.repeat([0, 1], [12, 48])))
    assert abs(found.share - found.usual) < 0.25


def test_a_generated_image_in_place_of_a_used_one_is_in_nobody_s_surroundings():
    """Of two twins among strangers each lies much nearer to the other than that lies to others."""
    rng = np.random.default_rng(7)
    generated = rng.normal(size=(6, 16, 16))
    generated[1] = generated[0] + 0.1 * rng.normal(size=(16, 16))
    nearness = module._relative_nearness([], np.array([0]), list(generated), None)
    assert nearness[0] < 0.1


@pytest.mark.parametrize(("how", "because"), [("observed", "used images"), ("randomised", "lots")])
def test_the_design_reaches_the_verdict_and_the_report(how, because):
    data = make_source_identification(20, 20, 60, size=32, leakage=1.0, random_state=0)
    pixels = GANISI(Intensity(grid=32, n_quantiles=1), identifier=NearestGenerated())
    report = audit(
        pixels,
        data.real,
        data.used,
        generated=(data.generated,),
        groups=data.groups,
        n_permutations=19,
        baselines={},
        design=how,
        random_state=0,
    )
    assert report.settings.design == how
    assert report.verdict == "leakage detected"
    assert because in report.reason
    assert report.image_itself.share > report.image_itself.usual
    for text in (str(report), report.to_html()):
        assert ("Lots decided which patients" in " ".join(text.split())) == (how == "randomised")
        share = f"{report.image_itself.share:.0%} of the used images are among the nearest quarter"
        assert share in " ".join(text.split())

"""What the benchmarks of views and rivals measure, and what follows from it."""

import itertools

import numpy as np
import pytest


@pytest.fixture
def choose(folder):
    import choose_recommended

    return choose_recommended


@pytest.fixture
def transforms(folder):
    import _transforms

    return _transforms


@pytest.fixture
def arrays(leaky):
    return {
        # Of 64 pixels a side, which both eyes need.
        "images": leaky.real.repeat(2, axis=1).repeat(2, axis=2),
        "generated": leaky.generated.repeat(2, axis=1).repeat(2, axis=2),
        "role": np.where(leaky.used, "used", "not used"),
        "used": leaky.used,
        "groups": leaky.groups,
    }


def test_transforms_keep_size_and_depth_and_do_what_their_names_say(transforms):
    images = np.random.default_rng(0).integers(0, 256, (6, 32, 32), dtype=np.uint8)
    made = {name: transforms.transformed(images, name) for name in transforms.TRANSFORMS}
    for name, seen in made.items():
        assert (seen.shape, seen.dtype) == (images.shape, images.dtype), name
        assert (name == transforms.STORED) == np.array_equal(seen, images)
    np.testing.assert_array_equal(made["moved 4"][:, 4:, 4:], images[:, :-4, :-4])
    np.testing.assert_array_equal(made["turned 180"], made["all mirrored"][:, ::-1])
    turned = [np.array_equal(*pair) for pair in zip(made["half mirrored"], images, strict=True)]
    assert 0 < sum(turned) < 6
    np.testing.assert_array_equal(made["inverted"], ~images)
    for zoomed in ("zoomed 1.1", "cropped to 0.8, resized"):
        # What was in the middle stays there.
        middle = np.abs(made[zoomed].astype(int) - images)[:, 15:17, 15:17].mean()
        assert middle < np.abs(made[zoomed].astype(int) - images).mean()


def test_mirrored_images_are_seen_under_mirrors_and_kept(
    choose, arrays, monkeypatch, tmp_path, capsys
):
    monkeypatch.setattr(choose, "read", lambda source: arrays)
    measured = "x", "y", "all mirrored", tmp_path, ("none", "mirrors")
    figures = choose.measure(*measured)
    assert len(figures) == 2 * len(choose.MIXES)
    seen = {(one["views"], one["mix"]): one["auc"] for one in figures}
    for mix in choose.MIXES:
        # Correlation has mirrors of its own.
        assert seen["mirrors", mix] > 0.95
        assert ("correlation" in mix) == (seen["none", mix] > 0.95)
    assert {one["against"] for one in figures} == {choose.OTHERS}
    monkeypatch.setattr(choose, "read", None)
    assert choose.measure(*measured) == figures


def test_the_rule_is_the_one_that_is_written_down(choose, monkeypatch, capsys):
    """Not far below the best as stored; then the best worst row; then the cheapest."""
    names = [choose.STORED, "up-down"]
    rows = {
        ("none", "textures"): (0.90, 0.50),
        ("mirrors", "textures"): (0.895, 0.891),
        ("mirrors", "all maps"): (0.90, 0.90),
        ("dihedral", "textures"): (0.90, 0.90),
        ("dihedral", "all maps"): (0.88, 0.99),
    }
    figures = [
        {"data": "x", "transform": t, "views": v, "mix": m, "against": choose.OTHERS, "auc": auc}
        for v, m in itertools.product(choose.GROUPS, choose.MIXES)
        for t, auc in zip(names, rows.get((v, m), (0.5, 0.5)), strict=True)
    ]
    no_leak = [{**one, "data": "early-0", "auc": 1.0} for one in figures]
    choose.report(figures + no_leak, names)
    printed = capsys.readouterr().out
    assert "26 candidates, 4 as good as stored, 3 level" in printed
    assert "Chosen: ('mirrors', 'textures')" in printed
    assert "early-0, none, textures: 1.000 to 1.000" in printed


def test_rivals_weigh_nothing_where_they_are_not_asked_for(folder, arrays):
    import rivals

    descriptor, rows = rivals.real_rows(rivals.recommended(), arrays)
    generated = descriptor.transform(arrays["generated"])
    together, apart = rivals.probabilities(rows, generated, arrays, weight=0)
    np.testing.assert_allclose(together, apart, rtol=1e-6)
    contested, alone = rivals.probabilities(rows, generated, arrays, weight=4)
    assert abs(contested - together).max() > 0.01
    for scores in (together, contested, alone):
        assert float(rivals.cell(arrays, scores, "not used").split(" +- ")[0]) > 0.9
        assert rivals.cell(arrays, scores, rivals.SIBLING) == "-"

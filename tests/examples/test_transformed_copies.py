"""The table of transformed copies: what is measured, what is kept, what is printed."""

import dataclasses
import json

import numpy as np
import pytest
from generator_runs import SIBLING
from sklearn.pipeline import FeatureUnion

from ganisi import GANISI, Intensity
from ganisi.baselines import NearestGenerated

ROWS = ("as stored", "all mirrored", "inverted")


@pytest.fixture
def table(folder):
    import transformed_copies

    return transformed_copies


@pytest.fixture
def settings(table):
    return table.Settings(n_folds=2, rows=ROWS)


@pytest.fixture
def described_images(monkeypatch, table):
    """Two attacks by pixels, with and without mirrors; and how often real images are described."""
    cells = Intensity(grid=8, n_quantiles=1)
    attacks = [
        (GANISI(cells, identifier=NearestGenerated(), views=views), {name: None})
        for name, views in (("in place", None), ("mirrored", "mirrors"))
    ]
    seen, real_rows = [], table.real_rows
    monkeypatch.setattr(table, "attacks_and_rivals", lambda side: attacks)
    monkeypatch.setattr(table, "real_rows", lambda *a: seen.append(a[0].views) or real_rows(*a))
    return seen


def test_each_row_is_measured_on_images_that_were_so_treated(
    table, copies, settings, described_images, tmp_path
):
    found, compared = table.measure(copies, settings, tmp_path / "x.json")
    assert compared == list(table.COMPARED)
    # Once for each attack, and not for each row.
    assert described_images == [None, "mirrors"]
    for against in compared:
        assert found["in place"]["as stored"][against] == [1, 0]
        assert found["in place"]["all mirrored"][against][0] < 0.9
        assert found["in place"]["inverted"][against][0] < 0.9
        assert found["mirrored"]["all mirrored"][against] == [1, 0]


def test_a_second_run_goes_on_where_the_first_one_stopped(
    table, copies, settings, described_images, tmp_path, monkeypatch
):
    path = tmp_path / "x.json"
    table.measure(copies, dataclasses.replace(settings), path)
    whole = json.loads(path.read_text())
    del whole["attacks"]["mirrored"]["inverted"]
    path.write_text(json.dumps(whole))
    del described_images[:]
    found, _ = table.measure(copies, settings, path)
    assert described_images == ["mirrors"]
    assert set(found["mirrored"]) == set(ROWS)
    del described_images[:]
    table.measure(copies, settings, path)
    assert described_images == []
    changed = {**copies, "generated": copies["generated"][::-1]}
    table.measure(changed, settings, path)
    assert described_images == [None, "mirrors"]


def test_without_unused_slices_there_is_one_table(
    table, copies, settings, described_images, tmp_path, capsys
):
    rows = copies["role"] != SIBLING
    others = {
        name: values if name == "generated" else values[rows] for name, values in copies.items()
    }
    found, compared = table.measure(others, settings, tmp_path / "x.json")
    assert compared == ["other patients"]
    table.print_table(found, ROWS, *compared)
    lines = capsys.readouterr().out.splitlines()
    assert lines[2] == "| generated images | in place | mirrored |"
    assert lines[4] == "| as stored | 1.000 ± 0.000 | 1.000 ± 0.000 |"
    assert [line.split(" | ")[0] for line in lines[4:7]] == [f"| {row}" for row in ROWS]


def test_the_columns_are_the_paper_what_is_recommended_rivals_and_every_baseline(table):
    columns = [name for _, identifiers in table.attacks_and_rivals(64) for name in identifiers]
    assert columns[:3] == ["GANISI()", "recommended()", "recommended(rivals=True)"]
    scoring = [name for _, identifiers in table.attacks(64) for name in identifiers]
    assert set(columns) - set(scoring) == {"recommended(rivals=True)"}
    (model, identifiers) = list(table.attacks_and_rivals(64))[1]
    assert isinstance(model.descriptor, FeatureUnion)
    assert identifiers["recommended(rivals=True)"].predicts_jointly
    assert not np.any([identifiers["recommended()"]])


def test_every_transform_is_a_row(table):
    import _transforms

    assert table.Settings().rows == tuple(_transforms.TRANSFORMS)
    assert len(table.Settings().rows) == 22


@pytest.mark.parametrize(("side", "grid"), [(32, 16), (64, 32), (65, 32), (256, 32)])
def test_small_images_are_cut_into_fewer_cells(scoring, side, grid):
    by_name = {name: model for model, names in scoring.attacks(side) for name in names}
    textures, image = (pairer for _, pairer in by_name["recommended()"].stages()[1].pairers)
    assert (textures.grid, image.grid) == (grid, 2 * grid)

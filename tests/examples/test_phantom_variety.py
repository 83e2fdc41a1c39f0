"""How unlike phantoms and real slices are: distances, patients, figure."""

import numpy as np
import pytest
from PIL import Image


@pytest.fixture
def variety(folder):
    import phantom_variety

    return phantom_variety


def flat(*levels):
    """Images of one grey level each: two are as far apart as their levels."""
    return np.stack([np.full((4, 4), level) for level in levels])


def test_nearest_slices_are_those_of_others_and_of_the_same_patient(variety):
    # Two patients of two slices, and one of a single slice.
    mean, others, siblings = variety.nearest_distances(
        flat(0, 10, 30, 60, 100), np.array([0, 0, 1, 1, 2])
    )
    assert mean == pytest.approx(np.mean([30, 60, 100, 20, 50, 90, 70, 40]))
    np.testing.assert_allclose(others * mean, [30, 20, 20, 40, 40])
    np.testing.assert_allclose(siblings * mean, [10, 10, 30, 30])


def test_distances_do_not_depend_on_contrast(variety):
    images, groups = flat(0, 10, 30, 60), np.array([0, 0, 1, 1])
    mean, *nearest = variety.nearest_distances(images, groups)
    doubled, *same = variety.nearest_distances(2 * images, groups)
    assert doubled == pytest.approx(2 * mean)
    np.testing.assert_allclose(nearest, same)


@pytest.fixture
def slices(tmp_path):
    """Four real slices of 128 x 128 in a folder, and the table of their patients beside it."""
    folder = tmp_path / "real"
    folder.mkdir()
    rng = np.random.default_rng(0)
    for k in range(4):
        image = rng.integers(0, 256, (128, 128), dtype=np.uint8)
        Image.fromarray(image).save(folder / f"{k}.png")
    rows = [f"real,{k}.png,{k // 2}" for k in range(4)]
    (tmp_path / "groups.csv").write_text("\n".join(["folder,file,group", *rows]) + "\n")
    return folder


def test_real_slices_are_halved_and_belong_to_the_patients_of_the_table(variety, slices):
    images, groups = variety.read_real(slices)
    assert images.shape == (4, 64, 64)
    first = np.asarray(Image.open(slices / "0.png")).astype(float)
    blocks = first.reshape(64, 2, 64, 2).mean(axis=(1, 3))
    # Rows are rounded before columns.
    assert abs(images[0] - blocks).max() <= 1
    assert groups.tolist() == ["0", "0", "1", "1"]
    (slices.parent / "groups.csv").unlink()
    assert variety.read_real(slices)[1].tolist() == [0, 1, 2, 3]


def test_a_row_for_each_seed_and_folder_is_printed(variety, slices, capsys):
    variety.main(["--patients", "4", "--slices", "2", "--seeds", "0", "1", "--data", str(slices)])
    head, *rows = capsys.readouterr().out.splitlines()
    assert "nearest of another patient" in head
    assert [row.split("  ")[0] for row in rows] == [
        "phantoms, seed 0",
        "phantoms, seed 1",
        "phantoms, variety=1, spacing=0.4, seed 0",
        "phantoms, variety=1, spacing=0.4, seed 1",
        "real slices 1, real",
    ]


def test_slices_of_a_patient_are_nearer_than_those_of_another(variety, capsys):
    options = variety.argparse.Namespace(patients=6, slices=3)
    for dials in variety.PHANTOMS.values():
        _, others, siblings = variety.nearest_distances(*variety.draw(options, 0, dials))
        assert len(others) == len(siblings) == 18
        assert np.median(siblings) < np.median(others)


def test_the_figure_has_a_line_for_each_seed_and_folder(
    variety, slices, tmp_path, matplotlib, monkeypatch
):
    drawn = []
    of_figure = matplotlib.figure.Figure.savefig
    monkeypatch.setattr(
        matplotlib.figure.Figure,
        "savefig",
        lambda figure, *a, **k: [drawn.append(figure), of_figure(figure, *a, **k)],
    )
    found = {"phantoms": [(1.0, np.array([0.3, 0.1]), np.array([0.2]))] * 2}
    found["real slices 1"] = [(1.0, np.array([0.4, 0.5]), np.array([]))]
    variety.draw_figure(found, tmp_path / "figure.png")
    assert (tmp_path / "figure.png").stat().st_size > 0
    other, same = drawn[0].axes
    assert [len(ax.lines) for ax in (other, same)] == [3, 2]
    np.testing.assert_allclose(other.lines[0].get_xdata(), [0.1, 0.3])
    np.testing.assert_allclose(other.lines[0].get_ydata(), [0.5, 1])
    texts = [text.get_text() for text in other.get_legend().get_texts()]
    assert texts == ["phantoms", "real slices 1"]
    matplotlib.pyplot.close(drawn[0])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--data", "nowhere"], "argument --data: there is no folder nowhere"),
        (["--patients", "1"], "argument --patients: at least 2, got 1"),
        (["--slices", "1"], "argument --slices: at least 2, got 1"),
    ],
)
def test_bad_arguments_are_refused_by_name(variety, arguments, message, capsys):
    with pytest.raises(SystemExit, match="2"):
        variety.main(arguments)
    assert message in capsys.readouterr().err

"""The table of verdicts on changed copies, on a few small phantoms."""

import numpy as np
import pytest
from generator_runs import NOT_USED, USED

from ganisi import GANISI, Intensity
from ganisi.baselines import NearestGenerated
from ganisi.datasets import make_source_identification


@pytest.fixture
def verdicts(folder, monkeypatch):
    pixels = GANISI(Intensity(grid=16, n_quantiles=1), identifier=NearestGenerated())
    import changed_verdicts as module

    monkeypatch.setattr(module, "recommended", lambda **_: pixels)
    return module


@pytest.fixture
def arrays(verdicts):
    made = make_source_identification(12, 12, 20, size=64, leakage=1.0, random_state=0)
    return {
        "generated": made.generated,
        "images": made.real,
        "used": made.used,
        "groups": made.groups,
        "role": np.where(made.used == 1, USED, NOT_USED),
    }


def test_a_row_has_the_verdict_and_what_it_rests_on(verdicts, arrays):
    report = verdicts.verdict_of(arrays, "all mirrored", "observed", n_permutations=19)
    cells = [cell.strip() for cell in verdicts.line_of("x", "row", "design", report).split("|")]
    assert cells[1:5] == ["x", "row", "design", report.verdict]
    assert cells[5] == f"{report.attack.scores['roc_auc']:.2f}"
    assert float(cells[7]) == pytest.approx(report.image_itself.p_value, abs=1e-3)


def test_what_images_say_themselves_is_the_same_for_mirror_images(verdicts, arrays):
    rows = [verdicts.quick_line_of("x", row, arrays) for row in ("as stored", "all mirrored")]
    counts = [[cell.strip() for cell in row.split("|")][3:5] for row in rows]
    assert counts[0] == counts[1]
    assert counts[0][1] == "0 of 12"
    assert counts[0][0].endswith(" of 12")


def test_sets_of_a_folder_can_be_asked_about(verdicts, arrays, monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(verdicts.sets, "names_of", lambda folder: [folder.name])
    monkeypatch.setattr(verdicts.sets, "read_set", lambda *_: (arrays, {}))
    verdicts.main(["--quick", "--sets", str(tmp_path / "toy"), "--rows", "as stored"])
    assert capsys.readouterr().out.splitlines()[-1].startswith("| toy | as stored | ")

"""``ganisi identify --fdr``: decisions beside the probabilities."""

import csv
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from ganisi import recommended
from ganisi.audit import CrossFit, query_decisions, reference_split
from ganisi.cli import _attack, _deciding, main
from ganisi.cli._deciding import probabilities_and_decisions
from ganisi.datasets import make_source_identification
from ganisi.identification import _query_decisions
from ganisi.model._describing import described

KNOWN, ASKED = np.r_[0:20, 24:72], np.r_[20:24, 72:76]


@pytest.fixture(scope="module")
def data():
    """Images of which the used ones come first, those of a patient side by side."""
    made = make_source_identification(24, 52, 40, size=32, leakage=1.0, random_state=0)
    order = np.lexsort([made.groups, -made.used])
    return SimpleNamespace(
        real=made.real[order],
        used=made.used[order],
        groups=made.groups[order],
        generated=made.generated,
    )


def decided(data, model, **options):
    return probabilities_and_decisions(
        model, data.real[KNOWN], data.used[KNOWN], data.generated, data.real[ASKED],
        **{"groups": data.groups[KNOWN], "query_groups": data.groups[ASKED], "fdr": 0.2, "seed": 1,
           **options},
    )  # fmt: skip


@pytest.mark.parametrize("rivals", [False, True])
def test_probabilities_are_those_of_the_model_and_decisions_those_of_the_function(data, rivals):
    model = recommended(grid=16, rivals=rivals).set_params(views=None)
    intervals, found = decided(data, model)
    known = data.real[KNOWN], data.used[KNOWN]
    used, groups = known[1] == 1, data.groups[KNOWN]
    fit = CrossFit.from_images(
        model, *known, generated=(data.generated,), groups=groups,
        cv=reference_split(used, groups, 1),
    )  # fmt: skip
    rows = described(model.stages()[0].fit(known[0]), data.real[ASKED])
    keys = [image.tobytes() for image in data.real[ASKED]] if rivals else None
    right = query_decisions(
        fit, rows, groups=data.groups[ASKED], keys=keys, fdr=0.2, random_state=1
    )
    np.testing.assert_array_equal(found.decision, right.decision)
    np.testing.assert_array_equal(found.p_value, right.p_value)
    assert {"used"} <= set(found.decision[:4])
    assert set(found.decision[4:]) == {"not distinguishable"}
    model.fit(*known, generated=(data.generated,), groups=groups)
    asked = model.predict_proba_interval(data.real[ASKED])
    np.testing.assert_array_equal(asked[:, 1], model.predict_proba(data.real[ASKED])[:, 1])
    np.testing.assert_allclose(intervals, asked, atol=1e-6)


def test_what_cannot_be_decided_is_refused_before_the_work(data, monkeypatch):
    monkeypatch.setattr(_deciding, "described", lambda *_, **__: pytest.fail("work"))
    model = recommended(grid=16)
    with pytest.raises(ValueError, match=r"nothing can be found at fdr=0\.001"):
        decided(data, model, fdr=0.001)
    with pytest.raises(ValueError, match="fdr=1"):
        decided(data, model, fdr=1)
    with pytest.raises(ValueError, match="also have images of known status"):
        decided(data, model, query_groups=[*data.groups[ASKED][:-1], data.groups[0]])
    few = np.r_[:20, 24:26]
    with pytest.raises(ValueError, match="2 patients have not-used images only"):
        probabilities_and_decisions(
            model, data.real[few], [1] * 20 + [0] * 2, data.generated, data.real[ASKED],
            groups=np.arange(22), query_groups=None, fdr=0.2, seed=0,
        )  # fmt: skip


@pytest.fixture
def folders(data, tmp_path):
    sets = {
        "generated": data.generated,
        "used": data.real[:20],
        "not_used": data.real[24:72],
        "queries": data.real[ASKED],
    }
    rows = [("folder", "file", "group")]
    for name, images in sets.items():
        (tmp_path / name).mkdir()
        for i, image in enumerate(images):
            Image.fromarray(image).save(tmp_path / name / f"{i:02d}.png")
            rows.append((name, f"{i:02d}.png", f"{name}{i // 2}" if name == "queries" else ""))
    rows += [
        (name, f"{i:02d}.png", f"{name}{i}") for name in ("used", "not_used") for i in range(48)
    ]
    rows = [row for row in rows if row[2]]
    with open(tmp_path / "groups.csv", "w", newline="") as file:
        csv.writer(file).writerows(rows)
    return tmp_path


def identify(folders, *options):
    names = [str(folders / name) for name in ("generated", "used", "not_used", "queries")]
    return main(["identify", *names, "--quiet", "--views", "none", *options])


def test_the_table_has_decisions_where_a_rate_is_given(folders, monkeypatch, capsys):
    asked = []
    decide = _deciding.query_decisions
    monkeypatch.setattr(
        _deciding, "query_decisions", lambda *a, **k: asked.append(k) or decide(*a, **k)
    )
    monkeypatch.setattr(_attack, "recommended", lambda **_: recommended(grid=16))
    whose = ("--groups", str(folders / "groups.csv"))
    assert identify(folders, *whose, "--fdr", "0.2", "--seed", "1") == 0
    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    assert list(rows[0]) == ["id", "probability", "low", "high", "p_value", "q_value", "decision"]
    assert len(rows) == 8
    for row in rows:
        called = float(row["q_value"]) <= 0.2
        assert row["decision"] == ("used" if called else "not distinguishable")
    assert [row["id"] for row in rows] == [f"{i:02d}" for i in range(8)]
    np.testing.assert_array_equal(asked[0]["groups"], np.arange(8) // 2)
    assert asked[0]["random_state"] == 1
    assert identify(folders, *whose) == 0
    plain = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    assert list(plain[0]) == ["id", "probability", "low", "high"]
    assert [float(row["probability"]) for row in plain] == pytest.approx(
        [float(row["probability"]) for row in rows], abs=2e-4
    )
    assert _query_decisions.USED == "used"
    assert identify(folders, "--each-image-a-patient", "--fdr", "0.0001") == 3
    assert "nothing can be found" in capsys.readouterr().err

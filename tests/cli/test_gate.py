"""``python -m ganisi audit``: what it reads, writes, and exits with."""

import csv
import json
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ganisi import GANISI, Intensity, recommended
from ganisi.baselines import NearestGenerated
from ganisi.cli import _attack, main
from ganisi.cli import _audit as gate
from ganisi.datasets import make_source_identification

FOLDERS = ("generated", "real_used", "real_not_used")


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Folders of PNG, and a table of patients that also names what is not asked for."""
    data = make_source_identification(28, 28, 60, size=32, leakage=1.0, random_state=0)
    root = tmp_path_factory.mktemp("gate")
    rows = [("elsewhere", "0.png", "p0")]
    sets = {
        "generated": data.generated,
        "real_used": data.real[data.used == 1],
        "real_not_used": data.real[data.used == 0],
        "query": data.real[:8],
    }
    patients = {
        "real_used": data.groups[data.used == 1],
        "real_not_used": data.groups[data.used == 0],
    }
    for name, images in sets.items():
        (root / name).mkdir()
        for i, image in enumerate(images):
            Image.fromarray(image).save(root / name / f"{i:02d}.png")
            patient = f"p{patients[name][i]}" if name in patients else ""
            rows.append((name, f"{i:02d}.png", patient))
    with open(root / "groups.csv", "w", newline="") as file:
        csv.writer(file).writerows([("folder", "file", "group"), *rows])
    return root


@pytest.fixture
def audited(monkeypatch):
    """Calls of audit, which is not made, and the verdict it returns."""
    calls = []

    class Report:
        verdict = "cannot say"

        def __str__(self):
            return "the report"

        def dated(self, *_):
            return self

    def audit(*arguments, **named):
        calls.append((arguments, named))
        return Report()

    monkeypatch.setattr(gate, "audit", audit)
    return calls, Report


def run(folders, *options):
    known = {"--groups", "--patient"} & set(options)
    whose = [] if known else ["--each-image-a-patient"]
    names = [str(folders / name) for name in FOLDERS]
    return main(["audit", *names, "--quiet", *whose, *options])


def test_whose_images_they_are_must_be_said(folders, audited, capsys):
    names = [str(folders / name) for name in FOLDERS]
    assert main(["audit", *names]) == 3
    assert "--each-image-a-patient" in capsys.readouterr().err
    assert not audited[0]
    with pytest.raises(SystemExit):
        run(folders, "--patient", "PatientID", "--each-image-a-patient")
    assert run(folders) == 2
    assert audited[0][0][1]["groups"] is None


@pytest.mark.parametrize(
    ("verdict", "status"),
    [
        ("no leakage detected at this power", 0),
        ("leakage detected", 1),
        ("cannot say", 2),
    ],
)
def test_each_verdict_has_its_exit_status(folders, audited, verdict, status, capsys):
    audited[1].verdict = verdict
    assert run(folders) == status
    assert capsys.readouterr().out == "the report\n"


def test_folders_patients_and_thresholds_reach_the_audit(folders, audited):
    options = ("--groups", str(folders / "groups.csv"), "--query", str(folders / "query"))
    options += ("--design", "randomised", "--required-kinds", "exact, moved 8")
    options += ("--prevalence", "0.02", "--max-disclosure-risk", "0.09", "--fdr", "0.2")
    run(folders, *options, "--max-auc", "0.7", "--alpha", "0.01", "--seed", "5")
    (arguments, named), *_ = audited[0]
    _, images, labels = arguments
    assert labels == [1] * 28 + [0] * 28
    assert len(named["groups"]) == len(images) == 56
    assert set(named["groups"][:28]).isdisjoint(named["groups"][28:])
    assert len(named["generated"][0]) == 60
    assert len(named["queries"]) == 8
    assert named["query_groups"] is None
    assert (named["max_auc"], named["alpha"], named["random_state"]) == (0.7, 0.01, 5)
    assert (named["prevalence"], named["max_disclosure_risk"], named["fdr"]) == (0.02, 0.09, 0.2)
    assert named["design"] == "randomised"
    assert named["required_kinds"] == ["exact", "moved 8"]


@pytest.mark.parametrize(
    ("options", "views"),
    [
        ((), recommended().views),
        (("--views", "none"), None),
        (("--views", "mirrors"), "mirrors"),
        (("--views", "dihedral"), "dihedral"),
    ],
)
def test_views_reach_the_attack(folders, audited, options, views):
    run(folders, *options)
    attack = audited[0][0][0][0]
    assert attack.views == views
    assert repr(attack.set_params(views=None)) == repr(recommended().set_params(views=None))


@pytest.mark.parametrize("options", [(), ("--rivals",)])
def test_rivals_are_asked_for_or_not_there(folders, audited, options):
    run(folders, *options)
    (model, *_), _ = audited[0][0]
    assert model.identifier.rivals == bool(options)


def test_a_store_is_asked_for_or_not_there(folders, audited, tmp_path):
    for options, store in ((), None), (("--store", str(tmp_path)), str(tmp_path)):
        run(folders, *options)
        assert audited[0].pop()[0][0].store == store


def test_no_threshold_has_a_hidden_value(folders, audited):
    run(folders)
    named = audited[0][0][1]
    assert named["max_auc"] is None
    assert named["prevalence"] is named["max_disclosure_risk"] is named["fdr"] is None
    assert named["groups"] is None
    assert named["design"] == "observed"
    assert named["required_kinds"] is None


def test_the_whole_gate_finds_a_leak_and_writes_its_reports(folders, tmp_path, capsys, monkeypatch):
    # The recommended attack and the baselines on its distances take a minute on a busy machine.
    pixels = GANISI(Intensity(grid=16, n_quantiles=1), identifier=NearestGenerated())
    monkeypatch.setattr(_attack, "recommended", lambda **_: pixels)
    monkeypatch.setattr("ganisi.identification.baselines.__all__", [])
    status = run(
        folders,
        "--groups",
        str(folders / "groups.csv"),
        "--n-permutations",
        "19",
        "--names",
        "full",
        "--html",
        str(tmp_path / "report.html"),
        "--json",
        str(tmp_path / "report.json"),
    )
    out = capsys.readouterr().out
    assert "Verdict: LEAKAGE DETECTED" in out
    assert status == 1
    assert (tmp_path / "report.html").stat().st_size > 5000
    assert (tmp_path / "report.json").stat().st_size > 5000
    written = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert list(written["other_eyes"]) == ["pixels", "correlation"]
    assert set(written["baselines"]) == {"pixels", "correlation"}
    run_ = written["provenance"]["run"]
    assert run_["date"].endswith("UTC")
    assert run_["command"].startswith("python -m ganisi audit ")
    assert run_["command"].endswith("--json " + shlex.quote(str(tmp_path / "report.json")))
    assert [
        (row["folder"], row["images"], row["sizes"], row["depth"]) for row in run_["inputs"]
    ] == [
        (str(folders / name), number, ["32 x 32"], "uint8")
        for name, number in zip(FOLDERS, (60, 28, 28), strict=True)
    ]
    page = (tmp_path / "report.html").read_text("utf-8")
    assert run_["date"] in page
    assert run_["date"] in out
    assert f"folder {folders / 'real_used'}, 28 images, 32 x 32 pixels" in page


@pytest.mark.parametrize(
    "options",
    [
        ["--max-auc", "0.2"],
        ["--max-auc", "much"],
        ["--alpha", "2"],
        ["--groups", "nowhere.csv"],
        ["--html", "no/such/folder/report.html"],
        ["--query", "nowhere"],
        ["--colour"],
    ],
)
def test_bad_input_exits_with_3_and_a_sentence(folders, options, capsys):
    try:
        status = run(folders, *options)
    except SystemExit as error:
        status = error.code
    assert status == 3
    assert capsys.readouterr().err


def test_an_image_without_a_patient_is_bad_input(folders, tmp_path, capsys):
    table = tmp_path / "groups.csv"
    table.write_text("folder,file,group\nreal_used,00.png,a\nreal_used,01.png,\n")
    assert run(folders, "--groups", str(table)) == 3
    assert "no patient for the file 01.png of the folder real_used" in capsys.readouterr().err


def test_a_table_without_its_columns_is_bad_input(folders, tmp_path, capsys):
    table = tmp_path / "groups.csv"
    table.write_text("folder,name\n")
    assert run(folders, "--groups", str(table)) == 3
    assert "lacks the columns file, group" in capsys.readouterr().err


def test_a_damaged_image_is_bad_input(folders, tmp_path, capsys):
    (tmp_path / "broken.png").write_bytes(b"no picture")
    assert run(folders, "--query", str(tmp_path)) == 3
    assert "broken.png" in capsys.readouterr().err


def test_a_breakdown_does_not_look_like_leakage(folders, monkeypatch, capsys):
    monkeypatch.setattr(gate, "audit", lambda *_, **__: np.empty(1)[2])
    assert run(folders) == 3
    assert "IndexError" in capsys.readouterr().err


@pytest.mark.parametrize("words", ["", "Unable to allocate 9 GiB"])
def test_a_full_memory_is_called_that(folders, monkeypatch, capsys, words):
    def full(*_, **__):
        raise MemoryError(words)

    monkeypatch.setattr(gate, "audit", full)
    assert run(folders) == 3
    said = capsys.readouterr().err
    assert said.startswith(f"ganisi audit: the memory is full: {words}")
    assert "fewer --n-jobs" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("seed", ["-1", "4294967296", "one"])
def test_a_wrong_seed_is_named(folders, seed, capsys):
    with pytest.raises(SystemExit) as stopped:
        run(folders, "--seed", seed)
    assert stopped.value.code == 3
    assert f"argument --seed: {seed} is no seed" in capsys.readouterr().err


def test_ctrl_c_is_no_breakdown(folders, tmp_path, monkeypatch, capsys):
    def stopped(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(gate, "audit", stopped)
    assert run(folders, "--html", str(tmp_path / "report.html")) == 130
    assert capsys.readouterr() == ("", "ganisi audit: stopped; nothing was written\n")
    assert not (tmp_path / "report.html").exists()


def test_ctrl_c_while_the_report_is_written_is_not_said_to_leave_none(folders, audited, capsys):
    def stopped(_):
        raise KeyboardInterrupt

    audited[1].__str__ = stopped
    assert run(folders) == 130
    assert capsys.readouterr().err == "ganisi audit: stopped; the report may be incomplete\n"


def test_the_report_says_which_folders_and_which_command(folders, audited):
    report = audited[1]
    about = []
    report.dated = lambda self, *given: about.extend(given) or self
    run(folders, "--query", str(folders / "query"), "--names", "full", "--seed", "3")
    command, inputs = about
    assert command.startswith("python -m ganisi audit ")
    assert command.endswith("--seed 3")
    assert [Path(row["folder"]).name for row in inputs] == [*FOLDERS, "query"]
    assert [row["images"] for row in inputs] == [60, 28, 28, 8]
    assert {row["depth"] for row in inputs} == {"uint8"}
    assert [row["role"] for row in inputs][2:] == ["real and not used", "of unknown status"]


def test_the_help_says_where_each_threshold_comes_from():
    done = subprocess.run(
        [sys.executable, "-m", "ganisi", "audit", "--help"], capture_output=True, text=True
    )
    assert done.returncode == 0
    for words in (
        "where the thresholds come from",
        "--max-auc   from you",
        "exit status",
        "130  stopped",
    ):
        assert words in done.stdout

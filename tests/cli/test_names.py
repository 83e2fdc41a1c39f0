"""A report holds no name of a file, folder or patient, unless it is asked to."""

import json
import os

import pytest
from PIL import Image

from ganisi import GANISI, Intensity
from ganisi.audit import AuditReport
from ganisi.baselines import NearestGenerated
from ganisi.cli import _attack, main
from ganisi.datasets import make_source_identification

#: Part of every name.
SECRET = "mueller"
FOLDERS = ("generated", "used", "not_used")


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """Folders and a table whose names are of patients; a used image and a query are published."""
    data = make_source_identification(12, 12, 30, size=32, leakage=1.0, random_state=0)
    other = make_source_identification(4, 4, 8, size=32, random_state=9).real
    real = {"used": data.real[data.used == 1], "not_used": data.real[data.used == 0]}
    published = [*data.generated, real["used"][3], other[2]]
    root = tmp_path_factory.mktemp(f"{SECRET}-root")
    rows = ["folder,file,group"]
    for name, images in {**real, "generated": published, "query": other}.items():
        (root / f"{SECRET}_{name}").mkdir()
        for i, image in enumerate(images):
            Image.fromarray(image).save(root / f"{SECRET}_{name}" / f"{SECRET}{i:02d}.png")
            rows.append(f"{SECRET}_{name},{SECRET}{i:02d}.png,{SECRET} {name} {i}")
    used = root / f"{SECRET}_used"
    for name in (f"{SECRET}.txt", f"scan.{SECRET}", f".{SECRET}", f"{SECRET}_thumb.png"):
        (used / name).write_text(SECRET)
    (used / SECRET).mkdir()
    (root / "groups").mkdir()
    (root / "groups" / f"{SECRET}.csv").write_text("\n".join(rows))
    return root


@pytest.fixture(scope="module")
def written(root, tmp_path_factory):
    """Report, page and text by --names; None where it is not given."""
    pixels = GANISI(
        Intensity(grid=8, n_quantiles=1, memory=str(root / "cache")), identifier=NearestGenerated()
    )
    out, outputs = tmp_path_factory.mktemp(SECRET), {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_attack, "recommended", lambda **_: pixels)
        patch.setattr("ganisi.identification.baselines.__all__", [])
        patch.chdir(root)
        for names in (None, "short", "full"):
            options = [] if names is None else ["--names", names]
            # Other spellings of options, and one that is given twice.
            options += [f"--gr=groups/{SECRET}.csv", "--quer", f"{SECRET}_query"]
            options += ["--js", f"{SECRET}_lost.json", f"--html={out / SECRET}.html"]
            options += ["--json", str(out / f"{SECRET}.json"), "--n-permutations", "19", "--quiet"]
            status = main(["audit", *(f"{SECRET}_{name}" for name in FOLDERS), *options])
            assert status == 1
            text = (out / f"{SECRET}.json").read_text()
            page = (out / f"{SECRET}.html").read_text()
            outputs[names] = text, page, str(AuditReport.from_json(text))
    return outputs


def test_without_names_there_is_none(root, written):
    for text in written[None]:
        assert SECRET not in text
        assert str(root.parent) not in text


def test_what_was_left_alone_is_in_every_report_and_named_in_that_of_full_names(written):
    counted = {"a folder without images": 1, "a thumbnail, by its name": 1, "hidden": 1}
    for names, whys in (
        (None, {**counted, "no image": 1, "no image (.txt)": 1}),
        ("short", {**counted, "no image": 1, "no image (.txt)": 1}),
        ("full", {**counted, f"no image (.{SECRET})": 1, "no image (.txt)": 1}),
    ):
        synthetic, used, *_ = json.loads(written[names][0])["provenance"]["run"]["inputs"]
        assert synthetic["left_alone"] == []
        assert {one["why"]: one["entries"] for one in used["left_alone"]} == whys
        for text in written[names][1:]:
            assert "left alone: nothing" in " ".join(text.split())
            assert "1 x a thumbnail, by its name" in " ".join(text.split())
        told = [one["names"] for one in used["left_alone"]]
        if names != "full":
            assert told == [None] * 5
            continue
        assert [os.path.join(f"{SECRET}_used", f".{SECRET}")] in told
        for text in written[names][1:]:
            assert os.path.join(f"{SECRET}_used", f"scan.{SECRET}") in "".join(text.split())


def test_copies_and_queries_are_called_by_number_and_the_report_says_so(written):
    report = json.loads(written[None][0])
    copies = report["images"]["exact_copies"]
    assert copies["used"] == ["X[3]"]
    assert copies["queries"] == ["queries[2]"]
    assert report["images"]["query_name"] == [f"queries[{i}]" for i in range(8)]
    assert report["settings"]["names"] == "none"
    assert [row["folder"] for row in report["provenance"]["run"]["inputs"]] == [None] * 4
    command = report["provenance"]["run"]["command"]
    assert command == (
        "python -m ganisi audit GENERATED REAL_USED REAL_NOT_USED --gr=CSV --quer DIR --js JSON "
        "--html=HTML --json JSON --n-permutations 19 --quiet"
    )
    for text in written[None][1:]:
        assert "No name of a file, folder or patient is in this report" in " ".join(text.split())


def test_short_names_have_no_folders(root, written):
    report = json.loads(written["short"][0])
    assert report["images"]["exact_copies"]["used"] == [f"{SECRET}03.png (X[3])"]
    assert report["provenance"]["run"]["inputs"][1]["folder"] == f"{SECRET}_used"
    assert f"--gr={SECRET}.csv" in report["provenance"]["run"]["command"]
    for text in written["short"]:
        assert str(root.parent) not in text
        assert f"{SECRET}_used{os.sep}" not in text


def test_full_names_are_as_they_were_given(root, written):
    report = json.loads(written["full"][0])
    (name,) = report["images"]["exact_copies"]["used"]
    assert name == os.path.join(f"{SECRET}_used", f"{SECRET}03.png")
    assert f"--gr=groups/{SECRET}.csv" in report["provenance"]["run"]["command"]
    assert "called by their whole names" in " ".join(written["full"][2].split())


def test_patients_are_in_no_report(written):
    for outputs in written.values():
        assert not any(f"{SECRET} used" in text for text in outputs)


def test_names_do_not_change_a_figure(written):
    first, *others = [json.loads(text) for text, *_ in written.values()]
    for other in others:
        for name in set(first) - {"images", "settings", "provenance"}:
            assert first[name] == other[name]

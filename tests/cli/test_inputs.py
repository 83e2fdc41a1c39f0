"""What the command line reads, and what it says of what it does not read."""

import numpy as np
import pytest
from PIL import Image

from ganisi.cli import _audit as gate
from ganisi.cli import _inputs, main


@pytest.fixture
def root(tmp_path):
    """Three folders, the real ones with a folder for each of two patients."""
    rng = np.random.default_rng(0)
    for name in ("generated/1", "used/Doe/s/1", "used/Roe/s/1", "not_used/Poe/s/1", "query/Moe/1"):
        path = tmp_path / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(rng.integers(0, 256, (8, 9), dtype=np.uint8)).save(path)
    return tmp_path


@pytest.fixture
def audited(monkeypatch):
    """Arguments by name of calls of audit, which is not made."""
    calls = []

    class Report:
        verdict = "cannot say"

        def __str__(self):
            return "the report"

        def dated(self, *_):
            return self

    def audit(_, X, y, **named):
        calls.append({"X": X, "y": y, **named})
        return Report()

    monkeypatch.setattr(gate, "audit", audit)
    return calls


def run(root, *options, quiet=True):
    folders = [str(root / name) for name in ("generated", "used", "not_used")]
    known = {"--groups", "--patient"} & set(options)
    whose = [] if known else ["--each-image-a-patient"]
    return main(["audit", *folders, *(["--quiet"] if quiet else []), *whose, *options])


def test_folders_in_folders_are_asked_for(root, audited, capsys):
    assert run(root) == 3
    assert "--recursive" in capsys.readouterr().err
    assert run(root, "--recursive") == 2
    assert [len(audited[0][name]) for name in ("X", "y")] == [3, 3]


def test_patients_come_from_a_folder_level_as_numbers(root, audited):
    run(root, "--recursive", "--patient", "folder:1", "--query", str(root / "query"))
    assert audited[0]["groups"] == [1, 2, 3]
    assert audited[0]["query_groups"] == [4]
    run(root, "--recursive", "--patient", "folder:-1")
    assert audited[1]["groups"] == [1, 1, 1]
    assert audited[1]["query_groups"] is None


@pytest.mark.parametrize("options", [["--patient", "folder:0"], ["--patient", "folder:x"]])
def test_what_names_no_patient_is_refused(root, options, capsys):
    with pytest.raises(SystemExit) as stopped:
        run(root, *options)
    assert stopped.value.code == 3
    assert "names no patient; give a DICOM element such as PatientID" in capsys.readouterr().err


def test_table_and_element_do_not_go_together(root, capsys):
    with pytest.raises(SystemExit):
        run(root, "--patient", "PatientID", "--groups", "groups.csv")
    assert "not allowed with" in capsys.readouterr().err


def test_pictures_have_no_element(root, audited, capsys):
    assert run(root, "--recursive", "--patient", "PatientID") == 3
    assert "is no DICOM file, so it has no PatientID" in capsys.readouterr().err


def test_the_account_of_what_was_left_alone_is_told_and_no_other(root, audited, capsys):
    (root / "used" / "notes.txt").write_text("of the scanner")
    run(root, "--recursive", quiet=False)
    said = capsys.readouterr().err
    assert said == f"{root / 'used'}: 2 images; left alone: 1 x no image (.txt).\n"
    run(root, "--recursive")
    assert capsys.readouterr().err == ""


def test_colours_become_luma_on_request(root, audited):
    colour = np.random.default_rng(1).integers(0, 256, (8, 9, 3), dtype=np.uint8)
    Image.fromarray(colour).save(root / "generated" / "2.png")
    assert run(root, "--recursive") == 3
    assert run(root, "--recursive", "--as-gray") == 2
    assert len(audited[0]["generated"][0]) == 2


def test_window_and_bits_reach_every_folder(root, audited):
    deep = np.arange(72, dtype=np.uint16).reshape(8, 9) * 50
    Image.fromarray(deep).save(root / "used" / "Doe" / "deep.png")
    run(root, "--recursive", "--window", "0", "3550", "--bits", "8")
    image = next(file for file in audited[0]["X"] if file.path.endswith("deep.png"))
    assert (image.window, image.bits) == ((0, 3550), 8)
    assert {file.bits for file in audited[0]["generated"][0]} == {8}
    run(root, "--recursive", "--window", "-10", "3550", "--bits", "16")
    assert audited == audited[:1]


@pytest.mark.parametrize("words", [["lungs"], ["1", "0"], ["1"], ["1", "2", "3"], ["0", "x"]])
def test_what_is_no_window_is_refused(root, audited, words, capsys):
    assert run(root, "--recursive", "--window", *words) == 3
    said = capsys.readouterr().err
    assert f"--window {' '.join(words)} is no window; give LOW HIGH with LOW < HIGH" in said


def test_a_window_by_name_is_for_scans(root, audited):
    assert run(root, "--recursive", "--window", "lung", "--bits", "8") == 2
    assert {file.window for file in audited[0]["X"]} == {None}


def test_frames_of_one_file_are_one_patient(root, audited, monkeypatch):
    loaded = _inputs.load_image_folder

    def with_groups(folder, **options):
        found = loaded(folder, **options)
        if folder.endswith("/used"):
            found.groups = np.array(["a", "a"])
        return found

    monkeypatch.setattr(_inputs, "load_image_folder", with_groups)
    run(root, "--recursive")
    assert audited[0]["groups"] == [1, 1, 2]

import os
import stat

import numpy as np
import pytest

from ganisi.datasets import read_run, write_run

IDS = ["real_10", "scan 7 é", "1.2.840"]


def official_validator(path, queries):
    """The rules of 2023, stated once more: what is read line by line or split, all the same."""
    text = path.read_bytes().decode("utf-8")
    with open(path, encoding="utf-8") as file:
        assert [line.rstrip("\n") for line in file] == text.split("\n")
    rows = [line.split(",") for line in text.split("\n")]
    assert all(len(row) == 2 and row[1] in ("0", "1") for row in rows)
    assert sorted(row[0] for row in rows) == sorted(queries)


@pytest.mark.parametrize(
    "predictions",
    [
        [1, 0, 1],
        [True, False, True],
        np.array([1, 0, 1], dtype=np.uint8),
        np.array([1.0, 0.0, 1.0]),
        np.array([True, False, True]),
        {"1.2.840": 1, "real_10": 1, "scan 7 é": 0},
    ],
    ids=repr,
)
def test_a_run_is_what_the_validator_accepts_and_is_read_back(tmp_path, predictions):
    path = tmp_path / "run é.csv"
    write_run(path, np.array(IDS), predictions)
    official_validator(path, IDS)
    ids, labels = read_run(path)
    assert ids == IDS
    assert labels.tolist() == [1, 0, 1]


@pytest.mark.parametrize(
    ("ids", "predictions", "message"),
    [
        (["a", "b"], [1], "1 predictions for 2 ids"),
        (["a"], [1, 0], "2 predictions for 1 ids"),
        (["a", "b"], {"a": 1}, "no prediction for 1 of the ids, first 'b'"),
        (["a"], {"a": 1, "c": 0}, "no query for 1 of the ids, first 'c'"),
        (["a", "a"], [1, 0], "'a' occurs 2 times"),
        (["a", "a"], {"a": 1}, "'a' occurs 2 times"),
        ([], [], "no ids"),
        (["a"], [2], "prediction of 'a' is 2; expected 0 or 1"),
        (["a"], [-1], "expected 0 or 1"),
        (["a"], [0.7], "prediction of 'a' is 0.7; .* threshold"),
        (["a"], [np.nan], "expected 0 or 1"),
        (["a"], ["1"], "expected 0 or 1"),
        (["a"], [None], "expected 0 or 1"),
        (["a"], [[1]], "expected 0 or 1"),
        (["a.png"], [1], "'a.png' has an extension; a run wants 'a'"),
        (["a.DCM"], [1], "has an extension"),
        (["a,b"], [1], "comma"),
        (["a\nb"], [1], "line break"),
        (["a\rb"], [1], "line break"),
        ([" a"], [1], "spaces"),
        ([""], [1], "is empty"),
    ],
)
def test_what_the_validator_would_refuse_is_not_written(tmp_path, ids, predictions, message):
    path = tmp_path / "run.csv"
    path.write_text("earlier,1")
    with pytest.raises(ValueError, match=message):
        write_run(path, ids, predictions)
    assert path.read_text() == "earlier,1"
    assert os.listdir(tmp_path) == ["run.csv"]


def test_ids_are_strings(tmp_path):
    with pytest.raises(TypeError, match="id 7 is no string"):
        write_run(tmp_path / "run.csv", [7], [1])


@pytest.mark.parametrize("function", ["fsync", "replace"])
def test_a_crash_leaves_the_earlier_run_and_no_half_one(tmp_path, monkeypatch, function):
    path = tmp_path / "run.csv"
    write_run(path, IDS, [1, 1, 1])

    def crash(*args):
        raise OSError("disk full")

    monkeypatch.setattr(os, function, crash)
    with pytest.raises(OSError, match="disk full"):
        write_run(path, IDS, [0, 0, 0])
    assert read_run(path)[1].tolist() == [1, 1, 1]
    assert os.listdir(tmp_path) == ["run.csv"]


def test_a_run_replaces_an_earlier_one_and_has_a_new_files_permissions(tmp_path):
    (tmp_path / "other").write_text("")
    path = tmp_path / "run.csv"
    write_run(path, IDS, [1, 1, 1])
    write_run(str(path), IDS, [0, 0, 1])
    assert read_run(str(path))[1].tolist() == [0, 0, 1]
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE((tmp_path / "other").stat().st_mode)


@pytest.mark.parametrize("ending", ["", "\n", "\r\n"])
def test_runs_of_other_hands_are_read(tmp_path, ending):
    path = tmp_path / "run.csv"
    path.write_bytes(f"a,1{ending or chr(10)}b,0{ending}".encode())
    assert read_run(path)[0] == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,1\n\nb,0", "line 2: got ''"),
        ("a,1\nb,0\n\n", "line 3: got ''"),
        ("", "line 1: got ''"),
        ("id,label\na,1", "line 1: got 'id,label'"),
        ("a;1", "line 1: got 'a;1'"),
        ("a,1,0", "line 1: got 'a,1,0'"),
        ("a, 1", "line 1: got 'a, 1'"),
        ("a,2", "expected an id, a comma and 0 or 1"),
        ("a,1\na,0", r"run\.csv: the id 'a' occurs 2 times"),
        ("a.png,1", r"run\.csv: the id 'a.png' has an extension"),
    ],
)
def test_what_is_no_run_is_refused_by_line(tmp_path, text, message):
    path = tmp_path / "run.csv"
    path.write_text(text)
    with pytest.raises(ValueError, match=message):
        read_run(path)


def test_the_byte_order_mark_of_a_spreadsheet_is_no_part_of_the_first_id(tmp_path):
    path = tmp_path / "run.csv"
    path.write_text("real_1,1\nreal_2,0", encoding="utf-8-sig")
    assert read_run(path)[0] == ["real_1", "real_2"]


def test_ids_that_a_spreadsheet_would_execute_are_quoted_and_read_back(tmp_path):
    ids = ["=cmd|calc", "+1", "-1", "@x", "'=x", "''-x", "'x", "x"]
    write_run(tmp_path / "run.csv", ids, [1] * len(ids))
    lines = (tmp_path / "run.csv").read_text().split("\n")
    assert not [line for line in lines if line[0] in "=+-@"]
    assert lines[-2:] == ["'x,1", "x,1"]
    assert read_run(tmp_path / "run.csv")[0] == ids


def test_ids_double_but_for_a_quote_are_refused_when_read(tmp_path):
    (tmp_path / "run.csv").write_text("=x,1\n'=x,0")
    with pytest.raises(ValueError, match="occurs 2 times"):
        read_run(tmp_path / "run.csv")

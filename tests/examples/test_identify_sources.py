"""Tables of ids are read by spreadsheets, which execute what looks like a formula."""

import csv
import importlib.util
from pathlib import Path
from types import SimpleNamespace

import pytest

from ganisi._compat._spreadsheets import unquoted

EXAMPLE = Path(__file__).parents[2] / "examples" / "identify_sources.py"
IDS = ["=cmd|calc", "-1", "a,b", "'=x", "é"]


@pytest.fixture(scope="module")
def example():
    spec = importlib.util.spec_from_file_location("identify_sources", EXAMPLE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("table", ["queries", "out of fold"])
def test_no_id_is_a_formula_and_all_are_read_back(example, tmp_path, table):
    path, half = tmp_path / "table.csv", [0.5] * len(IDS)
    if table == "queries":
        example.write_queries(path, IDS, [[0.2, 0.5, 0.9]] * len(IDS), "method")
    else:
        result = SimpleNamespace(probability=half)
        data = {"ids": IDS, "used": [1] * len(IDS)}
        example.write_out_of_fold(path, data, {"method": (result, None)})
    with open(path, newline="", encoding="utf-8") as file:
        cells = [row[0] for row in csv.reader(file)][1:]
    assert not [cell for cell in cells if cell[0] in "=+-@"]
    assert [unquoted(cell) for cell in cells] == IDS

"""The benchmark is run for its answers, not for its times."""

import importlib.util
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "examples" / "benchmarks"


@pytest.fixture
def speed(monkeypatch):
    if not FOLDER.is_dir():
        pytest.skip("the examples are not here")
    monkeypatch.syspath_prepend(str(FOLDER))
    spec = importlib.util.spec_from_file_location("speed", FOLDER / "speed.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    sys.modules.pop("handwritten", None)


@pytest.mark.parametrize("name", ["describe", "cached", "distances", "score", "challenge"])
def test_the_benchmark_finds_the_same_answers_as_the_script_written_by_hand(speed, name):
    assert speed.WORK[name](False, 1.0)["ours"] > 0

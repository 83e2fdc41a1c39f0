"""The benchmark is run for its answers, not for its times."""

import importlib.util
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "examples" / "benchmarks"


def script(name):
    if not FOLDER.is_dir():
        pytest.skip("the examples are not here")
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def speed(folder):
    return script("speed")


@pytest.mark.parametrize("name", ["describe", "cached", "distances", "score", "challenge"])
def test_the_benchmark_finds_the_same_answers_as_the_script_written_by_hand(speed, name):
    assert speed.WORK[name](False, 1.0)["ours"] > 0


def test_the_benchmark_of_other_eyes_prints_what_each_of_them_sees(folder, leaky, capsys):
    other_eyes = script("other_eyes")
    other_eyes.IDENTIFIERS.pop("profile")
    other_eyes.print_scores("x", leaky.real, leaky.used, leaky.generated, leaky.groups, grid=16)
    lines = capsys.readouterr().out.splitlines()
    seen = {line[:28].strip(): [float(cell) for cell in line[28:].split()] for line in lines[3:]}
    assert set(seen) == set(other_eyes.eyes(16))
    as_stored, _, moved = range(3)
    assert seen["pixels"][as_stored] > 0.9 > 0.8 > seen["pixels"][moved]
    assert min(seen["correlation"]) > 0.9

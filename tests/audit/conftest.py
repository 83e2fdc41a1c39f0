"""The long simulations, to be run briefly."""

import importlib.util
from pathlib import Path

import pytest

FILE = Path(__file__).parents[2] / "examples" / "benchmarks" / "audit_simulations.py"


@pytest.fixture(scope="session")
def simulations():
    if not FILE.is_file():
        pytest.skip("the examples are not here")
    spec = importlib.util.spec_from_file_location("audit_simulations", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module

"""The long simulations, to be run briefly; a small design, and rows for it."""

import importlib
import sys
from pathlib import Path

import pytest
from stubs import GENERATED, QUERIES, REAL, few_stand_ins, make_design

from ganisi.audit._design import Rows

FILE = Path(__file__).parents[2] / "examples" / "benchmarks" / "audit_simulations.py"


@pytest.fixture(autouse=True, scope="package")
def quick_audits():
    with few_stand_ins():
        yield


@pytest.fixture(scope="session")
def simulations():
    if not FILE.is_file():
        pytest.skip("the examples are not here")
    sys.path.insert(0, str(FILE.parent))
    try:
        return importlib.import_module("audit_simulations")
    finally:
        sys.path.remove(str(FILE.parent))


@pytest.fixture
def design():
    return make_design()


@pytest.fixture
def rows(design):
    copies = {"exact": REAL[design.not_used][design.planted], "noise 0.25": REAL[:4]}
    return Rows(REAL, GENERATED, QUERIES, copies)

"""What the tests of the scripts around generators share."""

import dataclasses
import sys

import pytest
from generator_runs import FOLDER


@pytest.fixture
def folder(monkeypatch):
    if not FOLDER.is_dir():
        pytest.skip("the examples are not here")
    monkeypatch.syspath_prepend(str(FOLDER))
    yield FOLDER
    for script in FOLDER.glob("*.py"):
        sys.modules.pop(script.stem, None)


@pytest.fixture
def generators(folder):
    import generators

    return generators


@pytest.fixture
def evidence(folder):
    import evidence_table

    return evidence_table


@pytest.fixture
def models(torch, folder):
    """The generators in torch, and torch as it was before."""
    n_threads = torch.get_num_threads()
    import _generator_models

    yield _generator_models
    torch.set_num_threads(n_threads)
    torch.use_deterministic_algorithms(False)


@pytest.fixture
def smallest(generators):
    """Settings of `strong`, for a second of training."""
    return dataclasses.replace(
        generators.toy(generators.KINDS["strong"]), n_patients=4, n_training=4
    )

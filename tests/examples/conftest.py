"""What the tests of the training script share."""

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
    for name in ("generators", "_generator_data", "_generator_models"):
        sys.modules.pop(name, None)


@pytest.fixture
def generators(folder):
    import generators

    return generators


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

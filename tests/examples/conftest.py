"""What the tests of the scripts around generators share."""

import dataclasses
import sys

import numpy as np
import pytest
from generator_runs import FOLDER, NOT_USED, SIBLING, USED


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
def scoring(folder):
    import _scoring

    return _scoring


@pytest.fixture
def sets(folder):
    import _generator_sets

    return _generator_sets


@pytest.fixture
def copies(folder):
    """Four used patients whose images are all generated, and four others."""
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (24, 8, 8), dtype=np.uint8)
    role = np.repeat([USED, SIBLING, NOT_USED], 8)
    groups = np.concatenate([np.tile(np.arange(4).repeat(2), 2), np.arange(4, 8).repeat(2)])
    order = rng.permutation(24)
    rows = {
        "images": images,
        "role": role,
        "used": (role == USED).astype(int),
        "groups": groups,
    }
    rng.shuffle(generated := images[:8].copy())
    return {"generated": generated, **{name: values[order] for name, values in rows.items()}}


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

"""A short version of what ``examples/benchmarks/_decisions.py`` measures."""

import sys

import numpy as np
import pytest


@pytest.fixture
def study(simulations):
    return sys.modules["_decisions"]


@pytest.mark.parametrize("slices", [1, 4])
@pytest.mark.parametrize("folds", [1, 5])
def test_false_accusations_stay_below_the_rate_and_leaking_patients_are_found(study, slices, folds):
    for leak, least in ((0.0, 0.0), (0.5, 0.5)):
        rows = study.many(study._decide, 15, 1, leak=leak, slices=slices, folds=folds)
        (false, error), (found, _) = map(study.mean, np.transpose(rows))
        assert false <= study.FDR + 3 * max(error, 0.07)
        assert found >= least

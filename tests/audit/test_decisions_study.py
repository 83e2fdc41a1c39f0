"""A short version of what ``examples/benchmarks/_decisions.py`` measures."""

import numpy as np
import pytest


@pytest.fixture
def study(simulations):
    return simulations._decisions


@pytest.mark.parametrize("slices", [1, 4])
@pytest.mark.parametrize("folds", [1, 5])
def test_false_accusations_stay_below_the_rate_and_leaking_patients_are_found(study, slices, folds):
    for leak, least in ((0.0, 0.0), (0.5, 0.5)):
        rows = study.many(study._decide, 15, 1, leak=leak, slices=slices, folds=folds)
        (false, error), (found, _) = map(study.mean, np.transpose(rows))
        assert false <= study.FDR + 3 * max(error, 0.07)
        assert found >= least


def test_where_nothing_leaks_next_to_nothing_is_withheld(study):
    dials = {"n_used": 6, "n_not_used": 120, "slices": 2, "fdr": 0.1}
    false, _, _ = np.transpose(study.many(study._release, 25, 1, **dials))
    # More than six of 25, where one in ten is expected, come once in a hundred.
    assert np.count_nonzero(false) <= 6


@pytest.mark.parametrize(
    ("kind", "views", "least", "most"),
    [("noisy", None, 0.9, 1), ("mirrored", None, 0, 0.1), ("mirrored", "mirrors", 0.9, 1)],
)
def test_planted_copies_are_withheld_where_the_views_show_them(study, kind, views, least, most):
    dials = {"n_used": 40, "n_not_used": 40, "slices": 1, "fdr": 0.1}
    rows = study.many(study._release, 2, 1, **dials, kind=kind, views=views)
    assert least <= np.transpose(rows)[1].mean() <= most


def test_a_list_protects_who_was_given_before_attacks_that_see_no_more_than_it(study):
    rows = np.array(study.many(study._left, 2, 1, views=None)).mean(axis=0)
    (before, _), (after, _), (by_another, not_given) = rows.reshape(3, 2)
    assert after < before
    assert by_another > after + 0.05
    assert not_given > 0.6

"""The searches that are timed find what the scans find."""

import sys

import numpy as np
import pytest


@pytest.fixture
def searches(folder):
    import scan_or_search

    return scan_or_search


def test_searches_are_compared_with_scans(searches, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["scan_or_search.py", "--sizes", "50", "120", "--side", "32"])
    searches.main()
    out = capsys.readouterr().out
    assert out.count("\n       50 ") == out.count("\n      120 ") == 2


def test_coarse_rows_are_never_farther_apart_than_fine_ones(searches):
    rng = np.random.default_rng(0)
    rows = np.sort(rng.gamma(2, size=(20, 3, 64)), axis=2).reshape(20, -1).astype(np.float32)
    few = searches.coarse(rows, 3)
    near = searches.wasserstein_distances(few[:5], few[5:], 3, steps="equal")
    assert (
        near <= searches.wasserstein_distances(rows[:5], rows[5:], 3, steps="equal") + 1e-6
    ).all()
    assert near.max() > 0


def test_a_search_that_leaves_out_what_is_near_stops_the_script(searches, monkeypatch):
    monkeypatch.setattr(searches, "candidates", lambda real, *_: searches._Thumbnails((), ()))
    with pytest.raises(AssertionError, match="the scan found 20 near copies, the search 0"):
        searches.print_near_copies([50], np.random.default_rng(0))

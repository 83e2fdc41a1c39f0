"""What a list withholds, against the margin, with the decoys."""

from types import SimpleNamespace

import numpy as np
import pytest
from displays import legend_of, line_labelled

from ganisi.plotting import ReleaseDisplay

MARGIN = np.array([0.5, 2, 2, 3, 0.1, 1])
USED = np.array([True, True, False, True, False, True])
WITHHELD = np.array([False, True, False, True, False, False])


@pytest.fixture
def drawn(plt):
    return ReleaseDisplay(MARGIN, USED, WITHHELD).plot()


def test_counts_are_of_images_won_by_at_least_so_much():
    counts = ReleaseDisplay(MARGIN, USED, WITHHELD).counts([0, 1, 2, 2.5, 4])
    assert counts["used patients"].tolist() == [4, 3, 2, 1, 0]
    assert counts["not-used patients (decoys)"].tolist() == [2, 1, 1, 0, 0]
    assert counts["withheld"].tolist() == [2, 2, 2, 1, 0]


def test_the_lines_are_the_counts(drawn):
    for name, which in (("used patients", USED), ("not-used patients (decoys)", ~USED)):
        x, y = line_labelled(drawn.ax_, f"won by {name}").get_data()
        right = [np.sum(which & (one <= MARGIN)) for one in x]
        np.testing.assert_array_equal(y, right)
        assert y[-1] == 0
    assert "withheld: 2 of 6" in legend_of(drawn.ax_.get_legend())


def test_a_list_is_what_is_drawn():
    listed = SimpleNamespace(
        margin=MARGIN, nearest_used=USED, decision=np.where(WITHHELD, "withhold", "release")
    )
    display = ReleaseDisplay.from_list(listed)
    np.testing.assert_array_equal(display.withheld, WITHHELD)
    np.testing.assert_array_equal(display.margin, MARGIN)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (([1, 2], [True], [True]), "a value of each"),
        (([], [], []), "a value of each"),
        (([-1], [True], [True]), "at least 0"),
        (([np.nan], [True], [True]), "at least 0"),
    ],
)
def test_what_cannot_be_drawn_is_refused(arguments, why):
    with pytest.raises(ValueError, match=why):
        ReleaseDisplay(*arguments)

"""The contact sheet of a list: what is private is drawn on request only, and called so."""

from types import SimpleNamespace

import numpy as np
import pytest

from ganisi import Views
from ganisi.audit import copy_list
from ganisi.audit._near_copies import _VIEWS, laid_as
from ganisi.plotting import ContactSheetDisplay

RNG = np.random.default_rng(0)
REAL = RNG.integers(0, 200, (4, 8, 8)).astype(np.uint8)
REASON = ["", "near copy", "near", "copy", "near", ""]
MARGIN = [0.5, 1.0, 2.0, 0.1, 3.0, 0.7]
NEAREST = np.array([0, 1, 2, 3, 2, 1])
VIEW = ["as it is", "turned by 90 degrees", "moved down 1", "as it is", "as it is", "as it is"]
VIEWS = Views(shifts=[(1, 0)])
GENERATED = RNG.integers(0, 200, (6, 8, 8)).astype(np.uint8)
#: Copies first, then by margin; then the others by margin.
ORDER = [3, 1, 4, 2, 5, 0]


class Listed(SimpleNamespace):
    nearest = NEAREST
    names = tuple(f"g{i}" for i in range(6))

    def columns(self):
        return {
            "generated": list(self.names),
            "nearest": [f"X[{i}]" for i in NEAREST],
            "view": VIEW,
            "margin": MARGIN,
            "reason": REASON,
            "decision": ["withhold" if one else "release" for one in REASON],
        }


def sheet(**options):
    return ContactSheetDisplay.from_list(Listed(), GENERATED, **options)


def private(**options):
    return sheet(real=REAL, with_images=True, **{"views": VIEWS, **options})


def pixels(ax):
    return [image.get_array() for image in ax.images]


def test_without_private_images_nothing_withheld_is_drawn_nor_kept(plt):
    display = sheet()
    assert display.names == [f"g{i}" for i in ORDER]
    assert display.nearest is None
    assert [one is None for one in display.generated] == [bool(REASON[i]) for i in ORDER]
    display.plot()
    assert len(display.ax_) == 6
    for i, ax in zip(ORDER, display.ax_, strict=True):
        if REASON[i]:
            assert not ax.images
            assert [text.get_text() for text in ax.texts] == ["not shown"]
            assert ax.get_title() == f"g{i}\nwithheld: {REASON[i]}"
        else:
            np.testing.assert_array_equal(*pixels(ax), GENERATED[i])
            assert ax.get_title() == f"g{i}\nnot withheld"
    assert "not shown" in display.figure_.get_suptitle()


def test_on_request_each_stands_beside_the_nearest_as_it_was_compared(plt):
    display = private().plot()
    assert display.figure_.get_suptitle().startswith("PRIVATE")
    assert len(display.ax_) == 18
    compared = {
        0: REAL[0],
        1: np.rot90(REAL[1], -1),  # The generated one, turned by 90 degrees, is the real one.
        2: list(VIEWS.apply(REAL[2]))[1],
        3: REAL[3],
        4: REAL[2],
        5: REAL[1],
    }
    for i, panels in zip(ORDER, display.ax_.reshape(-1, 3), strict=True):
        np.testing.assert_array_equal(*pixels(panels[0]), GENERATED[i])
        np.testing.assert_array_equal(*pixels(panels[1]), compared[i])
        apart = GENERATED[i].astype(float) - compared[i].astype(float)
        np.testing.assert_array_equal(*pixels(panels[2]), apart)
        assert panels[1].get_title() == f"PRIVATE X[{NEAREST[i]}]\n{VIEW[i]}"
        assert panels[2].get_title() == "PRIVATE difference"
        thick = [ax.spines["top"].get_linewidth() > 1 for ax in panels]
        assert thick == [bool(REASON[i]), True, True]


def test_one_scale_for_all_images_and_white_for_no_difference(plt):
    display = private().plot()
    scales = {
        panels[k].images[0].get_clim() for panels in display.ax_.reshape(-1, 3) for k in (0, 1)
    }
    assert len(scales) == 1
    ((low, high),) = scales
    assert {ax.images[0].get_clim() for ax in display.ax_[2::3]} == {
        (-(high - low) / 2, (high - low) / 2)
    }


def test_only_so_many_are_shown():
    assert sheet(n_withheld=2, n_released=1).names == ["g3", "g1", "g5"]
    assert sheet(n_withheld=0, n_released=9).names == ["g5", "g0"]


def test_a_real_image_of_another_size_is_brought_to_that_of_the_generated_one(plt):
    display = ContactSheetDisplay(
        ["a"], [np.full((8, 8), 7)], ["near"], nearest=[np.full((16, 16), 5)]
    ).plot()
    np.testing.assert_allclose(*pixels(display.ax_[2]), 2)


@pytest.fixture(scope="module")
def copies():
    """Real images, generated ones, and the list: unlike, a near copy, blank, unlike, a copy."""
    rng = np.random.default_rng(0)
    real, unlike = rng.integers(0, 256, (6, 32, 32)), rng.integers(0, 256, (2, 32, 32))
    near = real[1][:, ::-1] // 2 + 40
    generated = [unlike[0], near, np.zeros_like(near), unlike[1], real[4]]
    real, generated = real.astype(np.uint8), np.array(generated).astype(np.uint8)
    return real, generated, copy_list(real, generated=(generated,))


def test_of_a_list_of_copies_nothing_is_drawn_unasked_since_nothing_is_cleared(copies, plt):
    _, generated, found = copies
    assert found.reason.tolist() == ["", "near copy", "", "", "copy"]
    display = ContactSheetDisplay.from_list(found, generated).plot()
    assert display.generated == [None] * 5
    assert not any(ax.images for ax in display.ax_)
    first = 0 if found.distance[0] < found.distance[3] else 3
    order = [4, 1, first, 3 - first, 2]
    said = {4: "withheld: copy", 1: "withheld: near copy"}
    assert [ax.get_title() for ax in display.ax_] == [
        f"generated[{i}]\n{said.get(i, 'not cleared')}" for i in order
    ]
    assert all(ax.spines["top"].get_linewidth() > 1 for ax in display.ax_)
    assert "Nothing is cleared" in display.figure_.get_suptitle()
    assert "not withheld" not in " ".join(ax.get_title() for ax in display.ax_)


def test_on_request_copies_stand_beside_the_real_images_and_blank_ones_beside_none(copies, plt):
    real, generated, found = copies
    display = ContactSheetDisplay.from_list(found, generated, real=real, with_images=True).plot()
    assert "PRIVATE" in display.figure_.get_suptitle()
    assert "Nothing is cleared" in display.figure_.get_suptitle()
    panels = display.ax_.reshape(-1, 3)
    np.testing.assert_array_equal(*pixels(panels[0][1]), real[4])
    np.testing.assert_array_equal(*pixels(panels[0][2]), 0)
    np.testing.assert_array_equal(*pixels(panels[1][1]), real[1][:, ::-1])
    for k in (2, 3):
        i = [0, 3][k - 2] if found.distance[0] < found.distance[3] else [3, 0][k - 2]
        np.testing.assert_array_equal(
            *pixels(panels[k][1]), laid_as(real[found.nearest[i]], found.view[i])
        )
    np.testing.assert_array_equal(*pixels(panels[4][0]), generated[2])
    assert not panels[4][1].images
    assert not panels[4][2].images
    assert [text.get_text() for text in panels[4][1].texts] == ["none is nearest"]
    with pytest.raises(ValueError, match="leave views out"):
        ContactSheetDisplay.from_list(
            found, generated, real=real, with_images=True, views="mirrors"
        )


@pytest.mark.parametrize("name", [name for name, _ in _VIEWS])
def test_a_real_image_is_laid_as_the_generated_one_lies(name):
    np.testing.assert_array_equal(dict(_VIEWS)[name](laid_as(REAL[0], name)), REAL[0])


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda: sheet(real=REAL), "on request only"),
        (lambda: sheet(with_images=True), "on request only"),
        (lambda: private(views=None), "'moved down 1', which is none of views=Views"),
        (lambda: ContactSheetDisplay.from_list(Listed(), GENERATED[:3]), "3 images and the list 6"),
        (lambda: ContactSheetDisplay([], [], []), "at least one image"),
        (lambda: ContactSheetDisplay(["a"], GENERATED[:2], [""]), "one of each"),
    ],
)
def test_what_cannot_be_drawn_is_refused(make, why):
    with pytest.raises(ValueError, match=why):
        make()

import pickle
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skimage.io import imsave
from skimage.transform import rotate
from sklearn.base import clone

from ganisi import GANISI, Views
from ganisi.images._identity import image_key
from ganisi.images._views import ViewsOfSeveral

RNG = np.random.default_rng(0)
SQUARE = RNG.integers(0, 256, (9, 9), dtype=np.uint8)
WIDE = RNG.integers(0, 65536, (8, 13), dtype=np.uint16)
FLOAT = RNG.normal(size=(10, 7)).astype(np.float32)
# Smooth, so that interpolation has little to say.
ROWS, COLUMNS = np.mgrid[:41, :41] / 40
SMOOTH = (200 * np.exp(-((ROWS - 0.3) ** 2 + (COLUMNS - 0.6) ** 2) / 0.05)).astype(np.float32)
MANY = Views(
    mirrors=True, turns=True, shifts=[(1, 0), (0, -2)], zooms=[1.1, 0.5], rotations=[5, -7.5]
)


def contents(views, image):
    return [image_key(view) for view in Views.of(views).apply(image)]


@pytest.mark.parametrize(
    ("views", "n"),
    [
        (None, 1),
        ("mirrors", 4),
        ("dihedral", 8),
        (Views(), 1),
        (Views(turns=True), 4),
        (Views(shifts=[(0, 4)], zooms=[1.1]), 3),
        (MANY, 8 * 7),
        (replace(MANY, combined=False), 8 + 6),
        (replace(MANY, turns="square"), 8 * 7),
    ],
)
def test_every_view_has_a_name_and_the_first_is_the_image(views, n):
    views = Views.of(views)
    assert len(views) == len(views.names) == len(set(views.names)) == n
    assert views.names[0] == "as it is"
    made = list(views.apply(SQUARE))
    assert len(made) == n
    np.testing.assert_array_equal(made[0], SQUARE)
    assert len({image_key(view) for view in made}) == n


def test_the_views_of_several_are_there_once_and_as_they_are_alone():
    each = [Views(), MANY, Views(turns=True, shifts=[(3, 3)]), Views(turns="square")]
    views = ViewsOfSeveral.of_all(each)
    assert views.names[0] == "as it is"
    assert sorted(views.names) == sorted({name for one in each for name in one.names})
    assert len(views) == len(views.names) == 8 * 7 + 4
    made = dict(zip(views.names, views.apply(SQUARE), strict=True))
    for one in each:
        for name, view in zip(one.names, one.apply(SQUARE), strict=True):
            np.testing.assert_array_equal(made[name], view)
    assert views.in_plain_words() == MANY.in_plain_words()
    assert pickle.loads(pickle.dumps(views)) == views
    assert Views.of(views) is views
    assert ViewsOfSeveral.of_all([MANY, replace(MANY)]) is MANY


def test_several_views_refuse_what_one_of_them_refuses():
    each = [Views(turns="square"), Views(mirrors=True)]
    assert len(list(ViewsOfSeveral.of_all(each).apply(WIDE))) == 6
    with pytest.raises(ValueError, match="a quarter turn needs a square"):
        ViewsOfSeveral.of_all([*each, Views(turns=True)]).check_shapes([WIDE.shape])


def test_views_that_are_not_combined_are_those_of_one_step():
    alone = replace(MANY, combined=False)
    one_step = [
        name for name in MANY.names if ", " not in name.replace("(1, 0)", "").replace("(0, -2)", "")
    ]
    assert sorted(alone.names) == sorted(one_step)
    by_name = dict(zip(MANY.names, contents(MANY, SQUARE), strict=True))
    assert contents(alone, SQUARE) == [by_name[name] for name in alone.names]


def test_turns_where_square_leave_other_images_as_they_are():
    anywhere = Views(mirrors=True, turns="square")
    assert contents(anywhere, SQUARE) == contents("dihedral", SQUARE)
    made = contents(anywhere, WIDE)
    assert len(made) == 8
    assert set(made) == set(contents("mirrors", WIDE))
    anywhere.check_shapes([WIDE.shape])


@pytest.mark.parametrize("image", [SQUARE, WIDE, FLOAT, FLOAT.astype(float)])
def test_views_keep_the_type_and_size_of_an_image_and_leave_it_alone(image):
    before = image.copy()
    for view in Views(mirrors=True, shifts=[(2, -3)], zooms=[0.9], rotations=[10]).apply(image):
        assert view.shape == image.shape
        assert view.dtype == (np.float32 if image.dtype.kind == "f" else image.dtype)
        assert view.flags.c_contiguous
    np.testing.assert_array_equal(image, before)


def test_names_say_what_was_done():
    views = Views(turns=True, shifts=[(3, -2), (-1, 0), (0, 4)], zooms=[1.1], rotations=[-7.5, 5])
    assert views.names[:7] == [
        "as it is",
        "moved down 3 and left 2",
        "moved up 1",
        "moved right 4",
        "zoomed by 1.1",
        "rotated by -7.5 degrees",
        "rotated by 5 degrees",
    ]
    half = "turned by 180 degrees"
    assert views.names[7:9] == [half, f"{half}, moved down 3 and left 2"]


def test_mirrors_and_turns_are_those_of_numpy():
    expected = {
        "as it is": SQUARE,
        "mirrored left-right": np.fliplr(SQUARE),
        "mirrored up-down": np.flipud(SQUARE),
        "turned by 180 degrees": np.rot90(SQUARE, 2),
        "turned by 90 degrees": np.rot90(SQUARE),
        "turned by 270 degrees": np.rot90(SQUARE, 3),
        "mirrored at the main diagonal": SQUARE.T,
        "mirrored at the other diagonal": np.rot90(SQUARE, 2).T,
    }
    for views in ("mirrors", Views(turns=True), "dihedral"):
        views = Views.of(views)
        for name, view in zip(views.names, views.apply(SQUARE), strict=True):
            np.testing.assert_array_equal(view, expected[name], err_msg=name)
    assert Views(turns=True).names[2:] == ["turned by 90 degrees", "turned by 270 degrees"]


@pytest.mark.parametrize(
    ("views", "image"),
    [("mirrors", WIDE), ("mirrors", FLOAT), ("dihedral", SQUARE), (Views(turns=True), SQUARE)],
)
def test_the_views_of_a_view_are_the_same_images_to_the_bit(views, image):
    """They are a group: whichever of them a query is, the same images are looked at."""
    expected = sorted(contents(views, image))
    for view in Views.of(views).apply(image):
        assert sorted(contents(views, view)) == expected


def test_a_mirrored_image_has_the_same_views_whatever_follows_the_mirrors():
    views = Views(mirrors=True, shifts=[(1, 3)], zooms=[1.2], rotations=[5])
    for image in (WIDE, FLOAT):
        expected = sorted(contents(views, image))
        for mirrored in Views(mirrors=True).apply(image):
            assert sorted(contents(views, mirrored)) == expected


@given(down=st.integers(-7, 7), right=st.integers(-12, 12))
def test_a_shift_moves_pixels_and_repeats_the_edge(down, right):
    if (down, right) == (0, 0):
        return
    _, moved = Views(shifts=[(down, right)]).apply(WIDE)
    padded = np.pad(WIDE, ((8, 8), (13, 13)), mode="edge")
    np.testing.assert_array_equal(moved, padded[8 - down : 16 - down, 13 - right : 26 - right])


@pytest.mark.parametrize("degrees", [90, -90, 180, 450])
def test_a_rotation_by_quarter_turns_is_the_turn(degrees):
    _, rotated = Views(rotations=[degrees]).apply(SQUARE)
    np.testing.assert_array_equal(rotated, np.rot90(SQUARE, degrees // 90))


@pytest.mark.parametrize("degrees", [5, -12.5])
def test_a_rotation_is_that_of_scikit_image(degrees):
    _, rotated = Views(rotations=[degrees]).apply(SMOOTH)
    np.testing.assert_allclose(rotated, rotate(SMOOTH, degrees, mode="edge"), atol=1e-3)
    assert np.abs(rotated - SMOOTH).max() > 10


def test_a_zoom_keeps_the_centre_and_scales_what_is_around_it():
    _, twice, half = Views(zooms=[2, 0.5]).apply(SMOOTH)
    np.testing.assert_allclose(twice[::2, ::2], SMOOTH[10:31, 10:31], atol=1e-4)
    np.testing.assert_allclose(half[10:31, 10:31], SMOOTH[::2, ::2], atol=1e-4)
    # The edge is repeated.
    np.testing.assert_array_equal(half[:, :10], np.repeat(half[:, 10:11], 10, axis=1))


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_whole_grey_levels_are_rounded_and_not_cut(dtype):
    levels = np.rint(SMOOTH * (np.iinfo(dtype).max / SMOOTH.max())).astype(dtype)
    views = Views(zooms=[1.3], rotations=[7])
    for whole, exact in zip(views.apply(levels), views.apply(levels.astype(float)), strict=True):
        # Half a level, and what float32 cannot hold.
        np.testing.assert_allclose(whole, exact, atol=0.5 + 1e-7 * levels.max())
        assert whole.dtype == dtype


def test_files_have_the_views_of_their_images(tmp_path):
    imsave(tmp_path / "a.png", WIDE, check_contrast=False)
    for view, expected in zip(
        Views(mirrors=True).apply(tmp_path / "a.png"), Views(mirrors=True).apply(WIDE), strict=True
    ):
        np.testing.assert_array_equal(view, expected)


def test_views_are_values():
    assert Views.of("mirrors") == Views(mirrors=True)
    assert Views(shifts=[[1, np.int64(2)]]) == Views(shifts=((1, 2),))
    assert {Views.of("mirrors"), Views(mirrors=True)} == {Views(mirrors=True)}
    assert eval(repr(MANY)) == pickle.loads(pickle.dumps(MANY)) == MANY
    assert clone(GANISI(views=MANY)).views == MANY
    assert Views.of(MANY) is MANY


@pytest.mark.parametrize(
    ("views", "message"),
    [
        ({"turns": True}, "10 x 7 pixels, and a quarter turn needs a square image; .*'mirrors'"),
        ({"shifts": [(0, -7)]}, r"10 x 7 pixels, and a shift by \(0, -7\) moves all"),
        ({"shifts": [(10, 0)]}, r"10 x 7 pixels, and a shift by \(10, 0\) moves all"),
    ],
)
def test_images_that_have_not_all_views_are_refused(views, message):
    views = Views(**views)
    with pytest.raises(ValueError, match=f"image has {message}"):
        next(views.apply(FLOAT))
    with pytest.raises(ValueError, match=f"queries has {message}"):
        views.check_shapes({(30, 30), (10, 7)}, "queries")
    Views(mirrors=True, shifts=[(9, -6)]).check_shapes([(10, 7)])


@pytest.mark.parametrize(
    ("views", "error", "message"),
    [
        ({"mirrors": 1}, TypeError, "mirrors=1; expected True or False"),
        ({"shifts": 4}, TypeError, "shifts=4; expected a list"),
        ({"shifts": (4, 4)}, TypeError, r"shifts has 4; .* such as \(4, -2\)"),
        ({"shifts": [(0.5, 1)]}, TypeError, r"shifts has \(0.5, 1\); expected whole pixels"),
        ({"shifts": [(0, 0)]}, ValueError, r"shifts has \(0, 0\), which is the image as it is"),
        ({"shifts": [(1, 0), (1, 0)]}, ValueError, r"shifts has \(1, 0\) twice"),
        ({"zooms": 1.1}, TypeError, "zooms=1.1; expected a list"),
        ({"zooms": [1.1, -2]}, ValueError, "zooms has -2; expected a positive factor"),
        ({"zooms": [1]}, ValueError, "zooms has 1, which is the image as it is"),
        ({"zooms": [np.nan]}, ValueError, "zooms has nan"),
        ({"rotations": ["5"]}, ValueError, "rotations has '5'; expected degrees"),
        ({"rotations": [720]}, ValueError, "rotations has 720, which is the image as it is"),
    ],
)
def test_views_that_make_no_sense_are_refused(views, error, message):
    with pytest.raises(error, match=message):
        Views(**views)


@pytest.mark.parametrize("views", ["mirror", 4, ["mirrors"]])
def test_names_that_mean_no_views_are_refused(views):
    with pytest.raises(ValueError, match=r"expected None, 'mirrors', 'dihedral', or a ganisi.Vie"):
        Views.of(views)

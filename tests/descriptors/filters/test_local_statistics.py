import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from scipy import ndimage

from ganisi._compat._numba import compiled
from ganisi.descriptors.filters import (
    grey_levels,
    local_entropy,
    local_range,
    local_statistics,
    local_std,
)
from ganisi.descriptors.filters._kernels import entropy_table, sliding_entropy, sliding_std
from ganisi.descriptors.filters._local_statistics import _plain_entropy

shapes = array_shapes(min_dims=2, max_dims=2, max_side=12)
integer_images = arrays(np.uint8, shapes) | arrays(np.uint16, shapes)
float_images = arrays(np.float64, shapes, elements=st.floats(-1e6, 1e6)) | arrays(
    np.float32, shapes, elements=st.floats(-1e6, 1e6, width=32)
)
# Few levels, for counts beyond one or two.
level_images = arrays(np.uint8, shapes) | arrays(
    np.uint8, shapes, elements=st.sampled_from([0, 1, 254, 255])
)


@pytest.fixture
def noise():
    return np.random.default_rng(0).integers(256, size=(20, 26), dtype=np.uint8)


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ([[1, 1, 1], [2, 2, 2], [3, 3, 3]], [[1, 1, 1], [2, 2, 2], [1, 1, 1]]),
        ([[5, 2, 8], [1, -3, 1], [5, 1, 0]], [[8, 11, 11], [8, 11, 11], [8, 8, 4]]),
    ],
)
def test_range_of_images_with_a_known_answer(image, expected):
    np.testing.assert_array_equal(local_range(np.array(image)), expected)


def test_std_of_a_dot_is_a_third():
    image = np.ones((3, 3), np.uint8)
    image[1, 1] = 2
    np.testing.assert_array_equal(local_std(image), np.full((3, 3), np.float32(1 / 3)))


@pytest.mark.parametrize("name", ["camera", "grass", "noise", "flat"])
@pytest.mark.parametrize(
    ("function", "map_name"),
    [(local_range, "range"), (local_std, "std"), (local_entropy, "entropy")],
)
def test_maps_agree_with_those_of_octave(golden_dir, function, name, map_name):
    with np.load(golden_dir / "local_stats.npz") as golden:
        image, expected = golden[f"{name}_image"], golden[f"{name}_{map_name}"]
    np.testing.assert_allclose(function(image), expected, rtol=0, atol=1e-5)


@given(integer_images | float_images)
def test_range_is_the_difference_of_scipy_s_extremes(image):
    wide = image.astype(np.float64)
    expected = ndimage.maximum_filter(wide, 3, mode="reflect")
    expected -= ndimage.minimum_filter(wide, 3, mode="reflect")
    np.testing.assert_allclose(local_range(image), expected, rtol=1e-6, atol=1e-30)


@given(integer_images)
def test_std_of_integers_is_the_float32_nearest_to_numpy_s(image):
    expected = ndimage.generic_filter(
        image.astype(np.float64), np.std, 3, extra_keywords={"ddof": 1}
    )
    np.testing.assert_allclose(local_std(image), expected, rtol=1e-7)


@given(float_images)
def test_std_of_floats_is_numpy_s(image):
    expected = ndimage.generic_filter(
        image.astype(np.float64), np.std, 3, extra_keywords={"ddof": 1}
    )
    np.testing.assert_allclose(local_std(image), expected, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("plateau", [1e7, -1e7])
def test_std_keeps_its_digits_on_a_high_plateau(noise, plateau):
    np.testing.assert_array_equal(local_std(noise + np.float32(plateau)), local_std(noise))


@pytest.mark.parametrize("function", [local_range, local_std, local_entropy])
def test_turning_the_image_turns_the_map(function, noise):
    np.testing.assert_array_equal(function(np.rot90(noise)), np.rot90(function(noise)))
    np.testing.assert_array_equal(function(noise.T), function(noise).T)


def test_entropy_of_a_constant_image_is_zero():
    assert not local_entropy(np.full((12, 9), 200, np.uint8)).any()


def test_entropy_is_highest_where_no_two_pixels_are_alike():
    image = np.arange(81, dtype=np.uint8).reshape(9, 9)
    entropy = local_entropy(image)
    assert entropy[4, 4] == entropy.max() == np.float32(np.log2(81))


def test_entropy_does_not_care_which_grey_level_is_which(noise):
    shuffled = np.random.default_rng(1).permutation(256).astype(np.uint8)
    few = noise // 32
    np.testing.assert_array_equal(local_entropy(shuffled[few]), local_entropy(few))


def entropy_by_definition(window):
    p = np.unique(window, return_counts=True)[1] / window.size
    return -(p * np.log2(p)).sum()


@settings(deadline=None)  # the first call compiles
@given(level_images)
def test_entropy_is_that_of_the_definition(image):
    expected = ndimage.generic_filter(image.astype(float), entropy_by_definition, 9, mode="reflect")
    np.testing.assert_allclose(local_entropy(image), expected, rtol=0, atol=1e-6)


@settings(deadline=None)  # the first call compiles
@given(level_images)
def test_fast_and_plain_entropy_are_the_same(image):
    # Without numba the loops run all the same, as slow as Python.
    fast = compiled(sliding_entropy) or sliding_entropy
    padded = np.pad(image, 4, mode="symmetric")
    np.testing.assert_array_equal(fast(padded, 4, entropy_table(81)), _plain_entropy(padded))


@settings(deadline=None)
@given(level_images)
def test_fast_and_plain_std_are_the_same(image):
    fast, out = compiled(sliding_std) or sliding_std, np.empty(image.shape, np.float32)
    fast(np.pad(image, 1, mode="symmetric"), out)
    # Of the same numbers as floats, the plain path.
    np.testing.assert_array_equal(out, local_std(image.astype(float)))


def test_maps_are_the_same_without_numba(monkeypatch, noise):
    expected = local_statistics(noise)
    monkeypatch.setitem(sys.modules, "numba", None)
    compiled.cache_clear()
    try:
        assert compiled(sliding_entropy) is None
        np.testing.assert_array_equal(local_statistics(noise), expected)
    finally:
        compiled.cache_clear()


def test_entropy_of_anything_but_uint8_is_refused():
    with pytest.raises(ValueError, match="counts uint8 grey levels, got float64"):
        local_entropy(np.zeros((9, 9)))


@pytest.mark.parametrize(
    "same",
    [
        lambda x: x,
        lambda x: x.astype(np.uint16) * 257,
        lambda x: x.astype(np.float32) / np.float32(255),
        lambda x: x / 255,
    ],
    ids=["uint8", "uint16", "float32", "float64"],
)
def test_every_dtype_has_256_grey_levels(same):
    levels = np.arange(256, dtype=np.uint8).reshape(16, 16)
    np.testing.assert_array_equal(grey_levels(same(levels)), levels)


@pytest.mark.parametrize("dtype", [np.int16, np.uint16, np.float32, np.float64])
def test_an_intensity_range_is_cut_at_both_ends(dtype):
    image = np.array([[0, 100, 101, 355, 356, 1000]], dtype)
    levels = grey_levels(image, intensity_range=(100, 355))
    assert levels.dtype == np.uint8
    assert levels.tolist() == [[0, 0, 1, 255, 255, 255]]


@pytest.mark.parametrize(
    ("image", "reason"),
    [
        (np.array([[0.0, 1.5]]), r"got values in \[0, 1.5\]"),
        (np.array([[-0.5, 1.0]], np.float32), r"got values in \[-0.5, 1\]"),
        (np.array([[np.nan, 1.0]]), "got values in"),
        (np.array([[0, 1]], np.int16), "grey levels of int16 images are not known"),
    ],
)
def test_unknown_grey_levels_ask_for_the_intensity_range(image, reason):
    with pytest.raises(ValueError, match=f"{reason}.*give intensity_range="):
        local_statistics(image)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_what_a_rounding_error_puts_above_1_is_white(dtype):
    image = np.array([[0, 1 + 4e-16]]).astype(dtype)
    assert grey_levels(image).tolist() == [[0, 255]]


@pytest.mark.parametrize("bad", [(1, 1), (2, 1), (0, np.inf), (np.nan, 1), (1, 2, 3), ()])
def test_an_intensity_range_that_does_not_increase_is_refused(bad):
    with pytest.raises(ValueError, match="low < high"):
        grey_levels(np.zeros((2, 2)), intensity_range=bad)


def test_the_three_maps_come_in_order_and_only_entropy_knows_the_intensity_range(noise):
    image = noise * 10.0
    maps = local_statistics(image, intensity_range=(0, 2550))
    expected = [local_range(image), local_std(image), local_entropy(noise)]
    np.testing.assert_array_equal(maps, expected)

"""Laws that all filters obey."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from ganisi.descriptors import filters


def gabor(image):
    return filters.gabor_magnitude(image, wavelengths=[4, 8])


def derivatives(image):
    return np.stack(filters.gaussian_derivatives(image, sigma=1.0))


def statistics(image):
    return filters.local_statistics(image, intensity_range=(0, 255))


FILTERS = [
    gabor,
    derivatives,
    statistics,
    filters.local_range,
    filters.local_std,
    filters.multiscale_hessian,
    filters.steerable_gaussian,
]
DERIVATIVES = [
    derivatives,
    filters.local_range,
    filters.local_std,
    filters.multiscale_hessian,
    filters.steerable_gaussian,
]


@pytest.fixture
def image():
    return np.random.default_rng(0).integers(256, size=(23, 31), dtype=np.uint8)


@pytest.mark.parametrize("function", FILTERS)
@pytest.mark.parametrize("shape", [(23, 31), (1, 1), (1, 40), (40, 1), (3, 3), (2, 7)])
def test_maps_are_float32_of_the_shape_of_the_image(function, shape):
    image = np.random.default_rng(0).random(shape)
    maps = function(image)
    assert maps.dtype == np.float32
    assert maps.shape[-2:] == shape
    assert np.isfinite(maps).all()


@pytest.mark.parametrize("function", FILTERS)
@pytest.mark.parametrize("dtype", [np.uint16, np.float32, np.float64])
def test_the_dtype_of_the_same_grey_levels_changes_nothing(function, dtype, image):
    np.testing.assert_array_equal(function(image), function(image.astype(dtype)))


@pytest.mark.parametrize("function", FILTERS)
def test_memory_layout_changes_nothing(function, image):
    np.testing.assert_array_equal(function(image), function(np.asfortranarray(image)))
    np.testing.assert_array_equal(function(image[::2, ::3]), function(image[::2, ::3].copy()))


@pytest.mark.parametrize("function", FILTERS)
def test_a_read_only_image_is_good_enough_and_left_alone(function, image):
    before = image.copy()
    image.flags.writeable = False
    function(image)
    np.testing.assert_array_equal(image, before)


@pytest.mark.parametrize("function", FILTERS)
def test_the_images_before_do_not_matter(function, image):
    first = function(image)
    function(255 - image)
    np.testing.assert_array_equal(function(image), first)


@pytest.mark.parametrize("function", [*FILTERS, filters.grey_levels, filters.local_entropy])
@pytest.mark.parametrize("shape", [(4,), (2, 4, 4), (0, 4)])
def test_anything_but_one_grey_image_is_refused(function, shape):
    with pytest.raises(ValueError, match="one grey image of shape"):
        function(np.zeros(shape, np.uint8))


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("wavelengths", filters.gabor_magnitude),
        ("orientations", lambda image, values: filters.gabor_magnitude(image, [4], values)),
        ("orientations", lambda image, values: filters.steerable_gaussian(image, 1.0, values)),
        ("sigmas", filters.multiscale_hessian),
    ],
)
@pytest.mark.parametrize("values", [[], [np.nan], [4, np.inf], 4.0, [[4.0, 8.0]]])
def test_anything_but_a_list_of_finite_numbers_is_refused(name, function, values, image):
    with pytest.raises(ValueError, match=f"^{name} must be a list of one or more finite numbers"):
        function(image, values)


@pytest.mark.parametrize(
    ("function", "values"),
    [
        (lambda values: filters.gabor_magnitude(np.eye(9), values), (4.0, 8.0)),
        (lambda values: filters.gabor_magnitude(np.eye(9), [4], values), (0, 45)),
        (lambda values: filters.steerable_gaussian(np.eye(9), 1.0, values), (0, 45)),
        (lambda values: filters.multiscale_hessian(np.eye(9), values), (0.5, 1.0)),
    ],
)
@pytest.mark.parametrize("kind", [list, np.array, lambda values: np.array(values, np.float32)])
def test_lists_tuples_and_arrays_of_numbers_say_the_same(function, values, kind):
    np.testing.assert_array_equal(function(kind(values)), function(values))


@pytest.mark.parametrize("function", DERIVATIVES)
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32, np.float64])
@pytest.mark.parametrize("value", [0, 1, 77, 255])
def test_a_constant_image_has_no_derivative_at_all(function, dtype, value):
    image = np.full((12, 17), value, dtype)
    if image.dtype.kind == "f":
        image /= 7
    assert not function(image).any()


@pytest.mark.parametrize("function", DERIVATIVES)
def test_adding_a_constant_changes_no_derivative(function, image):
    darker = image // 2
    expected = function(darker)
    np.testing.assert_allclose(
        function(darker + np.uint8(100)), expected, rtol=0, atol=1e-6 * abs(expected).max()
    )


def test_the_filters_know_neither_scikit_learn_nor_torch():
    for path in Path(filters.__file__).parent.glob("*.py"):
        imported = re.findall(r"^\s*(?:import|from)\s+(\w+)", path.read_text(), re.MULTILINE)
        assert not {"sklearn", "torch"} & set(imported), path.name


def test_importing_the_filters_leaves_the_extras_alone():
    code = (
        "import sys, ganisi.descriptors.filters;"
        "print({'numba', 'torch', 'matplotlib'} & {name.partition('.')[0] for name in sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skimage.metrics import structural_similarity

from ganisi.distances import ssim_distances


def images(n_images, shape, seed):
    return np.random.default_rng(seed).integers(0, 256, (n_images, *shape)).astype(np.float32)


QUERIES, FAKES = images(3, (12, 15), 0), images(5, (12, 15), 1)


def by_scikit_image(queries, fakes, data_range):
    return [
        [
            1 - structural_similarity(*np.array([x, y], np.float64), data_range=data_range)
            for y in fakes
        ]
        for x in queries
    ]


@pytest.mark.parametrize("shape", [(7, 7), (8, 31), (32, 32)])
@pytest.mark.parametrize(("gain", "data_range"), [(1, 255), (257, 65535), (1 / 255, 1), (1, 40)])
def test_distance_is_one_less_that_of_scikit_image(shape, gain, data_range):
    # Alike in part, as real ones are.
    queries = gain * images(3, shape, 0)
    fakes = np.concatenate([0.7 * queries + 0.3 * gain * images(3, shape, 1), 0.1 * queries])
    distances = ssim_distances(queries, fakes, data_range)
    assert distances.dtype == np.float32
    np.testing.assert_allclose(distances, by_scikit_image(queries, fakes, data_range), atol=1e-6)


def test_grey_levels_far_from_zero_keep_their_digits():
    """As of 16-bit images that use a few levels only."""
    queries, fakes = QUERIES / 100 + 60000, FAKES / 100 + 60000
    expected = by_scikit_image(queries, fakes, 2.55)
    np.testing.assert_allclose(ssim_distances(queries, fakes, 2.55), expected, atol=1e-4)


@given(st.integers(0, 99), st.floats(1e-3, 1e3))
def test_distance_is_symmetric_and_has_no_unit(seed, gain):
    x, y = images(2, (9, 10), seed)[:, None]
    distance = ssim_distances(x, y, 255).item()
    assert 0 <= distance <= 2
    assert ssim_distances(y, x, 255).item() == pytest.approx(distance, abs=1e-6)
    assert ssim_distances(gain * x, gain * y, gain * 255).item() == pytest.approx(
        distance, abs=1e-5
    )


def test_an_image_is_at_distance_0_from_itself():
    np.testing.assert_allclose(np.diag(ssim_distances(FAKES, FAKES, 255)), 0, atol=1e-6)


def test_constant_images_have_defined_distances():
    levels = np.array([0, 100, 255], np.float32)
    flat = np.ones((3, 9, 9), np.float32) * levels[:, None, None]
    distances = ssim_distances(flat, flat, 255)
    c1 = 2.55**2
    m = levels.astype(float)
    expected = 1 - (2 * np.outer(m, m) + c1) / (m[:, None] ** 2 + m**2 + c1)
    np.testing.assert_allclose(distances, expected, atol=1e-6)
    assert np.isfinite(ssim_distances(flat, images(2, (9, 9), 0), 255)).all()


@pytest.mark.parametrize(("cells", "n_queries"), [(1, 1), (400, 2)])
def test_the_size_of_a_block_changes_no_bit(cells, n_queries, monkeypatch):
    expected = ssim_distances(QUERIES, FAKES, 255)
    monkeypatch.setattr("ganisi.distances._image_pairs._CELLS_PER_BLOCK", cells)
    monkeypatch.setattr("ganisi.distances._image_pairs._QUERIES_PER_BLOCK", n_queries)
    np.testing.assert_array_equal(ssim_distances(QUERIES, FAKES, 255), expected)
    np.testing.assert_array_equal(ssim_distances(QUERIES, FAKES, 255, n_jobs=3), expected)


def test_images_of_different_sizes_or_smaller_than_a_window_are_refused():
    with pytest.raises(
        ValueError, match=r"generated has shape \(5, 12, 12\).*one height and width"
    ):
        ssim_distances(QUERIES, FAKES[:, :, :12], 255)
    with pytest.raises(ValueError, match=r"a side has 6 cells, .* windows of 7 x 7"):
        ssim_distances(QUERIES[:, :6], FAKES[:, :6], 255)


@pytest.mark.parametrize("data_range", [0, -1, np.nan])
def test_a_range_that_is_none_is_refused(data_range):
    with pytest.raises(ValueError, match=r"data_range=.* a number above 0"):
        ssim_distances(QUERIES, FAKES, data_range)


def test_the_callers_arrays_are_left_alone():
    copies = QUERIES.copy(), FAKES.copy()
    ssim_distances(QUERIES, FAKES, 255)
    np.testing.assert_array_equal(QUERIES, copies[0])
    np.testing.assert_array_equal(FAKES, copies[1])

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganisi.distances import correlation_distances


def images(n_images, shape, seed):
    return np.random.default_rng(seed).gamma(2, size=(n_images, *shape)).astype(np.float32)


QUERIES, FAKES = images(3, (12, 15), 0), images(5, (12, 15), 1)


def overlap(image, down, right):
    """What is left of an image after its first rows and columns, or its last where negative."""
    height, width = image.shape
    return image[
        max(down, 0) : height + min(down, 0), max(right, 0) : width + min(right, 0)
    ].ravel()


def by_hand(x, y, max_shift):
    """The formula of the docstring, one shift at a time."""
    shifts = range(-max_shift, max_shift + 1)
    return 1 - max(
        np.corrcoef(overlap(x, down, right), overlap(y, -down, -right))[0, 1]
        for down in shifts
        for right in shifts
    )


@pytest.mark.parametrize("max_shift", [0, 1, 5])
def test_distance_is_that_of_the_most_correlated_overlap(max_shift):
    distances = correlation_distances(QUERIES, FAKES, max_shift, mirrors=False)
    expected = [[by_hand(x, y, max_shift) for y in FAKES] for x in QUERIES]
    assert distances.dtype == np.float32
    np.testing.assert_allclose(distances, expected, atol=1e-6)


def test_with_mirrors_it_is_the_smallest_over_four_mirror_images():
    views = [QUERIES, QUERIES[:, ::-1], QUERIES[:, :, ::-1], QUERIES[:, ::-1, ::-1]]
    expected = np.min([correlation_distances(v, FAKES, 2, mirrors=False) for v in views], axis=0)
    np.testing.assert_array_equal(correlation_distances(QUERIES, FAKES, 2), expected)
    assert (expected < correlation_distances(QUERIES, FAKES, 2, mirrors=False)).any()


@pytest.mark.parametrize("flip", [np.s_[:, ::-1], np.s_[:, :, ::-1], np.s_[:, ::-1, ::-1]])
def test_a_mirrored_query_has_the_same_distances_to_the_last_bit(flip):
    expected = correlation_distances(QUERIES, FAKES, 2)
    np.testing.assert_array_equal(correlation_distances(QUERIES[flip], FAKES, 2), expected)
    # Not only its own, of whatever order in memory.
    copied = np.asfortranarray(QUERIES[flip])
    np.testing.assert_array_equal(correlation_distances(copied, FAKES, 2), expected)


@given(
    down=st.integers(-4, 4),
    right=st.integers(-4, 4),
    mirror=st.sampled_from([np.s_[:], np.s_[::-1], np.s_[:, ::-1], np.s_[::-1, ::-1]]),
    gain=st.floats(0.01, 100),
    offset=st.floats(-50, 50),
    seed=st.integers(0, 99),
)
def test_a_moved_mirrored_and_regraded_copy_is_at_distance_0(
    down, right, mirror, gain, offset, seed
):
    scene = images(1, (20, 23), seed)[0]
    x, y = scene[4:-4, 4:-4], scene[4 + down : 16 + down, 4 + right : 19 + right]
    distances = correlation_distances(x[mirror][None], (gain * y + offset)[None], 4)
    assert distances.item() == pytest.approx(0, abs=1e-4)


@given(st.integers(0, 99), st.integers(0, 5), st.booleans())
def test_distance_is_symmetric_and_falls_with_the_largest_shift(seed, max_shift, mirrors):
    x, y = images(2, (12, 13), seed)[:, None]
    distance = correlation_distances(x, y, max_shift, mirrors).item()
    assert distance == pytest.approx(
        correlation_distances(y, x, max_shift, mirrors).item(), abs=1e-6
    )
    for smaller in range(max_shift):
        assert distance <= correlation_distances(x, y, smaller, mirrors).item() + 1e-6
    assert 0 <= distance <= correlation_distances(x, y, 0, mirrors=False).item() <= 2


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float64])
def test_an_image_is_at_distance_0_from_itself_and_2_from_its_negative(dtype):
    x = np.random.default_rng(0).integers(0, 200, (2, 16, 16)).astype(dtype)
    np.testing.assert_allclose(np.diag(correlation_distances(x, x)), 0, atol=1e-6)
    negative = correlation_distances(x, 200 - x, max_shift=0, mirrors=False)
    np.testing.assert_allclose(np.diag(negative), 2, atol=1e-6)


@pytest.mark.parametrize("level", [0, 0.1, 1e30])
def test_constant_images_are_correlated_with_nothing(level):
    queries, fakes = QUERIES.astype(float), FAKES.astype(float)
    queries[1], fakes[[0, 3]] = level, level
    distances = correlation_distances(queries, fakes, 2)
    assert (distances[1] == 1).all()
    assert (distances[:, [0, 3]] == 1).all()
    others = np.ix_([0, 2], [1, 2, 4])
    np.testing.assert_array_equal(
        distances[others], correlation_distances(QUERIES, FAKES, 2)[others]
    )


def test_an_overlap_that_holds_next_to_nothing_of_an_image_does_not_count():
    """All but the corner, moved out of sight, is a faint copy of the other image."""
    x, y = images(2, (12, 12), 0)
    faint = np.roll(1e-4 * y, -1, axis=(0, 1))
    faint[0, 0] = 1
    distance = correlation_distances(faint[None], y[None], 1, mirrors=False).item()
    assert distance > 0.5
    assert np.isfinite(correlation_distances(x[None], faint[None], 1)).all()


@pytest.mark.parametrize(("cells", "n_queries"), [(1, 1), (400, 2)])
def test_the_size_of_a_block_changes_no_bit(cells, n_queries, monkeypatch):
    expected = correlation_distances(QUERIES, FAKES, 2)
    monkeypatch.setattr("ganisi.distances._image_pairs._CELLS_PER_BLOCK", cells)
    monkeypatch.setattr("ganisi.distances._image_pairs._QUERIES_PER_BLOCK", n_queries)
    np.testing.assert_array_equal(correlation_distances(QUERIES, FAKES, 2), expected)
    np.testing.assert_array_equal(correlation_distances(QUERIES, FAKES, 2, n_jobs=3), expected)


def test_images_of_different_sizes_and_shifts_out_of_sight_are_refused():
    with pytest.raises(
        ValueError, match=r"generated has shape \(5, 12, 12\).*one height and width"
    ):
        correlation_distances(QUERIES, FAKES[:, :, :12])
    with pytest.raises(ValueError, match=r"queries has shape \(12, 15\)"):
        correlation_distances(QUERIES[0], FAKES)
    with pytest.raises(ValueError, match=r"max_shift=6; .* half of the 12 cells.*use at most 5"):
        correlation_distances(QUERIES, FAKES, max_shift=6)


def test_the_callers_arrays_are_left_alone():
    copies = QUERIES.copy(), FAKES.copy()
    correlation_distances(QUERIES, FAKES)
    np.testing.assert_array_equal(QUERIES, copies[0])
    np.testing.assert_array_equal(FAKES, copies[1])

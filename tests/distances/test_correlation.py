from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganisi.distances import correlation_distances
from ganisi.distances._correlation import mean_amplitudes


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
    distances = correlation_distances(QUERIES, FAKES, max_shift, mirrors=False, whiten=False)
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
    distances = correlation_distances(x[mirror][None], (gain * y + offset)[None], 4, whiten=False)
    assert distances.item() == pytest.approx(0, abs=1e-4)


@given(st.integers(0, 99), st.integers(0, 5), st.booleans())
def test_distance_is_symmetric_and_falls_with_the_largest_shift(seed, max_shift, mirrors):
    x, y = images(2, (12, 13), seed)[:, None]

    def distance_of(x, y, *dials):
        return correlation_distances(x, y, *dials, whiten=False).item()

    distance = distance_of(x, y, max_shift, mirrors)
    assert distance == pytest.approx(distance_of(y, x, max_shift, mirrors), abs=1e-6)
    for smaller in range(max_shift):
        assert distance <= distance_of(x, y, smaller, mirrors) + 1e-6
    assert 0 <= distance <= distance_of(x, y, 0, False) <= 2


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float64])
def test_an_image_is_at_distance_0_from_itself_and_2_from_its_negative(dtype):
    x = np.random.default_rng(0).integers(0, 200, (2, 16, 16)).astype(dtype)
    np.testing.assert_allclose(np.diag(correlation_distances(x, x)), 0, atol=1e-6)
    negative = correlation_distances(x, 200 - x, max_shift=0, mirrors=False)
    np.testing.assert_allclose(np.diag(negative), 2, atol=1e-6)


@pytest.mark.parametrize("whiten", [False, True])
@pytest.mark.parametrize("level", [0, 0.1, 1e30])
def test_constant_images_are_correlated_with_nothing(level, whiten):
    queries, fakes = QUERIES.astype(float), FAKES.astype(float)
    queries[1], fakes[[0, 3]] = level, level
    distances = correlation_distances(queries, fakes, 2, whiten=whiten)
    assert (distances[1] == 1).all()
    assert (distances[:, [0, 3]] == 1).all()
    # They add nothing to the amplitudes but to the number of images, which divides all alike.
    others = correlation_distances(queries[[0, 2]], fakes[[1, 2, 4]], 2, whiten=whiten)
    np.testing.assert_allclose(distances[np.ix_([0, 2], [1, 2, 4])], others, atol=1e-6)


def test_an_overlap_that_holds_next_to_nothing_of_an_image_does_not_count():
    """All but the corner, moved out of sight, is a faint copy of the other image."""
    x, y = images(2, (12, 12), 0)
    faint = np.roll(1e-4 * y, 1, axis=(0, 1))
    faint[0, 0] = 1
    distance = correlation_distances(faint[None], y[None], 1, mirrors=False, whiten=False).item()
    assert distance > 0.5
    assert np.isfinite(correlation_distances(x[None], faint[None], 1)).all()


@pytest.mark.parametrize("shape", [(12, 15), (11, 8)])
def test_whitened_frequencies_are_divided_by_their_amplitude_in_the_generated_images(shape):
    queries, fakes = images(3, shape, 0), images(5, shape, 1)
    power = [np.abs(np.fft.fft2(fake - fake.mean())) ** 2 for fake in fakes.astype(float)]
    amplitudes = np.sqrt(np.mean(power, axis=0))
    amplitudes = np.maximum(amplitudes, 1e-3 * amplitudes.max())

    def whitened(images):
        return np.fft.ifft2(np.fft.fft2(images.astype(float)) / amplitudes).real

    plain = partial(correlation_distances, max_shift=2, mirrors=False, whiten=False)
    distances = correlation_distances(queries, fakes, max_shift=2, mirrors=False)
    np.testing.assert_allclose(distances, plain(whitened(queries), whitened(fakes)), atol=1e-5)
    assert np.abs(distances - plain(queries, fakes)).max() > 0.05


def test_whitened_what_all_images_share_does_not_decide():
    """A bright blob in all of them: without whitening everything is like everything."""
    y, x = np.mgrid[-20:20, -20:20]
    blob = 200 * np.exp(-(y**2 + x**2) / 60)
    scenes = blob + np.random.default_rng(0).normal(0, 4, (8, 40, 40))
    plain = correlation_distances(scenes[:4], scenes, whiten=False)
    white = correlation_distances(scenes[:4], scenes)
    others = ~np.eye(4, 8, dtype=bool)
    assert plain[others].max() < 0.05
    assert white[others].min() > 0.5
    np.testing.assert_allclose(np.diag(white), 0, atol=1e-5)


def test_amplitudes_are_the_same_bits_however_images_are_divided_into_sets():
    whole = mean_amplitudes([FAKES])
    np.testing.assert_array_equal(mean_amplitudes([FAKES[:1], FAKES[1:4], FAKES[4:]]), whole)
    np.testing.assert_array_equal(mean_amplitudes([0 * FAKES]), np.ones_like(whole))


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

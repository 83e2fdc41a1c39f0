import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import wasserstein_distance

from ganisi._compat._numba import compiled
from ganisi.descriptors import _kernels, cell_quantiles, quantile_function, step_edges
from ganisi.descriptors._steps import step_parts
from ganisi.distances import wasserstein_1d, wasserstein_distances
from ganisi.distances._kernels import cityblock
from ganisi.distances._wasserstein import _plain_cityblock

values = arrays(
    np.float64,
    st.integers(1, 60),
    elements=st.floats(-1000, 1000).map(lambda x: round(x, 3)),
)
n_steps, kinds = st.integers(1, 80), st.sampled_from(["tails", "equal"])
FINITE = {"allow_nan": False, "allow_infinity": False}


def w1(a, b, n_quantiles, steps):
    return wasserstein_1d(*(quantile_function(x, n_quantiles, steps) for x in (a, b)), steps)


def integral_of_quantile_function(values, start, stop):
    """Of a step function, straight from the definition."""
    n, ordered = len(values), np.sort(values)
    overlap = np.minimum(stop, (np.arange(n) + 1) / n) - np.maximum(start, np.arange(n) / n)
    return (ordered * np.maximum(overlap, 0)).sum()


@given(values, n_steps, kinds)
def test_entries_are_block_means_of_the_quantile_function(sample, n_quantiles, steps):
    edges = step_edges(n_quantiles, steps)
    expected = [
        integral_of_quantile_function(sample, *edges[j : j + 2]) / (edges[j + 1] - edges[j])
        for j in range(n_quantiles)
    ]
    np.testing.assert_allclose(quantile_function(sample, n_quantiles, steps), expected, 1e-5, 1e-3)


@given(values, n_steps, kinds)
def test_quantile_functions_never_decrease_and_keep_the_mean(sample, n_quantiles, steps):
    quantiles = quantile_function(sample, n_quantiles, steps)
    assert (np.diff(quantiles) >= 0).all()
    widths = np.diff(step_edges(n_quantiles, steps))
    assert (quantiles * widths).sum() == pytest.approx(sample.mean(), abs=1e-3)


@given(st.floats(-1000, 1000, width=32), st.integers(1, 60), n_steps, kinds)
def test_a_constant_sample_has_an_exactly_constant_quantile_function(level, n, n_quantiles, steps):
    sample = np.full(n, level, np.float32)
    assert (quantile_function(sample, n_quantiles, steps) == np.float32(level)).all()


def samples_of_one_size(data, n):
    elements = st.floats(-1000, 1000).map(lambda x: round(x, 3))
    return [data.draw(arrays(np.float64, n, elements=elements)) for _ in range(2)]


@given(st.data(), st.integers(1, 60))
def test_distance_is_scipys_where_every_value_has_its_quantile(data, n):
    a, b = samples_of_one_size(data, n)
    assert w1(a, b, n, "equal") == pytest.approx(wasserstein_distance(a, b), rel=1e-5, abs=1e-3)


@given(st.data(), st.integers(1, 6))
def test_distance_is_scipys_where_no_edge_lies_within_a_value(data, n_quantiles):
    """Each value as often as its step is wide, such as 1, 7, 7 and 1 times of 16."""
    parts = step_parts(n_quantiles, "tails")
    a, b = (np.sort(x) for x in samples_of_one_size(data, n_quantiles))
    a, b = np.repeat(a, np.diff(parts)), np.repeat(b, np.diff(parts))
    exact = wasserstein_distance(a, b)
    assert w1(a, b, n_quantiles, "tails") == pytest.approx(exact, rel=1e-5, abs=1e-3)


@given(values, values, n_steps, kinds)
def test_a_distance_is_never_above_the_exact_one(a, b, n_quantiles, steps):
    assert w1(a, b, n_quantiles, steps) <= wasserstein_distance(a, b) + 1e-3


@given(values, n_steps, st.floats(-500, 500), kinds)
def test_a_shift_by_c_is_at_distance_c(a, n_quantiles, c, steps):
    assert w1(a, a + c, n_quantiles, steps) == pytest.approx(abs(c), abs=1e-3)


@given(values, values, values, n_steps, kinds)
def test_distance_is_a_metric(a, b, c, n_quantiles, steps):
    how = n_quantiles, steps
    assert w1(a, a, *how) == 0
    assert w1(a, b, *how) == w1(b, a, *how)
    assert w1(a, c, *how) <= w1(a, b, *how) + w1(b, c, *how) + 1e-3


@given(values, values, n_steps, st.floats(0, 10), kinds)
def test_distance_scales_with_the_values(a, b, n_quantiles, factor, steps):
    expected = factor * w1(a, b, n_quantiles, steps)
    scaled = w1(factor * a, factor * b, n_quantiles, steps)
    assert scaled == pytest.approx(expected, rel=1e-4, abs=1e-2)


@pytest.mark.parametrize(
    "draw",
    [
        lambda rng: rng.normal(size=65536),
        lambda rng: rng.rayleigh(size=65536),
        lambda rng: np.clip(rng.standard_cauchy(size=65536), -100, 100),
        lambda rng: np.where(rng.random(65536) < 0.5, 0.0, rng.exponential(size=65536)),
    ],
    ids=["gaussian", "rayleigh", "cauchy", "zero-inflated"],
)
@pytest.mark.parametrize("steps", ["tails", "equal"])
def test_64_block_means_miss_less_than_a_hundredth(draw, steps):
    rng = np.random.default_rng(0)
    a, b = draw(rng), 1.1 * draw(rng) + 0.05
    exact = wasserstein_distance(a, b)
    assert 0.99 * exact <= w1(a, b, 64, steps) <= exact * (1 + 1e-5)


@pytest.mark.parametrize("shape", [(8, 8), (9, 14), (7, 5)])
@pytest.mark.parametrize("grid", [1, 2, 3, 5])
def test_cells_are_those_of_array_split(shape, grid):
    maps = np.random.default_rng(0).normal(size=(2, *shape)).astype(np.float32)
    quantiles = cell_quantiles(maps, 4, grid)
    cells = [
        c for band in np.array_split(maps[1], grid) for c in np.array_split(band, grid, axis=1)
    ]
    assert quantiles.shape == (2, grid * grid, 4)
    for cell, expected in zip(quantiles[1], cells, strict=True):
        np.testing.assert_allclose(cell, quantile_function(expected.ravel(), 4), rtol=1e-6)


def test_a_grid_finer_than_the_image_is_refused():
    with pytest.raises(ValueError, match=r"grid=5 .* use grid <= 4"):
        cell_quantiles(np.zeros((1, 4, 6)), 1, grid=5)


def test_a_grid_as_fine_as_the_image_is_the_pixel_distance():
    a, b = np.random.default_rng(0).normal(size=(2, 1, 6, 6)).astype(np.float32)
    rows = [cell_quantiles(maps, 1, grid=6).reshape(1, -1) for maps in (a, b)]
    distances = wasserstein_distances(*rows, n_maps=1, n_quantiles=1)
    assert distances.item() == pytest.approx(np.abs(a - b).mean())


def test_distances_of_pairs_are_scipys_map_by_map():
    rng = np.random.default_rng(0)
    queries, generated = rng.normal(size=(3, 2, 50)), rng.gamma(2, size=(4, 2, 50))
    rows = [
        quantile_function(maps, 50, "equal").reshape(len(maps), -1) for maps in (queries, generated)
    ]
    distances = wasserstein_distances(*rows, n_maps=2, steps="equal")
    assert distances.dtype == np.float32
    for i, j, m in np.ndindex(3, 4, 2):
        expected = wasserstein_distance(queries[i, m], generated[j, m])
        assert distances[i, j, m] == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("steps", ["tails", "equal"])
def test_a_maps_distance_is_the_mean_over_its_cells(steps):
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(2, 1, 8, 8))
    cells = [cell_quantiles(maps, 4, 2, steps) for maps in (a, b)]
    expected = wasserstein_1d(*cells, steps).mean()
    rows = [quantiles.reshape(1, -1) for quantiles in cells]
    distances = wasserstein_distances(*rows, n_maps=1, n_quantiles=4, steps=steps)
    assert distances.item() == pytest.approx(expected, rel=1e-6)


def test_columns_that_are_no_quantile_functions_are_refused():
    cells = np.array([[3.0, 1.0]])
    with pytest.raises(ValueError, match=r"queries has a block of 2 .* such as n_quantiles=1"):
        wasserstein_distances(cells, np.sort(cells), n_maps=1)
    with pytest.raises(ValueError, match="generated has a block of 2 columns that decreases"):
        wasserstein_distances(np.sort(cells), cells, n_maps=1)
    with pytest.raises(ValueError, match=r"2 columns, not a multiple of .* 1 \* 3; give"):
        wasserstein_distances(cells, cells, n_maps=1, n_quantiles=3)


@pytest.mark.parametrize("steps", ["finer", None, 64])
def test_other_steps_are_refused(steps):
    message = r"steps=.*expected one of \['tails', 'equal'\]"
    for call in (
        lambda: step_edges(4, steps),
        lambda: quantile_function([1.0, 2.0], 4, steps),
        lambda: wasserstein_1d([1.0, 2.0], [3.0, 4.0], steps),
        lambda: wasserstein_distances([[1.0]], [[3.0]], 1, steps=steps),
    ):
        with pytest.raises(ValueError, match=message):
            call()


@pytest.mark.parametrize("n_quantiles", [1, 2, 3, 64, 65, 8192, 100_000])
def test_edges_run_from_0_to_1_alike_from_both_ends_and_are_finer_there(n_quantiles):
    edges = step_edges(n_quantiles)
    assert (edges[0], edges[-1], len(edges)) == (0, 1, n_quantiles + 1)
    assert (np.diff(edges) >= 0).all()
    np.testing.assert_allclose(edges, 1 - edges[::-1], atol=1e-15)
    v = np.arange(n_quantiles // 2 + 1) / n_quantiles
    np.testing.assert_allclose(edges[: len(v)], 4 * v**3)
    if n_quantiles <= 8192:
        parts = step_parts(n_quantiles, "tails")
        np.testing.assert_allclose(parts / parts[-1], edges, rtol=1e-14)


def test_one_and_two_steps_are_the_same_of_every_kind():
    sample = np.random.default_rng(0).normal(size=(2, 5000)).astype(np.float32)
    for n_quantiles in (1, 2):
        np.testing.assert_array_equal(
            quantile_function(sample, n_quantiles), quantile_function(sample, n_quantiles, "equal")
        )


def test_equal_steps_are_the_bits_they_always_were():
    """Means of sorted values in the order in which NumPy adds them, where blocks are whole."""
    sample = np.random.default_rng(0).normal(size=(3, 4, 60)).astype(np.float32)
    blocks = np.sort(sample).reshape(3, 4, 12, 5)
    expected = blocks.mean(axis=-1, dtype=np.float64).astype(np.float32)
    np.testing.assert_array_equal(quantile_function(sample, 12, "equal"), expected)
    a, b = expected[..., :2, :], expected[..., 2:, :]
    np.testing.assert_array_equal(wasserstein_1d(a, b, "equal"), np.abs(a - b).mean(axis=-1))


def test_more_steps_than_the_kernel_counts_are_computed_all_the_same():
    sample = np.random.default_rng(0).standard_cauchy((1, 20_000)).astype(np.float32)
    quantiles = quantile_function(sample, 10_000)
    assert (np.diff(quantiles) >= 0).all()
    assert (quantiles[0, 0], quantiles[0, -1]) == (sample.min(), sample.max())
    widths = np.diff(step_edges(10_000))
    assert (quantiles * widths).sum() == pytest.approx(sample.mean(dtype=float), rel=1e-5)


# The compiled kernels, or where numba is missing the same loops in plain Python, against NumPy and
# SciPy.


def kernel(function):
    return compiled(function) or function


def means_of_blocks(row, n_blocks, steps="equal"):
    means = np.empty((1, n_blocks))
    with np.errstate(over="ignore"):
        kernel(_kernels.block_means)(
            row[np.newaxis].view(np.uint32),
            *_kernels.bucket_values(),
            step_parts(n_blocks, steps),
            means,
        )
    return means[0]


@given(
    arrays(np.float32, st.integers(1, 60), elements=st.floats(width=32, **FINITE)),
    st.integers(1, 60),
    kinds,
)
def test_means_of_blocks_are_those_of_the_sorted_values(row, n_blocks, steps):
    parts = step_parts(n_blocks, steps)
    # Where the n-th value of the sorted row begins, in the units of the blocks' edges.
    values = np.arange(len(row) + 1) * parts[-1]
    blocks = parts * len(row)
    overlap = np.minimum.outer(blocks[1:], values[1:]) - np.maximum.outer(blocks[:-1], values[:-1])
    share = np.maximum(overlap, 0) / np.diff(blocks)[:, np.newaxis]
    largest = np.abs(row).max().astype(float)
    np.testing.assert_allclose(
        means_of_blocks(row, n_blocks, steps),
        share @ np.sort(row).astype(float),
        rtol=1e-13,
        atol=1e-13 * largest,
    )


@given(st.integers(1, 3), st.integers(2, 9), kinds, st.randoms(use_true_random=False))
def test_means_of_blocks_depend_on_values_and_not_on_their_places(seed, n_blocks, steps, random):
    row = np.random.default_rng(seed).normal(size=200).astype(np.float32)
    order = list(range(len(row)))
    random.shuffle(order)
    np.testing.assert_array_equal(
        means_of_blocks(row, n_blocks, steps), means_of_blocks(row[order], n_blocks, steps)
    )


def test_a_number_is_given_by_the_halves_of_its_bits():
    bits = np.random.default_rng(0).integers(0, 1 << 32, 5000, dtype=np.uint32)
    numbers = bits.view(np.float32)
    lowest, step = _kernels.bucket_values()
    ours = lowest[bits >> 16] + (bits & 0xFFFF) * step[bits >> 16]
    finite = np.isfinite(numbers)
    np.testing.assert_array_equal(ours[finite], numbers[finite])


BIG_ROWS = pytest.mark.parametrize(
    "rows",
    [
        np.zeros((2, 5000), np.float32),
        np.full((1, 4100), -np.finfo(np.float32).max, np.float32),
        np.random.default_rng(0).integers(0, 256, (2, 4096)).astype(np.float32),
        np.random.default_rng(0).standard_cauchy((3, 4097)).astype(np.float32),
    ],
    ids=["zero", "extreme", "integers", "cauchy"],
)


@BIG_ROWS
@pytest.mark.parametrize("n_quantiles", [2, 7, 64])
@pytest.mark.parametrize("steps", ["tails", "equal"])
def test_quantiles_are_the_same_bits_with_and_without_numba(rows, n_quantiles, steps, monkeypatch):
    if compiled(_kernels.block_means) is None:
        pytest.skip("numba is not installed, so there is one path only")
    fast = quantile_function(rows, n_quantiles, steps)
    monkeypatch.setattr("ganisi.descriptors._quantiles.compiled", lambda function: None)
    np.testing.assert_array_equal(quantile_function(rows, n_quantiles, steps), fast)


@BIG_ROWS
def test_nearly_as_many_quantiles_as_values_differ_by_rounding_only(rows, monkeypatch):
    if compiled(_kernels.block_means) is None:
        pytest.skip("numba is not installed, so there is one path only")
    n_quantiles = rows.shape[1] - 1
    fast = quantile_function(rows, n_quantiles).astype(float)
    monkeypatch.setattr("ganisi.descriptors._quantiles.compiled", lambda function: None)
    # Without numba they are differences of cumulative sums, which round in proportion to these.
    largest = np.abs(rows).max().astype(float)
    np.testing.assert_allclose(
        quantile_function(rows, n_quantiles), fast, rtol=2e-7, atol=1e-9 * largest
    )


# In buckets, where numba is installed; sorted for being few, and for being float64.
@pytest.mark.parametrize(
    ("n_values", "dtype"), [(5000, np.float32), (60, np.float32), (5000, np.float64)]
)
@pytest.mark.parametrize("n_quantiles", [1, 7, 10, "all"])
def test_the_values_of_the_caller_are_left_alone(n_values, dtype, n_quantiles):
    rows = np.random.default_rng(0).normal(size=(2, n_values)).astype(dtype)
    before = rows.copy()
    quantiles = quantile_function(rows, n_values if n_quantiles == "all" else n_quantiles)
    quantiles[:] = 0
    np.testing.assert_array_equal(rows, before)


@pytest.mark.parametrize("n_quantiles", [0, -1, 2.0, np.nan, None])
def test_anything_but_a_whole_number_of_steps_is_refused(n_quantiles):
    with pytest.raises(ValueError, match=r"n_quantiles=.* expected a whole number of steps"):
        quantile_function([1.0, 2.0], n_quantiles)
    with pytest.raises(ValueError, match=r"n_quantiles=.* expected a whole number of steps"):
        cell_quantiles(np.zeros((1, 4, 4)), n_quantiles, grid=3)


@given(
    n_queries=st.integers(1, 20),
    n_generated=st.integers(1, 6),
    n_maps=st.integers(1, 4),
    width=st.integers(1, 70),
    dtype=st.sampled_from([np.float32, np.float64]),
    scale=st.sampled_from([1e-30, 1.0, 1e30]),
    seed=st.integers(0, 99),
    weighted=st.booleans(),
)
def test_the_distance_kernel_agrees_with_scipy(
    n_queries, n_generated, n_maps, width, dtype, scale, seed, weighted
):
    rng = np.random.default_rng(seed)
    queries = (scale * rng.standard_cauchy((n_queries, n_maps, width))).astype(dtype)
    generated = (scale * rng.standard_cauchy((n_generated, n_maps, width))).astype(dtype)
    generated[0] = queries[-1]
    weights = rng.gamma(1, size=width) if weighted else None
    expected, distances = np.empty((2, n_queries, n_generated, n_maps), np.float32)
    _plain_cityblock(queries, generated, weights, expected)
    kernel(cityblock)(queries, generated, weights, distances)
    np.testing.assert_allclose(distances, expected, rtol=1e-6)
    assert (distances[-1, 0] == 0).all()


def test_the_number_of_threads_changes_no_bit():
    rng = np.random.default_rng(0)
    queries, generated = (np.sort(rng.normal(size=(n, 3, 8))).reshape(n, 24) for n in (21, 5))
    expected = wasserstein_distances(queries, generated, n_maps=3)
    for n_jobs in (2, 3, 40):
        distances = wasserstein_distances(queries, generated, n_maps=3, n_jobs=n_jobs)
        np.testing.assert_array_equal(distances, expected)

import pickle

import numpy as np
import pytest
from sklearn.base import clone

from ganisi import CDFWassersteinPairer, Intensity
from ganisi.distances import wasserstein_distances

N_QUANTILES, N_MAPS = 4, 3


def quantiles(n_images, seed):
    rng = np.random.default_rng(seed)
    rows = np.sort(rng.gamma(2, size=(n_images, N_MAPS, N_QUANTILES)), axis=2)
    return rows.reshape(n_images, -1).astype(np.float32)


QUERIES, FAKES, NEW = quantiles(12, 0), quantiles(9, 1), quantiles(5, 2)


@pytest.fixture
def pairer():
    return CDFWassersteinPairer(N_QUANTILES)


def test_distances_are_those_of_the_pure_function(pairer):
    distances = pairer.fit_transform(QUERIES, generated=FAKES)
    assert distances.shape == (12, 9, N_MAPS)
    np.testing.assert_array_equal(distances, wasserstein_distances(QUERIES, FAKES, N_MAPS))
    np.testing.assert_array_equal(distances, pairer.transform(QUERIES))


@pytest.mark.parametrize("relative", [False, True])
@pytest.mark.parametrize("sizes", [[], [1, 2], [299, 300], [3, 256, 257, 400]])
def test_several_sets_are_to_the_bit_the_same_sets_put_end_to_end(
    pairer, relative, sizes, monkeypatch
):
    # More than the median's sample looks at, in blocks that end within sets.
    fakes = quantiles(520, 4)
    monkeypatch.setattr("ganisi.distances._relative._PAIRS_PER_BLOCK", 1200)
    pairer.set_params(relative=relative)
    whole = pairer.fit_transform(QUERIES, generated=(fakes,)), pairer.transform(NEW)
    sets = tuple(part for part in np.split(fakes, sizes) if len(part))
    parts = pairer.fit_transform(QUERIES, generated=sets), pairer.transform(NEW)
    fitted_alone = clone(pairer).fit(QUERIES, generated=sets).transform(NEW)
    for a, b in zip((*whole, whole[1]), (*parts, fitted_alone), strict=True):
        np.testing.assert_array_equal(a, b)


def test_generated_rows_are_shared_with_the_caller_and_with_other_pairers(pairer):
    sets = (FAKES, FAKES[:4].copy())
    others = [clone(pairer).fit(QUERIES, generated=sets) for _ in range(2)]
    for kept in zip(*(other.generated_rows_ for other in others), sets, strict=True):
        assert np.shares_memory(kept[0], kept[1])
        assert np.shares_memory(kept[0], kept[2])
        with pytest.raises(ValueError, match="read-only"):
            kept[0][0] = 0
    assert FAKES.flags.writeable


@pytest.mark.parametrize(
    "convert", [np.asfortranarray, np.float64, lambda rows: rows.tolist(), lambda rows: rows[::-1]]
)
def test_generated_rows_of_any_type_and_order_give_the_same_bits(pairer, convert):
    rows = convert(FAKES)
    plain = np.ascontiguousarray(rows, np.float32)
    expected = pairer.fit_transform(QUERIES, generated=(plain,))
    np.testing.assert_array_equal(pairer.fit_transform(QUERIES, generated=(rows,)), expected)


def test_arrays_that_may_not_be_written_to_are_taken(pairer):
    shared = [rows.copy() for rows in (QUERIES, FAKES, NEW)]
    for rows in shared:
        rows.flags.writeable = False
    pairer.set_params(relative=True)
    expected = pairer.fit_transform(QUERIES, generated=(FAKES,)), pairer.transform(NEW)
    queries, fakes, new = shared
    seen = pairer.fit_transform(queries, generated=(fakes,)), pairer.transform(new)
    for a, b in zip(expected, seen, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("relative", [False, True])
def test_a_fitted_pairer_survives_pickling(pairer, relative):
    pairer.set_params(relative=relative).fit(QUERIES, generated=(FAKES[:4], FAKES[4:]))
    copy = pickle.loads(pickle.dumps(pairer))
    np.testing.assert_array_equal(copy.transform(NEW), pairer.transform(NEW))


@pytest.mark.parametrize("relative", [False, True])
def test_a_row_depends_on_its_own_query_only(pairer, relative):
    pairer.set_params(relative=relative).fit(QUERIES, generated=FAKES)
    together = pairer.transform(NEW)
    alone = np.concatenate([pairer.transform(row[None]) for row in NEW])
    np.testing.assert_array_equal(together, alone)


@pytest.mark.parametrize("relative", [False, True])
def test_order_and_duplication_of_the_generated_set_only_reorder_and_repeat(pairer, relative):
    pairer.set_params(relative=relative)
    order = np.random.default_rng(0).permutation(len(FAKES))
    distances = pairer.fit_transform(QUERIES, generated=FAKES)
    moved = clone(pairer).fit_transform(QUERIES, generated=FAKES[order])
    np.testing.assert_allclose(moved, distances[:, order], atol=1e-5)
    twice = clone(pairer).fit_transform(QUERIES, generated=(FAKES, FAKES))
    np.testing.assert_allclose(twice, np.concatenate([distances, distances], axis=1), atol=1e-5)


def relative_by_hand(distances, reference, offset):
    """The formula of the docstring, one pair at a time."""
    logs, reference = np.log(distances + offset), np.log(reference + offset)
    scale = np.maximum(reference.std(axis=0), 0.01)
    return (logs - reference.mean(axis=0)) / scale


def test_relative_distances_of_new_queries_follow_the_formula(pairer):
    distances = pairer.fit(QUERIES, generated=FAKES).transform(QUERIES).astype(float)
    offset = 1e-6 * np.median(distances, axis=(0, 1))
    new = pairer.transform(NEW)
    relative = pairer.set_params(relative=True).fit(QUERIES, generated=FAKES).transform(NEW)
    np.testing.assert_allclose(relative, relative_by_hand(new, distances, offset), atol=1e-4)


def test_a_spread_of_nothing_counts_as_a_hundredth_for_new_queries():
    """The first generated image is equally far from all queries of `fit`."""
    queries = np.array([[1.0], [3.0], [1.0], [3.0]], np.float32)
    pairer = CDFWassersteinPairer(n_quantiles=1, relative=True)
    pairer.fit(queries, generated=(np.array([[2.0], [9.0]], np.float32),))
    new = pairer.transform(np.array([[2.5], [1.0]], np.float32))
    np.testing.assert_allclose(new[:, 0, 0], [np.log(0.5) / 0.01, 0], rtol=1e-3, atol=1e-4)
    assert np.isfinite(new).all()


@pytest.mark.parametrize("groups", [None, np.repeat([3, 1, 2, 0], 3)])
def test_relative_distances_of_fit_leave_the_whole_group_out(pairer, groups):
    distances = pairer.fit(QUERIES, generated=FAKES).transform(QUERIES).astype(float)
    offset = 1e-6 * np.median(distances, axis=(0, 1))
    pairer.set_params(relative=True)
    relative = pairer.fit_transform(QUERIES, generated=FAKES, groups=groups)
    units = np.arange(12) if groups is None else groups
    for unit in np.unique(units):
        own, others = units == unit, units != unit
        expected = relative_by_hand(distances[own], distances[others], offset)
        np.testing.assert_allclose(relative[own], expected, atol=1e-4)


def test_relative_training_rows_look_like_new_ones():
    rng = np.random.default_rng(0)
    differences = []
    for _ in range(40):
        queries, new, fakes = np.split(rng.gamma(2, size=(60, 8)).astype(np.float32), 3)
        pairer = CDFWassersteinPairer(n_quantiles=1, relative=True)
        trained = pairer.fit_transform(queries, generated=(fakes,))
        differences.append(trained.mean() - pairer.transform(new).mean())
    error = np.std(differences) / np.sqrt(len(differences))
    assert abs(np.mean(differences)) < 3 * error


def test_a_query_equal_to_a_generated_image_and_constant_maps_stay_finite():
    queries = np.vstack([QUERIES, FAKES[:1]])
    queries[:, :N_QUANTILES] = 7
    fakes = FAKES.copy()
    fakes[:, :N_QUANTILES] = 7
    pairer = CDFWassersteinPairer(N_QUANTILES, relative=True)
    distances = pairer.fit_transform(queries, generated=fakes)
    assert np.isfinite(distances).all()
    assert distances[-1, 0, 1] == distances[-1, :, 1].min()


@pytest.mark.parametrize("relative", [False, True])
def test_results_do_not_depend_on_the_block_size(pairer, relative, monkeypatch):
    pairer.set_params(relative=relative)
    whole = pairer.fit_transform(QUERIES, generated=FAKES), pairer.transform(NEW)
    monkeypatch.setattr("ganisi.distances._relative._PAIRS_PER_BLOCK", 24)
    parts = pairer.fit_transform(QUERIES, generated=FAKES), pairer.transform(NEW)
    for a, b in zip(whole, parts, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-6)


@pytest.mark.parametrize("relative", [False, True])
def test_threads_change_no_bit(pairer, relative):
    pairer.set_params(relative=relative)
    expected = pairer.fit_transform(QUERIES, generated=FAKES), pairer.transform(NEW)
    pairer.set_params(n_jobs=3)
    threaded = pairer.fit_transform(QUERIES, generated=FAKES), pairer.transform(NEW)
    for a, b in zip(expected, threaded, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize(
    ("X", "generated", "message"),
    [
        (QUERIES[:, :10], FAKES[:, :10], "10 columns, not a multiple of grid .* = 1 . 1 . 4"),
        (QUERIES, FAKES[:, :8], "generated has 8 columns and X has 12"),
        (QUERIES[:, ::-1], FAKES, "X has a block of 4 columns that decreases"),
        (QUERIES, FAKES[:, ::-1], "generated has a block of 4 columns that decreases"),
        (QUERIES * np.nan, FAKES, "Input X contains NaN"),
        (QUERIES, FAKES * np.nan, "NaN"),
        (QUERIES, quantiles(12, 3), r"generated=\(generated,\)"),
    ],
)
def test_what_are_no_quantile_functions_is_refused(pairer, X, generated, message):
    with pytest.raises(ValueError, match=message):
        pairer.fit(X, generated=generated)


def test_mismatched_quantiles_are_refused():
    images = np.random.default_rng(0).integers(0, 256, (6, 16, 16), dtype=np.uint8)
    rows = Intensity(n_quantiles=8, grid=2).fit_transform(images)
    with pytest.raises(ValueError, match="columns that decreases"):
        CDFWassersteinPairer(n_quantiles=16).fit(rows, generated=(rows,))


def test_relative_needs_other_groups(pairer):
    pairer.set_params(relative=True)
    with pytest.raises(ValueError, match="at least 2 groups"):
        pairer.fit_transform(QUERIES, generated=FAKES, groups=np.zeros(12))


def test_the_callers_arrays_are_left_alone(pairer):
    copies = QUERIES.copy(), FAKES.copy()
    pairer.set_params(relative=True).fit_transform(QUERIES, generated=FAKES)
    pairer.transform(QUERIES)
    np.testing.assert_array_equal(QUERIES, copies[0])
    np.testing.assert_array_equal(FAKES, copies[1])

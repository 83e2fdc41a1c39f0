import itertools

import numpy as np
import pytest
from sklearn.base import clone

from ganisi import CDFWassersteinPairer
from ganisi.distances import wasserstein_distances

N_QUANTILES, N_MAPS, N_VIEWS = 4, 3, 3
N_FEATURES = N_QUANTILES * N_MAPS


def rows_of(n_images, seed):
    """Quantile functions of maps whose units differ a hundredfold."""
    rng = np.random.default_rng(seed)
    rows = np.sort(rng.gamma(2, size=(n_images, N_MAPS, N_QUANTILES)), axis=2)
    return (rows * [[1], [100], [10]]).reshape(n_images, -1).astype(np.float32)


def wide(n_images, seed, n_views=N_VIEWS):
    return np.hstack([rows_of(n_images, seed + 100 * view) for view in range(n_views)])


QUERIES, FAKES, NEW = wide(12, 0), rows_of(9, 1), wide(5, 2)


@pytest.fixture(params=[False, True], ids=["absolute", "relative"])
def pairer(request):
    return CDFWassersteinPairer(N_QUANTILES, relative=request.param, n_views=N_VIEWS)


def under_each_view(rows, fakes=FAKES):
    """Distances (n_views, n_queries, n_generated, n_maps)."""
    views = np.split(rows, rows.shape[1] // N_FEATURES, axis=1)
    return np.stack([wasserstein_distances(view, fakes, N_MAPS) for view in views])


def nearest_by_hand(rows, of_fit):
    """The definition: the smallest mean over maps of a distance in units of the typical one."""
    typical = under_each_view(of_fit)[0].mean(axis=(0, 1), dtype=float)
    distances = under_each_view(rows)
    views = (distances / typical).mean(axis=3).argmin(axis=0)
    return np.take_along_axis(distances, views[None, :, :, None], axis=0)[0], views


def both_ways(pairer, queries=QUERIES, new=NEW, **fit):
    fitted = clone(pairer)
    return (
        fitted.fit_transform(queries, generated=(FAKES,), **fit),
        fitted.transform(new),
        fitted.best_views(new),
        clone(pairer).fit(queries, generated=(FAKES,)).transform(new),
    )


def assert_same(some, others):
    for one, other in zip(some, others, strict=True):
        np.testing.assert_array_equal(one, other)


def test_the_distances_of_a_pair_are_those_of_its_nearest_view():
    pairer = CDFWassersteinPairer(N_QUANTILES, n_views=N_VIEWS)
    of_fit, of_new, views, again = both_ways(pairer)
    np.testing.assert_array_equal(of_fit, nearest_by_hand(QUERIES, QUERIES)[0])
    expected, chosen = nearest_by_hand(NEW, QUERIES)
    np.testing.assert_array_equal(of_new, expected)
    np.testing.assert_array_equal(again, expected)
    np.testing.assert_array_equal(views, chosen)
    # Each view is somebody's nearest, and no single map decides.
    assert set(chosen.ravel()) == {0, 1, 2}
    assert (of_new > under_each_view(NEW).min(axis=0)).any()


@pytest.mark.parametrize("groups", [None, np.repeat([3, 1, 2, 0], 3)])
def test_relative_distances_are_those_of_the_distances_of_the_nearest_views(groups):
    """A pairer of one view that is given the chosen distances, as rows of their own, agrees."""
    pairer = CDFWassersteinPairer(N_QUANTILES, relative=True, n_views=N_VIEWS)
    of_fit, of_new, _, again = both_ways(pairer, groups=groups)
    np.testing.assert_array_equal(again, of_new)
    for j in range(len(FAKES)):
        # Against a generated image of zeros a row of one step is its own distance.
        alone = CDFWassersteinPairer(1, relative=True)
        chosen = nearest_by_hand(QUERIES, QUERIES)[0][:, j]
        zero = (np.zeros((1, N_MAPS), np.float32),)
        fitted = alone.fit_transform(chosen, generated=zero, groups=groups)
        np.testing.assert_allclose(of_fit[:, j], fitted[:, 0], atol=2e-4)
        new = alone.transform(nearest_by_hand(NEW, QUERIES)[0][:, j])
        np.testing.assert_allclose(of_new[:, j], new[:, 0], atol=2e-4)


def test_one_view_is_to_the_bit_as_if_there_were_none(pairer):
    first = [np.ascontiguousarray(rows[:, :N_FEATURES]) for rows in (QUERIES, NEW)]
    of_fit, of_new, views, again = both_ways(clone(pairer).set_params(n_views=1), *first)
    plain = CDFWassersteinPairer(N_QUANTILES, relative=pairer.relative)
    np.testing.assert_array_equal(of_fit, plain.fit_transform(first[0], generated=(FAKES,)))
    np.testing.assert_array_equal(of_new, plain.transform(first[1]))
    np.testing.assert_array_equal(again, of_new)
    assert not views.any()


def test_the_same_view_many_times_is_to_the_bit_that_view(pairer):
    many = [np.tile(rows[:, :N_FEATURES], N_VIEWS) for rows in (QUERIES, NEW)]
    of_fit, of_new, views, _ = both_ways(pairer, *many)
    plain = CDFWassersteinPairer(N_QUANTILES, relative=pairer.relative)
    first = np.ascontiguousarray(QUERIES[:, :N_FEATURES])
    np.testing.assert_array_equal(of_fit, plain.fit_transform(first, generated=(FAKES,)))
    np.testing.assert_array_equal(of_new, plain.transform(NEW[:, :N_FEATURES]))
    assert not views.any()


def test_the_order_of_the_views_of_a_query_changes_no_bit(pairer):
    pairer.fit(QUERIES, generated=(FAKES,))
    expected, views = pairer.transform(NEW), pairer.best_views(NEW)
    order = np.array([2, 0, 1])
    turned = np.hstack([NEW[:, v * N_FEATURES : (v + 1) * N_FEATURES] for v in order])
    np.testing.assert_array_equal(pairer.transform(turned), expected)
    np.testing.assert_array_equal(order[pairer.best_views(turned)], views)


def test_more_views_never_move_a_pair_further_apart():
    means = []
    for n_views in (1, 2, 3, 5):
        queries, new = wide(12, 0, n_views), wide(5, 2, n_views)
        pairer = CDFWassersteinPairer(N_QUANTILES, n_views=n_views)
        of_fit, of_new, _, _ = both_ways(pairer, queries, new)
        typical = under_each_view(QUERIES)[0].mean(axis=(0, 1))
        means.append(np.vstack([of_fit, of_new]) / typical)
    for fewer, more in itertools.pairwise(means):
        assert (more.mean(axis=2) <= fewer.mean(axis=2) * (1 + 1e-6)).all()
        assert (more.mean(axis=2) < fewer.mean(axis=2)).any()


def test_blocks_and_threads_change_no_bit(pairer, monkeypatch):
    expected = both_ways(pairer)
    # Nine generated images of three maps: one, two and all queries at a time.
    for size in (1, 60, 10**6):
        monkeypatch.setattr("ganisi.distances._views_of_queries._DISTANCES_PER_BLOCK", size)
        for n_jobs in (None, 2, 5):
            assert_same(both_ways(pairer.set_params(n_jobs=n_jobs)), expected)
    monkeypatch.setattr("ganisi.distances._relative._PAIRS_PER_BLOCK", 24)
    assert_same(both_ways(pairer), expected)
    for n_generated in (1, 4):
        monkeypatch.setattr("ganisi.distances._views_of_queries._GENERATED_PER_BLOCK", n_generated)
        assert_same(both_ways(pairer), expected)


def test_each_generated_image_is_looked_at_under_all_views_before_the_next(monkeypatch):
    seen = []

    class Witness(CDFWassersteinPairer):
        def _compare(self, queries, generated, distances):
            seen.append(tuple(generated[:, 0]))
            super()._compare(queries, generated, distances)

    monkeypatch.setattr("ganisi.distances._views_of_queries._GENERATED_PER_BLOCK", 4)
    Witness(N_QUANTILES, n_views=N_VIEWS).fit_transform(QUERIES, generated=(FAKES,))
    blocks = [tuple(FAKES[some, 0]) for some in (slice(4), slice(4, 8), slice(8, None))]
    assert seen == [tuple(FAKES[:, 0]), *(block for block in blocks for _ in range(N_VIEWS - 1))]


def test_only_a_block_of_another_view_is_held(monkeypatch):
    held = []

    class Witness(CDFWassersteinPairer):
        def _compare(self, queries, generated, distances):
            held.append(distances.size)
            super()._compare(queries, generated, distances)

    size = 3 * len(FAKES) * N_MAPS
    monkeypatch.setattr("ganisi.distances._views_of_queries._DISTANCES_PER_BLOCK", size)
    Witness(N_QUANTILES, n_views=N_VIEWS).fit_transform(QUERIES, generated=(FAKES,))
    # The first view of all, which becomes the result; then three queries at a time.
    assert held == [len(QUERIES) * len(FAKES) * N_MAPS] + [size] * 4 * (N_VIEWS - 1)


def test_a_map_in_which_nothing_differs_has_no_say():
    queries, new, fakes = QUERIES.copy(), NEW.copy(), FAKES.copy()
    for rows in (queries, new, fakes):
        rows.reshape(-1, N_MAPS, N_QUANTILES)[:, 1] = 7
    pairer = CDFWassersteinPairer(N_QUANTILES, n_views=N_VIEWS)
    distances = pairer.fit_transform(queries, generated=(fakes,))
    assert np.isfinite(distances).all()
    assert (distances[:, :, 1] == 0).all()
    each = under_each_view(queries, fakes)[..., [0, 2]]
    views = (each / each[0].mean(axis=(0, 1))).mean(axis=3).argmin(axis=0)
    np.testing.assert_array_equal(pairer.best_views(queries), views)


def test_generated_rows_stay_shared_and_have_one_view(pairer):
    pairer.fit(QUERIES, generated=(FAKES[:4], FAKES[4:]))
    assert all(np.shares_memory(kept, FAKES) for kept in pairer.generated_rows_)
    assert pairer.n_generated_ == len(FAKES)
    assert pairer.n_maps_ == N_MAPS


@pytest.mark.parametrize(
    ("X", "generated", "message"),
    [
        (QUERIES[:, :-1], FAKES, "X has 35 columns, not a multiple of n_views=3; put the rows"),
        (QUERIES[:, :30], FAKES, "X has 10 columns a view, not a multiple of grid"),
        (
            QUERIES,
            wide(9, 1),
            "generated has 36 columns and X has 36 for 3 views, 12 for each; .* under no view",
        ),
        (QUERIES[:, :N_FEATURES], FAKES, "generated has 12 columns and X has 12 for 3 views, 4"),
        (np.hstack([QUERIES[:, :24], QUERIES[:, :11:-1]])[:, :36], FAKES, "X has a block .* decr"),
    ],
)
def test_rows_that_do_not_fit_the_views_are_refused(pairer, X, generated, message):
    with pytest.raises(ValueError, match=message):
        pairer.fit(X, generated=(generated,))


def cells_of(n_images, seed, n_views=N_VIEWS, grid=4):
    """Rows of two maps of 4 x 4 cells, two quantiles each, under several views."""
    rng = np.random.default_rng(seed)
    rows = np.sort(rng.gamma(2, size=(n_images, n_views, 2, grid, grid, 2)), axis=-1)
    return rows.reshape(n_images, -1).astype(np.float32)


@pytest.mark.parametrize("relative", [False, True])
@pytest.mark.parametrize("view_grid", [1, 2])
def test_a_coarse_search_takes_the_view_that_is_nearest_in_larger_cells(view_grid, relative):
    queries, fakes, new = cells_of(9, 0), cells_of(7, 1, n_views=1), cells_of(5, 2)
    dials = {"n_quantiles": 2, "grid": 4}
    exact = [
        CDFWassersteinPairer(**dials).fit(view, generated=(fakes,))
        for view in np.split(queries, N_VIEWS, axis=1)
    ]

    def coarse(rows):
        side = 4 // view_grid
        cells = rows.reshape(len(rows), -1, 2, view_grid, side, view_grid, side, 2)
        return cells.mean(axis=(4, 6)).reshape(len(rows), -1)

    by_larger_cells = CDFWassersteinPairer(2, view_grid, n_views=N_VIEWS)
    by_larger_cells.fit(coarse(queries), generated=(coarse(fakes),))
    expected = by_larger_cells.best_views(coarse(new))
    assert len(np.unique(expected)) == N_VIEWS

    pairer = CDFWassersteinPairer(
        **dials, n_views=N_VIEWS, view_grid=view_grid, relative=relative, n_jobs=2
    ).fit(queries, generated=(fakes[:3], fakes[3:]))
    np.testing.assert_array_equal(pairer.best_views(new), expected)
    views = np.split(new, N_VIEWS, axis=1)
    distances = np.stack([one.transform(view) for one, view in zip(exact, views, strict=True)])
    chosen = np.take_along_axis(distances, expected[None, :, :, None], axis=0)[0]
    if relative:
        chosen = pairer.relative_scale_.standardise(chosen)
    np.testing.assert_allclose(pairer.transform(new), chosen, rtol=1e-6)
    np.testing.assert_allclose(pairer.view_scale_, by_larger_cells.view_scale_, rtol=1e-6)

    at_once, alone = clone(pairer), clone(pairer).set_params(n_jobs=None)
    assert_same(
        [at_once.fit_transform(queries, generated=(fakes,))],
        [alone.fit_transform(queries, generated=(fakes,))],
    )
    # However it was fitted, maps are weighed by what they differ in larger cells.
    assert_same([at_once.view_scale_, at_once.best_views(new)], [pairer.view_scale_, expected])


def test_a_coarse_search_by_all_cells_is_the_exact_one():
    queries, fakes = cells_of(9, 0), cells_of(7, 1, n_views=1)
    exact = CDFWassersteinPairer(2, 4, n_views=N_VIEWS)
    coarse = clone(exact).set_params(view_grid=4)
    assert_same(
        [exact.fit_transform(queries, generated=(fakes,))],
        [coarse.fit_transform(queries, generated=(fakes,))],
    )


def test_cells_that_cannot_be_put_together_are_refused():
    with pytest.raises(ValueError, match="view_grid=3 does not divide grid=4"):
        CDFWassersteinPairer(2, 4, view_grid=3).fit(cells_of(3, 0, 1), generated=(FAKES,))

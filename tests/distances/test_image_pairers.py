"""Pairers whose rows are images: the laws of every pairer, and what is theirs alone."""

import pickle

import numpy as np
import pytest
from sklearn.base import clone

from ganisi import CDFWassersteinPairer, CorrelationPairer, Intensity, SSIMPairer
from ganisi.distances import correlation_distances, ssim_distances

GRID = 12


def images(n_images, seed):
    rng = np.random.default_rng(seed)
    # Not alone noise: neighbours are alike, as those of real images are.
    noise = rng.normal(size=(n_images, GRID, GRID)).cumsum(axis=1).cumsum(axis=2)
    return (100 + 3 * noise).astype(np.float32)


def rows(*args):
    return images(*args).reshape(-1, GRID**2)


QUERIES, FAKES, NEW = rows(12, 0), rows(9, 1), rows(5, 2)


@pytest.fixture(params=[CorrelationPairer(GRID, max_shift=2), SSIMPairer(GRID)], ids=repr)
def pairer(request):
    return clone(request.param)


both = pytest.mark.parametrize("relative", [False, True])


def fitted(pairer, generated=(FAKES,)):
    return pairer.fit_transform(QUERIES, generated=generated), pairer.transform(NEW)


def assert_same_bits(some, others):
    for a, b in zip(some, others, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize(
    ("pairer", "expected"),
    [
        (
            CorrelationPairer(GRID, max_shift=3, relative=False),
            lambda x, y: correlation_distances(x, y, 3),
        ),
        (
            CorrelationPairer(GRID, max_shift=1, mirrors=False, relative=False),
            lambda x, y: correlation_distances(x, y, 1, mirrors=False),
        ),
        (
            SSIMPairer(GRID, data_range=200, relative=False),
            lambda x, y: ssim_distances(x, y, 200),
        ),
    ],
    ids=repr,
)
def test_distances_are_those_of_the_pure_function(pairer, expected):
    trained, new = fitted(clone(pairer))
    assert trained.shape == (12, 9, 1)
    assert trained.dtype == np.float32
    np.testing.assert_array_equal(trained[:, :, 0], expected(images(12, 0), images(9, 1)))
    np.testing.assert_array_equal(new[:, :, 0], expected(images(5, 2), images(9, 1)))


def test_rows_of_the_descriptor_are_read_as_they_are_written():
    """Row by row: a copy moved down by a cell, of 2 x 2 pixels, is found, and where."""
    scene = np.random.default_rng(0).integers(0, 256, (3, 26, 26), dtype=np.uint8)
    describe = Intensity(grid=GRID, n_quantiles=1).fit_transform
    real, fake = describe(scene[:, :24, :24]), describe(scene[:, 2:, :24])
    pairer = CorrelationPairer(GRID, max_shift=1, mirrors=False, relative=False)
    distances = pairer.fit(real, generated=(fake,)).transform(real)[:, :, 0]
    np.testing.assert_allclose(np.diag(distances), 0, atol=1e-6)
    assert np.diag(pairer.set_params(max_shift=0).transform(real)[:, :, 0]).min() > 0.1


@both
@pytest.mark.parametrize("sizes", [[1, 2], [3, 8]])
def test_several_sets_are_to_the_bit_the_same_sets_put_end_to_end(pairer, relative, sizes):
    pairer.set_params(relative=relative)
    sets = tuple(np.split(FAKES, sizes))
    assert_same_bits(fitted(pairer), fitted(clone(pairer), sets))


def test_generated_rows_are_shared_with_the_caller_and_never_written_to(pairer):
    before = FAKES.copy()
    fitted(pairer)
    assert np.shares_memory(pairer.generated_rows_[0], FAKES)
    assert not pairer.generated_rows_[0].flags.writeable
    np.testing.assert_array_equal(FAKES, before)


@pytest.mark.parametrize("convert", [np.asfortranarray, np.float64, lambda rows: rows.tolist()])
def test_rows_of_any_type_and_order_give_the_same_bits(pairer, convert):
    expected = fitted(pairer)
    pairer.fit(convert(QUERIES), generated=(convert(FAKES),))
    np.testing.assert_array_equal(pairer.transform(convert(NEW)), expected[1])


@both
def test_threads_pickling_and_blocks_change_no_bit(pairer, relative, monkeypatch):
    pairer.set_params(relative=relative)
    expected = fitted(pairer)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(pairer)).transform(NEW), expected[1])
    monkeypatch.setattr("ganisi.distances._image_pairs._CELLS_PER_BLOCK", 2 * GRID**2)
    monkeypatch.setattr("ganisi.distances._image_pairs._QUERIES_PER_BLOCK", 4)
    assert_same_bits(fitted(clone(pairer).set_params(n_jobs=3)), expected)


@both
def test_a_row_depends_on_its_own_query_only(pairer, relative):
    pairer.set_params(relative=relative).fit(QUERIES, generated=(FAKES,))
    alone = np.concatenate([pairer.transform(row[None]) for row in NEW])
    np.testing.assert_array_equal(pairer.transform(NEW), alone)


@both
def test_order_and_duplication_of_the_generated_set_only_reorder_and_repeat(pairer, relative):
    pairer.set_params(relative=relative)
    order = np.random.default_rng(0).permutation(len(FAKES))
    expected = fitted(pairer)
    for distances, moved in zip(expected, fitted(clone(pairer), (FAKES[order],)), strict=True):
        np.testing.assert_allclose(moved, distances[:, order], atol=1e-4)
    for distances, twice in zip(expected, fitted(clone(pairer), (FAKES, FAKES)), strict=True):
        np.testing.assert_allclose(twice, np.concatenate([distances] * 2, axis=1), atol=1e-4)


def test_relative_is_the_default_and_follows_the_formula(pairer):
    trained, new = fitted(clone(pairer).set_params(relative=False))
    relative = fitted(pairer)[1]
    logs = np.log(trained + 1e-6 * np.median(trained))
    expected = (np.log(new + 1e-6 * np.median(trained)) - logs.mean(axis=0)) / logs.std(axis=0)
    np.testing.assert_allclose(relative, expected, atol=1e-3)


@both
def test_constant_images_and_equal_ones_stay_finite(pairer, relative):
    queries, fakes = np.vstack([QUERIES, FAKES[:1]]), FAKES.copy()
    queries[0], fakes[3] = 7, 7
    pairer.set_params(relative=relative)
    distances = pairer.fit_transform(queries, generated=(fakes,))
    assert np.isfinite(distances).all()
    assert np.isfinite(pairer.transform(queries)).all()
    assert distances[-1].argmin() == 0
    nothing = np.zeros((3, GRID**2), np.float32)
    assert np.isfinite(pairer.fit_transform(nothing, generated=(nothing,))).all()


@pytest.mark.parametrize(
    ("pairer", "width", "message"),
    [
        (CorrelationPairer(GRID), 4 * GRID**2, r"X has 576 columns; .*12 \* 12 columns.*grid=12"),
        (SSIMPairer(GRID), GRID, r"X has 12 columns; SSIMPairer .*Intensity\(grid=12, n_quant"),
        (CorrelationPairer(GRID, max_shift=6), GRID**2, "max_shift=6; .* use at most 5"),
        (SSIMPairer(6), 36, "6 cells, .* windows of 7 x 7"),
        (CorrelationPairer(GRID, max_shift=-1), GRID**2, "'max_shift' parameter"),
        (SSIMPairer(GRID, data_range=0), GRID**2, "'data_range' parameter"),
    ],
    ids=repr,
)
def test_rows_and_parameters_that_do_not_fit_together_are_refused(pairer, width, message):
    wide = np.zeros((4, width), np.float32)
    with pytest.raises(ValueError, match=message):
        clone(pairer).fit(wide, generated=(wide,))


def test_other_input_that_is_refused(pairer):
    with pytest.raises(ValueError, match="generated has 36 columns and X has 144"):
        pairer.fit(QUERIES, generated=(FAKES[:, :36],))
    with pytest.raises(ValueError, match="NaN"):
        pairer.fit(QUERIES, generated=(FAKES * np.nan,))
    with pytest.raises(TypeError, match="generated is missing"):
        pairer.fit(QUERIES)
    with pytest.raises(ValueError, match="at least 2 queries"):
        pairer.fit(QUERIES[:1], generated=(FAKES,))


FLIPS = [np.s_[:], np.s_[:, ::-1], np.s_[:, :, ::-1], np.s_[:, ::-1, ::-1]]


def under_mirrors(*args):
    """Rows of images under four views, side by side."""
    scene = images(*args)
    return np.hstack([scene[flip].reshape(len(scene), -1) for flip in FLIPS])


@both
def test_mirrors_are_the_four_mirror_views_to_the_bit(relative):
    own = CorrelationPairer(GRID, max_shift=2, relative=relative)
    views = CorrelationPairer(GRID, max_shift=2, relative=relative, mirrors=False, n_views=4)
    wide = views.fit_transform(under_mirrors(12, 0), generated=(FAKES,))
    assert_same_bits(fitted(own), (wide, views.transform(under_mirrors(5, 2))))


def test_of_several_views_the_nearest_counts():
    pairer = SSIMPairer(GRID, relative=False, n_views=4)
    distances = pairer.fit_transform(under_mirrors(12, 0), generated=(FAKES,))[:, :, 0]
    scenes = [images(12, 0)[flip] for flip in FLIPS]
    alone = np.stack([ssim_distances(x, images(9, 1), pairer.data_range_) for x in scenes])
    np.testing.assert_array_equal(distances, alone.min(axis=0))
    np.testing.assert_array_equal(pairer.best_views(under_mirrors(12, 0)), alone.argmin(axis=0))


def test_without_a_range_ssim_has_no_unit():
    expected = fitted(SSIMPairer(GRID, relative=False))
    pairer = SSIMPairer(GRID, relative=False).fit(257 * QUERIES, generated=(257 * FAKES,))
    np.testing.assert_allclose(pairer.transform(257 * NEW), expected[1], atol=1e-5)
    both_sets = np.concatenate([QUERIES, FAKES])
    assert pairer.data_range_ == pytest.approx(257 * np.ptp(both_sets), rel=1e-6)
    # The range is that of `fit`, whoever is asked about later.
    bright = pairer.transform(np.concatenate([257 * NEW, 9999 * NEW]))
    np.testing.assert_array_equal(bright[:5], pairer.transform(257 * NEW))


def test_correlation_finds_moved_and_mirrored_copies_that_pixels_do_not():
    scene = np.random.default_rng(3).normal(size=(6, 20, 20)).astype(np.float32)
    real, moved = scene[:, 4:16, 4:16], scene[:, 6:18, 3:15][:, :, ::-1]
    X, G = (part.reshape(6, -1) for part in (real, moved))
    correlation = CorrelationPairer(GRID, max_shift=2, relative=False)
    distances = correlation.fit_transform(X, generated=(G,))[:, :, 0]
    np.testing.assert_array_equal(distances.argmin(axis=1), np.arange(6))
    np.testing.assert_allclose(np.diag(distances), 0, atol=1e-5)
    pixels = CDFWassersteinPairer(n_quantiles=1, grid=GRID).fit_transform(X, generated=(G,))
    assert (pixels[:, :, 0].argmin(axis=1) != np.arange(6)).any()

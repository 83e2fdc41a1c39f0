import joblib
import numpy as np
import pytest
from skimage.io import imsave
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from ganisi import (
    GaborBank,
    Intensity,
    LocalStats,
    MultiscaleHessian,
    SteerableGaussian,
    classical_descriptors,
)
from ganisi.descriptors import _base as base
from ganisi.descriptors import quantile_function

IMAGES = np.random.default_rng(0).integers(0, 256, (5, 20, 24), dtype=np.uint8)
DESCRIPTORS = [LocalStats(), GaborBank(), SteerableGaussian(), MultiscaleHessian(), Intensity()]
ALL = [*DESCRIPTORS, classical_descriptors()]
every = pytest.mark.parametrize("descriptor", DESCRIPTORS, ids=lambda d: type(d).__name__)
every_or_stacked = pytest.mark.parametrize("descriptor", ALL, ids=lambda d: type(d).__name__)


@pytest.mark.parametrize(
    ("descriptor", "n_maps"),
    [
        (LocalStats(), 3),
        (GaborBank(), 24),
        (SteerableGaussian(), 8),
        (MultiscaleHessian(), 30),
        (classical_descriptors(), 65),
        (Intensity(), 1),
    ],
)
def test_defaults_are_the_papers_numbers_of_maps(descriptor, n_maps):
    image = np.random.default_rng(0).integers(0, 256, (1, 256, 256), dtype=np.uint8)
    rows = descriptor.fit_transform(image)
    assert rows.shape == (1, n_maps * 64)
    assert rows.dtype == np.float32


@every_or_stacked
def test_rows_are_the_quantile_functions_of_the_feature_maps(descriptor):
    rows = clone(descriptor).fit_transform(IMAGES)
    members = [d for _, d in getattr(descriptor, "transformer_list", [("", descriptor)])]
    maps = np.concatenate([d.feature_maps(IMAGES[2]) for d in members])
    assert maps.dtype == np.float32
    expected = quantile_function(maps.reshape(len(maps), -1), 64)
    np.testing.assert_array_equal(rows[2].reshape(len(maps), 64), expected)


@every_or_stacked
def test_a_subset_gives_the_subsets_rows_to_the_bit(descriptor):
    rows = clone(descriptor).fit_transform(IMAGES)
    subset = clone(descriptor).fit(IMAGES).transform(IMAGES[[3, 1]])
    np.testing.assert_array_equal(subset, rows[[3, 1]])


@every
def test_unfitted_transform_is_fitted_transform(descriptor):
    np.testing.assert_array_equal(
        clone(descriptor).transform(IMAGES), clone(descriptor).fit_transform(IMAGES)
    )


@every
def test_workers_and_batches_change_no_bit(descriptor, monkeypatch):
    rows = clone(descriptor).transform(IMAGES)
    with joblib.parallel_config("threading"):
        np.testing.assert_array_equal(
            clone(descriptor).set_params(n_jobs=2).transform(IMAGES), rows
        )
    monkeypatch.setattr(base, "_IMAGES_PER_TASK", 1)
    np.testing.assert_array_equal(clone(descriptor).transform(IMAGES), rows)


def test_worker_processes_change_no_bit():
    rows = classical_descriptors().fit_transform(IMAGES)
    parallel = classical_descriptors(n_jobs=2).fit(IMAGES).transform(IMAGES)
    np.testing.assert_array_equal(parallel, rows)


@every
def test_a_cache_changes_no_bit_and_describes_no_image_twice(descriptor, tmp_path, monkeypatch):
    cached = clone(descriptor).set_params(memory=str(tmp_path))
    rows = cached.transform(IMAGES)
    np.testing.assert_array_equal(rows, clone(descriptor).transform(IMAGES))

    def refuse(self, image):
        raise AssertionError("described again")

    monkeypatch.setattr(type(descriptor), "_maps", refuse)
    np.testing.assert_array_equal(cached.transform(IMAGES[::-1]), rows[::-1])
    np.testing.assert_array_equal(clone(cached).fit(IMAGES).transform(IMAGES), rows)
    with pytest.raises(AssertionError, match="described again"):
        cached.set_params(n_quantiles=8).transform(IMAGES)


@every_or_stacked
def test_lists_and_files_give_the_rows_of_the_array(descriptor, tmp_path):
    rows = clone(descriptor).fit_transform(IMAGES)
    np.testing.assert_array_equal(clone(descriptor).fit_transform(list(IMAGES)), rows)
    paths = [tmp_path / f"scan {i}.png" for i in range(len(IMAGES))]
    for path, image in zip(paths, IMAGES, strict=True):
        imsave(path, image, check_contrast=False)
    for files in (paths, [str(path) for path in paths], np.array([str(path) for path in paths])):
        np.testing.assert_array_equal(clone(descriptor).fit_transform(files), rows)


@every
@pytest.mark.parametrize("dtype", [np.uint16, np.float32, np.float64])
def test_every_bit_depth_is_described(descriptor, dtype):
    images = IMAGES.astype(dtype) * 257 if dtype == np.uint16 else IMAGES.astype(dtype) / 255
    rows = clone(descriptor).fit_transform(images)
    assert rows.dtype == np.float32
    assert np.isfinite(rows).all()


@every
def test_float32_and_float64_are_the_same_grey_levels(descriptor):
    images = (IMAGES / 255).astype(np.float32)
    fitted = clone(descriptor).fit(images)
    np.testing.assert_allclose(
        fitted.transform(images.astype(np.float64)), fitted.transform(images), atol=2e-5
    )


@every
def test_a_fitted_descriptor_refuses_another_bit_depth(descriptor):
    fitted = clone(descriptor).fit(IMAGES)
    for other in (IMAGES / 255, IMAGES.astype(np.uint16)):
        with pytest.raises(ValueError, match="the images before it are uint8"):
            fitted.transform(other)
        with pytest.raises(ValueError, match="the images before it are uint8"):
            fitted.feature_maps(other[0])


@every
def test_images_of_different_sizes_have_equally_long_rows(descriptor):
    images = [IMAGES[0], IMAGES[1, :16], IMAGES[2, :, :17]]
    descriptor = clone(descriptor)
    if isinstance(descriptor, GaborBank):
        with pytest.raises(ValueError, match=r"3 different sizes.*wavelengths=\[2\.83"):
            descriptor.fit(images)
        descriptor.set_params(wavelengths=[3.0, 6.0])
    rows = descriptor.fit_transform(images)
    np.testing.assert_array_equal(rows[1], descriptor.transform([images[1]])[0])


@every_or_stacked
def test_names_stand_for_columns_and_make_a_data_frame(descriptor):
    pd = pytest.importorskip("pandas")
    descriptor = clone(descriptor).set_output(transform="pandas").fit(IMAGES)
    frame = descriptor.transform(IMAGES)
    assert isinstance(frame, pd.DataFrame)
    assert frame.columns.tolist() == list(descriptor.get_feature_names_out())
    assert frame.columns.is_unique


@pytest.mark.parametrize(
    ("descriptor", "name"),
    [
        (LocalStats(), "local entropy q63"),
        (GaborBank([5.657]), "gabor wavelength=5.66 orientation=45 q32"),
        (SteerableGaussian(), "gaussian order=2 orientation=135 q00"),
        (MultiscaleHessian(n_quantiles=1), "hessian sigma=0.75 frobenius norm q0"),
        (Intensity(n_quantiles=1, grid=2), "intensity cell=1,0 q0"),
    ],
)
def test_feature_names_read_aloud(descriptor, name):
    assert name in descriptor.get_feature_names_out()


def test_gabor_names_need_the_wavelengths():
    with pytest.raises(NotFittedError, match="call fit, or give wavelengths"):
        GaborBank().get_feature_names_out()
    assert len(GaborBank().fit(IMAGES).map_names_) == 8


def test_a_fine_grid_of_means_is_the_image():
    images = IMAGES[:, :, :20]
    rows = Intensity(grid=20, n_quantiles=1).fit_transform(images)
    np.testing.assert_array_equal(rows, images.reshape(5, -1))


@every
def test_a_grid_finer_than_an_image_is_refused(descriptor):
    with pytest.raises(ValueError, match=r"grid=21 .* use grid <= 20"):
        clone(descriptor).set_params(grid=21).fit(IMAGES)


@pytest.mark.parametrize(
    ("descriptor", "message"),
    [
        (LocalStats(n_quantiles=0), "n_quantiles"),
        (LocalStats(grid=1.5), "grid"),
        (GaborBank([1.0]), "at least 2"),
        (GaborBank(bandwidth=0), "bandwidth"),
        (SteerableGaussian(sigma=-1), "sigma"),
        (MultiscaleHessian(memory=3), "memory"),
    ],
    ids=repr,
)
def test_bad_parameters_are_refused(descriptor, message):
    with pytest.raises(ValueError, match=message):
        descriptor.fit(IMAGES)


def test_images_too_small_for_any_wavelength_are_refused():
    with pytest.raises(ValueError, match="no room for the shortest wavelength"):
        GaborBank().fit(IMAGES[:, :4, :4])


def test_floats_beyond_one_need_their_intensity_range():
    hounsfield = IMAGES.astype(float) * 10 - 1000
    with pytest.raises(ValueError, match="intensity_range"):
        LocalStats().fit_transform(hounsfield)
    assert LocalStats(intensity_range=(-1000, 1550)).fit_transform(hounsfield).shape == (5, 192)


def test_a_descriptor_is_a_texture_feature_extractor_on_its_own():
    flat = np.full_like(IMAGES, 100)
    model = make_pipeline(GaborBank(n_quantiles=4), StandardScaler(), SVC())
    model.fit(np.concatenate([IMAGES, flat]), np.repeat([1, 0], 5))
    assert model.predict(IMAGES[:2]).tolist() == [1, 1]


def test_descriptors_stack_in_a_feature_union():
    union = FeatureUnion([("a", GaborBank()), ("b", Intensity())]).fit(IMAGES)
    assert union.transform(IMAGES).shape == (5, 9 * 64)


def test_a_list_the_caller_owns_is_left_alone():
    images = list(IMAGES)
    copy = [image.copy() for image in images]
    classical_descriptors().fit_transform(images)
    for image, before in zip(images, copy, strict=True):
        np.testing.assert_array_equal(image, before)

import re
from pathlib import Path

import numpy as np
import pytest
from all_descriptors import EXPORTED, with_known
from sklearn.exceptions import NotFittedError
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

import ganisi
from ganisi import (
    GaborBank,
    Intensity,
    LocalStats,
    MultiscaleHessian,
    SteerableGaussian,
    classical_descriptors,
)
from ganisi.descriptors import MapInfo, TextureDescriptor, quantile_function
from ganisi.testing import descriptor_checks

IMAGES = np.random.default_rng(0).integers(0, 256, (5, 20, 24), dtype=np.uint8)
DOCS = Path(ganisi.__file__).parents[1] / "docs"


@pytest.mark.parametrize("law", [check.__name__ for check in descriptor_checks(Intensity())])
@pytest.mark.parametrize("make", EXPORTED.values(), ids=EXPORTED)
def test_every_descriptor_obeys(make, law):
    {check.__name__: check for check in descriptor_checks(make())}[law]()


@pytest.mark.parametrize("make", EXPORTED.values(), ids=EXPORTED)
def test_parameters_shared_by_all_have_their_defaults(make):
    params = make().get_params()
    shared = {key: params[key] for key in ("n_quantiles", "grid", "n_jobs", "memory")}
    assert shared == {"n_quantiles": 64, "grid": 1, "n_jobs": None, "memory": None}


@pytest.mark.parametrize("make", EXPORTED.values(), ids=EXPORTED)
def test_images_of_different_sizes_have_equally_long_rows(make):
    images = [IMAGES[0], IMAGES[1, :16], IMAGES[2, :, :17]]
    descriptor = with_known(make(), {"wavelengths": [3.0, 6.0]})
    rows = descriptor.fit_transform(images)
    np.testing.assert_array_equal(rows[1], descriptor.transform([images[1]])[0])


def test_the_laws_are_of_all_descriptors_of_the_package():
    assert {"GaborBank", "Intensity", "ResNetFeatures"} <= set(EXPORTED)
    modules = (Path(ganisi.__file__).parent / "descriptors").glob("_*.py")
    defined = {
        name
        for path in modules
        for name in re.findall(r"^class (\w+)\(TextureDescriptor\)", path.read_text(), re.M)
    }
    assert defined == set(EXPORTED)


@pytest.mark.skipif(not DOCS.is_dir(), reason="the documentation is not here")
@pytest.mark.parametrize("name", EXPORTED)
def test_every_descriptor_stands_in_the_guide_and_in_the_changes(name):
    guide = (DOCS / "guide" / "descriptors.md").read_text(encoding="utf-8")
    assert re.search(rf"^\| \{{class\}}`~ganisi\.(descriptors\.)?{name}` \|", guide, re.M)
    assert f"`{name}`" in (DOCS / "changes.md").read_text(encoding="utf-8")


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


def test_rows_are_the_quantile_functions_of_the_feature_maps():
    rows = classical_descriptors().fit_transform(IMAGES)
    members = [member for _, member in classical_descriptors().transformer_list]
    maps = np.concatenate([member.feature_maps(IMAGES[2]) for member in members])
    expected = quantile_function(maps.reshape(len(maps), -1), 64)
    np.testing.assert_array_equal(rows[2].reshape(len(maps), 64), expected)


def test_a_stack_has_the_rows_and_the_names_of_its_members_side_by_side():
    stacked = classical_descriptors(n_quantiles=4, grid=2).fit(IMAGES)
    members = [member for _, member in stacked.transformer_list]
    rows = [type(member)(n_quantiles=4, grid=2).fit_transform(IMAGES) for member in members]
    np.testing.assert_array_equal(stacked.transform(IMAGES), np.hstack(rows))
    names = [member.get_feature_names_out() for member in members]
    assert list(stacked.get_feature_names_out()) == np.concatenate(names).tolist()


def test_worker_processes_change_no_bit():
    rows = classical_descriptors().fit_transform(IMAGES)
    parallel = classical_descriptors(n_jobs=2).fit(IMAGES).transform(IMAGES)
    np.testing.assert_array_equal(parallel, rows)


@pytest.mark.parametrize(
    ("descriptor", "name"),
    [
        (LocalStats(), "local entropy tails q63"),
        (LocalStats(steps="equal"), "local entropy q63"),
        (GaborBank([5.657]), "gabor wavelength=5.66 orientation=45 tails q32"),
        (SteerableGaussian(), "gaussian order=2 orientation=135 tails q00"),
        (SteerableGaussian(steps="equal"), "gaussian order=2 orientation=135 q00"),
        (LocalStats(n_quantiles=2), "local entropy q1"),
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


@pytest.mark.parametrize("bad", [(1, 0), (1, 1), (0, np.inf), (1, 2, 3)])
def test_an_intensity_range_that_is_none_is_refused_by_fit(bad):
    with pytest.raises(ValueError, match=r"intensity_range=.* with low < high"):
        LocalStats(intensity_range=bad).fit(IMAGES)


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


class Maps(TextureDescriptor):
    """What `make` makes of an image, said to be one map; counts how often it is asked."""

    def __init__(self, make=None, *, n_quantiles=4, grid=1, n_jobs=None, memory=None):
        self.make = make
        self.n_quantiles = n_quantiles
        self.grid = grid
        self.n_jobs = n_jobs
        self.memory = memory

    @property
    def map_info_(self):
        return [MapInfo("a map", family="maps", unit="grey levels")]

    def _maps(self, image):
        self.n_made_ = getattr(self, "n_made_", 0) + 1
        return self.make(image)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda image: image.astype(float),
            r"Maps\._maps .* shape \(20, 24\); expected \(1, h.*maps\[None\]",
        ),
        (
            lambda image: np.stack([image] * 2),
            r"shape \(2, 20, 24\), 2 maps; expected \(1, height, width\), .* names 1",
        ),
        (lambda image: image[None, :0], r"shape \(1, 0, 24\)"),
        (lambda image: None, r"shape \(\); expected"),
        (lambda image: image[None] * 1j, "returned complex128; expected real numbers"),
        (lambda image: image[None].astype(str), "returned <U3; expected real numbers"),
        (lambda image: np.full((1, 9, 9), np.nan), "returned NaN, infinity or what float32"),
        (lambda image: np.where(np.eye(9) > 0, np.inf, -np.inf)[None], "returned NaN, infinity"),
        (lambda image: np.full((1, 9, 9), 1e300), "or what float32 cannot hold"),
    ],
)
@pytest.mark.parametrize("n_quantiles", [1, 4, 9, 7])
def test_maps_that_are_none_are_refused(make, message, n_quantiles):
    with pytest.raises(ValueError, match=message):
        Maps(make, n_quantiles=n_quantiles).transform(IMAGES)
    with pytest.raises(ValueError, match=message):
        Maps(make).feature_maps(IMAGES[0])


@pytest.mark.parametrize("n_quantiles", [1, 64, 1000])
@pytest.mark.parametrize("bad", [np.nan, -np.nan, np.inf, -np.inf])
def test_one_value_that_is_no_number_is_seen(bad, n_quantiles):
    def spoil(image):
        maps = np.random.default_rng(0).normal(size=(1, 80, 90)).astype(np.float32)
        maps[0, 3, 5] = bad
        return maps

    with pytest.raises(ValueError, match="returned NaN, infinity"):
        Maps(spoil, n_quantiles=n_quantiles).transform(IMAGES[:1])


def test_maps_of_any_real_type_become_float32():
    rows = Maps(lambda image: image[None].astype(np.float32)).transform(IMAGES)
    for dtype in (np.uint8, np.int64, np.float64):
        make = Maps(lambda image, dtype=dtype: image[None].astype(dtype))
        np.testing.assert_array_equal(make.transform(IMAGES), rows)
        assert make.feature_maps(IMAGES[0]).dtype == np.float32


def test_maps_smaller_than_images_are_found_too_small_for_a_grid_by_fit():
    images = [*IMAGES, IMAGES[0, :10], IMAGES[1, :10]]
    coarse = Maps(lambda image: image[None, ::8, ::8], grid=3)
    with pytest.raises(ValueError, match=r"grid=3 cuts maps of 2 x 3 .* use grid <= 2, the same"):
        coarse.fit(images)
    assert coarse.set_params(grid=2).fit_transform(images).shape == (7, 4 * 4)


def test_maps_of_one_pixel_take_one_cell_and_no_more():
    mean = Maps(lambda image: image.mean(keepdims=True)[None], n_quantiles=1)
    np.testing.assert_allclose(mean.transform(IMAGES)[:, 0], IMAGES.mean(axis=(1, 2)), rtol=1e-6)
    with pytest.raises(
        ValueError, match=r"maps of 1 x 1 .* Maps\._maps .* use grid <= 1, the same"
    ):
        mean.set_params(grid=2).fit(IMAGES)


@pytest.mark.parametrize(
    ("infos", "error", "message"),
    [
        ("a map", TypeError, r"Said\.map_info_ is 'a map'; expected a list of MapInfo"),
        ([], TypeError, r"Said\.map_info_ is \[\]; expected a list of MapInfo"),
        (["a map"], TypeError, r"Said\.map_info_\[0\] is 'a map'; expected a MapInfo"),
        ([MapInfo("a", "f")] * 2, ValueError, r"Said\.map_info_ has two maps called 'a'"),
        ([MapInfo(n, "f") for n in "ab"], ValueError, r"Said\._maps .* 1 maps; expected \(2, h"),
    ],
)
def test_what_is_said_of_maps_is_checked(infos, error, message):
    class Said(Maps):
        map_info_ = infos

    for grid in (1, 2):
        with pytest.raises(error, match=message):
            Said(lambda image: image[None], grid=grid).fit_transform(IMAGES)


def test_fit_makes_the_maps_of_one_image_of_each_size_and_none_without_a_grid():
    images = [*IMAGES, IMAGES[0, :10], IMAGES[1, :10]]
    fitted = Maps(lambda image: image[None], grid=2).fit(images)
    assert fitted.n_made_ == 2
    assert not hasattr(Maps(lambda image: image[None]).fit(images), "n_made_")


@pytest.mark.parametrize("name", ["n_quantiles", "grid", "n_jobs", "memory"])
@pytest.mark.parametrize("stored", [True, False])
def test_a_keyword_that_a_descriptor_forgot_is_named(name, stored):
    class Forgetful(Maps):
        def __init__(self, make=None, *, n_quantiles=4, grid=1, n_jobs=None, memory=None):
            super().__init__(make, n_quantiles=n_quantiles, grid=grid, n_jobs=n_jobs, memory=memory)
            delattr(self, name)

    class Fixed(Maps):
        def __init__(self, make=None):
            super().__init__(make)

    descriptor = Fixed() if stored else Forgetful()
    for call in (descriptor.fit, descriptor.transform):
        with pytest.raises(TypeError, match=rf"does not take and store .*\b{name}\b.*; give"):
            call(IMAGES)

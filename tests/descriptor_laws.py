"""The laws of descriptors, for each that ganisi.descriptors exports and for yours.

A law takes a descriptor, fitted or not, and an empty folder.
"""

import inspect
import math
import pickle

import joblib
import numpy as np
import pytest
from skimage.io import imsave
from sklearn.base import clone

from ganisi import GANISI
from ganisi import descriptors as window
from ganisi.baselines import NearestGenerated
from ganisi.datasets import make_source_identification
from ganisi.descriptors import MapInfo, TextureDescriptor, quantile_function
from ganisi.descriptors import _base as base

IMAGES = np.random.default_rng(0).integers(0, 256, (5, 20, 24), dtype=np.uint8)
LAWS = []


def law(function):
    LAWS.append(function)
    return function


# How to find and to make them


def small_network():
    """Deep features without a download: 4 maps of 7 x 7."""
    try:
        import torch
        from torchvision.models import feature_extraction  # noqa: F401
    except Exception as error:
        pytest.skip(f"torch cannot be used: {type(error).__name__}: {error}")
    torch.manual_seed(0)
    network = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 32, stride=32), torch.nn.ReLU())
    return window.ResNetFeatures(network, node="0", device="cpu")


#: What is made of a class whose defaults need what a test has not.
INSTEAD = {"ResNetFeatures": small_network}
#: What stands for the size, or the depth, of images that have none.
OF_ANY_SIZE = {"wavelengths": [3.0, 6.0]}
OF_ANY_LEVELS = {"intensity_range": (-1000, 1000)}


def classes_of(module):
    """Return the descriptors of a module by name."""
    return {
        name: found
        for name, found in vars(module).items()
        if inspect.isclass(found)
        and issubclass(found, TextureDescriptor)
        and not inspect.isabstract(found)
    }


#: How to make one of each that the package exports.
EXPORTED = {name: INSTEAD.get(name, found) for name, found in classes_of(window).items()}


def with_known(descriptor, *stand_ins):
    """Set those of the parameters that the descriptor has."""
    known = descriptor.get_params()
    values = {key: value for one in stand_ins for key, value in one.items() if key in known}
    return descriptor.set_params(**values)


def for_rows(descriptor):
    """Make a descriptor take rows of any numbers: images one pixel high, of no depth."""
    descriptor = with_known(descriptor, OF_ANY_LEVELS, {"wavelengths": [4.0]})
    return descriptor.set_params(n_quantiles=1)


# The laws


@law
def parameters_shared_by_all_have_their_defaults(descriptor, _):
    params = descriptor.get_params()
    shared = {key: params[key] for key in ("n_quantiles", "grid", "n_jobs", "memory")}
    assert shared == {"n_quantiles": 64, "grid": 1, "n_jobs": None, "memory": None}


@law
def every_map_is_named_once_and_has_family_and_unit(descriptor, _):
    infos = descriptor.fit(IMAGES).map_info_
    assert len({info.name for info in infos}) == len(infos) == len(descriptor.map_names_) > 0
    for info in infos:
        assert isinstance(info, MapInfo)
        assert info.name
        assert info.family
        assert info.unit
        assert info.unit != "units of the map"
        assert math.isnan(info.scale) or info.scale > 0
        assert math.isnan(info.orientation) or -360 < info.orientation < 360
        # It is told by the name, which is all that a column has.
        assert math.isnan(info.scale) or f"={info.scale:.2f}".rstrip("0").rstrip(".") in info.name


@law
def rows_are_the_quantile_functions_of_the_feature_maps(descriptor, _):
    rows = clone(descriptor).fit_transform(IMAGES)
    assert rows.dtype == np.float32
    maps = descriptor.feature_maps(IMAGES[2])
    assert maps.dtype == np.float32
    expected = quantile_function(maps.reshape(len(maps), -1), 64)
    np.testing.assert_array_equal(rows[2].reshape(len(maps), 64), expected)


@law
def a_subset_gives_the_subsets_rows_to_the_bit(descriptor, _):
    rows = clone(descriptor).fit_transform(IMAGES)
    subset = clone(descriptor).fit(IMAGES).transform(IMAGES[[3, 1]])
    np.testing.assert_array_equal(subset, rows[[3, 1]])


@law
def unfitted_transform_is_fitted_transform(descriptor, _):
    np.testing.assert_array_equal(
        clone(descriptor).transform(IMAGES), clone(descriptor).fit_transform(IMAGES)
    )


@law
def clones_and_pickles_give_the_same_rows(descriptor, _):
    rows = descriptor.fit_transform(IMAGES)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(descriptor)).transform(IMAGES), rows)
    np.testing.assert_array_equal(clone(descriptor).fit_transform(IMAGES), rows)


@law
def workers_and_batches_change_no_bit(descriptor, _):
    rows = clone(descriptor).transform(IMAGES)
    with joblib.parallel_config("threading"):
        np.testing.assert_array_equal(
            clone(descriptor).set_params(n_jobs=2).transform(IMAGES), rows
        )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(base, "_IMAGES_PER_TASK", 1)
        np.testing.assert_array_equal(clone(descriptor).transform(IMAGES), rows)


@law
def a_cache_changes_no_bit_and_describes_no_image_twice(descriptor, folder):
    cached = clone(descriptor).set_params(memory=str(folder))
    rows = cached.transform(IMAGES)
    np.testing.assert_array_equal(rows, clone(descriptor).transform(IMAGES))

    def refuse(self, image):
        raise AssertionError("described again")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(descriptor), "_maps", refuse)
        np.testing.assert_array_equal(cached.transform(IMAGES[::-1]), rows[::-1])
        np.testing.assert_array_equal(clone(cached).fit(IMAGES).transform(IMAGES), rows)
        with pytest.raises(AssertionError, match="described again"):
            cached.set_params(n_quantiles=8).transform(IMAGES)


@law
def lists_and_files_give_the_rows_of_the_array(descriptor, folder):
    rows = clone(descriptor).fit_transform(IMAGES)
    np.testing.assert_array_equal(clone(descriptor).fit_transform(list(IMAGES)), rows)
    paths = [folder / f"scan {i}.png" for i in range(len(IMAGES))]
    for path, image in zip(paths, IMAGES, strict=True):
        imsave(path, image, check_contrast=False)
    for files in (paths, [str(path) for path in paths], np.array([str(path) for path in paths])):
        np.testing.assert_array_equal(clone(descriptor).fit_transform(files), rows)


@law
def every_bit_depth_is_described(descriptor, _):
    for images in (IMAGES.astype(np.uint16) * 257, (IMAGES / 255).astype(np.float32), IMAGES / 255):
        rows = clone(descriptor).fit_transform(images)
        assert rows.dtype == np.float32
        assert np.isfinite(rows).all()


@law
def float32_and_float64_are_the_same_grey_levels(descriptor, _):
    images = (IMAGES / 255).astype(np.float32)
    fitted = clone(descriptor).fit(images)
    np.testing.assert_allclose(
        fitted.transform(images.astype(np.float64)), fitted.transform(images), atol=2e-5
    )


@law
def a_fitted_one_refuses_another_bit_depth(descriptor, _):
    fitted = clone(descriptor).fit(IMAGES)
    for other in (IMAGES / 255, IMAGES.astype(np.uint16)):
        with pytest.raises(ValueError, match="the images before it are uint8"):
            fitted.transform(other)
        with pytest.raises(ValueError, match="the images before it are uint8"):
            fitted.feature_maps(other[0])


@law
def a_constant_image_has_numbers_too(descriptor, _):
    for level in (0, 77, 255):
        assert np.isfinite(clone(descriptor).fit_transform(np.full_like(IMAGES[:1], level))).all()


@law
def images_of_different_sizes_have_equally_long_rows(descriptor, _):
    images = [IMAGES[0], IMAGES[1, :16], IMAGES[2, :, :17]]
    descriptor = with_known(clone(descriptor), OF_ANY_SIZE)
    rows = descriptor.fit_transform(images)
    np.testing.assert_array_equal(rows[1], descriptor.transform([images[1]])[0])


@law
def names_stand_for_columns_and_make_a_data_frame(descriptor, _):
    pd = pytest.importorskip("pandas")
    for grid in (1, 2):
        descriptor = clone(descriptor).set_output(transform="pandas").set_params(grid=grid)
        frame = descriptor.fit(IMAGES).transform(IMAGES)
        assert isinstance(frame, pd.DataFrame)
        assert frame.columns.tolist() == list(descriptor.get_feature_names_out())
        assert frame.columns.is_unique


@law
def a_grid_finer_than_the_maps_is_refused_by_fit(descriptor, _):
    side = min(descriptor.feature_maps(IMAGES[0]).shape[1:])
    fine = clone(descriptor).set_params(grid=side, n_quantiles=1)
    assert fine.fit_transform(IMAGES).shape == (5, side**2 * len(fine.map_info_))
    with pytest.raises(ValueError, match=rf"grid={side + 1} cuts .* use grid <= {side}, the same"):
        clone(descriptor).set_params(grid=side + 1).fit(IMAGES)


@law
def images_of_the_caller_are_left_alone(descriptor, _):
    images = [image.copy() for image in IMAGES]
    for image in images:
        image.flags.writeable = False
    clone(descriptor).fit_transform(images)
    np.testing.assert_array_equal(images, IMAGES)


@law
def it_works_in_the_whole_method(descriptor, _):
    data = make_source_identification(6, 6, 15, size=32, leakage=1, random_state=0)
    model = GANISI(descriptor.set_params(n_quantiles=4), identifier=NearestGenerated())
    model.fit(data.real, data.used, generated=data.generated, groups=data.groups)
    assert model.predict_proba(data.real[:3]).shape == (3, 2)
    assert model.evidence(data.real[:3]).maps == model.descriptor_.map_info_

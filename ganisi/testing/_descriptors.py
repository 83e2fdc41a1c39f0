"""The laws of descriptors. A law takes a descriptor, fitted or not, and an empty folder."""

from __future__ import annotations

import math
import pickle
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import joblib
import numpy as np
from skimage.io import imsave
from sklearn.base import clone

from ..baselines import NearestGenerated
from ..datasets import make_source_identification
from ..descriptors import MapInfo, TextureDescriptor, quantile_function
from ..descriptors import _base as base
from ..descriptors._steps import STEPS, steps_of
from ..model import GANISI
from ._laws import adding_to, bind, parameters_are_scikit_learns, refused, run

IMAGES = np.random.default_rng(0).integers(0, 256, (5, 20, 24), dtype=np.uint8)
LAWS = [parameters_are_scikit_learns]
law = adding_to(LAWS)


def descriptor_checks(descriptor: TextureDescriptor) -> list[Callable[[], None]]:
    """List the laws of descriptors as functions, to run them one by one.

    Parameters
    ----------
    descriptor : TextureDescriptor
        What is checked; it is cloned, and stays as it is.

    Returns
    -------
    checks : list of function
        Each takes no argument, is called as its law, and raises AssertionError where the
        descriptor does not obey. For pytest: ``pytest.mark.parametrize("check",
        descriptor_checks(Mine()), ids=lambda check: check.__name__)``.

    Raises
    ------
    TypeError
        If `descriptor` is no `TextureDescriptor`, or a class in place of an object.

    Examples
    --------
    >>> from ganisi import Intensity
    >>> from ganisi.testing import descriptor_checks
    >>> checks = {check.__name__: check for check in descriptor_checks(Intensity())}
    >>> checks["a_subset_gives_the_subsets_rows_to_the_bit"]()
    """
    if not isinstance(descriptor, TextureDescriptor):
        raise TypeError(
            f"descriptor is {descriptor!r}; expected an object whose class is derived from "
            "ganisi.descriptors.TextureDescriptor, such as Intensity(). GANISI takes any "
            "transformer, and scikit-learn's check_estimator has checks for those."
        )
    return bind(map(_in_a_folder, LAWS), descriptor)


def check_descriptor(descriptor: TextureDescriptor) -> None:
    """Check that a descriptor obeys all laws that those of this package do.

    Rows are the quantile functions of its maps, whatever the workers, batches and the cache; every
    bit depth, constant images and files are described; a subset gives the subset's rows; maps
    have names, families and units; what it cannot do is refused by `fit`; it works in a `GANISI`.

    Parameters
    ----------
    descriptor : TextureDescriptor
        What is checked, on images of 20 x 24 pixels and in a `GANISI` of 32 x 32; it is cloned,
        and stays as it is.

    Raises
    ------
    AssertionError
        If it does not obey; the message begins with the class and the law.
    TypeError
        If `descriptor` is no `TextureDescriptor`, or a class in place of an object.

    See Also
    --------
    descriptor_checks : The same laws one by one.

    Examples
    --------
    >>> from ganisi import Intensity
    >>> from ganisi.testing import check_descriptor
    >>> check_descriptor(Intensity())
    """
    run(descriptor_checks(descriptor))


def _in_a_folder(law):
    """Give a law a clone, and a folder that is gone afterwards."""

    @wraps(law)
    def in_a_folder(descriptor):
        with TemporaryDirectory() as folder:
            law(clone(descriptor), Path(folder))

    return in_a_folder


@law
def it_takes_the_keywords_of_every_descriptor(descriptor, _):
    """They are set by name, and grid=1 with any number of quantiles is possible."""
    params = descriptor.set_params(n_quantiles=3, grid=1, n_jobs=None, memory=None).get_params()
    assert [params[k] for k in ("n_quantiles", "grid", "n_jobs", "memory")] == [3, 1, None, None]
    assert descriptor.fit_transform(IMAGES).shape == (5, 3 * len(descriptor.map_info_))


@law
def every_map_is_named_once_and_has_family_and_unit(descriptor, _):
    """A scale is positive and in the name, an orientation below a turn, where there is one."""
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
    """To the bit, those of `feature_maps`; both are float32."""
    descriptor.set_params(grid=1)
    rows = clone(descriptor).fit_transform(IMAGES)
    assert rows.dtype == np.float32
    maps = descriptor.feature_maps(IMAGES[2])
    assert maps.dtype == np.float32
    values = maps.reshape(len(maps), -1)
    expected = quantile_function(values, descriptor.n_quantiles, steps_of(descriptor))
    np.testing.assert_array_equal(rows[2].reshape(len(maps), -1), expected)


@law
def steps_of_either_kind_are_described_and_kept_apart(descriptor, folder):
    """One that has the parameter `steps` describes by them, with and without a cache."""
    if "steps" not in descriptor.get_params():
        return
    descriptor.set_params(grid=1, n_quantiles=5, memory=str(folder))
    for steps in STEPS:
        rows = descriptor.set_params(steps=steps).fit_transform(IMAGES)
        maps = descriptor.feature_maps(IMAGES[2])
        expected = quantile_function(maps.reshape(len(maps), -1), 5, steps)
        np.testing.assert_array_equal(rows[2].reshape(len(maps), -1), expected)


@law
def a_subset_gives_the_subsets_rows_to_the_bit(descriptor, _):
    """In an order of its own."""
    rows = clone(descriptor).fit_transform(IMAGES)
    subset = clone(descriptor).fit(IMAGES).transform(IMAGES[[3, 1]])
    np.testing.assert_array_equal(subset, rows[[3, 1]])


@law
def unfitted_transform_is_fitted_transform(descriptor, _):
    """To the bit, since nothing is learned."""
    np.testing.assert_array_equal(
        clone(descriptor).transform(IMAGES), clone(descriptor).fit_transform(IMAGES)
    )


@law
def clones_and_pickles_give_the_same_rows(descriptor, _):
    """To the bit."""
    rows = descriptor.fit_transform(IMAGES)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(descriptor)).transform(IMAGES), rows)
    np.testing.assert_array_equal(clone(descriptor).fit_transform(IMAGES), rows)


@law
def workers_and_batches_change_no_bit(descriptor, _):
    """Two threads, and one image a task."""
    rows = clone(descriptor).transform(IMAGES)
    with joblib.parallel_config("threading"):
        np.testing.assert_array_equal(
            clone(descriptor).set_params(n_jobs=2).transform(IMAGES), rows
        )
    with mock.patch.object(base, "_IMAGES_PER_TASK", 1):
        np.testing.assert_array_equal(clone(descriptor).transform(IMAGES), rows)


@law
def a_cache_changes_no_bit_and_describes_no_image_twice(descriptor, folder):
    """In any order, fitted or not; with another number of quantiles images are described again."""
    cached = clone(descriptor).set_params(memory=str(folder))
    rows = cached.transform(IMAGES)
    np.testing.assert_array_equal(rows, clone(descriptor).transform(IMAGES))

    def refuse(self, image):
        raise AssertionError("described again")

    with mock.patch.object(type(descriptor), "_maps", refuse):
        np.testing.assert_array_equal(cached.transform(IMAGES[::-1]), rows[::-1])
        np.testing.assert_array_equal(clone(cached).fit(IMAGES).transform(IMAGES), rows)
        with refused("described again", AssertionError):
            cached.set_params(n_quantiles=descriptor.n_quantiles + 1).transform(IMAGES)


@law
def lists_and_files_give_the_rows_of_the_array(descriptor, folder):
    """To the bit; files as paths, as text and as an array of text."""
    rows = clone(descriptor).fit_transform(IMAGES)
    np.testing.assert_array_equal(clone(descriptor).fit_transform(list(IMAGES)), rows)
    paths = [folder / f"scan {i}.png" for i in range(len(IMAGES))]
    for path, image in zip(paths, IMAGES, strict=True):
        imsave(path, image, check_contrast=False)
    for files in (paths, [str(path) for path in paths], np.array([str(path) for path in paths])):
        np.testing.assert_array_equal(clone(descriptor).fit_transform(files), rows)


@law
def every_bit_depth_is_described(descriptor, _):
    """uint16, float32 and float64 besides uint8: rows are float32 and finite."""
    for images in (IMAGES.astype(np.uint16) * 257, (IMAGES / 255).astype(np.float32), IMAGES / 255):
        rows = clone(descriptor).fit_transform(images)
        assert rows.dtype == np.float32
        assert np.isfinite(rows).all()


@law
def float32_and_float64_are_the_same_grey_levels(descriptor, _):
    """Within 2e-5."""
    images = (IMAGES / 255).astype(np.float32)
    fitted = clone(descriptor).fit(images)
    np.testing.assert_allclose(
        fitted.transform(images.astype(np.float64)), fitted.transform(images), atol=2e-5
    )


@law
def a_fitted_one_refuses_another_bit_depth(descriptor, _):
    """In `transform` and in `feature_maps`."""
    fitted = clone(descriptor).fit(IMAGES)
    for other in (IMAGES / 255, IMAGES.astype(np.uint16)):
        with refused("the images before it are uint8"):
            fitted.transform(other)
        with refused("the images before it are uint8"):
            fitted.feature_maps(other[0])


@law
def a_constant_image_has_numbers_too(descriptor, _):
    """Black, grey and white ones."""
    for level in (0, 77, 255):
        assert np.isfinite(clone(descriptor).fit_transform(np.full_like(IMAGES[:1], level))).all()


@law
def images_of_different_sizes_have_equally_long_rows_or_are_refused(descriptor, _):
    """The row of each is the one that it has alone."""
    images = [IMAGES[0], IMAGES[1, :16], IMAGES[2, :, :17]]
    try:
        descriptor.fit(images)
    except ValueError:
        return
    rows = descriptor.transform(images)
    np.testing.assert_array_equal(rows[1], descriptor.transform([images[1]])[0])


@law
def names_stand_for_columns(descriptor, _):
    """One for each, all different; a DataFrame has them, where pandas is installed."""
    side = min(descriptor.set_params(grid=1).feature_maps(IMAGES[0]).shape[1:])
    for grid in {1, min(2, side)}:
        rows = descriptor.set_params(grid=grid).fit_transform(IMAGES)
        names = descriptor.get_feature_names_out().tolist()
        assert len(set(names)) == len(names) == rows.shape[1]
        try:
            import pandas as pd
        except ImportError:
            continue
        frame = clone(descriptor).set_output(transform="pandas").fit_transform(IMAGES)
        assert isinstance(frame, pd.DataFrame)
        assert frame.columns.tolist() == names


@law
def a_grid_finer_than_the_maps_is_refused_by_fit(descriptor, _):
    """The finest grid that is possible is described, and the message names it."""
    side = min(descriptor.set_params(grid=1).feature_maps(IMAGES[0]).shape[1:])
    fine = clone(descriptor).set_params(grid=side, n_quantiles=1)
    assert fine.fit_transform(IMAGES).shape == (5, side**2 * len(fine.map_info_))
    with refused(rf"grid={side + 1} cuts .* use grid <= {side}, the same"):
        clone(descriptor).set_params(grid=side + 1).fit(IMAGES)


@law
def images_of_the_caller_are_left_alone(descriptor, _):
    """Read-only ones are described, too."""
    images, before = [image.copy() for image in IMAGES], IMAGES.copy()
    for image in images:
        image.flags.writeable = False
    clone(descriptor).fit_transform(images)
    np.testing.assert_array_equal(images, before)


@law
def it_works_in_the_whole_method(descriptor, _):
    """A `GANISI` of it answers, and its evidence says what the maps are."""
    data = make_source_identification(6, 6, 15, size=32, leakage=1, random_state=0)
    model = GANISI(descriptor.set_params(n_quantiles=4, grid=1), identifier=NearestGenerated())
    model.fit(data.real, data.used, generated=data.generated, groups=data.groups)
    assert model.predict_proba(data.real[:3]).shape == (3, 2)
    assert model.evidence(data.real[:3]).maps == model.descriptor_.map_info_

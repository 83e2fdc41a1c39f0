"""What every descriptor does: read, filter, sort and forget one image at a time."""

from __future__ import annotations

import inspect
import os
from abc import ABC, abstractmethod
from numbers import Integral
from typing import Any

import numpy as np
from joblib import Parallel, delayed, effective_n_jobs
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin, clone
from sklearn.utils import gen_batches

from .._compat._hints import Image, ImageSet, Self
from .._compat._sklearn import (
    N_JOBS,
    DocumentationLinkMixin,
    Interval,
    StrOptions,
    TakesImages,
    fit_context,
)
from .._compat._threads import one_blas_thread
from .._version import __version__
from ..images._checks import check_images, image_name, read_image
from ..images._file import ImageFile
from ..images._grey_levels import check_depth, filled_bits
from ..images._identity import image_key
from ..images._survey import image_facts, survey_levels
from ._map_checks import check_infos, checked_maps
from ._map_info import MapInfo
from ._quantiles import cell_quantiles
from ._row_store import RowStore
from ._steps import STEPS, are_equal, steps_of

_IMAGES_PER_TASK = 16
#: The parameters that every descriptor has; all of this package have `steps` besides.
_SHARED = ("n_quantiles", "grid", "n_jobs", "memory")


class TextureDescriptor(TakesImages, TransformerMixin, DocumentationLinkMixin, BaseEstimator, ABC):
    """Base of the descriptors: images in, quantile functions of feature maps out.

    A descriptor is a docstring, an ``__init__``, what its maps are (`map_info_`) and the maps of
    one image, ``_maps(image)``. Files, quantiles, cells, workers and the cache are done here.
    Descriptors learn nothing from images: `transform` works unfitted, and `fit` only validates and
    records the bit depth.

    Parameters
    ----------
    n_quantiles : int or None
        Steps of probability at which the empirical CDF of each map is kept. None is that of the
        other descriptors of a FeatureUnion in a `GANISI`, which fills it in; alone, it is refused.
    grid : int or None
        Maps are cut into ``grid x grid`` cells, each with its own CDF; 1 is the paper. None is as
        with `n_quantiles`.
    steps : {"tails", "equal"} or None
        Where the steps of probability begin and end, as :func:`step_edges` says; None is as with
        `n_quantiles`. A child need not have this parameter: without it, steps are "tails".
    n_jobs : int or None
        Workers of joblib; None means 1.
    memory : str, path-like or None
        Folder in which to keep the rows of images already described, keyed by their content. Only
        its owner may read what is put there.

    Attributes
    ----------
    map_info_ : list of MapInfo
        What the maps are, in order.
    map_names_ : list of str
        Their names.
    depth_ : {"uint8", "uint16", "float"}
        Bit depth of the images seen in `fit`.
    bits_ : {8, 10, 12, 16} or None
        Bits that the grey levels of `fit` fill where the depth is uint16.

    Notes
    -----
    ``_maps(image)`` gets an array (height, width) of uint8, uint16 or float32, finite, which it
    must not write on, and returns an array (n_maps, height, width), finite, whose heights and
    widths may be others than the image's. It is checked. A child whose maps have a known size says
    so in ``_map_shape``: otherwise, where `grid` is above 1, `fit` makes those of one image of each
    size to see. The page :doc:`/guide/extending` writes descriptors step by step.
    """

    _parameter_constraints = {  # noqa: RUF012 - scikit-learn's protocol
        "n_quantiles": [Interval(Integral, 1, None, closed="left"), None],
        "grid": [Interval(Integral, 1, None, closed="left"), None],
        "steps": [StrOptions(set(STEPS)), None],
        "n_jobs": N_JOBS,
        "memory": [str, os.PathLike, None],
    }

    @property
    @abstractmethod
    def map_info_(self) -> list[MapInfo]:
        """What each feature map is, in order: a list of `MapInfo`."""

    @property
    def map_names_(self) -> list[str]:
        """Names of the feature maps, in order; units are pixels and degrees."""
        return [info.name for info in self.map_info_]

    @abstractmethod
    def _maps(self, image: NDArray[Any]) -> NDArray[Any]:
        """Feature maps ``(n_maps, height, width)`` of one checked image, its depth as stored."""

    def _map_shape(self, shape):
        """(height, width) of the maps of an image of this size; None where it takes one to see."""
        return None

    def _fit_shapes(self, shapes):
        """Check parameters, and learn what depends on the set of sizes (height, width)."""

    def _fit_levels(self, lowest, highest):
        """Check parameters against the grey levels of the images."""

    def _images_at_once(self):
        """Images looked at together: more where the maps of many cost less than one by one.

        No property: scikit-learn asks an estimator for all of those when it draws its diagram.
        """
        return 1

    def _maps_of_many(self, images):
        """Feature maps of each of several images; None is an image for `_maps` to do."""
        return [None] * len(images)

    @fit_context(prefer_skip_nested_validation=True)
    def fit(self, X: ImageSet, y: object = None) -> Self:
        """Look at every image, and record the bit depth. Nothing is learned.

        Parameters
        ----------
        X : array of shape (n_images, height, width), list of arrays, or list of paths
            Grey images: uint8, uint16, float32 or float64.
        y : None
            Ignored.

        Returns
        -------
        self : object
            The descriptor; from now on it refuses images of another bit depth.

        Raises
        ------
        TypeError, ValueError
            If `X` is not a set of grey images of one bit depth.
        """
        self._check_settled()
        images = check_images(X)
        (self.depth_, shapes, _), levels = survey_levels(images)
        # Scanners write 12 bits, and fewer, as 16.
        self.bits_ = filled_bits(self.depth_, levels.highest)
        self._fit_levels(levels.lowest, levels.highest)
        self._fit_shapes(shapes)
        check_infos(self)
        if self.grid > 1:
            self._check_grid(images, shapes)
        return self

    def _check_settled(self):
        """Refuse what only the other descriptors of a union can settle."""
        own = {"n_quantiles": self.n_quantiles, "grid": self.grid, "steps": steps_of(self)}
        for name, value in own.items():
            if value is None:
                kind = " or ".join(map(repr, STEPS)) if name == "steps" else "a whole number"
                raise ValueError(
                    f"{name} of {type(self).__name__} is None, that of the other descriptors of a "
                    f"union, which GANISI and ImagePairer fill in; alone, give {kind}."
                )

    def _check_grid(self, images, shapes):
        """Refuse cells without a pixel; of maps whose size nobody knows, make those of an image."""
        sizes = {shape: self._map_shape(shape) for shape in shapes}
        if None in sizes.values():
            for item in images:
                shape = (item if isinstance(item, np.ndarray) else image_facts(item)).shape
                if sizes[shape] is None:
                    sizes[shape] = self._checked(self._maps(read_image(item))).shape[1:]
        height, width = min(sizes.values(), key=min)
        if self.grid > min(height, width):
            raise ValueError(
                f"grid={self.grid} cuts maps of {height} x {width} pixels, which "
                f"{type(self).__name__}._maps returns, into empty cells; use grid <= "
                f"{min(height, width)}, the same in every descriptor of a union and in the pairer."
            )

    def _checked(self, maps):
        """Return what `_maps` returned as float32, or say what is wrong with its shape or type."""
        return checked_maps(maps, self)

    def _finite(self, values):
        """Return maps, or quantiles of them, all of whose values are numbers."""
        if not np.isfinite(values).all():
            raise ValueError(
                f"{type(self).__name__}._maps returned NaN, infinity or what float32 cannot hold; "
                "expected finite values for every image, a constant one too."
            )
        return values

    def transform(self, X: ImageSet) -> NDArray[np.float32]:
        """Describe images by the quantile functions of their feature maps.

        Parameters
        ----------
        X : array of shape (n_images, height, width), list of arrays, or list of paths
            Grey images: uint8, uint16, float32 or float64. Files are read one at a time.

        Returns
        -------
        quantiles : ndarray of shape (n_images, n_maps * grid * grid * n_quantiles), float32
            Columns run over maps, then cells row by row, then steps of probability; a block of
            `n_quantiles` columns is non-decreasing. The same bits for any `n_jobs` and `memory`.

        Raises
        ------
        TypeError, ValueError
            If `X` is not a set of grey images of one bit depth, or of the depth seen in `fit`.
        """
        images = check_images(X)
        if not hasattr(self, "depth_"):
            return clone(self).fit(images).transform(images)
        if not isinstance(images[0], ImageFile):
            check_depth(images[0], self.depth_, "X")
        n_images = max(_IMAGES_PER_TASK, self._images_at_once())
        n_tasks = max(effective_n_jobs(self.n_jobs), -(-len(images) // n_images))
        size = -(-len(images) // n_tasks)
        rows = Parallel(n_jobs=self.n_jobs)(
            delayed(_describe_block)(images[block], self)
            for block in gen_batches(len(images), size)
        )
        return np.concatenate(rows)

    def feature_maps(self, image: Image) -> NDArray[np.float32]:
        """Compute the feature maps of one image, for looking at them.

        Parameters
        ----------
        image : array of shape (height, width), or path
            A grey image: uint8, uint16, float32 or float64.

        Returns
        -------
        maps : ndarray of shape (n_maps, height, width), float32
            In the order of `map_names_`.
        """
        image = read_image(image)
        if not hasattr(self, "depth_"):
            return clone(self).fit([image]).feature_maps(image)
        check_depth(image, self.depth_)
        return self._finite(self._checked(self._maps(image)))

    def in_plain_words(self) -> str:
        """Say what is looked at, to somebody who reads a report and no code.

        Returns
        -------
        words : str
            A phrase that ends "images are compared by ...", such as "their grey levels"; where a
            class gives none, the first line of its docstring.
        """
        return (inspect.getdoc(type(self)) or type(self).__name__).splitlines()[0]

    def get_feature_names_out(self, input_features: object = None) -> NDArray[np.object_]:
        """Names of the columns, such as ``"gabor wavelength=5.66 orientation=45 tails q32"``.

        Parameters
        ----------
        input_features : None
            Ignored: an image has no feature names.

        Returns
        -------
        names : ndarray of shape (n_maps * grid * grid * n_quantiles,), object
            Map, cell (``cell=row,column``, where `grid` > 1) and step of probability, after
            "tails" where steps are not equally wide.
        """
        self._check_settled()
        cells = [""]
        if self.grid > 1:
            cells = [f" cell={r},{c}" for r in range(self.grid) for c in range(self.grid)]
        digits = len(str(self.n_quantiles - 1))
        step = "q" if are_equal(self.n_quantiles, steps_of(self)) else f"{steps_of(self)} q"
        return np.array(
            [
                f"{name}{cell} {step}{j:0{digits}d}"
                for name in self.map_names_
                for cell in cells
                for j in range(self.n_quantiles)
            ],
            dtype=object,
        )

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Get the parameters.

        Parameters
        ----------
        deep : bool, default=True
            Whether to include those of parameters that are estimators.

        Returns
        -------
        params : dict
            Names and values.

        Raises
        ------
        TypeError
            If ``__init__`` does not take and store `n_quantiles`, `grid`, `n_jobs` and `memory`.
        """
        missing = [name for name in _SHARED if not hasattr(self, name)]
        if not missing:
            params = super().get_params(deep)
            missing = [name for name in _SHARED if name not in params]
        if missing:
            raise TypeError(
                f"{type(self).__name__}.__init__ does not take and store {', '.join(missing)}; "
                f"give it the keywords {', '.join(_SHARED)} and store each under its name."
            )
        return params

    def _settings(self):
        """Everything that the rows of an image depend on, besides its grey levels."""
        params = {k: v for k, v in self.get_params().items() if k not in ("n_jobs", "memory")}
        # The same grey levels of another depth, or beside others, may mean another brightness.
        return (
            f"{type(self).__module__}.{type(self).__qualname__}",
            params,
            steps_of(self),
            self.depth_,
            self.bits_,
            __version__,
        )

    def __sklearn_is_fitted__(self):
        return True

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.requires_fit = False
        tags.transformer_tags.preserves_dtype = []
        return tags


def _describe_block(images, descriptor):
    """Rows of some images; where the maps of many cost less together, they are made together."""
    store = None
    if descriptor.memory is not None:
        store = RowStore(descriptor.memory, descriptor._settings())
    rows = []
    # One BLAS thread: the same bits whatever the number of workers, and no oversubscription.
    with one_blas_thread():
        for batch in gen_batches(len(images), descriptor._images_at_once()):
            found = [_look_up(item, descriptor, store) for item in images[batch]]
            new = [image for row, image, _ in found if row is None]
            maps = iter(descriptor._maps_of_many(new))
            for row, image, content in found:
                if row is None:
                    row = _describe(image, descriptor, next(maps))
                    if store is not None:
                        store.save(content, row)
                rows.append(row)
    return np.stack(rows)


def _look_up(item, descriptor, store):
    """Return (row, None, None) of an image that the store has, else None, its pixels and content.

    Files are looked up by what is known of them, and read if need be.
    """
    content = None
    if store is not None:
        facts = image_facts(item)
        check_depth(facts, descriptor.depth_, image_name(item))
        row = store.load(facts.content)
        if row is not None:
            return row, None, None
        content = facts.content
    image = read_image(item)
    check_depth(image, descriptor.depth_, image_name(item))
    if store is not None and image is not item:
        # A file may be another by now than the one that was looked at.
        content = image_key(image)
    return None, image, content


def _describe(image, descriptor, maps):
    """Quantile functions of the maps of one image, which are made where they are None."""
    maps = descriptor._checked(descriptor._maps(image) if maps is None else maps)
    with np.errstate(invalid="ignore"):
        rows = cell_quantiles(maps, descriptor.n_quantiles, descriptor.grid, steps_of(descriptor))
    # A value that is no number leaves none in its block, and there are fewer of these to look at.
    return descriptor._finite(rows.ravel())

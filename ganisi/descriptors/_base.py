"""What every descriptor does: read, filter, sort and forget one image at a time."""

from abc import ABC, abstractmethod
from numbers import Integral

import joblib
import numpy as np
from joblib import Parallel, delayed, effective_n_jobs
from sklearn.base import BaseEstimator, TransformerMixin, clone
from sklearn.utils import gen_batches
from sklearn.utils.validation import check_memory

from .._compat._sklearn import DocumentationLinkMixin, HasMethods, Interval, fit_context
from .._compat._threads import one_blas_thread
from .._version import __version__
from ..images._checks import check_images, image_name, read_image
from ..images._file import ImageFile
from ..images._grey_levels import check_depth
from ..images._survey import image_facts, scan_images
from ._quantiles import cell_quantiles

_IMAGES_PER_TASK = 16


class TextureDescriptor(TransformerMixin, DocumentationLinkMixin, BaseEstimator, ABC):
    """Base of the descriptors: images in, quantile functions of feature maps out.

    A descriptor is a docstring, an ``__init__``, what its maps are (`map_info_`) and the maps of
    one image (`_maps`). Descriptors learn nothing from images: `transform` works unfitted, and
    `fit` only validates and records the bit depth.
    """

    _parameter_constraints = {  # noqa: RUF012 - scikit-learn's protocol
        "n_quantiles": [Interval(Integral, 1, None, closed="left")],
        "grid": [Interval(Integral, 1, None, closed="left")],
        "n_jobs": [Integral, None],
        "memory": [str, HasMethods(["cache"]), None],
    }

    @property
    @abstractmethod
    def map_info_(self):
        """What each feature map is, in order: a list of `MapInfo`."""

    @property
    def map_names_(self):
        """Names of the feature maps, in order; units are pixels and degrees."""
        return [info.name for info in self.map_info_]

    @abstractmethod
    def _maps(self, image):
        """Feature maps ``(n_maps, height, width)`` of one checked image, its depth as stored."""

    def _images_at_once(self):
        """Images looked at together: more where the maps of many cost less than one by one.

        No property: scikit-learn asks an estimator for all of those when it draws its diagram.
        """
        return 1

    def _maps_of_many(self, images):
        """Feature maps of each of several images; None is an image for `_maps` to do."""
        return [None] * len(images)

    @fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y=None):
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
        self.depth_, shapes = scan_images(check_images(X))
        self._fit_shapes(shapes)
        return self

    def _fit_shapes(self, shapes):
        """Check the image sizes ``{(height, width)}`` against the parameters."""
        smallest = min(min(shape) for shape in shapes)
        if self.grid > smallest:
            raise ValueError(
                f"grid={self.grid} cuts images of {smallest} pixels a side into empty cells; use "
                f"grid <= {smallest}, the same in every descriptor of a union and in the pairer."
            )

    def transform(self, X):
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
        # A path or Memory of the user's; keyed by content, so the same image is described once.
        describe = _describe
        if self.memory is not None:
            describe = check_memory(self.memory).cache(
                _describe, ignore=["image", "descriptor", "maps"]
            )
        n_images = max(_IMAGES_PER_TASK, self._images_at_once())
        n_tasks = max(effective_n_jobs(self.n_jobs), -(-len(images) // n_images))
        size = -(-len(images) // n_tasks)
        rows = Parallel(n_jobs=self.n_jobs)(
            delayed(_describe_block)(describe, images[block], self)
            for block in gen_batches(len(images), size)
        )
        return np.concatenate(rows)

    def feature_maps(self, image):
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
        if hasattr(self, "depth_"):
            check_depth(image, self.depth_)
        return self._maps(image)

    def get_feature_names_out(self, input_features=None):
        """Names of the columns, such as ``"gabor wavelength=5.66 orientation=45 q32"``.

        Parameters
        ----------
        input_features : None
            Ignored: an image has no feature names.

        Returns
        -------
        names : ndarray of shape (n_maps * grid * grid * n_quantiles,), object
            Map, cell (``cell=row,column``, where `grid` > 1) and step of probability.
        """
        cells = [""]
        if self.grid > 1:
            cells = [f" cell={r},{c}" for r in range(self.grid) for c in range(self.grid)]
        digits = len(str(self.n_quantiles - 1))
        return np.array(
            [
                f"{name}{cell} q{j:0{digits}d}"
                for name in self.map_names_
                for cell in cells
                for j in range(self.n_quantiles)
            ],
            dtype=object,
        )

    def _settings(self):
        """Everything that the rows of an image depend on, besides its grey levels."""
        params = {k: v for k, v in self.get_params().items() if k not in ("n_jobs", "memory")}
        # The same grey levels of another depth may mean another brightness.
        return (
            f"{type(self).__module__}.{type(self).__qualname__}",
            params,
            self.depth_,
            __version__,
        )

    def __sklearn_is_fitted__(self):
        return True

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.requires_fit = False
        tags.transformer_tags.preserves_dtype = []
        tags.input_tags.two_d_array = False
        tags.input_tags.three_d_array = True
        tags.input_tags.string = True
        return tags


def _describe(key, image, descriptor, maps=None):
    """Quantile functions of one image or file. A cache finds them by `key`."""
    if maps is None:
        maps = descriptor._maps(read_image(image))
    return cell_quantiles(maps, descriptor.n_quantiles, descriptor.grid).ravel()


def _describe_block(describe, images, descriptor):
    cached = descriptor.memory is not None
    settings = joblib.hash(descriptor._settings()) if cached else None
    rows = []
    # One BLAS thread: the same bits whatever the number of workers, and no oversubscription.
    with one_blas_thread():
        for batch in gen_batches(len(images), descriptor._images_at_once()):
            calls = []
            for item in images[batch]:
                # With a cache, files are looked up by what is known of them, and read if need be.
                image = image_facts(item) if cached else read_image(item)
                check_depth(image, descriptor.depth_, image_name(item))
                calls.append(((image.content, settings), item) if cached else (None, image))
            new = [i for i, call in enumerate(calls) if not _is_cached(describe, call, descriptor)]
            maps = dict(zip(new, descriptor._maps_of_many([calls[i][1] for i in new]), strict=True))
            rows.extend(describe(*call, descriptor, maps.get(i)) for i, call in enumerate(calls))
    return np.stack(rows)


def _is_cached(describe, call, descriptor):
    """Tell whether the cache has the row of an image; not asked where nothing is done ahead."""
    if descriptor._images_at_once() == 1 or call[0] is None:
        return False
    return describe.check_call_in_cache(*call, descriptor)

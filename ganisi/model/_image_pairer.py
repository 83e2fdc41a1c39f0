"""From images to the distances of every pair: describing and pairing in one transformer."""

from __future__ import annotations

import os
from numbers import Integral

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from .._compat._callbacks import UNWATCHED, watched
from .._compat._hints import FilePath, ImageSet, ImageSets, Self
from .._compat._sklearn import (
    DocumentationLinkMixin,
    HasMethods,
    Interval,
    StrOptions,
    fit_context,
)
from ..descriptors import classical_descriptors
from ..descriptors._precomputed import check_known
from ..distances._generated import generated_sets
from ..distances._large import large_distances_in
from ..images._checks import check_images
from ..images._given import as_given
from ..images._patients import check_groups
from ..images._survey import SetFacts, check_sets, survey_images, warn_of_scales, warn_of_sizes
from ..images._views import AnyViews, Views
from ._default_stages import StagesWithDefaults
from ._describing import described
from ._matching import default_pairer, matching_stages, naming_parameters
from ._rehearsal import Rehearsal
from ._row_files import check_store, described_sets


class ImagePairer(StagesWithDefaults, TransformerMixin, DocumentationLinkMixin, BaseEstimator):
    """Distances of every pair of a query and a generated image, from the images themselves.

    A descriptor and a pairer in one transformer: the first step of a Pipeline from pixels to
    probabilities, before a `ProfileIdentifier`, say. :class:`ganisi.GANISI` is both steps.

    Parameters
    ----------
    descriptor : transformer or None, default=None
        Images to rows, quantile functions say: a descriptor of `ganisi.descriptors`, or several in
        a FeatureUnion. None is :func:`ganisi.classical_descriptors`.
    pairer : Pairer or None, default=None
        Rows to distances. None makes a `CDFWassersteinPairer` with the descriptor's `n_quantiles`,
        `grid` and `steps`, or, of a `Precomputed`, a `FeaturePairer`.
    views : Views, {"mirrors", "dihedral"} or None, default=None
        The transforms under which every query is looked at, those of `fit` too; a pair has the
        distances of the query's nearest view. None is the image as it is, and the paper. Queries
        cost as many times as much as there are views; generated images are described once.
    verbose : int, default=0
        If positive, show progress while images are described.
    store : str, path-like or None, default=None
        Folder for what of many generated images would not fit into memory; see `GANISI`.
    half : bool, default=False
        Whether rows in `store` have half the size; see `GANISI`.

    Attributes
    ----------
    descriptor_, pairer_ : estimators
        The fitted stages.
    depth_ : {"uint8", "uint16", "float"}
        Bit depth of the images.
    grey_span_ : float
        Median over the real images of the highest minus the lowest grey level. Queries that
        typically span more than 4 times as much, or less than a quarter, are warned about.
    shapes_ : set of (height, width)
        Sizes of the real images in pixels. Queries that share none of them are warned about.

    See Also
    --------
    ganisi.GANISI : With an identifier behind it.

    Examples
    --------
    >>> from sklearn.pipeline import make_pipeline
    >>> from ganisi import GaborBank, ImagePairer, ProfileIdentifier
    >>> from ganisi.datasets import make_source_identification
    >>> data = make_source_identification(10, 10, 30, size=32, leakage=1.0, random_state=0)
    >>> pipeline = make_pipeline(ImagePairer(GaborBank(), views="mirrors"), ProfileIdentifier())
    >>> pipeline = pipeline.fit(data.real, data.used, imagepairer__generated=(data.generated,))
    >>> pipeline.predict_proba(data.real[:3]).shape
    (3, 2)
    """

    # Saves the user set_fit_request where scikit-learn routes metadata.
    __metadata_request__fit = {"generated": True, "groups": True}  # noqa: RUF012

    _parameter_constraints = {  # noqa: RUF012
        "descriptor": [HasMethods(["fit", "transform"]), None],
        "pairer": [HasMethods(["fit_transform", "transform"]), None],
        "views": [Views, StrOptions({"mirrors", "dihedral"}), None],
        "verbose": [Interval(Integral, 0, None, closed="left"), "boolean"],
        "store": [str, os.PathLike, None],
        "half": ["boolean"],
    }

    _default_stages = {  # noqa: RUF012
        "descriptor": lambda _: classical_descriptors(),
        "pairer": default_pairer,
    }

    def __init__(
        self,
        descriptor: BaseEstimator | None = None,
        *,
        pairer: BaseEstimator | None = None,
        views: AnyViews | None = None,
        verbose: int = 0,
        store: FilePath | None = None,
        half: bool = False,
    ) -> None:
        self.descriptor = descriptor
        self.pairer = pairer
        self.views = views
        self.verbose = verbose
        self.store = store
        self.half = half

    @fit_context(prefer_skip_nested_validation=False)
    def fit(
        self,
        X: ImageSet,
        y: object = None,
        *,
        generated: ImageSets | None = None,
        groups: ArrayLike | None = None,
    ) -> Self:
        """Describe real and generated images, and fit the pairer on them.

        Parameters
        ----------
        X : array of shape (n_images, height, width), list of arrays, or list of paths
            Real images.
        y : None
            Ignored.
        generated : images as `X`, or tuple of these
            Images from the generator; a tuple holds sets of several generators, put end to end.
            Inside cross-validation write ``generated=(images,)``: a tuple is never sliced.
        groups : array of shape (n_images,) or None, default=None
            Patient of each real image, for a pairer that wants it.

        Returns
        -------
        self : object
            The fitted transformer.

        Raises
        ------
        TypeError, ValueError
            If images or the stages do not fit together, images have not all the views, or real
            and generated images have grey levels of different scales. Everything is checked
            before the first image is described.

        Warns
        -----
        UserWarning
            If no generated image has the size of a real one.
        """
        images, sets = self._check(X, generated, groups)
        self._rehearse(images, sets, groups, method="fit")
        self._fit_checked(images, sets, groups, "fit")
        return self

    @fit_context(prefer_skip_nested_validation=False)
    def fit_transform(
        self,
        X: ImageSet,
        y: object = None,
        *,
        generated: ImageSets | None = None,
        groups: ArrayLike | None = None,
    ) -> NDArray[np.float32]:
        """Fit, and return the distances of the same real images.

        Parameters
        ----------
        X : array of shape (n_images, height, width), list of arrays, or list of paths
            Real images.
        y : None
            Ignored.
        generated : images as `X`, or tuple of these
            Images from the generator; see `fit`.
        groups : array of shape (n_images,) or None, default=None
            Patient of each real image. A relative pairer leaves a query's patient out of what
            standardises it.

        Returns
        -------
        distances : ndarray of shape (n_images, n_generated, n_maps), float32
            Those of the pairer.
        """
        images, sets = self._check(X, generated, groups)
        self._rehearse(images, sets, groups)
        return self._fit_checked(images, sets, groups)

    def transform(self, X: ImageSet) -> NDArray[np.float32]:
        """Return the distances of queries to every generated image.

        Parameters
        ----------
        X : array of shape (n_queries, height, width), list of arrays, or list of paths
            Query images.

        Returns
        -------
        distances : ndarray of shape (n_queries, n_generated, n_maps), float32
            Those of the pairer. A row depends on its own query only.

        Warns
        -----
        UserWarning
            If no query has the size of a real image of `fit`, or grey levels are of another scale.
        """
        with large_distances_in(self.store):
            return self.pairer_.transform(self.describe(X))

    def describe(self, X: ImageSet) -> NDArray[np.float32]:
        """Return the rows of queries under all views, as the fitted pairer takes them.

        Parameters
        ----------
        X : array of shape (n_queries, height, width), list of arrays, or list of paths
            Query images.

        Returns
        -------
        rows : ndarray of shape (n_queries, n_views * n_features)
            Read-only.

        Raises
        ------
        TypeError, ValueError
            If the queries are no grey images of the bit depth of `fit`, or have not all the views.
        """
        check_is_fitted(self)
        images = check_images(X)
        facts = survey_images(images)
        if facts.depth != self.depth_:
            raise ValueError(
                f"X is {facts.depth}, the images of fit were {self.depth_}; grey levels would not "
                "be comparable. Convert the queries to the depth of fit first."
            )
        Views.of(self.views).check_shapes(facts.shapes)
        known = SetFacts(self.depth_, self.shapes_, self.grey_span_)
        warn_of_scales(("fit", known), ("X", facts))
        warn_of_sizes(("fit", known), ("X", facts))
        return self._described(images, "describing queries", views=self.views)

    def stages(self) -> tuple[BaseEstimator, BaseEstimator]:
        """Return the unfitted stages, defaults filled in.

        Returns
        -------
        descriptor, pairer : estimators
            Clones; the pairer has the descriptor's `n_quantiles`, `grid` and `steps`, and as many
            views as there are.

        Raises
        ------
        ValueError
            If the descriptors of a union, or the descriptor and the pairer, disagree on
            `n_quantiles`, `grid` or `steps`, or the pairer and `views` on their number.
        """
        return matching_stages(
            self._stage("descriptor"), self._stage("pairer"), Views.of(self.views)
        )

    def _check(self, X, generated, groups, labels=None):
        """Check everything before the long work; return the images, and the generated sets."""
        images = check_images(X)
        sets = [check_images(set_, "generated") for set_ in generated_sets(generated, len(images))]
        if groups is not None:
            check_groups(groups, len(images))
        self.descriptor_, self.pairer_ = self.stages()
        named = [("X", images), *(("generated", set_) for set_ in sets)]
        check_known(self.descriptor_, named, self.views)
        facts = check_sets(named, self.pairer_, Views.of(self.views), labels=labels)
        self.depth_, self.shapes_, self.grey_span_ = facts
        # Nothing is described by `fit`: it looks at kinds and sizes, and refuses what cannot be.
        with naming_parameters(self.descriptor_, "descriptor__"):
            self.descriptor_.fit(as_given(images))
        check_store(self.store, self.descriptor_, self.half)
        return images, sets

    def _rehearse(self, images, sets, groups, y=None, method="fit_transform"):
        """Try the pairer on made-up rows; return what has yet to see the identifier."""
        n_generated, n_views = sum(map(len, sets)), len(Views.of(self.views))
        stages = self.descriptor_, self.pairer_
        return Rehearsal(*stages, images, n_generated, n_views, groups, y, method)

    def _fit_checked(
        self, images, sets, groups, method="fit_transform", within=UNWATCHED, model=None
    ):
        """Describe what was checked, and return what a method of the pairer makes of the rows.

        Callbacks of `model` are told of it, as subtasks of `within`.
        """
        watch = {"within": within, "model": model}
        rows = self._described(images, "describing real images", views=self.views, **watch)
        task = "describing generated images"
        generated = described_sets(
            self.descriptor_, sets, self.store, task, self.verbose, half=self.half, **watch
        )
        with watched(within.subcontext("pairing"), model), large_distances_in(self.store):
            # The pairer keeps what it needs of the rows.
            return getattr(self.pairer_, method)(rows, generated=generated, groups=groups)

    def _described(self, images, task, **dials):
        return described(self.descriptor_, images, task, self.verbose, **dials)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = []
        return tags

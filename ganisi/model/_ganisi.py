"""The whole method in one estimator."""

from __future__ import annotations

import os
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.utils import gen_batches
from sklearn.utils.validation import check_is_fitted

from .._compat._callbacks import task_of_fit, watched
from .._compat._hints import Cache, FilePath, ImageSet, ImageSets, Self
from .._compat._progress import progress_bar
from .._compat._sklearn import (
    CallbackSupportMixin,
    DocumentationLinkMixin,
    HasMethods,
    available_if,
    fit_context,
)
from ..distances._large import large_distances_in
from ..identification._base import predicts_jointly
from ..identification._source import SourceIdentifier
from ..images._checks import check_images
from ..images._file import short_names
from ..images._survey import content_keys
from ..images._views import AnyViews
from ._default_stages import StagesWithDefaults, identifier_has
from ._evidence import Evidence, find_evidence, scale_of_raw_maps
from ._image_pairer import ImagePairer
from ._keeping import fit_once
from ._matching import check_labels
from ._query_decisions import DecidesOnQueries, known_by

#: Pairs whose distances are held at a time while scoring: 65 maps of them are 130 MB.
_PAIRS_PER_BLOCK = 2**19
_PAIRS_IN_STORE = 2**25  #: The same in files: all generated images pass by once for each block.


class GANISI(
    StagesWithDefaults,
    DecidesOnQueries,
    CallbackSupportMixin,
    ClassifierMixin,
    DocumentationLinkMixin,
    BaseEstimator,
):
    """Identify the images that a generator was trained on, from images alone.

    Texture maps of every image, their empirical CDFs, the 1-Wasserstein distance of every pair of
    a query and a generated image, a classifier of pairs, and fusion per query [1]_. The defaults
    are the paper's where it gives them, but for at most 8000 pairs in the fit and 64 steps of
    probability, finer at both ends; :func:`ganisi.recommended` is what measurement recommends.

    Parameters
    ----------
    descriptor : transformer or None, default=None
        Images to quantile functions: a descriptor of `ganisi.descriptors`, or several in a
        FeatureUnion. None is :func:`ganisi.classical_descriptors`.
    pairer : Pairer or None, default=None
        Rows to distances. None makes a `CDFWassersteinPairer` with the descriptor's `n_quantiles`,
        `grid` and `steps`, or, of a `Precomputed`, a `FeaturePairer`.
    identifier : classifier or None, default=None
        Distances to probabilities: `SourceIdentifier`, `ProfileIdentifier` or a baseline. None is
        ``SourceIdentifier()``.
    views : Views, {"mirrors", "dihedral"} or None, default=None
        The transforms under which every real image and every query is looked at, so that a
        mirrored or moved copy is found too; a pair has the distances of the query's nearest view.
        None is the image as it is, and the paper. Real images and queries cost as many times as
        much as there are views; generated images are described once, as they are.
    verbose : int, default=0
        If positive, show progress while images are described and queries scored. From
        scikit-learn 1.9 on, ``set_callbacks(sklearn.callback.ProgressBar())`` shows that of `fit`.
    memory : str, path-like, joblib.Memory or None, default=None
        Where `fit` keeps described and paired images, as a scikit-learn Pipeline keeps its
        transformers: candidates of a search that differ in the identifier alone, and later calls,
        then describe and pair nothing again. What is kept is found by the contents of the images,
        by patients, and by all settings of descriptor, pairer and views. joblib reads it by pickle,
        which executes what it reads, so the folder must be yours alone. The `memory` of a
        descriptor keeps single images, and no pickle.
    store : str, path-like or None, default=None
        Folder for rows of generated images and large distances, where memory would not hold them;
        see :doc:`/speed`. A fitted model reads its rows there; pickled, it holds them.
    half : bool, default=False
        Whether rows in `store` have half the size: three decimal digits, and no number above 65504.

    Attributes
    ----------
    classes_ : ndarray of shape (2,)
        The labels.
    descriptor_, pairer_, identifier_ : estimators
        The fitted stages.
    image_pairer_ : ImagePairer
        The first two of them in one transformer, with what it learned of bit depth, grey levels
        and sizes.
    image_keys_ : frozenset of str
        SHA-256 digests of the real images of `fit`, by which `query_decisions` knows them again;
        so does whoever has one of these images and the model.
    n_generated_ : int
        Number of generated images.
    generated_names_ : ndarray of shape (n_generated,), object
        What `evidence` calls them: names of files, without folders, or places.
    relative_scale_ : RelativeScale or None
        For `evidence`: `location` and `scale`, the mean and spread of the logarithm of each
        generated image's distances to the queries of `fit`, for each map whose distances are not
        relative already. None where all are.

    See Also
    --------
    ganisi.recommended : The settings that measurement recommends.

    Notes
    -----
    The paper's accuracy on the public challenge, 0.535 of 200 images, cannot be told from chance
    (p = 0.18). A probability from this class is evidence only beside a permutation test
    (:func:`ganisi.audit.permutation_test`) on images of known status.

    References
    ----------
    .. [1] Mehdipour Ghazi, M., Mehdipour Ghazi, M. (2023). GAN-ISI. CLEF 2023 Working Notes,
       CEUR-WS Vol. 3497, pp. 1588-1595.

    Examples
    --------
    >>> from ganisi import GANISI
    >>> from ganisi.datasets import make_source_identification
    >>> data = make_source_identification(10, 10, 30, size=32, leakage=1.0, random_state=0)
    >>> model = GANISI().fit(data.real, data.used, generated=data.generated, groups=data.groups)
    >>> model.predict_proba(data.real[:3]).shape
    (3, 2)
    """

    # Saves the user set_fit_request where scikit-learn routes metadata.
    __metadata_request__fit = {"generated": True, "groups": True}  # noqa: RUF012

    _parameter_constraints = {  # noqa: RUF012
        **ImagePairer._parameter_constraints,
        "identifier": [HasMethods(["fit", "predict_proba"]), None],
        "memory": [str, os.PathLike, HasMethods(["cache"]), None],
    }

    _default_stages = {  # noqa: RUF012
        **ImagePairer._default_stages,
        "identifier": lambda _: SourceIdentifier(),
    }

    def __init__(
        self, descriptor: BaseEstimator | None = None, *, pairer: BaseEstimator | None = None,
        identifier: BaseEstimator | None = None, views: AnyViews | None = None, verbose: int = 0,
        memory: Cache | None = None, store: FilePath | None = None, half: bool = False,
    ) -> None:  # fmt: skip
        self.descriptor = descriptor
        self.pairer = pairer
        self.identifier = identifier
        self.views = views
        self.verbose = verbose
        self.memory = memory
        self.store = store
        self.half = half

    @fit_context(prefer_skip_nested_validation=False)
    def fit(
        self, X: ImageSet, y: ArrayLike | None = None, *, generated: ImageSets | None = None,
        groups: ArrayLike | None = None,
    ) -> Self:  # fmt: skip
        """Fit on real images of known status and the generated images.

        Parameters
        ----------
        X : array of shape (n_images, height, width), list of arrays, or list of paths
            Real images, some used to train the generator and some not.
        y : array of shape (n_images,) or None, default=None
            Two labels, usually 1 for used and 0 for not used. None where the identifier needs no
            label, as `SimilarityRules` does not.
        generated : images as `X`, or tuple of these
            Images from the generator; a tuple holds sets of several generators, put end to end.
            Inside cross-validation write ``generated=(images,)``: a tuple is never sliced.
        groups : array of shape (n_images,) or None, default=None
            Patient of each real image; no internal split then divides a patient.

        Returns
        -------
        self : object
            The fitted model.

        Raises
        ------
        TypeError, ValueError
            If images, labels, groups or the stages do not fit together, real images have not all
            the views, or real and generated images have grey levels of different scales.
            Everything is checked before the first image is described: pairer and identifier are
            tried on a few made-up rows, or on those of a few images where they are not of this
            package, with the labels and patients given.

        Warns
        -----
        UserWarning
            If no generated image has the size of a real one.
        """
        pairing, identifier = self._stages()
        check_labels(y, check_images(X), identifier)
        images, sets = pairing._check(X, generated, groups, labels=y)
        pairing._rehearse(images, sets, groups, y).identify(identifier)
        identity = {"keys": content_keys(images)} if predicts_jointly(identifier) else {}
        fitting = task_of_fit(self, max_subtasks=3 + len(sets))
        with watched(fitting, self, X=X, y=y):
            watch = {"within": fitting, "model": self}
            pairing, distances = fit_once(pairing, images, sets, groups, self.memory, **watch)
            with watched(fitting.subcontext("identifying"), self):
                identifier.fit(distances, y, groups=groups, **identity)
            self.image_pairer_, self.identifier_ = pairing, identifier
            self.descriptor_, self.pairer_ = pairing.descriptor_, pairing.pairer_
            self.classes_, self.n_generated_ = identifier.classes_, sum(map(len, sets))
            self.image_keys_ = frozenset(known_by(images)) - {None}
            self.generated_names_ = np.array(short_names(sets), dtype=object)
            self.relative_scale_ = scale_of_raw_maps(self.pairer_, distances, self.n_generated_)
        return self

    def stages(self) -> tuple[BaseEstimator, BaseEstimator, BaseEstimator]:
        """Return the unfitted stages, defaults filled in.

        Returns
        -------
        descriptor, pairer, identifier : estimators
            Clones; the pairer has the descriptor's `n_quantiles`, `grid` and `steps`, and as many
            views as there are.

        Raises
        ------
        ValueError
            If the descriptors of a union, or the descriptor and the pairer, disagree on
            `n_quantiles`, `grid` or `steps`, or the pairer and `views` on their number.
        """
        pairing, identifier = self._stages()
        return *pairing.stages(), identifier

    def _stages(self):
        """Return what makes distances of images, and the identifier, both unfitted."""
        identifier = clone(self._stage("identifier"))
        names = ImagePairer().get_params(deep=False)
        return ImagePairer(**{name: getattr(self, name) for name in names}), identifier

    def predict_proba(self, X: ImageSet) -> NDArray[np.float64]:
        """Probability of each class for each query image.

        Parameters
        ----------
        X : array of shape (n_queries, height, width), list of arrays, or list of paths
            Query images.

        Returns
        -------
        probabilities : ndarray of shape (n_queries, 2)
            In the order of `classes_`. A row depends on its own query only, unless the identifier
            has `rivals`: these are the other images of the call and those of `fit`.

        Warns
        -----
        UserWarning
            If no query has the size of a real image of `fit`, or grey levels are of another scale.
        """
        return self._score(X, "predict_proba")

    @available_if(identifier_has("predict_proba_interval"))
    def predict_proba_interval(self, X: ImageSet, confidence: float = 0.95) -> NDArray[np.float64]:
        """Probability of each query image, and between which shares the truth may lie around it.

        Parameters
        ----------
        X : array of shape (n_queries, height, width), list of arrays, or list of paths
            Query images.
        confidence : float, default=0.95
            Between 0 and 1, for each query on its own.

        Returns
        -------
        intervals : ndarray of shape (n_queries, 3)
            Low, probability and high of `classes_[1]`. The fewer patients, the wider: see the Notes
            of :class:`ganisi.ProfileIdentifier`.
        """
        return self._score(X, "predict_proba_interval", confidence=confidence)

    def predict(self, X: ImageSet) -> NDArray[Any]:
        """Predict the label of each query image.

        Parameters
        ----------
        X : array of shape (n_queries, height, width), list of arrays, or list of paths
            Query images.

        Returns
        -------
        labels : ndarray of shape (n_queries,)
            The class whose probability is at least 1/2.
        """
        return self._score(X, "predict")

    @available_if(identifier_has("decision_function"))
    def decision_function(self, X: ImageSet) -> NDArray[np.float64]:
        """Score query images by the identifier's decision function.

        Parameters
        ----------
        X : array of shape (n_queries, height, width), list of arrays, or list of paths
            Query images.

        Returns
        -------
        scores : ndarray of shape (n_queries,)
            Higher means more probably `classes_[1]`.
        """
        return self._score(X, "decision_function")

    @available_if(identifier_has("predict_pair_proba"))
    def predict_pair_proba(self, X: ImageSet) -> NDArray[np.float64]:
        """Score every pair of a query and a generated image, before fusion.

        Parameters
        ----------
        X : array of shape (n_queries, height, width), list of arrays, or list of paths
            Query images.

        Returns
        -------
        probabilities : ndarray of shape (n_queries, n_generated, 2)
            In the order of `classes_`; NaN for pairs that the identifier leaves out.
        """
        return self._score(X, "predict_pair_proba")

    def evidence(self, X: ImageSet, n_nearest: int = 5) -> Evidence:
        """Tell which generated images are unusually close to each query, and in which textures.

        Distances say little by themselves: some generated images are close to everything, and
        some textures vary little. So the logarithm of each distance is standardised by what its
        generated image has to the queries of `fit`, for each map: what
        ``CDFWassersteinPairer(relative=True)`` computes. The closest generated images are those
        with the smallest mean over maps; each pairer of a `PairerUnion` has the same weight.

        Parameters
        ----------
        X : array of shape (n_queries, height, width), list of arrays, or list of paths
            Query images.
        n_nearest : int, default=5
            Number of generated images for each query.

        Returns
        -------
        evidence : Evidence
            ``index (n_queries, n_nearest)``, ``z (n_queries, n_nearest, n_maps)`` and `maps`;
            `to_frame` makes a table with family, scale and orientation of each map. A row depends
            on its own query only.

        Raises
        ------
        ValueError
            If `n_nearest` is not between 1 and the number of generated images, or the queries do
            not have the bit depth of `fit`.

        Notes
        -----
        No label enters, and the identifier has no say. A query that stood in `fit` takes part in
        the mean and spread that standardise it, and looks a little less unusual than a new one.
        Among hundreds of generated images some are unusually close to any query by chance:
        compare with the evidence of images known not to be used.

        Of the queries of `fit` only mean and spread are kept, for each generated image and map,
        so that no private image can be read out of a fitted model by this way.
        """
        check_is_fitted(self)
        with large_distances_in(self.store):
            return find_evidence(self, self._by_block(X), n_nearest)

    def _score(self, X, method, **options):
        check_is_fitted(self)
        score = partial(getattr(self.identifier_, method), **options)
        # No name holds the distances of a block while the next one's are computed.
        blocks = map(self.pairer_.transform, self._by_block(X))
        with large_distances_in(self.store):
            if predicts_jointly(self.identifier_):
                return score(blocks, keys=content_keys(check_images(X)))
            return np.concatenate(list(map(score, blocks)))

    def _by_block(self, X):
        """Yield the rows of so many queries at a time that their distances are bounded."""
        rows = self.image_pairer_.describe(X)
        n_pairs = _PAIRS_PER_BLOCK if self.store is None else _PAIRS_IN_STORE
        blocks = list(gen_batches(len(rows), max(1, n_pairs // self.n_generated_)))
        sizes = [block.stop - block.start for block in blocks]
        for block in progress_bar(blocks, "scoring queries", self.verbose, sizes):
            yield rows[block]

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        return tags

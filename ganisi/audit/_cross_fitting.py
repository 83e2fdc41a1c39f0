"""Out-of-fold probabilities, by patient, that can be asked again for other labels."""

from __future__ import annotations

from copy import copy

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator, clone
from sklearn.utils.validation import has_fit_parameter

from .._compat._brief import Brief, Words
from .._compat._hints import Folds, ImageSet, ImageSets, Keys, RowSets
from .._compat._threads import one_blas_thread
from ..descriptors._precomputed import check_known
from ..distances._folds import pair_folds
from ..distances._generated import generated_sets
from ..distances._large import large_distances_in
from ..identification._base import predicts_jointly
from ..images._checks import check_images
from ..images._identity import known_beside, known_by
from ..images._survey import content_keys
from ..model._describing import described
from ..model._row_files import check_store, described_sets
from ._rehearsing import labels_and_folds, rehearse
from ._scoring import fast_roc_auc, probability_of, raw_score_of
from ._taken import from_images, store_of


class CrossFit(Brief):
    """The distances of every fold, computed once, since labels do not enter them.

    Parameters
    ----------
    pairer : CDFWassersteinPairer
        Cloned and fitted in every fold, without labels.
    identifier : classifier
        `SourceIdentifier`, `ProfileIdentifier` or a baseline; cloned and fitted in every fold.
    X : array of shape (n_images, n_features)
        Quantile functions of real images of known status, under the views that the pairer has.
    y : array of shape (n_images,)
        Two labels.
    generated : array of shape (n_generated, n_features), or tuple of these
        Quantile functions of the generated images.
    groups : array of shape (n_images,) or None, default=None
        Patient of each real image; no patient stands on both sides of a split.
    cv : int or list of (train, test), default=5
        Number of folds, stratified; or the folds themselves, as indices of images.
    pos_label : label or None, default=None
        The label that means "used"; None means 1 or True.
    keys : sequence of n_images hashables, or None, default=None
        What each image is known by, so that with `rivals` none is its own: copies share it, and
        nothing else does. None goes by rows of `X` that are equal bit for bit.

    Attributes
    ----------
    used : ndarray of shape (n_images,), bool
        Which images were used to train the generator.
    groups : ndarray of shape (n_images,) or None
        Patient of each image.
    folds : list of (train, test)
        Indices of images.
    keys : ndarray of shape (n_images,), object
        What each image is known by.

    Notes
    -----
    A classifier that has `stages`, as `ProfileIdentifier` does, is taken apart: its summary of the
    distances, which sees no label, is fitted once a fold, and only what follows is fitted again
    for other labels. The results are those of `fit` and `predict_proba`: with `rivals`, of one call
    with all images that the fold leaves out.

    Examples
    --------
    >>> from ganisi import GANISI, Intensity
    >>> from ganisi.audit import CrossFit
    >>> from ganisi.baselines import NearestGenerated
    >>> from ganisi.datasets import make_source_identification
    >>> data = make_source_identification(20, 20, 60, size=32, leakage=1.0, random_state=0)
    >>> pixels = GANISI(Intensity(grid=32, n_quantiles=1), identifier=NearestGenerated())
    >>> descriptor, pairer, identifier = pixels.stages()
    >>> rows, made = descriptor.fit_transform(data.real), descriptor.transform(data.generated)
    >>> fit = CrossFit(pairer, identifier, rows, data.used, generated=made, groups=data.groups)
    >>> fit
    CrossFit(n_images=40, n_used=20, n_patients=20, n_folds=5, identifier=NearestGenerated)
    >>> fit.out_of_fold().shape
    (40,)
    """

    def __init__(
        self, pairer: BaseEstimator, identifier: BaseEstimator, X: ArrayLike, y: ArrayLike, *,
        generated: RowSets, groups: ArrayLike | None = None, cv: int | Folds = 5,
        pos_label: object = None, keys: Keys | None = None,
    ) -> None:  # fmt: skip
        self.used, self.groups, self.folds = labels_and_folds(X, y, groups, cv, pos_label)
        self.keys, self._keys_given = known_by(X, keys), keys is not None
        if not isinstance(generated, tuple):
            generated = (generated,)
        paired = pair_folds(pairer, X, self.folds, generated=generated, groups=self.groups)
        self._transformers = [fitted for fitted, _, _ in paired]
        inputs = [
            (train, *distances)
            for (train, _), (_, *distances) in zip(self.folds, paired, strict=True)
        ]
        self._set(identifier, inputs)

    @classmethod
    def from_images(
        cls, estimator: BaseEstimator, X: ImageSet, y: ArrayLike, *, generated: ImageSets,
        groups: ArrayLike | None = None, cv: int | Folds = 5, pos_label: object = None,
    ) -> CrossFit:  # fmt: skip
        """Describe images as a `GANISI` does, and cross-validate its pairer and identifier.

        Parameters
        ----------
        estimator : GANISI, Pipeline, GridSearchCV or RandomizedSearchCV
            The attack, unfitted, from images on; a search is made again in every fold.
        X : array of shape (n_images, height, width), list of arrays, or list of paths
            Real images of known status; they are looked at under the views of the estimator.
        y : array of shape (n_images,)
            Two labels.
        generated : images as `X`, or tuple of these
            Images from the generator.
        groups : array of shape (n_images,) or None, default=None
            Patient of each real image; no patient stands on both sides of a split.
        cv : int or list of (train, test), default=5
            As in the class.
        pos_label : label or None, default=None
            The label that means "used"; None means 1 or True.

        Returns
        -------
        cross_fit : CrossFit
            Every image is described once.

        Examples
        --------
        >>> from ganisi import recommended
        >>> from ganisi.audit import CrossFit
        >>> from ganisi.datasets import make_source_identification
        >>> data = make_source_identification(10, 10, 30, size=32, leakage=1.0, random_state=0)
        >>> fit = CrossFit.from_images(
        ...     recommended(grid=16), data.real, data.used, generated=(data.generated,)
        ... )
        >>> fit.out_of_fold().shape
        (20,)
        """
        descriptor, pairer, views, identifier = from_images(estimator)
        images = check_images(X)
        used, groups, folds = labels_and_folds(images, y, groups, cv, pos_label)
        sets = [check_images(set_, "generated") for set_ in generated_sets(generated, len(images))]
        check_known(descriptor, [("X", images), *(("generated", one) for one in sets)], views)
        stages, n_generated = (descriptor, pairer, len(views)), sum(map(len, sets))
        rehearse(*stages, images, n_generated, used, groups, folds)(identifier)
        store, half = store_of(estimator)
        check_store(store, descriptor, half)
        keys = content_keys(images) if predicts_jointly(identifier) else None
        known = {"groups": groups, "cv": folds, "keys": keys}
        rows = described(descriptor, images, views=views)
        made = described_sets(descriptor, sets, store, half=half)
        with large_distances_in(store):
            return cls(pairer, identifier, rows, used, generated=made, **known)

    def with_identifier(self, identifier: BaseEstimator) -> CrossFit:
        """Return the same folds and distances with another classifier.

        Parameters
        ----------
        identifier : classifier
            `SourceIdentifier`, `ProfileIdentifier` or a baseline.

        Returns
        -------
        cross_fit : CrossFit
            Shares the distances.
        """
        return self.with_inputs(identifier, self._inputs, self._transformers)

    def with_inputs(
        self, identifier: BaseEstimator, inputs: list, transformers: list | None = None
    ) -> CrossFit:
        """Return the same folds with another classifier that sees other things of the images.

        Parameters
        ----------
        identifier : classifier
            Cloned and fitted in every fold.
        inputs : list of (train, X_train, X_test)
            For each fold, the images to fit on (none of its test images or their patients) and
            what the classifier sees of them and of the fold's test images.
        transformers : list of transformers, or None, default=None
            Fitted, one a fold: from quantile functions to what the classifier sees. `score_new`
            needs them.

        Returns
        -------
        cross_fit : CrossFit
            With the same images, labels and patients.
        """
        other = copy(self)
        other._transformers = transformers
        other._set(identifier, inputs)
        return other

    def without_inputs(self) -> CrossFit:
        """Return a copy that can do no more than score out of fold, but is light to carry.

        Returns
        -------
        cross_fit : CrossFit
            Without the distances, where the classifier only needs its summary of them.
        """
        other = copy(self)
        other._inputs = other._transformers = other._summaries = None
        return other

    def _main_figures(self):
        figures = {"n_images": len(self.used), "n_used": int(self.used.sum())}
        figures["n_patients"] = None if self.groups is None else len(set(self.groups))
        identifier = Words(type(self.identifier).__name__)
        return {**figures, "n_folds": len(self.folds), "identifier": identifier}

    def _set(self, identifier, inputs):
        """Keep what the classifier sees, summarised where it can be taken apart."""
        identifier = clone(identifier)
        if "pos_label" in identifier.get_params():
            # The labels that it is fitted on here are whether an image was used.
            identifier.set_params(pos_label=None)
        self._inputs, self._classifier, self.identifier = inputs, identifier, identifier
        self._jointly = predicts_jointly(identifier)
        self._summaries, self._rows = [], []
        for (_, test), (train, rows, test_rows) in zip(self.folds, inputs, strict=True):
            summary = None
            if hasattr(identifier, "stages"):
                summary, self._classifier = identifier.stages()
                rows = summary.fit_transform(
                    rows, **self._known_groups(summary, train), **self._identity(self.keys[train])
                )
                test_rows = summary.transform(test_rows, **self._identity(self.keys[test]))
            self._summaries.append(summary)
            self._rows.append((train, rows, test_rows))

    def _groups_of(self, images):
        return None if self.groups is None else self.groups[images]

    def _identity(self, keys):
        """What images are known by, as an argument, where it matters."""
        return {"keys": keys} if self._jointly else {}

    def _known_groups(self, estimator, images):
        """Patients of images, as an argument, for an estimator that wants them."""
        wants = has_fit_parameter(estimator, "groups")
        return {"groups": self._groups_of(images)} if wants else {}

    def _fit(self, train, rows, used, method="fit"):
        """Fit the labels of one fold."""
        groups = self._known_groups(self._classifier, train)
        return getattr(clone(self._classifier), method)(rows, used[train], **groups)

    def out_of_fold(self, used: np.ndarray | None = None) -> np.ndarray:
        """Probability of each image by the model that has not seen it, nor its patient.

        Parameters
        ----------
        used : array of shape (n_images,), bool, or None, default=None
            Labels to fit on instead of the true ones.

        Returns
        -------
        probability : ndarray of shape (n_images,)
            Of having been used; NaN for an image that no fold leaves out.
        """
        return self._out_of_fold(probability_of, used)

    def raw_scores(self, used: np.ndarray | None = None) -> np.ndarray:
        """Score of each image, out of fold, before it is made a probability: what images rank by.

        That of `decision_function`, or the probability where the classifier has none. Where the
        labels speak against an attack that knows its direction, as the baselines do, all its
        probabilities are equal; its raw scores then have a ROC AUC well below 1/2.

        Parameters
        ----------
        used : array of shape (n_images,), bool, or None, default=None
            Labels to fit on instead of the true ones.

        Returns
        -------
        score : ndarray of shape (n_images,)
            The more probably used, the higher; NaN for an image that no fold leaves out.
        """
        # Probabilities are most of the work of a fit, and ranks need none.
        ranks = hasattr(self._classifier, "fit_to_rank")
        return self._out_of_fold(raw_score_of, used, "fit_to_rank" if ranks else "fit")

    def _out_of_fold(self, ask, used, method="fit"):
        used = self.used if used is None else used
        answers = np.full(len(used), np.nan)
        with one_blas_thread():
            for (_, test), (train, rows, test_rows) in zip(self.folds, self._rows, strict=True):
                answers[test] = ask(self._fit(train, rows, used, method), test_rows)
        return answers

    def score_new(self, X: np.ndarray, part: np.ndarray, keys: Keys | None = None) -> np.ndarray:
        """Probability of new images, each by the model of one fold.

        Parameters
        ----------
        X : array of shape (n_queries, n_features)
            Quantile functions of new images.
        part : array of shape (n_queries,), int
            The fold whose model scores each image.
        keys : sequence of n_queries hashables, or None, default=None
            What each image is known by; given if and only if those of the real images are.

        Returns
        -------
        probability : ndarray of shape (n_queries,)
            Of having been used, on the scale of that fold's `out_of_fold`. With `rivals` the images
            of a part, and those that the fold leaves out, are asked about together.
        """
        return self._ask_of_new(probability_of, X, part, keys, np.empty(len(part)))

    def _ask_of_new(self, ask, X, part, keys, answers):
        """Fill in what the model of a fold answers about each new image."""
        keys = self._new_keys(X, keys)
        with one_blas_thread():
            for k, (train, rows, _) in enumerate(self._rows):
                mine = np.flatnonzero(part == k)
                if len(mine) == 0:
                    continue
                new_rows, _ = self._rows_beside(X[mine], k, keys[mine])
                answers[mine] = ask(self._fit(train, rows, self.used), new_rows)
        return answers

    def score_beside(
        self, X: np.ndarray, k: int, keys: Keys | None = None,
        which: slice | np.ndarray = slice(None),
    ) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
        """Probability of new images, and of those that a fold leaves out, asked about together.

        Parameters
        ----------
        X : array of shape (n_queries, n_features)
            Quantile functions of new images.
        k : int
            The fold.
        keys : sequence of n_queries hashables, or None, default=None
            As in `score_new`.
        which : index, default=slice(None)
            Of the images that the fold leaves out.

        Returns
        -------
        probability : ndarray of shape (n_queries,)
            Of the new images.
        left_out : ndarray of shape (n_left_out,)
            Of `which` of the images left out. Without `rivals` it is that of `out_of_fold`.
        """
        train, rows, _ = self._rows[k]
        with one_blas_thread():
            both = self._rows_beside(X, k, self._new_keys(X, keys), which)
            fitted = self._fit(train, rows, self.used)
            return tuple(probability_of(fitted, some) for some in both)

    def _rows_beside(self, X, k, keys, which=slice(None)):
        """What the classifier of a fold sees of new images, and of those the fold leaves out."""
        new_rows, test_rows = self._transformers[k].transform(X), self._rows[k][2][which]
        summary, test = self._summaries[k], self.folds[k][1][which]
        if self._jointly:
            # The distances of both, one after the other: none are copied.
            blocks = iter([self._inputs[k][2][which], new_rows])
            together = summary.transform(blocks, keys=np.concatenate([self.keys[test], keys]))
            return together[len(test) :], together[: len(test)]
        return new_rows if summary is None else summary.transform(new_rows), test_rows

    def _new_keys(self, X, keys):
        return known_beside(X, keys, self._keys_given) if self._jointly else known_by(X, keys)

    def roc_auc(self, score: np.ndarray, used: np.ndarray | None = None) -> float:
        """Mean over the folds of the ROC AUC within each.

        Each fold has a model of its own, and scores of different models need not be on one scale;
        pooled, chance would not be 1/2.

        Parameters
        ----------
        score : array of shape (n_images,)
            From `raw_scores`, or from `out_of_fold`.
        used : array of shape (n_images,), bool, or None, default=None
            Labels instead of the true ones.

        Returns
        -------
        roc_auc : float
            Between 0 and 1; 1/2 is chance.
        """
        used = self.used if used is None else used
        return float(np.mean([fast_roc_auc(used[test], score[test]) for _, test in self.folds]))

"""Several pairers side by side, each on columns of its own."""

from __future__ import annotations

from copy import copy
from numbers import Integral

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, TransformerMixin, clone
from sklearn.utils.validation import check_is_fitted, validate_data

from .._compat._hints import Folds, RowSets, Self
from .._compat._sklearn import Composition, DocumentationLinkMixin, Interval, fit_context
from ._folds import pair_folds
from ._generated import check_generated_rows, generated_sets
from ._large import side_by_side


class PairerUnion(TransformerMixin, DocumentationLinkMixin, Composition):
    """Distances of several pairers side by side: several eyes in one.

    What scikit-learn's FeatureUnion is to descriptors. The rows are those of a FeatureUnion whose
    parts have the names and the order of the pairers; each pairer reads the columns of its part,
    and its maps stand beside those of the others.

    Parameters
    ----------
    pairers : list of (str, Pairer)
        Names and pairers. A pairer whose rows are images (`CorrelationPairer`, `SSIMPairer`) reads
        ``grid * grid`` columns; at most one pairer is of another kind, and reads all that are
        left.
    views_for : list of str or None, default=None
        Names of the pairers that look at a query under all its views; the others see it as it is,
        such as a `CorrelationPairer`, which moves and mirrors queries itself. None is all.
    n_views : int, default=1
        Views of each query in its row, one after the other, the image as it is first. It is that
        of the pairers in `views_for`, whatever theirs was. Each of them finds its own nearest view.

    Attributes
    ----------
    pairers_ : list of (str, Pairer)
        Fitted.
    relative_maps_ : ndarray of shape (n_maps,), bool
        Which maps have relative distances.
    map_weights_ : ndarray of shape (n_maps,)
        What each map counts in the mean over maps of `GANISI.evidence`: every pairer the same,
        shared by its maps.
    n_generated_ : int
        Number of generated images.
    n_maps_ : int
        Number of maps of all pairers.
    n_features_in_ : int
        Number of columns of queries, ``n_views * n_features``.

    See Also
    --------
    ganisi.recommended : Looks with two eyes.

    Examples
    --------
    Textures in their places, and the image itself, wherever it was moved:

    >>> import numpy as np
    >>> from sklearn.pipeline import FeatureUnion
    >>> from ganisi import CDFWassersteinPairer, CorrelationPairer, GaborBank, Intensity
    >>> from ganisi.distances import PairerUnion
    >>> rng = np.random.default_rng(0)
    >>> real = rng.integers(0, 256, (4, 32, 32), dtype=np.uint8)
    >>> fake = rng.integers(0, 256, (5, 32, 32), dtype=np.uint8)
    >>> cells = {"n_quantiles": 1, "grid": 16}
    >>> descriptor = FeatureUnion([("textures", GaborBank(**cells)), ("image", Intensity(**cells))])
    >>> union = PairerUnion(
    ...     [("textures", CDFWassersteinPairer(**cells)), ("image", CorrelationPairer(16))]
    ... )
    >>> rows = descriptor.fit_transform(real)
    >>> union.fit_transform(rows, generated=(descriptor.transform(fake),)).shape
    (4, 5, 13)
    """

    composed_of = "pairers"

    # Saves the user set_fit_request where scikit-learn routes metadata.
    __metadata_request__fit = {"generated": True, "groups": True}  # noqa: RUF012

    _parameter_constraints = {  # noqa: RUF012
        "pairers": [list],
        "views_for": [list, tuple, None],
        "n_views": [Interval(Integral, 1, None, closed="left")],
    }

    def __init__(
        self,
        pairers: list[tuple[str, BaseEstimator]],
        *,
        views_for: list[str] | tuple[str, ...] | None = None,
        n_views: int = 1,
    ) -> None:
        self.pairers = pairers
        self.views_for = views_for
        self.n_views = n_views

    @property
    def grid(self) -> int:
        """The finest grid of all pairers: what images must have pixels for."""
        return finest_grid(self.pairers)

    @property
    def relative_maps_(self) -> NDArray[np.bool_]:
        """Which maps have relative distances, ``(n_maps,)``."""
        relative = [getattr(pairer, "relative", False) for _, pairer in self.pairers_]
        return np.repeat(relative, self._n_maps())

    @property
    def map_weights_(self) -> NDArray[np.float64]:
        """What each map counts where distances are averaged, ``(n_maps,)``; see the class."""
        n_maps = self._n_maps()
        return np.repeat(1 / (len(n_maps) * np.array(n_maps)), n_maps)

    def _n_maps(self):
        return [pairer.n_maps_ for _, pairer in self.pairers_]

    @fit_context(prefer_skip_nested_validation=True)
    def check_settings(self) -> None:
        """Check the parameters alone, before any image is described.

        Raises
        ------
        ValueError
            If names are missing or twice there, if more than one pairer reads any number of
            columns, or if a pairer refuses its own parameters.
        """
        self.check_names()
        names = [name for name, _ in self.pairers]
        if not names:
            raise ValueError("pairers is empty; give at least one (name, pairer).")
        if unknown := sorted(set(self.views_for or ()) - set(names)):
            raise ValueError(
                f"views_for names {', '.join(map(repr, unknown))}, and the pairers are "
                f"{', '.join(map(repr, names))}; give names of these."
            )
        of_any_size = [name for name, pairer in self.pairers if pairer.n_columns is None]
        if len(of_any_size) > 1:
            raise ValueError(
                f"the pairers {' and '.join(map(repr, of_any_size))} read any number of columns, "
                "so it cannot be told which are whose; put them into one, or give images to all "
                "but one of them."
            )
        for _, pairer in self.pairers:
            if hasattr(pairer, "check_settings"):
                pairer.check_settings()

    @fit_context(prefer_skip_nested_validation=False)
    def fit(
        self,
        X: ArrayLike,
        y: object = None,
        *,
        generated: RowSets | None = None,
        groups: ArrayLike | None = None,
    ) -> Self:
        """Keep the generated images, and learn what the pairers learn.

        Parameters
        ----------
        X : array of shape (n_queries, n_views * n_features)
            Rows of real images, from a FeatureUnion.
        y : None
            Ignored.
        generated : array of shape (n_generated, n_features), or tuple of these
            Rows of the generated images, from the same descriptor. Inside cross-validation write
            ``generated=(array,)``: a tuple is never sliced.
        groups : array of shape (n_queries,) or None, default=None
            Patient of each query, for relative pairers.

        Returns
        -------
        self : object
            The fitted union.

        Raises
        ------
        TypeError, ValueError
            As the pairers do, and where columns are not those of all of them.
        """
        fitted = [
            (name, pairer.fit(rows, generated=sets))
            for name, pairer, rows, sets in self._each(X, generated)
        ]
        return self._hold(fitted)

    @fit_context(prefer_skip_nested_validation=False)
    def fit_transform(
        self,
        X: ArrayLike,
        y: object = None,
        *,
        generated: RowSets | None = None,
        groups: ArrayLike | None = None,
    ) -> NDArray[np.float32]:
        """Fit, and return the distances of the same queries.

        Parameters
        ----------
        X : array of shape (n_queries, n_views * n_features)
            Rows of real images, from a FeatureUnion.
        y : None
            Ignored.
        generated : array of shape (n_generated, n_features), or tuple of these
            Rows of the generated images; see `fit`.
        groups : array of shape (n_queries,) or None, default=None
            Patient of each query, for relative pairers.

        Returns
        -------
        distances : ndarray of shape (n_queries, n_generated, n_maps), float32
            Those of the first pairer, then those of the next.
        """
        fitted, distances = [], []
        for name, pairer, rows, sets in self._each(X, generated):
            distances.append(pairer.fit_transform(rows, generated=sets, groups=groups))
            fitted.append((name, pairer))
        self._hold(fitted)
        return side_by_side(distances, axis=2)

    def fit_transform_folds(
        self,
        X: ArrayLike,
        folds: Folds,
        *,
        generated: RowSets | None = None,
        groups: ArrayLike | None = None,
    ) -> list[tuple[Self, NDArray[np.float32], NDArray[np.float32]]]:
        """Fit in each of several folds; see :meth:`Pairer.fit_transform_folds`.

        Parameters
        ----------
        X : array of shape (n_queries, n_views * n_features)
            Rows of real images, from a FeatureUnion.
        folds : list of (train, test)
            Places of queries, as scikit-learn's splitters give them.
        generated : array of shape (n_generated, n_features), or tuple of these
            Rows of the generated images; see `fit`.
        groups : array of shape (n_queries,) or None, default=None
            Patient of each query, for relative pairers.

        Returns
        -------
        fitted : list of (PairerUnion, ndarray, ndarray)
            For each fold the fitted union and the distances of its train and test queries.
        """
        kept, of_pairers = clone(self), []
        for _, pairer, rows, sets in kept._each(X, generated):
            of_pairers.append(pair_folds(pairer, rows, folds, generated=sets, groups=groups))
        # Taken out of the lists, so that no fold is there twice for long.
        return [kept._side_by_side([folds_of.pop(0) for folds_of in of_pairers]) for _ in folds]

    @staticmethod
    def _pair_others(fitted, X, folds, others, columns, patients):
        """Put others in place of the generated images of the unions of folds."""
        first, of_pairers = fitted[0], []
        parts = first._parts(first._check(X, reset=False))
        for k, (rows, own) in enumerate(zip(parts, first._columns, strict=True)):
            pairers = [union.pairers_[k][1] for union in fitted]
            theirs = others[:, own]
            of_pairers.append(
                pairers[0]._pair_others(pairers, rows, folds, theirs, columns, patients)
            )
        return [first._side_by_side(of_fold) for of_fold in zip(*of_pairers, strict=True)]

    def _side_by_side(self, of_pairers):
        """Return the union of fitted pairers, and their distances side by side."""
        pairers, *distances = zip(*of_pairers, strict=True)
        names = [name for name, _ in self.pairers]
        union = copy(self)._hold(list(zip(names, pairers, strict=True)))
        union.n_generated_ = pairers[0].n_generated_
        return (union, *(side_by_side(part, axis=2) for part in distances))

    def transform(self, X: ArrayLike) -> NDArray[np.float32]:
        """Return the distances of queries to every generated image.

        Parameters
        ----------
        X : array of shape (n_queries, n_views * n_features)
            Rows of the queries, from the same descriptor.

        Returns
        -------
        distances : ndarray of shape (n_queries, n_generated, n_maps), float32
            Those of the first pairer, then those of the next. A row depends on its own query only.
        """
        check_is_fitted(self)
        parts = self._parts(self._check(X, reset=False))
        return side_by_side(
            [
                pairer.transform(rows)
                for (_, pairer), rows in zip(self.pairers_, parts, strict=True)
            ],
            axis=2,
        )

    def best_views(self, X: ArrayLike) -> NDArray[np.intp]:
        """Tell which view of each query is nearest to each generated image.

        Parameters
        ----------
        X : array of shape (n_queries, n_views * n_features)
            Rows of the queries, from the same descriptor.

        Returns
        -------
        views : ndarray of shape (n_queries, n_generated), int
            From 0, the image as it is: those of the first pairer that looks under all views.
        """
        check_is_fitted(self)
        parts = self._parts(self._check(X, reset=False))
        for (name, pairer), rows in zip(self.pairers_, parts, strict=True):
            if self._sees_views(name):
                return pairer.best_views(rows)
        return np.zeros((len(X), self.n_generated_), np.intp)

    def in_plain_words(self) -> str:
        """Say how images are compared, to somebody who reads a report and no code."""
        return "; ".join(f"{name} {pairer.in_plain_words()}" for name, pairer in self.pairers)

    def _sees_views(self, name):
        return self.views_for is None or name in self.views_for

    def _check(self, X, reset):
        return validate_data(self, X, dtype=np.float32, order="C", reset=reset)

    def _each(self, X, generated):
        """Check all; yield for each pairer its name, a clone to fit, and the rows it reads."""
        self.check_settings()
        rows = self._check(X, reset=True)
        sets = tuple(check_generated_rows(set_) for set_ in generated_sets(generated, len(rows)))
        self._split(rows, sets)
        self.n_generated_ = sum(map(len, sets))
        for (name, pairer), columns, part in zip(
            self.pairers, self._columns, self._parts(rows), strict=True
        ):
            unfitted = clone(pairer)
            if "n_views" in unfitted.get_params(deep=False):
                unfitted.set_params(n_views=self.n_views if self._sees_views(name) else 1)
            yield name, unfitted, part, tuple(set_[:, columns] for set_ in sets)

    def _hold(self, fitted):
        """Keep pairers (name, pairer) that were fitted."""
        self.pairers_ = fitted
        self.n_maps_ = sum(self._n_maps())
        return self

    def _split(self, rows, sets):
        """Find which columns of a view are whose."""
        n_features, remainder = divmod(rows.shape[1], self.n_views)
        if remainder:
            raise ValueError(
                f"X has {rows.shape[1]} columns, not a multiple of n_views={self.n_views}; put the "
                "rows of each image under all of its views side by side, or use n_views=1."
            )
        for set_ in sets:
            if set_.shape[1] != n_features:
                raise ValueError(
                    f"generated has {set_.shape[1]} columns and X has {n_features} a view; "
                    "describe both with the same descriptor, the generated images under no view."
                )
        sizes = [pairer.n_columns for _, pairer in self.pairers]
        rest = n_features - sum(size for size in sizes if size is not None)
        if rest < 0 or (rest > 0) != (None in sizes):
            raise ValueError(
                f"X has {n_features} columns a view, and the pairers read "
                f"{', '.join('the rest' if size is None else str(size) for size in sizes)}; "
                "describe the images with a FeatureUnion of one part for each pairer, in their "
                "order, with their grids."
            )
        ends = np.cumsum([rest if size is None else size for size in sizes]).tolist()
        self._columns = [slice(start, end) for start, end in zip([0, *ends], ends, strict=False)]

    def _parts(self, rows):
        """Yield the columns of each pairer, under the views that it looks at."""
        views = rows.reshape(len(rows), self.n_views, -1)
        for (name, _), columns in zip(self.pairers, self._columns, strict=True):
            n_seen = self.n_views if self._sees_views(name) else 1
            yield views[:, :n_seen, columns].reshape(len(rows), -1)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = []
        return tags


def finest_grid(pairers):
    """Return the finest grid of named pairers; 1 where none has any."""
    return max(getattr(pairer, "grid", None) or 1 for _, pairer in pairers)

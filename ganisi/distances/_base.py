"""What every pairer does: from rows of images to the distances of every pair."""

from __future__ import annotations

import inspect
from abc import abstractmethod
from copy import copy
from numbers import Integral

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, TransformerMixin, clone
from sklearn.utils.validation import check_is_fitted, validate_data

from .._compat._hints import Folds, RowSets, Self
from .._compat._sklearn import N_JOBS, DocumentationLinkMixin, Interval, fit_context
from ..images._patients import TooFewError, check_groups
from ._generated import check_generated_rows, generated_sets
from ._large import queries_of
from ._relative import RelativeScale, check_several
from ._views_of_queries import ComparesViews


class Pairer(ComparesViews, TransformerMixin, DocumentationLinkMixin, BaseEstimator):
    """Base of the pairers: rows of images in, distances of every pair out.

    A child is a docstring, an ``__init__`` with `relative`, `n_views` and `n_jobs` among its
    parameters, constraints of its own parameters put to those of the base
    (``_parameter_constraints = {**Pairer._parameter_constraints, ...}``), and two or three
    methods: ``_count_maps(n_features)`` returns how many maps a row holds, or raises ValueError;
    ``_check_rows(rows, name)`` refuses values that are not what the child reads (left out, any
    finite ones are taken); ``_compare(queries, generated, distances)`` writes the distances of
    some queries to one set of generated images into an array ``(n_queries, n_generated,
    n_maps)``. Rows come to them under one view, as C-contiguous float32 ``(n_images,
    n_features)``, maybe read-only. The base checks, keeps the generated sets, chooses the view,
    shares the queries among `n_jobs` threads (so `_compare` starts none, and releases Python's
    lock where it can) and makes distances relative.

    Parameters
    ----------
    relative : bool
        Whether a distance is judged by what its generated image typically has to the queries of
        `fit`, as :class:`ganisi.CDFWassersteinPairer` says.
    n_views : int
        Views of each query in its row, one after the other, the image as it is first. The
        distances of a pair are those of the query's nearest view: that with the smallest mean
        over maps of ``d_m / s_m``, where s_m is the map's mean distance over all pairs of `fit`
        under the first view. Generated images have no views.
    n_jobs : int or None
        Threads of joblib, which share the queries; None means 1. The same bits for any number.

    Attributes
    ----------
    generated_rows_ : tuple of ndarray of shape (n_images of the set, n_features), float32
        Rows of the generated images, set by set, read-only. They are the caller's own memory
        where `fit` was given float32 arrays with their columns side by side, so that several
        fitted pairers share them; do not write to them afterwards. Arrays of float16 stay so.
    n_generated_ : int
        Number of generated images.
    n_maps_ : int
        Number of maps.
    view_scale_ : ndarray of shape (n_maps,), float32
        The s_m of the formula, in the unit of each map. Only if `n_views` is above 1.
    relative_scale_ : RelativeScale
        `offset` ``(n_maps,)``, `location` and `scale` ``(n_generated, n_maps)``. Only if
        `relative`.
    n_features_in_ : int
        Number of columns of queries, ``n_views * n_features``.

    See Also
    --------
    ganisi.CDFWassersteinPairer : A child.

    Examples
    --------
    The largest difference of a map, in place of the mean difference:

    >>> import numpy as np
    >>> from ganisi.distances import Pairer
    >>> class Largest(Pairer):
    ...     def __init__(self, relative=False, n_views=1, n_jobs=None):
    ...         self.relative = relative
    ...         self.n_views = n_views
    ...         self.n_jobs = n_jobs
    ...
    ...     def _count_maps(self, n_features):
    ...         return 1
    ...
    ...     def _compare(self, queries, generated, distances):
    ...         for query, written in zip(queries, distances):
    ...             written[:, 0] = abs(generated - query).max(axis=1)
    >>> rows = np.array([[0.0, 4.0], [1.0, 1.0]])
    >>> Largest().fit_transform(rows, generated=(rows[:1],))[:, :, 0]
    array([[0.],
           [3.]], dtype=float32)
    """

    # Saves the user set_fit_request where scikit-learn routes metadata.
    __metadata_request__fit = {"generated": True, "groups": True}  # noqa: RUF012

    _parameter_constraints = {  # noqa: RUF012
        "relative": ["boolean"],
        "n_views": [Interval(Integral, 1, None, closed="left")],
        "n_jobs": N_JOBS,
    }

    @abstractmethod
    def _count_maps(self, n_features: int) -> int:
        """Return how many maps a row of `n_features` holds; ValueError where it can hold none."""

    n_columns: int | None = None  #: of a view, where the parameters say how many

    def _check_rows(self, rows, name):
        """Raise ValueError where values are not what this pairer reads; `name` says whose."""

    @fit_context(prefer_skip_nested_validation=True)
    def fit(
        self,
        X: ArrayLike,
        y: object = None,
        *,
        generated: RowSets | None = None,
        groups: ArrayLike | None = None,
    ) -> Self:
        """Keep the generated images and, if `relative`, what distances they typically have.

        Parameters
        ----------
        X : array of shape (n_queries, n_views * n_features)
            Rows of real images, from a descriptor.
        y : None
            Ignored.
        generated : array of shape (n_generated, n_features), or tuple of these
            Rows of the generated images, from the same descriptor. Inside cross-validation write
            ``generated=(array,)``: a tuple is never sliced.
        groups : None
            Ignored here; see `fit_transform`.

        Returns
        -------
        self : object
            The fitted pairer.

        Raises
        ------
        TypeError, ValueError
            If `generated` is missing, empty or as long as `X`, if columns do not agree with the
            parameters or between `X` and `generated`, or if values cannot be what this pairer
            reads.
        """
        queries = self._keep(X, generated)
        self._learn_view_scale(queries)
        if self.relative:
            self._learn_scale(lambda columns: self._distances(queries, columns))
        return self

    @fit_context(prefer_skip_nested_validation=True)
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
            Rows of real images, from a descriptor.
        y : None
            Ignored.
        generated : array of shape (n_generated, n_features), or tuple of these
            Rows of the generated images; see `fit`.
        groups : array of shape (n_queries,) or None, default=None
            Patient of each query. If `relative`, a query's group is left out of the mean and
            spread that standardise it; None leaves out the query alone.

        Returns
        -------
        distances : ndarray of shape (n_queries, n_generated, n_maps), float32
            Distances, relative ones if `relative`.
        """
        queries = self._keep(X, generated)
        if self.relative:
            # Before the distances, which take long.
            check_several(check_groups(groups, len(queries)))
        distances = self._first_view(queries)
        self._learn_view_scale(queries, distances)
        self._take_nearer_views(queries, [(self, distances)])
        return self._learn_relative(distances, groups)

    @fit_context(prefer_skip_nested_validation=True)
    def fit_transform_folds(
        self,
        X: ArrayLike,
        folds: Folds,
        *,
        generated: RowSets | None = None,
        groups: ArrayLike | None = None,
    ) -> list[tuple[Self, NDArray[np.float32], NDArray[np.float32]]]:
        """Fit in each of several folds, and return the distances of all queries to every fit.

        The same bits as `fit_transform` of the train queries and `transform` of the test queries,
        fold by fold; but what does not depend on the fold, the distances of every pair under
        every view, is computed once. What is learned from queries is learned from the train ones.
        The pairer itself stays as it is.

        Parameters
        ----------
        X : array of shape (n_queries, n_views * n_features)
            Rows of real images, from a descriptor.
        folds : list of (train, test)
            Places of queries, as scikit-learn's splitters give them.
        generated : array of shape (n_generated, n_features), or tuple of these
            Rows of the generated images; see `fit`.
        groups : array of shape (n_queries,) or None, default=None
            Patient of each query; see `fit_transform`.

        Returns
        -------
        fitted : list of (Pairer, ndarray, ndarray)
            For each fold the fitted pairer and the distances of its train and test queries.

        Examples
        --------
        >>> import numpy as np
        >>> from ganisi import CDFWassersteinPairer
        >>> rows = np.arange(6.0)[:, None]
        >>> folds = [(np.array([0, 1, 2]), np.array([3])), (np.array([2, 3]), np.array([0, 1]))]
        >>> pairer = CDFWassersteinPairer(n_quantiles=1, relative=True)
        >>> fitted = pairer.fit_transform_folds(rows[:4], folds, generated=(rows[4:],))
        >>> [(train.shape, test.shape) for _, train, test in fitted]
        [((3, 2, 1), (1, 2, 1)), ((2, 2, 1), (2, 2, 1))]
        """
        kept = clone(self)
        queries = kept._keep(X, generated)
        patients = check_groups(groups, len(queries))
        distances = kept._first_view(queries)
        fitted = []
        for train, _ in folds:
            fitted.append(copy(kept))
            fitted[-1]._learn_view_scale(queries[train], distances[train])
        return _in_folds(kept, fitted, queries, distances, folds, patients)

    @staticmethod
    def _pair_others(fitted, X, folds, others, columns, patients):
        """Put others in place of the generated images of the pairers of folds: as `_in_folds`.

        What they learned of maps and views stays; they are copied, and not changed.
        """
        every = fitted[0]._with_generated((others,))
        own = [
            one._with_generated((others[some],)) for one, some in zip(fitted, columns, strict=True)
        ]
        queries = every._check_queries(X, reset=False)
        distances = every._first_view(queries)
        return _in_folds(every, own, queries, distances, folds, patients, columns)

    def transform(self, X: ArrayLike) -> NDArray[np.float32]:
        """Return the distances of queries to every generated image.

        Parameters
        ----------
        X : array of shape (n_queries, n_views * n_features)
            Rows of the queries, from the same descriptor.

        Returns
        -------
        distances : ndarray of shape (n_queries, n_generated, n_maps), float32
            Distances, relative ones if `relative`. A row depends on its own query only.
        """
        check_is_fitted(self)
        return self._as_relative(self._distances(self._check_queries(X, reset=False)))

    def best_views(self, X: ArrayLike) -> NDArray[np.intp]:
        """Tell which view of each query is nearest to each generated image.

        Parameters
        ----------
        X : array of shape (n_queries, n_views * n_features)
            Rows of the queries, from the same descriptor.

        Returns
        -------
        views : ndarray of shape (n_queries, n_generated), int
            From 0, the image as it is; the first of equally near ones. The distances that
            `transform` returns are those of these views.
        """
        check_is_fitted(self)
        queries = self._check_queries(X, reset=False)
        views = np.zeros((len(queries), self.n_generated_), np.intp)
        self._take_nearer_views(queries, [(self, self._first_view(queries))], views=views)
        return views

    def _with_generated(self, sets):
        """Return a fitted copy that holds other generated images; what was learned stays."""
        other = copy(self)
        other.generated_rows_ = tuple(map(self._check_generated, sets))
        other.n_generated_ = sum(map(len, other.generated_rows_))
        return other

    def in_plain_words(self) -> str:
        """Say how images are compared, to somebody who reads a report and no code.

        Returns
        -------
        words : str
            A phrase that follows what is compared, such as "in each of 32 x 32 cells"; where a
            class gives none, the first line of its docstring.
        """
        return (inspect.getdoc(type(self)) or type(self).__name__).splitlines()[0]

    def _keep(self, X, generated):
        """Check both, keep the generated ones and return the queries."""
        queries = self._check_queries(X, reset=True)
        if self.relative and len(queries) < 2:
            raise TooFewError(
                "relative=True needs at least 2 queries in fit to tell what distance a "
                "generated image typically has; got 1 sample."
            )
        self.generated_rows_ = tuple(
            self._check_generated(rows) for rows in generated_sets(generated, len(queries))
        )
        self.n_generated_ = sum(len(rows) for rows in self.generated_rows_)
        return queries

    def _check_queries(self, X, reset):
        X = validate_data(self, X, dtype=np.float32, order="C", reset=reset)
        if X.shape[1] % self.n_views:
            raise ValueError(
                f"X has {X.shape[1]} columns, not a multiple of n_views={self.n_views}; put the "
                "rows of each image under all of its views side by side, or use n_views=1."
            )
        self.n_maps_ = self._count_maps(X.shape[1] // self.n_views)
        self._check_rows(X.reshape(len(X) * self.n_views, -1), "X")
        return X

    def _check_generated(self, rows):
        rows = check_generated_rows(rows)
        rows = rows if rows.strides[1] == rows.itemsize else np.ascontiguousarray(rows)
        n_features = self.n_features_in_ // self.n_views
        if rows.shape[1] != n_features:
            under = f" for {self.n_views} views, {n_features} for each" if self.n_views > 1 else ""
            raise ValueError(
                f"generated has {rows.shape[1]} columns and X has {self.n_features_in_}{under}; "
                "describe both with the same descriptor"
                f"{', the generated images under no view' if under else ''}."
            )
        self._check_rows(rows, "generated")
        # Others may hold the same memory: nothing is written by this way.
        shared = rows.view()
        shared.flags.writeable = False
        return shared

    def _learn_scale(self, distances_to):
        self.relative_scale_ = RelativeScale.fit(distances_to, self.n_generated_)

    def _learn_relative(self, distances, groups):
        """Learn what distances are relative to, and make those of the queries of `fit` so."""
        if self.relative:
            self._learn_scale(lambda columns: distances[:, columns])
            self.relative_scale_.standardise_left_out(
                distances, check_groups(groups, len(distances))
            )
        return distances

    def _as_relative(self, distances):
        """Make distances of new queries relative, in place."""
        if self.relative:
            self.relative_scale_.standardise(distances, out=distances)
        return distances

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = []
        return tags


def _in_folds(every, fitted, queries, distances, folds, patients, columns=None):
    """Return each fold's pairer, and its distances of train and test queries; see the class.

    `fitted` know the scales of their views; `distances` are those under the first view to all
    generated images, which `every` holds; `columns` are those of each fold, if not all.
    """
    wanted, given, columns = [], [], columns or [slice(None)] * len(folds)
    for pairer in fitted:
        # Under one view all folds have the same distances, and nothing is put in their place.
        own = distances if pairer.n_views == 1 else queries_of(distances, np.arange(len(distances)))
        wanted.append((pairer, own))
    every._take_nearer_views(queries, wanted)
    for (train, test), some in zip(folds, columns, strict=True):
        pairer, own = wanted.pop(0)
        of_train = pairer._learn_relative(queries_of(own, train)[:, some], patients[train])
        given.append((pairer, of_train, pairer._as_relative(queries_of(own, test)[:, some])))
    return given

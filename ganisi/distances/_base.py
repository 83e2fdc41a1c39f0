"""What every pairer does: from rows of images to the distances of every pair."""

import inspect
from abc import ABC, abstractmethod
from bisect import bisect_left
from numbers import Integral

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils import check_array, gen_batches
from sklearn.utils.validation import check_is_fitted, validate_data

from .._compat._sklearn import DocumentationLinkMixin, Interval, fit_context
from ..images._patients import TooFewError, check_groups
from ._generated import generated_sets
from ._relative import RelativeScale
from ._sharing import share_queries
from ._typical import mean_over_maps, typical_distances

#: Distances of another view that a thread holds at a time: 16 MB.
_DISTANCES_PER_BLOCK = 2**22
#: Rows of generated images, where they are columns of wider ones, that are copied at a time.
_ROWS_PER_COPY = 256


class Pairer(TransformerMixin, DocumentationLinkMixin, BaseEstimator, ABC):
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
        fitted pairers share them; do not write to them afterwards.
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
        "n_jobs": [Integral, None],
    }

    @abstractmethod
    def _count_maps(self, n_features):
        """Return how many maps a row of `n_features` holds; ValueError where it can hold none."""

    @abstractmethod
    def _compare(self, queries, generated, distances):
        """Write the distances of rows into ``distances (n_queries, n_generated, n_maps)``."""

    n_columns = None  #: of a view, where the parameters say how many

    def _check_rows(self, rows, name):
        """Raise ValueError where values are not what this pairer reads; `name` says whose."""

    def _coarsen(self, rows):
        """Return the rows by which views are compared: smaller ones, or `rows` themselves."""
        return rows

    @fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y=None, *, generated=None, groups=None):
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
    def fit_transform(self, X, y=None, *, generated=None, groups=None):
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
        distances = self._first_view(queries)
        self._learn_view_scale(queries, distances)
        self._take_nearer_views(queries, distances)
        if self.relative:
            self._learn_scale(lambda columns: distances[:, columns])
            self.relative_scale_.standardise_left_out(distances, check_groups(groups, len(queries)))
        return distances

    def transform(self, X):
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
        distances = self._distances(self._check_queries(X, reset=False))
        if self.relative:
            self.relative_scale_.standardise(distances, out=distances)
        return distances

    def best_views(self, X):
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
        self._take_nearer_views(queries, self._first_view(queries), views=views)
        return views

    def in_plain_words(self):
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
        rows = check_array(rows, dtype=np.float32, input_name="generated")
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

    def _distances(self, queries, columns=None):
        """Return the distances to all generated images, or to a slice of them."""
        distances = self._first_view(queries, columns)
        self._take_nearer_views(queries, distances, columns)
        return distances

    def _first_view(self, queries, columns=None, coarse=False):
        sets, view_of = self._sets(columns), self._under_view
        if coarse:
            sets, view_of = [self._coarsen(rows) for rows in sets], self._coarse_view
        n_generated = sum(len(rows) for rows in sets)
        distances = np.empty((len(queries), n_generated, self.n_maps_), np.float32)

        def compare(some):
            self._compare_to_sets(view_of(queries[some], 0), sets, distances[some])

        share_queries(compare, len(queries), self.n_jobs)
        return distances

    def _take_nearer_views(self, queries, distances, columns=None, views=None):
        """Put the distances of the nearest view in place of the first one's; tell which it is."""
        if self.n_views == 1:
            return
        sets = self._sets(columns)
        coarse = [self._coarsen(rows) for rows in sets]
        is_exact = all(one is rows for one, rows in zip(coarse, sets, strict=True))
        size = max(1, _DISTANCES_PER_BLOCK // distances[0].size)

        def choose(some):
            for start in range(some.start, some.stop, size):
                block = slice(start, min(start + size, some.stop))
                if is_exact:
                    chosen = self._take_nearest(queries[block], sets, distances[block])
                else:
                    near = np.empty_like(distances[block])
                    self._compare_to_sets(self._coarse_view(queries[block], 0), coarse, near)
                    chosen = self._take_nearest(queries[block], coarse, near)
                    self._compare_chosen(queries[block], sets, chosen, distances[block])
                if views is not None:
                    views[block] = chosen

        share_queries(choose, len(queries), self.n_jobs)

    def _take_nearest(self, queries, sets, distances):
        """Put the distances of the nearest view, as coarse as the sets are, in place; return it."""
        other, nearest = np.empty_like(distances), mean_over_maps(distances, self.view_scale_)
        views = np.zeros(nearest.shape, np.intp)
        for view in range(1, self.n_views):
            self._compare_to_sets(self._coarse_view(queries, view), sets, other)
            means = mean_over_maps(other, self.view_scale_)
            nearer = means < nearest
            np.copyto(distances, other, where=nearer[:, :, None])
            np.copyto(nearest, means, where=nearer)
            views[nearer] = view
        return views

    def _compare_chosen(self, queries, sets, views, distances):
        """Compare each pair under its chosen view; those of the first view are there already."""
        for query, chosen, written in zip(queries, views, distances, strict=True):
            for view in np.unique(chosen[chosen > 0]):
                row = self._under_view(query[None], view)
                first = 0
                for rows in sets:
                    which = np.flatnonzero(chosen[first : first + len(rows)] == view)
                    if len(which):
                        some = np.empty((1, len(which), self.n_maps_), np.float32)
                        self._compare(row, rows[which], some)
                        written[first + which] = some[0]
                    first += len(rows)

    def _under_view(self, queries, view):
        views = queries.reshape(len(queries), self.n_views, -1)
        return np.ascontiguousarray(views[:, view])

    def _coarse_view(self, queries, view):
        return self._coarsen(self._under_view(queries, view))

    def _compare_to_sets(self, queries, sets, distances):
        first = 0
        for rows in sets:
            size = len(rows) if rows.flags.c_contiguous else _ROWS_PER_COPY
            for some in gen_batches(len(rows), size):
                part = distances[:, first + some.start : first + some.stop]
                self._compare(queries, np.ascontiguousarray(rows[some]), part)
            first += len(rows)

    def _sets(self, columns=None):
        """Return the rows of a slice of all generated images, set by set."""
        chosen = range(self.n_generated_)[columns or slice(None)]
        first, sets = 0, []
        for rows in self.generated_rows_:
            last = first + len(rows)
            inside = chosen[bisect_left(chosen, first) : bisect_left(chosen, last)]
            if inside:
                sets.append(rows[inside.start - first : inside.stop - first : inside.step])
            first = last
        return sets

    def _learn_view_scale(self, queries, distances=None):
        """Learn from the distances under the first view, known or not; of coarse rows, if any."""
        if self.n_views == 1:
            return
        known = distances is not None and self._coarsen(queries) is queries

        def distances_to(columns):
            if known:
                return distances[:, columns]
            return self._first_view(queries, columns, coarse=True)

        self.view_scale_ = typical_distances(distances_to, len(queries), self.n_generated_)

    def _learn_scale(self, distances_to):
        self.relative_scale_ = RelativeScale.fit(distances_to, self.n_generated_)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = []
        return tags

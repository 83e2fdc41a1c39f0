"""What every pairer does: from rows of images to the distances of every pair."""

from abc import ABC, abstractmethod
from bisect import bisect_left
from numbers import Integral

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils import check_array
from sklearn.utils.validation import check_is_fitted, validate_data

from .._compat._sklearn import DocumentationLinkMixin, fit_context
from ..images._patients import TooFewError, check_groups
from ._generated import generated_sets
from ._relative import RelativeScale
from ._sharing import share_queries


class Pairer(TransformerMixin, DocumentationLinkMixin, BaseEstimator, ABC):
    """Base of the pairers: rows of images in, distances of every pair out.

    A child is a docstring, an ``__init__`` with `relative` and `n_jobs` among its parameters,
    constraints of its own parameters put to those of the base
    (``_parameter_constraints = {**Pairer._parameter_constraints, ...}``), and two or three
    methods: `_count_maps` tells how many maps rows of a width hold, or raises; `_check_rows`
    refuses rows whose values are not what the child reads (left out, any finite values are
    taken); `_compare` writes the distances of some queries to one set of generated images. Rows
    come to them as C-contiguous float32 ``(n_images, n_features)``, maybe read-only. The base
    checks, keeps the generated sets, shares the queries among `n_jobs` threads (so `_compare`
    starts none, and releases Python's lock where it can) and makes distances relative.
    """

    # Saves the user set_fit_request where scikit-learn routes metadata.
    __metadata_request__fit = {"generated": True, "groups": True}  # noqa: RUF012

    _parameter_constraints = {"relative": ["boolean"], "n_jobs": [Integral, None]}  # noqa: RUF012

    @abstractmethod
    def _count_maps(self, n_features):
        """Return how many maps a row of `n_features` holds; ValueError where it can hold none."""

    @abstractmethod
    def _compare(self, queries, generated, distances):
        """Write the distances of rows into ``distances (n_queries, n_generated, n_maps)``."""

    def _check_rows(self, rows, name):
        """Raise ValueError where values are not what this pairer reads; `name` says whose."""

    @fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y=None, *, generated=None, groups=None):
        """Keep the generated images and, if `relative`, what distances they typically have.

        Parameters
        ----------
        X : array of shape (n_queries, n_features)
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
        if self.relative:
            self._learn_scale(lambda columns: self._distances(queries, columns))
        return self

    @fit_context(prefer_skip_nested_validation=True)
    def fit_transform(self, X, y=None, *, generated=None, groups=None):
        """Fit, and return the distances of the same queries.

        Parameters
        ----------
        X : array of shape (n_queries, n_features)
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
        distances = self._distances(queries)
        if self.relative:
            self._learn_scale(lambda columns: distances[:, columns])
            self.relative_scale_.standardise_left_out(distances, check_groups(groups, len(queries)))
        return distances

    def transform(self, X):
        """Return the distances of queries to every generated image.

        Parameters
        ----------
        X : array of shape (n_queries, n_features)
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
        self.n_maps_ = self._count_maps(X.shape[1])
        self._check_rows(X, "X")
        return X

    def _check_generated(self, rows):
        rows = check_array(rows, dtype=np.float32, order="C", input_name="generated")
        if rows.shape[1] != self.n_features_in_:
            raise ValueError(
                f"generated has {rows.shape[1]} columns and X has {self.n_features_in_}; "
                "describe both with the same descriptor."
            )
        self._check_rows(rows, "generated")
        # Others may hold the same memory: nothing is written by this way.
        shared = rows.view()
        shared.flags.writeable = False
        return shared

    def _distances(self, queries, columns=None):
        """Return the distances to all generated images, or to a slice of them."""
        sets = list(self._sets(range(self.n_generated_)[columns or slice(None)]))
        n_generated = sum(len(rows) for rows in sets)
        distances = np.empty((len(queries), n_generated, self.n_maps_), np.float32)

        def compare(some):
            first = 0
            for rows in sets:
                last = first + len(rows)
                self._compare(queries[some], rows, distances[some, first:last])
                first = last

        share_queries(compare, len(queries), self.n_jobs)
        return distances

    def _sets(self, chosen):
        """Yield the rows of a range of generated images, set by set; copied if not neighbours."""
        first = 0
        for rows in self.generated_rows_:
            last = first + len(rows)
            inside = chosen[bisect_left(chosen, first) : bisect_left(chosen, last)]
            if inside:
                part = rows[inside.start - first : inside.stop - first : inside.step]
                yield np.ascontiguousarray(part)
            first = last

    def _learn_scale(self, distances_to):
        self.relative_scale_ = RelativeScale.fit(distances_to, self.n_generated_)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = []
        return tags

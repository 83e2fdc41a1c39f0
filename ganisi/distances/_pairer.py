"""From quantile functions to the distances of every pair."""

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
from ._wasserstein import distances_to_sets


class CDFWassersteinPairer(TransformerMixin, DocumentationLinkMixin, BaseEstimator):
    """1-Wasserstein distances between the CDFs of queries and those of generated images.

    ``d[i, j, m]`` is the distance between map m of query i and map m of generated image j: the
    mean over the map's cells of ``integral |F_i^-1(p) - F_j^-1(p)| dp`` [1]_ [2]_.

    Parameters
    ----------
    n_quantiles : int, default=64
        Steps of probability of each quantile function in the input, as in the descriptor.
    grid : int, default=1
        Cells a side of each map in the input, as in the descriptor.
    relative : bool, default=False
        False is the paper: distances in the unit of each map. With True, the logarithm of each
        distance is standardised by what its generated image typically has to the queries of
        `fit`: ``z = (log(d + e) - mean) / max(sd, 0.01)`` for each generated image and map,
        where e is 1e-6 times the map's median distance. Generated images that are close to
        everything no longer count as close to one.
    n_jobs : int or None, default=None
        Threads of joblib, which share the queries; None means 1. The same bits for any number.

    Attributes
    ----------
    generated_quantiles_ : tuple of ndarray of shape (n_images of the set, n_features), float32
        Quantile functions of the generated images, set by set, read-only. They are the caller's
        own memory where `fit` was given C-contiguous float32 arrays, so that several fitted
        pairers share them; do not write to them afterwards.
    n_generated_ : int
        Number of generated images.
    n_maps_ : int
        Number of maps.
    relative_scale_ : RelativeScale
        `offset` ``(n_maps,)``, the e of the formula; `location` and `scale` ``(n_generated,
        n_maps)``, mean, and spread not below 0.01, of the logarithm. Only if `relative`.
    n_features_in_ : int
        Number of columns, ``n_maps * grid * grid * n_quantiles``.

    See Also
    --------
    ganisi.distances.wasserstein_distances : The pure function.

    Notes
    -----
    `relative` is not part of the paper. `fit_transform` leaves each query (its whole group, where
    `groups` are given) out of its own mean and spread, `transform` uses all queries of `fit`, as
    scikit-learn's ``TargetEncoder`` does: otherwise the training rows look different from new
    ones, and a classifier fitted on them is misled. So ``fit_transform(X)`` and
    ``fit(X).transform(X)`` differ if `relative`. No query of `transform` looks at another.

    References
    ----------
    .. [1] Mehdipour Ghazi, M., Mehdipour Ghazi, M. (2023). GAN-ISI. CLEF 2023 Working Notes,
       CEUR-WS Vol. 3497, pp. 1588-1595, sections 3.4 and 3.5.
    .. [2] De Angelis, M., Gray, A. (2021). Why the 1-Wasserstein distance is the area between
       the two marginal CDFs. arXiv:2111.03570.

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi import CDFWassersteinPairer, GaborBank
    >>> rng = np.random.default_rng(0)
    >>> real = rng.integers(0, 256, (4, 32, 32), dtype=np.uint8)
    >>> fake = rng.integers(0, 256, (5, 32, 32), dtype=np.uint8)
    >>> bank = GaborBank().fit(real)
    >>> pairer = CDFWassersteinPairer()
    >>> pairer.fit_transform(bank.transform(real), generated=(bank.transform(fake),)).shape
    (4, 5, 12)
    """

    # Saves the user set_fit_request where scikit-learn routes metadata.
    __metadata_request__fit = {"generated": True, "groups": True}  # noqa: RUF012

    _parameter_constraints = {  # noqa: RUF012
        "n_quantiles": [Interval(Integral, 1, None, closed="left")],
        "grid": [Interval(Integral, 1, None, closed="left")],
        "relative": ["boolean"],
        "n_jobs": [Integral, None],
    }

    def __init__(self, n_quantiles=64, grid=1, relative=False, n_jobs=None):
        self.n_quantiles = n_quantiles
        self.grid = grid
        self.relative = relative
        self.n_jobs = n_jobs

    @fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y=None, *, generated=None, groups=None):
        """Keep the generated images and, if `relative`, what distances they typically have.

        Parameters
        ----------
        X : array of shape (n_queries, n_maps * grid * grid * n_quantiles)
            Quantile functions of real images, from a descriptor.
        y : None
            Ignored.
        generated : array of shape (n_generated, n_features), or tuple of these
            Quantile functions of the generated images, from the same descriptor. Inside
            cross-validation write ``generated=(array,)``: a tuple is never sliced.
        groups : None
            Ignored here; see `fit_transform`.

        Returns
        -------
        self : object
            The fitted pairer.

        Raises
        ------
        TypeError, ValueError
            If `generated` is missing, empty or as long as `X`, if columns do not agree with
            `n_quantiles` and `grid` or between `X` and `generated`, or if a block of
            `n_quantiles` columns decreases, which no quantile function does.
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
        X : array of shape (n_queries, n_maps * grid * grid * n_quantiles)
            Quantile functions of real images, from a descriptor.
        y : None
            Ignored.
        generated : array of shape (n_generated, n_features), or tuple of these
            Quantile functions of the generated images; see `fit`.
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
        X : array of shape (n_queries, n_maps * grid * grid * n_quantiles)
            Quantile functions of the queries, from the same descriptor.

        Returns
        -------
        distances : ndarray of shape (n_queries, n_generated, n_maps), float32
            Distances, relative ones if `relative`. A row depends on its own query only.
        """
        check_is_fitted(self)
        distances = self._distances(self._check_quantiles(X, reset=False))
        if self.relative:
            self.relative_scale_.standardise(distances, out=distances)
        return distances

    def in_plain_words(self):
        """Say how images are compared, to somebody who reads a report and no code.

        Returns
        -------
        words : str
            A phrase that follows what is compared, such as "in each of 32 x 32 cells".
        """
        if self.grid == 1:
            return "wherever in the image they are"
        return f"in each of {self.grid} x {self.grid} cells"

    def _keep(self, X, generated):
        """Check both, keep the generated ones and return the queries."""
        queries = self._check_quantiles(X, reset=True)
        if self.relative and len(queries) < 2:
            raise TooFewError(
                "relative=True needs at least 2 queries in fit to tell what distance a "
                "generated image typically has; got 1 sample."
            )
        self.generated_quantiles_ = tuple(
            self._check_generated(quantiles)
            for quantiles in generated_sets(generated, len(queries))
        )
        self.n_generated_ = sum(len(quantiles) for quantiles in self.generated_quantiles_)
        return queries

    def _check_generated(self, quantiles):
        quantiles = check_array(quantiles, dtype=np.float32, order="C", input_name="generated")
        if quantiles.shape[1] != self.n_features_in_:
            raise ValueError(
                f"generated has {quantiles.shape[1]} columns and X has {self.n_features_in_}; "
                "describe both with the same descriptor."
            )
        self._check_blocks(quantiles, "generated")
        # Others may hold the same memory: nothing is written by this way.
        shared = quantiles.view()
        shared.flags.writeable = False
        return shared

    def _check_quantiles(self, X, reset):
        X = validate_data(self, X, dtype=np.float32, reset=reset)
        block = self.n_quantiles * self.grid**2
        if X.shape[1] % block:
            raise ValueError(
                f"X has {X.shape[1]} columns, not a multiple of grid * grid * n_quantiles = "
                f"{self.grid} * {self.grid} * {self.n_quantiles}; give the pairer the n_quantiles "
                "and grid of the descriptor."
            )
        self.n_maps_ = X.shape[1] // block
        self._check_blocks(X, "X")
        return X

    def _check_blocks(self, X, name):
        blocks = X.reshape(len(X), -1, self.n_quantiles)
        for rows in gen_batches(len(X), max(1, 2**22 // X.shape[1])):
            if (blocks[rows, :, 1:] < blocks[rows, :, :-1]).any():
                raise ValueError(
                    f"{name} has a block of {self.n_quantiles} columns that decreases, so it is no "
                    "quantile function; give the pairer the descriptor's n_quantiles and grid, and "
                    "put no scaler between them."
                )

    def _distances(self, queries, columns=None):
        """Return the distances to all generated images, or to a slice of them."""
        chosen = range(self.n_generated_)[columns or slice(None)]
        first, sets = 0, []
        for quantiles in self.generated_quantiles_:
            last = first + len(quantiles)
            inside = chosen[bisect_left(chosen, first) : bisect_left(chosen, last)]
            if inside:
                sets.append(quantiles[inside.start - first : inside.stop - first : inside.step])
            first = last
        return distances_to_sets(queries, sets, self.n_maps_, self.n_jobs)

    def _learn_scale(self, distances_to):
        self.relative_scale_ = RelativeScale.fit(distances_to, self.n_generated_)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = []
        return tags

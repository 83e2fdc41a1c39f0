"""From quantile functions to the distances of every pair."""

from __future__ import annotations

from numbers import Integral

import numpy as np

from .._compat._sklearn import Interval, StrOptions
from ..descriptors._steps import DEFAULT_STEPS, STEPS, Steps
from ._base import Pairer
from ._wasserstein import falls_within_blocks, step_weights, write_distances

#: Number of steps of probability, cells a side and steps that a descriptor has by default.
_ALONE = (64, 1, DEFAULT_STEPS)


class CDFWassersteinPairer(Pairer):
    """1-Wasserstein distances between the CDFs of queries and those of generated images.

    ``d[i, j, m]`` is the distance between map m of query i and map m of generated image j: the
    mean over the map's cells of ``integral |F_i^-1(p) - F_j^-1(p)| dp`` [1]_ [2]_. Of rows of
    ``Intensity(grid=k, n_quantiles=1)`` it is the pixel distance, the mean absolute difference.

    Parameters
    ----------
    n_quantiles : int or None, default=None
        Steps of probability of each quantile function in the input. None is the descriptor's, which
        `GANISI` and `ImagePairer` see to; on its own, and in a bare Pipeline, it is 64, a
        descriptor's default, and rows that are no such quantile functions are refused.
    grid : int or None, default=None
        Cells a side of each map in the input. None is the descriptor's, likewise; on its own 1.
    relative : bool, default=False
        False is the paper: distances in the unit of each map. With True, the logarithm of each
        distance is standardised by what its generated image typically has to the queries of
        `fit`: ``z = (log(d + e) - mean) / max(sd, 0.01)`` for each generated image and map,
        where e is 1e-6 times the map's median distance. Generated images that are close to
        everything no longer count as close to one.
    n_views : int, default=1
        Views of each query in its row, one after the other, the image as it is first; as many as
        the :class:`ganisi.Views` that the images were described under. The distances of a pair
        are those of the query's nearest view: that with the smallest mean over maps of
        ``d_m / s_m``, where s_m is the map's mean distance over all pairs of `fit` under the
        first view. Generated images have no views. 1 is the paper.
    view_grid : int or None, default=None
        None compares views by the distances themselves. A divisor of `grid` searches coarsely:
        views are compared by the mean quantile functions of ``view_grid * view_grid`` larger
        cells, and only the nearest one by all cells; with 8 for a grid of 32 a further view then
        costs a sixteenth.
    n_jobs : int or None, default=None
        Threads of joblib, which share the queries; None means 1. The same bits for any number.
    steps : {"tails", "equal"} or None, default=None
        Where the steps of probability begin and end, by whose widths the differences of the formula
        are weighted; see :func:`ganisi.descriptors.step_edges`. None is the descriptor's, as with
        `n_quantiles`; on its own "tails", a descriptor's default. Rows do not tell which they are
        of: in a bare Pipeline, give ``steps="equal"`` here where the descriptor has it.

    Attributes
    ----------
    generated_rows_ : tuple of ndarray of shape (n_images of the set, n_features), float32
        Quantile functions of the generated images, set by set, read-only. They are the caller's
        own memory where `fit` was given float32 rows, columns side by side, so that several fitted
        pairers share them; do not write to them afterwards.
    n_generated_ : int
        Number of generated images.
    n_maps_ : int
        Number of maps.
    view_scale_ : ndarray of shape (n_maps,), float32
        The s_m of the views, in the unit of each map. Only if `n_views` is above 1.
    relative_scale_ : RelativeScale
        `offset` ``(n_maps,)``, the e of the formula; `location` and `scale` ``(n_generated,
        n_maps)``, mean, and spread not below 0.01, of the logarithm. Only if `relative`.
    n_features_in_ : int
        Number of columns of queries, ``n_views * n_maps * grid * grid * n_quantiles``.

    See Also
    --------
    ganisi.distances.wasserstein_distances : The pure function.

    Notes
    -----
    `relative` and `n_views` are not part of the paper. The view is chosen first, then distances
    are made relative. `fit_transform` leaves each query (its whole group, where
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

    _parameter_constraints = {  # noqa: RUF012
        **Pairer._parameter_constraints,
        "n_quantiles": [Interval(Integral, 1, None, closed="left"), None],
        "grid": [Interval(Integral, 1, None, closed="left"), None],
        "view_grid": [Interval(Integral, 1, None, closed="left"), None],
        "steps": [StrOptions(set(STEPS)), None],
    }

    def __init__(
        self,
        n_quantiles: int | None = None,
        grid: int | None = None,
        relative: bool = False,
        n_views: int = 1,
        view_grid: int | None = None,
        n_jobs: int | None = None,
        steps: Steps | None = None,
    ) -> None:
        self.n_quantiles = n_quantiles
        self.grid = grid
        self.relative = relative
        self.n_views = n_views
        self.view_grid = view_grid
        self.n_jobs = n_jobs
        self.steps = steps

    def _layout(self):
        """Return how many steps, how many cells a side and which steps a row has for each map."""
        given = (self.n_quantiles, self.grid, self.steps)
        return [alone if own is None else own for own, alone in zip(given, _ALONE, strict=True)]

    def in_plain_words(self) -> str:
        """Say how images are compared, to somebody who reads a report and no code."""
        _, grid, _ = self._layout()
        if grid == 1:
            return "wherever in the image they are"
        return f"in each of {grid} x {grid} cells"

    def _count_maps(self, n_features):
        n_quantiles, grid, _ = self._layout()
        if self.view_grid is not None and grid % self.view_grid:
            raise ValueError(
                f"view_grid={self.view_grid} does not divide grid={grid}; give a divisor of "
                "it, or None to compare views by all cells."
            )
        block = n_quantiles * grid**2
        if n_features % block:
            raise ValueError(
                f"X has {n_features} columns{' a view' if self.n_views > 1 else ''}, not a "
                "multiple of grid * grid * n_quantiles = "
                f"{grid} * {grid} * {n_quantiles}; give the pairer the n_quantiles and grid of the "
                f"descriptor, such as {self._to_type()}."
            )
        return n_features // block

    def _check_rows(self, rows, name):
        n_quantiles, _, _ = self._layout()
        if falls_within_blocks(rows, n_quantiles):
            raise ValueError(
                f"{name} has a block of {n_quantiles} columns that decreases, so it is no "
                "quantile function; give the pairer the descriptor's n_quantiles and grid, "
                f"such as {self._to_type()}, and put no scaler between them."
            )

    def _to_type(self):
        return f"{type(self).__name__}(n_quantiles=1, grid=16)"

    def _compare(self, queries, generated, distances):
        n_quantiles, _, steps = self._layout()
        width = queries.shape[1] // distances.shape[2]
        weights = step_weights(n_quantiles, width, steps)
        write_distances(queries, generated, distances, weights)

    def _coarsen(self, rows):
        n_quantiles, grid, _ = self._layout()
        if self.view_grid in (None, grid):
            return rows
        n, side = self.view_grid, grid // self.view_grid
        cells = rows.reshape(len(rows), -1, n, side, n, side, n_quantiles)
        return cells.mean(axis=(3, 5), dtype=np.float32).reshape(len(rows), -1)

"""Pairers that see a row as an image."""

from __future__ import annotations

from abc import abstractmethod
from numbers import Integral

from .._compat._sklearn import Interval, fit_context
from ._base import Pairer


class RowsAsImages(Pairer):
    """Base of the pairers of one map, whose rows are images of ``grid x grid`` cells.

    A child gives `_write`, which writes ``distances (n_queries, n_generated)`` of images
    ``(n_images, grid, grid)``, `_check_grid`, which refuses a grid that is too coarse for it, and
    `_learn`, which keeps what it needs to know of the sets of generated images: what is learned
    from these alone does not depend on who is asked about.
    """

    _parameter_constraints = {  # noqa: RUF012
        **Pairer._parameter_constraints,
        "grid": [Interval(Integral, 1, None, closed="left")],
    }

    #: What the descriptor must have; no parameter, since a cell of an image has one grey level.
    n_quantiles = 1

    @property
    def n_columns(self) -> int:  # type: ignore[override]
        """How many columns a view has: ``grid * grid``."""
        return self.grid**2

    @fit_context(prefer_skip_nested_validation=True)
    def check_settings(self) -> None:
        """Check the parameters alone, before any image is described.

        Raises
        ------
        ValueError
            If a parameter is out of its range, or `grid` too coarse for the others.
        """
        self._check_grid()

    @abstractmethod
    def _write(self, queries, generated, distances):
        """Write the distances of images."""

    @abstractmethod
    def _learn(self, sets):
        """Keep what `_write` needs to know of the generated images."""

    @abstractmethod
    def _check_grid(self):
        """Raise ValueError where the grid does not suit the other parameters."""

    def _count_maps(self, n_features):
        self._check_grid()
        if n_features != self.grid**2:
            raise ValueError(
                f"X has {n_features} columns{' a view' if self.n_views > 1 else ''}; "
                f"{type(self).__name__} reads one map with one grey level a cell, grid * grid = "
                f"{self.grid} * {self.grid} columns. Describe the images with "
                f"Intensity(grid={self.grid}, n_quantiles=1), or give the pairer the grid of the "
                "descriptor."
            )
        return 1

    def _compare(self, queries, generated, distances):
        self._write(self._images(queries), self._images(generated), distances[:, :, 0])

    def _keep(self, X, generated):
        queries = super()._keep(X, generated)
        self._learn([self._images(rows) for rows in self.generated_rows_])
        return queries

    def _images(self, rows):
        return rows.reshape(len(rows), self.grid, self.grid)

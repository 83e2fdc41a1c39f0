"""The Wasserstein distance as what it is: the area between two CDFs."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator

from .._compat._hints import Axes, Image, ImageSet, Self
from ..descriptors._quantiles import quantile_function
from ..descriptors._steps import Steps, step_edges
from ..distances._wasserstein import wasserstein_1d
from ._axes import get_one
from ._maps import maps_of_image, place_of
from ._style import COLOURS, NEUTRAL, line_style


class CDFDisplay:
    """The CDFs of a query and of generated images on one map, and the area between them.

    The 1-Wasserstein distance of two images on one map is the area between the CDFs of its values.
    The area to the nearest generated image is shaded; its size is in the title.

    Parameters
    ----------
    query : array of shape (n_quantiles,)
        Quantile function of the query's map, in units of the map; non-decreasing.
    generated : array of shape (n_generated, n_quantiles)
        Quantile functions of the generated images' maps.
    map_name : str
        Name of the map.
    unit : str, default="units of the map"
        Unit of the map's values.
    steps : {"tails", "equal"}, default="tails"
        The steps of probability of the quantile functions, as the descriptor has them; see
        :func:`ganisi.descriptors.step_edges`.

    Attributes
    ----------
    distances : ndarray of shape (n_generated,)
        From the query to each generated image, in units of the map.
    nearest : int
        Which generated image is shaded.
    ax_ : matplotlib.axes.Axes
        The axes.
    figure_ : matplotlib.figure.Figure
        The figure.

    Raises
    ------
    ValueError
        If the shapes do not fit together, a quantile function falls, or `steps` are others.

    Notes
    -----
    A quantile function of n steps is n values, as probable as their steps are wide, so its CDF
    rises by the width of the step at each.
    The area between two such CDFs is exactly the distance that the pairer computes.

    Examples
    --------
    >>> from ganisi.plotting import CDFDisplay
    >>> display = CDFDisplay([0, 1, 2], [[1, 2, 3], [5, 6, 7]], "intensity")
    >>> display.distances, display.nearest
    (array([1., 5.]), 0)

    ``display.plot()`` draws it.
    """

    def __init__(
        self,
        query: ArrayLike,
        generated: ArrayLike,
        map_name: str,
        *,
        unit: str = "units of the map",
        steps: Steps = "tails",
    ) -> None:
        self.query = np.asarray(query, dtype=float)
        self.generated = np.asarray(generated, dtype=float)
        self.map_name = map_name
        self.unit = unit
        self.steps = steps
        if self.query.ndim != 1 or self.generated.shape[1:] != self.query.shape:
            raise ValueError(
                f"query has shape {self.query.shape} and generated {self.generated.shape}; give "
                "(n_quantiles,) and (n_generated, n_quantiles)."
            )
        if self.query.size == 0 or len(self.generated) == 0:
            raise ValueError("no values to draw; give at least one quantile and one image.")
        if (np.diff(self.query) < 0).any() or (np.diff(self.generated, axis=1) < 0).any():
            raise ValueError(
                "a quantile function falls; sort the values, or make it by "
                "ganisi.descriptors.quantile_function."
            )
        self.distances = np.asarray(wasserstein_1d(self.query, self.generated, steps), dtype=float)
        self.nearest = int(self.distances.argmin())

    @classmethod
    def from_estimator(
        cls,
        estimator: BaseEstimator,
        query: Image,
        generated: ImageSet,
        *,
        map_name: str | None = None,
        n_quantiles: int = 64,
        unit: str | None = None,
        steps: Steps = "tails",
    ) -> Self:
        """Compute one map of a query and of generated images, and their quantile functions.

        Parameters
        ----------
        estimator : descriptor, FeatureUnion of descriptors, or GANISI
            Fitted or not.
        query : array of shape (height, width), or path
            A grey image.
        generated : array of shape (n_generated, height, width), list of arrays, or list of paths
            A few generated images, such as the nearest of :meth:`ganisi.GANISI.evidence`.
        map_name : str or None, default=None
            Which map; None is the first.
        n_quantiles : int, default=64
            Steps of probability, over the whole map: cells of a grid are not told apart.
        unit : str or None, default=None
            Unit of the map's values; None is what the descriptor says.
        steps : {"tails", "equal"}, default="tails"
            Finer steps of probability at both ends, or equal ones. With as many "equal" steps as
            pixels the distance is exact.

        Returns
        -------
        display : CDFDisplay
            Not drawn yet.

        Raises
        ------
        TypeError, ValueError
            If `estimator` has no feature maps, or none of that name.
        """
        rows = []
        for image in [query, *generated]:
            maps, infos = maps_of_image(estimator, image)
            map_name = infos[0].name if map_name is None else map_name
            place = place_of(map_name, infos)
            unit = infos[place].unit if unit is None else unit
            rows.append(quantile_function(maps[place].ravel(), n_quantiles, steps))
        return cls(rows[0], np.stack(rows[1:]), map_name, unit=unit, steps=steps)

    def plot(self, ax: Axes | None = None, **kwargs: Any) -> Self:
        """Draw the CDFs.

        Parameters
        ----------
        ax : matplotlib Axes or None, default=None
            Where to draw; None makes a new figure.
        **kwargs : dict
            For the line of the query, as `matplotlib.axes.Axes.plot` takes them.

        Returns
        -------
        self : CDFDisplay
            With `ax_` and `figure_`.

        Raises
        ------
        ImportError
            If matplotlib is not installed.
        """
        self.figure_, self.ax_ = get_one(ax)
        n_generated, n_quantiles = self.generated.shape
        probability = np.repeat(step_edges(n_quantiles, self.steps), 2)[1:-1]
        query = np.repeat(self.query, 2)
        near = np.repeat(self.generated[self.nearest], 2)
        self.ax_.fill_betweenx(
            probability,
            query,
            near,
            color=COLOURS[4],
            alpha=0.45,
            linewidth=0,
            label="area = distance",
        )
        label = f"other generated images ({n_generated - 1})"
        for i in range(n_generated):
            if i != self.nearest:
                self.ax_.plot(
                    np.repeat(self.generated[i], 2),
                    probability,
                    color=NEUTRAL,
                    linestyle=":",
                    linewidth=1,
                    label=label,
                )
                label = None
        name = "generated image" if n_generated == 1 else "nearest generated image"
        self.ax_.plot(near, probability, label=name, **line_style(1))
        self.ax_.plot(query, probability, **{"label": "query", **line_style(0), **kwargs})
        to = "" if n_generated == 1 else f" to the nearest of {n_generated}"
        distance = f"{self.distances[self.nearest]:.3g} {self.unit}"
        self.ax_.set_title(
            f"{self.map_name}\nWasserstein distance{to}: {distance}", fontsize="medium"
        )
        self.ax_.set(
            xlabel=f"{self.map_name} ({self.unit})",
            ylabel="share of pixels not above (CDF)",
            ylim=(0, 1.02),
        )
        self.ax_.legend(loc="lower right", fontsize="small")
        return self

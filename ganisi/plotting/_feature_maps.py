"""The feature maps of an image, to be looked at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator

from .._compat._hints import Colormap, Image, Self
from ._axes import get_panels
from ._maps import maps_of_image, place_of


class FeatureMapsDisplay:
    """The feature maps of one image, each with its name and its own scale.

    Parameters
    ----------
    maps : array of shape (n_maps, height, width), or list of arrays of shape (height, width)
        The maps.
    map_names : list of str of length n_maps
        Their names.
    units : list of str of length n_maps, or None, default=None
        Units of their values, at the colour bars; None is "units of the map".

    Attributes
    ----------
    ax_ : ndarray of shape (n_maps,), object
        The axes of the maps.
    figure_ : matplotlib.figure.Figure
        The figure.

    Raises
    ------
    ValueError
        If there is no map, a map is not 2-D, or there is not one name for each.

    See Also
    --------
    FeatureMapsDisplay.from_estimator : Compute the maps and keep them.

    Examples
    --------
    >>> from ganisi import LocalStats
    >>> from ganisi.datasets import make_source_identification
    >>> from ganisi.plotting import FeatureMapsDisplay
    >>> data = make_source_identification(2, 1, 1, size=32, random_state=0)
    >>> display = FeatureMapsDisplay.from_estimator(LocalStats(), data.real[0])
    >>> display.map_names
    ['local range', 'local std', 'local entropy']

    ``display.plot()`` draws them.
    """

    def __init__(
        self, maps: ArrayLike, map_names: Sequence[str], *, units: Sequence[str] | None = None
    ) -> None:
        self.maps = [np.asarray(one) for one in maps]
        self.map_names = list(map_names)
        self.units = ["units of the map"] * len(self.map_names) if units is None else list(units)
        if not self.maps or any(one.ndim != 2 for one in self.maps):
            raise ValueError(
                "maps must be one or more arrays (height, width), such as "
                "descriptor.feature_maps(image) gives."
            )
        if not len(self.maps) == len(self.map_names) == len(self.units):
            raise ValueError(
                f"{len(self.maps)} maps, {len(self.map_names)} names and {len(self.units)} units; "
                "give a name, and a unit, for each map."
            )

    @classmethod
    def from_estimator(
        cls, estimator: BaseEstimator, image: Image, *, maps: Sequence[str] | None = None
    ) -> Self:
        """Compute the feature maps of one image.

        Parameters
        ----------
        estimator : descriptor, FeatureUnion of descriptors, or GANISI
            Fitted or not.
        image : array of shape (height, width), or path
            A grey image.
        maps : list of str, or None, default=None
            Names of the maps to keep; None keeps all.

        Returns
        -------
        display : FeatureMapsDisplay
            Not drawn yet.

        Raises
        ------
        TypeError, ValueError
            If `estimator` has no feature maps, none of the name asked for, or `image` is no grey
            image.
        """
        computed, infos = maps_of_image(estimator, image)
        places = range(len(infos)) if maps is None else [place_of(one, infos) for one in maps]
        return cls(
            [computed[i] for i in places],
            [infos[i].name for i in places],
            units=[infos[i].unit for i in places],
        )

    def plot(
        self,
        ax: NDArray[Any] | None = None,
        *,
        n_columns: int = 4,
        cmap: str | Colormap | None = None,
        colorbar: bool = True,
    ) -> Self:
        """Draw the maps.

        Parameters
        ----------
        ax : array of n_maps matplotlib Axes, or None, default=None
            Where to draw; None makes a new figure.
        n_columns : int, default=4
            Maps beside each other in a new figure.
        cmap : str, Colormap or None, default=None
            None is "cividis" for maps without negative values, and "PuOr" with white at 0 for the
            others; both keep their order in grey, the second on each side of 0.
        colorbar : bool, default=True
            Whether each map has a bar with its scale and unit.

        Returns
        -------
        self : FeatureMapsDisplay
            With `ax_` and `figure_`.

        Raises
        ------
        ImportError
            If matplotlib is not installed.
        ValueError
            If `ax` does not hold one axes for each map, or `n_columns` is below 1.
        """
        if n_columns < 1:
            raise ValueError(f"n_columns={n_columns}; expected at least 1.")
        n_maps = len(self.maps)
        self.figure_, self.ax_, n_columns = get_panels(
            ax, n_maps, n_columns, panel=(2.9, 2.6), above=0.4
        )
        if ax is None:
            self.figure_.suptitle("Feature maps of one image, each on its own scale")
        for i, one in enumerate(self.ax_):
            values = self.maps[i]
            scale = {"cmap": cmap or "cividis"}
            if values.min() < 0:
                largest = float(abs(values).max())
                scale = {"cmap": cmap or "PuOr", "vmin": -largest, "vmax": largest}
            picture = one.imshow(values, interpolation="nearest", **scale)
            one.set_title(_two_lines(self.map_names[i]), fontsize="small")
            one.tick_params(labelsize="x-small")
            if i % n_columns == 0:
                one.set_ylabel("row (pixels)", fontsize="small")
            if i + n_columns >= n_maps:
                one.set_xlabel("column (pixels)", fontsize="small")
            if colorbar:
                bar = self.figure_.colorbar(picture, ax=one, shrink=0.9)
                bar.ax.tick_params(labelsize="x-small")
                bar.set_label(self.units[i], fontsize="x-small")
        return self


def _two_lines(name):
    """Break a long name of a map where it is nearest to its middle."""
    spaces = [i for i, letter in enumerate(name) if letter == " "]
    if len(name) < 20 or not spaces:
        return name
    middle = min(spaces, key=lambda i: abs(i - len(name) // 2))
    return f"{name[:middle]}\n{name[middle + 1 :]}"

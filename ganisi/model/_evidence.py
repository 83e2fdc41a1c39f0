"""Which generated images are unusually close to a query, and in which textures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .._compat._brief import Brief
from .._compat._hints import DataFrame
from ..descriptors._map_info import MapInfo, infos_of_maps
from ..distances._relative import RelativeScale
from ..images import Views


@dataclass(frozen=True, repr=False)
class Evidence(Brief):
    """The generated images unusually close to each query, and the textures in which they are.

    Attributes
    ----------
    index : ndarray of shape (n_queries, n_nearest), int
        Which generated images: the smallest mean over maps of z, closest first.
    z : ndarray of shape (n_queries, n_nearest, n_maps), float32
        How close in each map: the logarithm of the distance, standardised by what the generated
        image has to the queries of `fit`. -3 is three standard deviations closer than usual.
    maps : list of MapInfo
        What each map is: its name, family, unit, scale in pixels and orientation in degrees.
    view : ndarray of shape (n_queries, n_nearest), int
        Under which view the query is nearest to the generated image; 0 is the query as it is.
    views : Views
        The views there are: their names, and ``views.apply(query)`` to see them.
    weights : ndarray of shape (n_maps,)
        What each map counts in the mean over maps; they sum to 1.
    generated_names : ndarray of shape (n_queries, n_nearest), object
        What these generated images are called: the name of the file, without folders, such as
        ``"generated_0359.png"``, or the place of an image that is no file, ``"generated 359"``.
    map_names : list of str
        Names of the maps.

    Examples
    --------
    >>> from ganisi import GANISI, GaborBank
    >>> from ganisi.datasets import make_source_identification
    >>> data = make_source_identification(10, 10, 30, size=32, leakage=1.0, random_state=0)
    >>> model = GANISI(GaborBank(grid=4, n_quantiles=4), views="mirrors")
    >>> model = model.fit(data.real, data.used, generated=data.generated, groups=data.groups)
    >>> evidence = model.evidence(data.real[:3], n_nearest=2)
    >>> evidence.index.shape, evidence.z.shape
    ((3, 2), (3, 2, 12))
    >>> evidence.view_names.shape
    (3, 2)
    >>> len(evidence.to_frame())
    72
    """

    index: np.ndarray
    z: np.ndarray
    maps: list[MapInfo]
    view: np.ndarray
    views: Views
    weights: np.ndarray
    generated_names: np.ndarray

    def _main_figures(self):
        n_queries, n_nearest, n_maps = self.z.shape
        return {
            "n_queries": n_queries,
            "n_nearest": n_nearest,
            "n_maps": n_maps,
            "n_views": len(self.views),
            "smallest mean_z": float(self.mean_z.min()),
        }

    @property
    def view_names(self) -> NDArray[np.object_]:
        """Names of the views, ``(n_queries, n_nearest)``."""
        return np.array(self.views.names, dtype=object)[self.view]

    @property
    def map_names(self) -> list[str]:
        """Names of the maps."""
        return [info.name for info in self.maps]

    @property
    def mean_z(self) -> NDArray[np.floating[Any]]:
        """How close over all maps, ``(n_queries, n_nearest)``: the weighted mean of `z`."""
        return self.z @ self.weights

    def to_frame(self, query_names: Sequence[str] | None = None) -> DataFrame:
        """Return a table, one row a query, generated image and map.

        Parameters
        ----------
        query_names : sequence of n_queries str, or None, default=None
            What to call the queries; None calls them by their place, so that no name of a patient
            comes into the table unasked.

        Returns
        -------
        frame : pandas.DataFrame
            Columns: "query"; "rank" of the generated image from 1; "generated", its index;
            "generated_name"; "view", the name of the query's view; "mean_z" of the pair; "map", its
            name; "family"; "scale" (wavelength or sigma, pixels; NaN where no other map of the
            family differs in it); "orientation" (degrees, likewise); "z". The maps of a pair come
            closest first.

        Raises
        ------
        ImportError
            If pandas is not installed.
        ValueError
            If there are not as many `query_names` as queries.
        """
        try:
            import pandas as pd
        except ImportError as error:
            raise ImportError(
                "to_frame needs pandas; install it with `pip install pandas`, or read the arrays "
                "index, z and map_names."
            ) from error
        n_queries, n_nearest, n_maps = self.z.shape
        queries = range(n_queries) if query_names is None else list(query_names)
        if len(queries) != n_queries:
            raise ValueError(
                f"query_names has {len(queries)} entries for {n_queries} queries; give one each."
            )
        order = np.argsort(self.z, axis=2, kind="stable")

        def of_maps(key, dtype):
            return np.asarray([getattr(info, key) for info in self.maps], dtype)[order.ravel()]

        return pd.DataFrame(
            {
                "query": np.repeat(queries, n_nearest * n_maps),
                "rank": np.tile(np.repeat(np.arange(1, n_nearest + 1), n_maps), n_queries),
                "generated": self.index.ravel().repeat(n_maps),
                "generated_name": self.generated_names.ravel().repeat(n_maps),
                "view": self.view_names.ravel().repeat(n_maps),
                "mean_z": self.mean_z.ravel().repeat(n_maps),
                "map": of_maps("name", object),
                "family": of_maps("family", object),
                "scale": of_maps("scale", float),
                "orientation": of_maps("orientation", float),
                "z": np.take_along_axis(self.z, order, axis=2).ravel(),
            }
        )


def raw_maps(pairer, n_maps):
    """Which maps of a pairer have distances that are not relative, ``(n_maps,)`` bool."""
    relative = getattr(pairer, "relative", False)
    return ~np.asarray(getattr(pairer, "relative_maps_", np.full(n_maps, bool(relative))))


def scale_of_raw_maps(pairer, distances, n_generated):
    """Learn what distances that are not relative typically are; None where all are relative."""
    raw = raw_maps(pairer, distances.shape[2])
    if not raw.any():
        return None
    to_generated = distances[:, :n_generated]
    return RelativeScale.fit(lambda columns: to_generated[:, columns][..., raw], n_generated)


def map_weights(pairer, n_maps):
    """What each map of a pairer counts where distances are averaged, ``(n_maps,)``."""
    return getattr(pairer, "map_weights_", np.full(n_maps, 1 / n_maps))


def closest(z, weights, n_nearest):
    """Select each query's generated images of smallest mean z over maps: index and z of them."""
    # Query by query: distances in a file are not all brought into memory, in double precision.
    means = np.stack([of_query @ weights for of_query in z])
    index = np.argsort(means, axis=1, kind="stable")[:, :n_nearest]
    return index, np.take_along_axis(z, index[:, :, None], axis=1)


def find_evidence(model, blocks, n_nearest):
    """Return the `Evidence` of a fitted GANISI for blocks of rows of queries."""
    pairer, n_generated, views = model.pairer_, model.n_generated_, Views.of(model.views)
    if not isinstance(n_nearest, Integral) or not 1 <= n_nearest <= n_generated:
        raise ValueError(
            f"n_nearest={n_nearest!r}; expected a whole number from 1 to the {n_generated} "
            "generated images."
        )

    def select(rows):
        # Distances to real images may stand behind those to generated ones.
        z = pairer.transform(rows)[:, :n_generated]
        if (raw := raw_maps(pairer, z.shape[2])).any():
            z[..., raw] = model.relative_scale_.standardise(z[..., raw])
        index, z = closest(z, map_weights(pairer, z.shape[2]), n_nearest)
        view = np.zeros_like(index)
        if len(views) > 1:
            view = np.take_along_axis(pairer.best_views(rows), index, axis=1)
        return index, z, view

    selected = map(select, blocks)
    index, z, view = (np.concatenate(parts) for parts in zip(*selected, strict=True))
    # A pairer that makes maps of columns says what they are.
    maps = getattr(pairer, "map_info_", None) or infos_of_maps(model.descriptor_, z.shape[2])
    weights = map_weights(pairer, z.shape[2])
    return Evidence(index, z, maps, view, views, weights, model.generated_names_[index])

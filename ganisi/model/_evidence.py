"""Which generated images are unusually close to a query, and in which textures."""

import re
from dataclasses import dataclass

import numpy as np

#: What the descriptors put behind the name of a map: the cell and the step of probability.
_CELL_AND_STEP = re.compile(r"( cell=\d+,\d+)?( q\d+)?$")
#: What the descriptors call the scale of a filter, in pixels.
_SCALES = ("wavelength", "sigma")


@dataclass(frozen=True)
class Evidence:
    """The generated images unusually close to each query, and the textures in which they are.

    Attributes
    ----------
    index : ndarray of shape (n_queries, n_nearest), int
        Which generated images: the smallest mean over maps of z, closest first.
    z : ndarray of shape (n_queries, n_nearest, n_maps), float32
        How close in each map: the logarithm of the distance, standardised by what the generated
        image has to the queries of `fit`. -3 is three standard deviations closer than usual.
    map_names : list of str
        Names of the maps, with scale in pixels and orientation in degrees.

    Examples
    --------
    >>> from ganisi import GANISI, GaborBank
    >>> from ganisi.datasets import make_source_identification
    >>> data = make_source_identification(10, 10, 30, size=32, leakage=1.0, random_state=0)
    >>> model = GANISI(GaborBank(grid=4, n_quantiles=4))
    >>> model = model.fit(data.real, data.used, generated=data.generated, groups=data.groups)
    >>> evidence = model.evidence(data.real[:3], n_nearest=2)
    >>> evidence.index.shape, evidence.z.shape
    ((3, 2), (3, 2, 12))
    >>> len(evidence.to_frame())
    72
    """

    index: np.ndarray
    z: np.ndarray
    map_names: list

    @property
    def mean_z(self):
        """How close over all maps, ``(n_queries, n_nearest)``: the mean of `z`."""
        return self.z.mean(axis=2)

    def to_frame(self):
        """Return a table, one row a query, generated image and map.

        Returns
        -------
        frame : pandas.DataFrame
            Columns: "query"; "rank" of the generated image from 1; "generated", its index;
            "mean_z" of the pair; "map", its name; "family"; "scale" (wavelength or sigma, pixels;
            NaN where the name tells none); "orientation" (degrees, likewise); "z". The maps of a
            pair come closest first.

        Raises
        ------
        ImportError
            If pandas is not installed.
        """
        try:
            import pandas as pd
        except ImportError as error:
            raise ImportError(
                "to_frame needs pandas; install it with `pip install pandas`, or read the arrays "
                "index, z and map_names."
            ) from error
        n_queries, n_nearest, n_maps = self.z.shape
        order = np.argsort(self.z, axis=2, kind="stable")
        maps = order.ravel()
        textures = [parse_map_name(name) for name in self.map_names]
        return pd.DataFrame(
            {
                "query": np.repeat(np.arange(n_queries), n_nearest * n_maps),
                "rank": np.tile(np.repeat(np.arange(1, n_nearest + 1), n_maps), n_queries),
                "generated": self.index.ravel().repeat(n_maps),
                "mean_z": self.mean_z.ravel().repeat(n_maps),
                "map": np.asarray(self.map_names, dtype=object)[maps],
                "family": np.asarray([t["family"] for t in textures], dtype=object)[maps],
                "scale": np.asarray([t["scale"] for t in textures])[maps],
                "orientation": np.asarray([t["orientation"] for t in textures])[maps],
                "z": np.take_along_axis(self.z, order, axis=2).ravel(),
            }
        )


def closest(z, n_nearest):
    """Select each query's generated images of smallest mean z over maps: index and z of them."""
    index = np.argsort(z.mean(axis=2), axis=1, kind="stable")[:, :n_nearest]
    return index, np.take_along_axis(z, index[:, :, None], axis=1)


def map_names(descriptor, n_maps):
    """Names of the maps behind the columns of a descriptor.

    Parameters
    ----------
    descriptor : transformer
        A descriptor, or a FeatureUnion of several.
    n_maps : int
        Number of maps.

    Returns
    -------
    names : list of str
        Cells and steps of probability are not part of them; ``"map 0"``, ... where the
        transformer does not name its columns.

    Examples
    --------
    >>> from ganisi import Intensity, LocalStats
    >>> from sklearn.pipeline import make_union
    >>> from ganisi.model._evidence import map_names
    >>> map_names(make_union(LocalStats(grid=2), Intensity(grid=2)), n_maps=4)[-2:]
    ['localstats__local entropy', 'intensity__intensity']
    """
    if not hasattr(descriptor, "get_feature_names_out"):
        return [f"map {m}" for m in range(n_maps)]
    columns = descriptor.get_feature_names_out()
    return [_CELL_AND_STEP.sub("", name) for name in columns[:: len(columns) // n_maps]]


def parse_map_name(name):
    """Read family, scale and orientation out of the name of a map.

    Parameters
    ----------
    name : str
        From `map_names`.

    Returns
    -------
    texture : dict
        "family", the words before the first ``key=value``; "scale" in pixels (``wavelength=`` or
        ``sigma=``) and "orientation" in degrees, NaN where the name tells none.

    Examples
    --------
    >>> from ganisi.model._evidence import parse_map_name
    >>> parse_map_name("gabor wavelength=5.66 orientation=45")
    {'family': 'gabor', 'scale': 5.66, 'orientation': 45.0}
    """
    values = dict(re.findall(r"(\w+)=([-+.\w]+)", name))
    scales = [values[key] for key in _SCALES if key in values]
    return {
        "family": re.split(r" \w+=", name, maxsplit=1)[0],
        "scale": float(scales[0]) if scales else float("nan"),
        "orientation": float(values.get("orientation", "nan")),
    }

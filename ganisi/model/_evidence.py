"""Which generated images are unusually close to a query, and in which textures."""

from dataclasses import dataclass

import numpy as np

from ..distances._pairer import _OFFSET, _PAIRS_PER_BLOCK, _SPREAD_FLOOR


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
    maps : list of MapInfo
        What each map is: its name, family, unit, scale in pixels and orientation in degrees.
    map_names : list of str
        Names of the maps.

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
    maps: list

    @property
    def map_names(self):
        """Names of the maps."""
        return [info.name for info in self.maps]

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
            NaN where no other map of the family differs in it); "orientation" (degrees, likewise);
            "z". The maps of a
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

        def of_maps(key, dtype):
            return np.asarray([getattr(info, key) for info in self.maps], dtype)[order.ravel()]

        return pd.DataFrame(
            {
                "query": np.repeat(np.arange(n_queries), n_nearest * n_maps),
                "rank": np.tile(np.repeat(np.arange(1, n_nearest + 1), n_maps), n_queries),
                "generated": self.index.ravel().repeat(n_maps),
                "mean_z": self.mean_z.ravel().repeat(n_maps),
                "map": of_maps("name", object),
                "family": of_maps("family", object),
                "scale": of_maps("scale", float),
                "orientation": of_maps("orientation", float),
                "z": np.take_along_axis(self.z, order, axis=2).ravel(),
            }
        )


@dataclass(frozen=True)
class TypicalDistances:
    """What distances the generated images have to the queries of `fit`, in logarithm.

    Attributes
    ----------
    offset : ndarray of shape (n_maps,)
        Added before the logarithm is taken: 1e-6 times the map's median distance.
    location, scale : ndarray of shape (n_generated, n_maps), float32
        Mean, and spread not below 0.01, of the logarithm.
    """

    offset: np.ndarray
    location: np.ndarray
    scale: np.ndarray

    def standardise(self, distances):
        """Standardise distances as ``CDFWassersteinPairer(relative=True)`` does.

        Parameters
        ----------
        distances : array of shape (n_queries, n_generated, n_maps)
            Distances, not relative ones.

        Returns
        -------
        z : ndarray of shape (n_queries, n_generated, n_maps), float32
            ``(log(d + offset) - location) / scale``.
        """
        return (_logarithm(distances, self.offset) - self.location) / self.scale


def typical_distances(distances):
    """Mean and spread of the logarithm of each generated image's distances, map by map.

    Parameters
    ----------
    distances : array of shape (n_queries, n_generated, n_maps)
        Distances of the queries of `fit`, not relative ones.

    Returns
    -------
    typical : TypicalDistances
        Of the size of two queries' distances; no image can be read out of it.

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi.model._evidence import typical_distances
    >>> distances = np.random.default_rng(0).gamma(4, size=(50, 3, 2))
    >>> z = typical_distances(distances).standardise(distances)
    >>> bool(abs(z.mean()) < 1e-6)
    True
    """
    n_queries, n_generated, n_maps = distances.shape
    # A spread sample of generated images, as in the pairer: a constant needs no more.
    sample = distances[:, :: max(1, n_generated // 256)]
    tiny = np.finfo(np.float32).tiny
    offset = np.maximum(_OFFSET * np.median(sample, axis=(0, 1)), tiny).astype(np.float32)
    location = np.empty((n_generated, n_maps), np.float32)
    scale = np.empty_like(location)
    size = max(1, _PAIRS_PER_BLOCK // n_queries)
    for start in range(0, n_generated, size):
        block = slice(start, start + size)
        logs = _logarithm(distances[:, block], offset)
        location[block] = logs.mean(axis=0, dtype=np.float64)
        scale[block] = np.maximum(logs.std(axis=0, dtype=np.float64), _SPREAD_FLOOR)
    return TypicalDistances(offset, location, scale)


def _logarithm(distances, offset):
    # Other pairers may round a distance of 0 to just below it.
    return np.log(np.maximum(distances, 0) + offset, dtype=np.float32)


def closest(z, n_nearest):
    """Select the generated images closest to each query.

    Parameters
    ----------
    z : array of shape (n_queries, n_generated, n_maps)
        Standardised logarithms of distances.
    n_nearest : int
        How many to select, at most `n_generated`.

    Returns
    -------
    index : ndarray of shape (n_queries, n_nearest), int
        Those with the smallest mean over maps, smallest first; ties by index.
    z : ndarray of shape (n_queries, n_nearest, n_maps)
        Of those alone.

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi.model._evidence import closest
    >>> z = np.array([[[0.0, 1.0], [-3.0, -1.0], [-1.0, 0.0]]])
    >>> closest(z, 2)[0]
    array([[1, 2]])
    """
    index = np.argsort(z.mean(axis=2), axis=1, kind="stable")[:, :n_nearest]
    return index, np.take_along_axis(z, index[:, :, None], axis=1)

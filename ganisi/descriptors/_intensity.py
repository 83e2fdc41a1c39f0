"""The image itself as its one map."""

from __future__ import annotations

import numpy as np

from .._compat._hints import FilePath
from ._base import TextureDescriptor
from ._map_info import MapInfo
from ._steps import Steps


class Intensity(TextureDescriptor):
    """The grey levels of the image as they are: 1 map.

    With a grid as fine as the image and one quantile, ``Intensity(grid=side, n_quantiles=1)``, the
    distance of a pair is the mean absolute difference of its pixels: the pixel attack is a member
    of the same family. :class:`ganisi.CorrelationPairer` and :class:`ganisi.SSIMPairer` read such
    rows as images.

    Parameters
    ----------
    n_quantiles : int or None, default=64
        Steps of probability at which the empirical CDF is kept.
        None is that of the other descriptors of a union, in `GANISI` and `ImagePairer`.
    grid : int or None, default=1
        The image is cut into ``grid x grid`` cells, each with its own CDF.
        None is as with `n_quantiles`.
    steps : {"tails", "equal"} or None, default="tails"
        Where the steps of probability begin and end: finer at both ends, or equally wide; see
        :func:`ganisi.descriptors.step_edges`. None is as with `n_quantiles`.
    n_jobs : int or None, default=None
        Workers of joblib; None means 1.
    memory : str, path-like or None, default=None
        Where to keep the rows of images already described, keyed by their content.

    Attributes
    ----------
    map_info_ : list of MapInfo
        What the one map is.
    map_names_ : list of str
        ``["intensity"]``.
    depth_ : {"uint8", "uint16", "float"}
        Bit depth of the images seen in `fit`.

    Notes
    -----
    Not part of the paper.

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi import Intensity
    >>> images = np.random.default_rng(0).integers(0, 256, (2, 32, 32), dtype=np.uint8)
    >>> Intensity(n_quantiles=1, grid=32).fit_transform(images).shape
    (2, 1024)
    """

    def __init__(
        self,
        *,
        n_quantiles: int | None = 64,
        grid: int | None = 1,
        steps: Steps | None = "tails",
        n_jobs: int | None = None,
        memory: FilePath | None = None,
    ) -> None:
        self.n_quantiles = n_quantiles
        self.grid = grid
        self.steps = steps
        self.n_jobs = n_jobs
        self.memory = memory

    def in_plain_words(self) -> str:
        """Say what is looked at, to somebody who reads a report and no code."""
        return "their grey levels"

    @property
    def map_info_(self) -> list[MapInfo]:
        """What the one map is."""
        return [MapInfo("intensity", family="intensity", unit="grey levels")]

    def _map_shape(self, shape):
        return shape

    def _maps(self, image):
        return image[None].astype(np.float32)

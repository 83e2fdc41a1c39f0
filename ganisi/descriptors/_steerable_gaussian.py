"""Steerable derivatives of a Gaussian."""

from __future__ import annotations

from numbers import Real

from numpy.typing import ArrayLike

from .._compat._hints import FilePath
from .._compat._sklearn import Interval
from ._base import TextureDescriptor
from ._map_info import MapInfo
from ._steps import Steps
from .filters import steerable_gaussian


class SteerableGaussian(TextureDescriptor):
    """First and second Gaussian derivatives along four directions: 8 maps.

    ``G1(t) = cos t Gx + sin t Gy`` and ``G2(t) = cos^2 t Gxx + 2 cos t sin t Gxy + sin^2 t Gyy``
    [1]_, signed, edge pixels repeated beyond the border.

    Parameters
    ----------
    sigma : float, default=1.0
        Standard deviation of the Gaussian, in pixels.
    orientations : tuple of float, default=(0, 45, 90, 135)
        In degrees, counter-clockwise as seen on the screen.
    n_quantiles : int or None, default=64
        Steps of probability at which the empirical CDF of each map is kept.
        None is that of the other descriptors of a union, in `GANISI` and `ImagePairer`.
    grid : int or None, default=1
        Maps are cut into ``grid x grid`` cells, each with its own CDF; 1 is the paper.
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
        What the maps are: first derivatives at every orientation, then second derivatives.
    map_names_ : list of str
        Their names.
    depth_ : {"uint8", "uint16", "float"}
        Bit depth of the images seen in `fit`.

    See Also
    --------
    ganisi.descriptors.filters.steerable_gaussian : The maps of one image.

    References
    ----------
    .. [1] Freeman, W. T., Adelson, E. H. (1991). The design and use of steerable filters. IEEE
       Transactions on Pattern Analysis and Machine Intelligence, 13(9), 891-906.

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi import SteerableGaussian
    >>> images = np.random.default_rng(0).integers(0, 256, (2, 32, 32), dtype=np.uint8)
    >>> SteerableGaussian(n_quantiles=16).fit_transform(images).shape
    (2, 128)
    """

    _parameter_constraints = {  # noqa: RUF012
        **TextureDescriptor._parameter_constraints,
        "sigma": [Interval(Real, 0, None, closed="neither")],
        "orientations": ["array-like"],
    }

    def __init__(
        self,
        sigma: float = 1.0,
        orientations: ArrayLike = (0, 45, 90, 135),
        *,
        n_quantiles: int | None = 64,
        grid: int | None = 1,
        steps: Steps | None = "tails",
        n_jobs: int | None = None,
        memory: FilePath | None = None,
    ) -> None:
        self.sigma = sigma
        self.orientations = orientations
        self.n_quantiles = n_quantiles
        self.grid = grid
        self.steps = steps
        self.n_jobs = n_jobs
        self.memory = memory

    def in_plain_words(self) -> str:
        """Say what is looked at, to somebody who reads a report and no code."""
        return "slopes and bends in several directions"

    @property
    def map_info_(self) -> list[MapInfo]:
        """What the maps are, first derivatives first."""
        return [
            MapInfo(
                f"gaussian order={order} orientation={orientation:g}",
                family="gaussian",
                unit=unit,
                orientation=float(orientation),
            )
            for order, unit in ((1, "grey levels / pixel"), (2, "grey levels / pixel²"))
            for orientation in self.orientations
        ]

    def _map_shape(self, shape):
        return shape

    def _maps(self, image):
        return steerable_gaussian(image, self.sigma, self.orientations)

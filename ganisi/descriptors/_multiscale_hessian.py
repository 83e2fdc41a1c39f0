"""Gradient and Hessian invariants at several scales."""

from __future__ import annotations

from numpy.typing import ArrayLike

from .._compat._hints import FilePath
from ._base import TextureDescriptor
from ._map_info import MapInfo
from ._steps import Steps
from .filters import multiscale_hessian

_INVARIANTS = {
    "gradient magnitude": "grey levels / pixel",
    "first eigenvalue": "grey levels / pixel²",
    "second eigenvalue": "grey levels / pixel²",
    "laplacian": "grey levels / pixel²",
    "curvature": "grey levels² / pixel⁴",
    "frobenius norm": "grey levels / pixel²",
}


class MultiscaleHessian(TextureDescriptor):
    """Gradient magnitude and five invariants of the Hessian at five scales: 30 maps.

    At each scale, without scale normalisation: the gradient magnitude; the eigenvalues of the
    Hessian ordered by magnitude, ``|l1| >= |l2|``, signs kept; the Laplacian ``l1 + l2``; the
    Gaussian curvature ``l1 * l2``; the Frobenius norm ``sqrt(l1^2 + l2^2)`` [1]_.

    Parameters
    ----------
    sigmas : tuple of float, default=(0.5, 0.75, 1.0, 1.25, 1.5)
        Standard deviations of the Gaussian, in pixels.
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
        What the maps are: scale by scale, the six maps each.
    map_names_ : list of str
        Their names.
    depth_ : {"uint8", "uint16", "float"}
        Bit depth of the images seen in `fit`.

    See Also
    --------
    ganisi.descriptors.filters.multiscale_hessian : The maps of one image.

    Notes
    -----
    The paper does not say how eigenvalues are ordered, whether they keep their signs, what is meant
    by Gaussian curvature (here the determinant of the Hessian), nor how windows are rounded.

    References
    ----------
    .. [1] Sorensen, L., et al. (2016). Early detection of Alzheimer's disease using MRI
       hippocampal texture. Human Brain Mapping, 37(3), 1148-1161.

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi import MultiscaleHessian
    >>> images = np.random.default_rng(0).integers(0, 256, (2, 32, 32), dtype=np.uint8)
    >>> MultiscaleHessian(n_quantiles=16).fit_transform(images).shape
    (2, 480)
    """

    _parameter_constraints = {  # noqa: RUF012
        **TextureDescriptor._parameter_constraints,
        "sigmas": ["array-like"],
    }

    def __init__(
        self,
        sigmas: ArrayLike = (0.5, 0.75, 1.0, 1.25, 1.5),
        *,
        n_quantiles: int | None = 64,
        grid: int | None = 1,
        steps: Steps | None = "tails",
        n_jobs: int | None = None,
        memory: FilePath | None = None,
    ) -> None:
        self.sigmas = sigmas
        self.n_quantiles = n_quantiles
        self.grid = grid
        self.steps = steps
        self.n_jobs = n_jobs
        self.memory = memory

    def in_plain_words(self) -> str:
        """Say what is looked at, to somebody who reads a report and no code."""
        return "edges, ridges and spots of several sizes"

    @property
    def map_info_(self) -> list[MapInfo]:
        """What the maps are, scale by scale."""
        return [
            MapInfo(f"hessian sigma={sigma:g} {name}", "hessian", unit, scale=float(sigma))
            for sigma in self.sigmas
            for name, unit in _INVARIANTS.items()
        ]

    def _map_shape(self, shape):
        return shape

    def _maps(self, image):
        return multiscale_hessian(image, self.sigmas)

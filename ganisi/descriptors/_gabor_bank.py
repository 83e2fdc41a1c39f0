"""A bank of Gabor filters."""

from __future__ import annotations

from numbers import Real

import numpy as np
from numpy.typing import ArrayLike
from sklearn.exceptions import NotFittedError

from .._compat._hints import FilePath
from .._compat._sklearn import Interval
from ..images._grey_levels import NeedsParameterError
from ._base import TextureDescriptor
from ._map_info import MapInfo
from ._steps import Steps
from .filters import gabor_magnitude, gabor_wavelengths
from .filters._gabor_plan import ASPECT_RATIOS, BANDWIDTHS


class GaborBank(TextureDescriptor):
    """Magnitudes of complex Gabor responses: 24 maps of a 256 x 256 image.

    Parameters
    ----------
    wavelengths : array of shape (n_wavelengths,) or None, default=None
        In pixels/cycle, at least 2. None means ``2^k * 4 / sqrt(2)`` up to half the smaller side
        of the images (2.83 to 90.51 at 256 x 256), recorded as `wavelengths_` in `fit`; images of
        different sizes need them given, since the number of maps must not depend on the image.
    orientations : tuple of float, default=(0, 45, 90, 135)
        In degrees, counter-clockwise as seen on the screen; 0 responds to vertical stripes.
    bandwidth : float, default=1.0
        Spatial-frequency bandwidth, in octaves; 0.1 to 10.
    aspect_ratio : float, default=0.5
        Ratio ``sigma_x / sigma_y`` of the Gaussian envelope; 0.1 to 10.
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
    wavelengths_ : ndarray of shape (n_wavelengths,)
        In pixels/cycle.
    map_info_ : list of MapInfo
        What the maps are, wavelength by wavelength, all orientations each.
    map_names_ : list of str
        Their names.
    depth_ : {"uint8", "uint16", "float"}
        Bit depth of the images seen in `fit`.

    See Also
    --------
    ganisi.descriptors.filters.gabor_magnitude : The maps of one image, with the formula.

    Notes
    -----
    The filters peak at 1 in the frequency domain; MATLAB's have a gain that grows with the
    wavelength, and the paper does not say its own. Distances are standardised for each map before
    they are classified, so the gain does not matter there.

    References
    ----------
    .. [1] Mehdipour Ghazi, M., Mehdipour Ghazi, M. (2023). GAN-ISI. CLEF 2023 Working Notes,
       CEUR-WS Vol. 3497, pp. 1588-1595, section 3.2.

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi import GaborBank
    >>> images = np.random.default_rng(0).integers(0, 256, (2, 32, 32), dtype=np.uint8)
    >>> bank = GaborBank(n_quantiles=16).fit(images)
    >>> bank.wavelengths_.round(2), bank.transform(images).shape
    (array([ 2.83,  5.66, 11.31]), (2, 192))
    """

    _parameter_constraints = {  # noqa: RUF012
        **TextureDescriptor._parameter_constraints,
        "wavelengths": ["array-like", None],
        "orientations": ["array-like"],
        "bandwidth": [Interval(Real, *BANDWIDTHS, closed="both")],
        "aspect_ratio": [Interval(Real, *ASPECT_RATIOS, closed="both")],
    }

    def __init__(
        self,
        wavelengths: ArrayLike | None = None,
        orientations: ArrayLike = (0, 45, 90, 135),
        bandwidth: float = 1.0,
        aspect_ratio: float = 0.5,
        *,
        n_quantiles: int | None = 64,
        grid: int | None = 1,
        steps: Steps | None = "tails",
        n_jobs: int | None = None,
        memory: FilePath | None = None,
    ) -> None:
        self.wavelengths = wavelengths
        self.orientations = orientations
        self.bandwidth = bandwidth
        self.aspect_ratio = aspect_ratio
        self.n_quantiles = n_quantiles
        self.grid = grid
        self.steps = steps
        self.n_jobs = n_jobs
        self.memory = memory

    def in_plain_words(self) -> str:
        """Say what is looked at, to somebody who reads a report and no code."""
        return "stripes of several widths and directions"

    def _fit_shapes(self, shapes):
        if self.wavelengths is not None:
            self.wavelengths_ = np.asarray(self.wavelengths, dtype=float)
            if self.wavelengths_.ndim != 1 or not (self.wavelengths_ >= 2).all():
                raise ValueError(
                    f"wavelengths={self.wavelengths!r}; expected a list of pixels/cycle, each at "
                    "least 2 (shorter waves cannot be sampled)."
                )
            return
        if len(shapes) > 1:
            raise NeedsParameterError(
                f"images have {len(shapes)} different sizes, {sorted(shapes)[:3]}..., and the "
                "default wavelengths depend on the size; give wavelengths explicitly, e.g. "
                f"wavelengths={gabor_wavelengths(min(shapes)).round(2).tolist()}.",
                "wavelengths",
            )
        (shape,) = shapes
        self.wavelengths_ = gabor_wavelengths(shape)

    @property
    def map_info_(self) -> list[MapInfo]:
        """What the maps are, wavelength by wavelength."""
        if not hasattr(self, "wavelengths_") and self.wavelengths is None:
            raise NotFittedError(
                "the wavelengths depend on the size of the images; call fit, or give wavelengths."
            )
        wavelengths = getattr(self, "wavelengths_", self.wavelengths)
        return [
            MapInfo(
                f"gabor wavelength={wavelength:.2f} orientation={orientation:g}",
                family="gabor",
                unit="grey levels",
                scale=round(float(wavelength), 2),  # as in the name
                orientation=float(orientation),
            )
            for wavelength in wavelengths
            for orientation in self.orientations
        ]

    def _map_shape(self, shape):
        return shape

    def _maps(self, image):
        return gabor_magnitude(
            image, self.wavelengths_, self.orientations, self.bandwidth, self.aspect_ratio
        )

    def _settings(self):
        return *super()._settings(), tuple(self.wavelengths_)

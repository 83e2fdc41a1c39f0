"""Range, standard deviation and entropy of small neighbourhoods."""

from __future__ import annotations

from .._compat._hints import FilePath
from ..images._grey_levels import black_and_white, check_levels
from ._base import TextureDescriptor
from ._map_info import MapInfo
from ._steps import Steps
from .filters import local_statistics


class LocalStats(TextureDescriptor):
    """Local range, standard deviation and entropy of an image: 3 maps.

    Range and standard deviation (N - 1 normalisation) of the 3 x 3 neighbourhood of each pixel,
    and the entropy in bits of the 256-bin histogram of its 9 x 9 neighbourhood [1]_. Borders are
    mirrored with the edge pixel repeated.

    Parameters
    ----------
    intensity_range : tuple of (low, high) or None, default=None
        Grey levels that become levels 0 and 255 of the entropy's histogram; values beyond are
        clipped. None means: uint8 as it is, uint16 divided by 257 (where the images of `fit` fill
        12 bits or fewer, the range of these bits), floats in [0, 1] times 255; floats outside
        [0, 1] are then refused.
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
        What the 3 maps are.
    map_names_ : list of str
        Their names.
    depth_ : {"uint8", "uint16", "float"}
        Bit depth of the images seen in `fit`.
    bits_ : {8, 10, 12, 16} or None
        Bits that the grey levels of `fit` fill where the depth is uint16.

    See Also
    --------
    ganisi.descriptors.filters.local_statistics : The maps of one image.

    Notes
    -----
    The paper says range, standard deviation and entropy, in windows of 3, 3 and 9 pixels; the rest
    are MATLAB's defaults.

    References
    ----------
    .. [1] Mehdipour Ghazi, M., Mehdipour Ghazi, M. (2023). GAN-ISI. CLEF 2023 Working Notes,
       CEUR-WS Vol. 3497, pp. 1588-1595, section 3.1.

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi import LocalStats
    >>> images = np.random.default_rng(0).integers(0, 256, (2, 32, 32), dtype=np.uint8)
    >>> LocalStats(n_quantiles=16).fit_transform(images).shape
    (2, 48)
    """

    _parameter_constraints = {  # noqa: RUF012
        **TextureDescriptor._parameter_constraints,
        "intensity_range": [tuple, list, None],
    }

    def __init__(
        self,
        intensity_range: tuple[float, float] | None = None,
        *,
        n_quantiles: int | None = 64,
        grid: int | None = 1,
        steps: Steps | None = "tails",
        n_jobs: int | None = None,
        memory: FilePath | None = None,
    ) -> None:
        self.intensity_range = intensity_range
        self.n_quantiles = n_quantiles
        self.grid = grid
        self.steps = steps
        self.n_jobs = n_jobs
        self.memory = memory

    def in_plain_words(self) -> str:
        """Say what is looked at, to somebody who reads a report and no code."""
        return "range, spread and disorder of the grey levels around each pixel"

    @property
    def map_info_(self) -> list[MapInfo]:
        """What the maps are, in order."""
        units = {"range": "grey levels", "std": "grey levels", "entropy": "bits"}
        return [
            MapInfo(f"local {name}", family=f"local {name}", unit=unit)
            for name, unit in units.items()
        ]

    def _fit_levels(self, lowest, highest):
        check_levels(self.intensity_range, self.depth_, lowest, highest)

    def _map_shape(self, shape):
        return shape

    def _maps(self, image):
        known = self.intensity_range
        if self.bits_ is not None:
            known = black_and_white(image, known, self.bits_)
        return local_statistics(image, known)

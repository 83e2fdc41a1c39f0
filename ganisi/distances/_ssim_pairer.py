"""From images to the distances of every pair, by structural similarity."""

from __future__ import annotations

from numbers import Real

import numpy as np

from .._compat._sklearn import Interval
from ._rows_as_images import RowsAsImages
from ._ssim import check_side, write_ssim


class SSIMPairer(RowsAsImages):
    """One less the structural similarity (SSIM) of images.

    ``d[i, j, 0]`` is ``1 - SSIM`` of query i and generated image j, with windows of 7 x 7 cells,
    K1 = 0.01 and K2 = 0.03 [1]_, as :func:`skimage.metrics.structural_similarity` has it.

    Parameters
    ----------
    grid : int, default=64
        Cells a side of the images in the input, as in the descriptor, at least 7:
        ``Intensity(grid=64, n_quantiles=1)``.
    data_range : float or None, default=None
        The largest less the smallest grey level that an image can have, 255 for 8 bits. None is
        the largest less the smallest that the generated images do have: distances then do not
        depend on the unit.
    relative : bool, default=True
        Whether each distance is judged by what its generated image typically has to the queries
        of `fit`; see :class:`ganisi.CDFWassersteinPairer`.
    n_views : int, default=1
        Views of each query in its row, the image as it is first; see
        :class:`ganisi.CDFWassersteinPairer`. The distance of a pair is that of the nearest view.
    n_jobs : int or None, default=None
        Threads of joblib, which share the queries; None means 1. The same bits for any number.

    Attributes
    ----------
    data_range_ : float
        As given, or as found in `fit`; 1 where all generated images are one constant.
    generated_rows_ : tuple of ndarray of shape (n_images of the set, n_features), float32
        The generated images, set by set, read-only; the caller's own memory where `fit` was given
        float32 rows, columns side by side.
    n_generated_ : int
        Number of generated images.
    n_maps_ : int
        1.
    view_scale_ : ndarray of shape (1,), float32
        Mean distance of all pairs of `fit` under the first view. Only if `n_views` is above 1.
    relative_scale_ : RelativeScale
        See :class:`ganisi.CDFWassersteinPairer`. Only if `relative`.
    n_features_in_ : int
        Number of columns of queries, ``n_views * grid * grid``.

    See Also
    --------
    ganisi.distances.ssim_distances : The pure function.
    CorrelationPairer : Finds moved and mirrored copies too.

    Notes
    -----
    Not part of the paper. SSIM was among the similarities of the team that did best in the public
    challenge.

    References
    ----------
    .. [1] Wang, Z., Bovik, A. C., Sheikh, H. R., Simoncelli, E. P. (2004). Image quality
       assessment: from error visibility to structural similarity. IEEE Transactions on Image
       Processing, 13(4), 600-612.

    Examples
    --------
    >>> from ganisi import GANISI, Intensity, SSIMPairer
    >>> from ganisi.baselines import NearestGenerated
    >>> from ganisi.datasets import make_source_identification
    >>> data = make_source_identification(10, 10, 30, size=32, leakage=1.0, random_state=0)
    >>> model = GANISI(
    ...     Intensity(grid=32, n_quantiles=1),
    ...     pairer=SSIMPairer(grid=32),
    ...     identifier=NearestGenerated(),
    ... )
    >>> model = model.fit(data.real, data.used, generated=data.generated, groups=data.groups)
    >>> model.predict_proba(data.real[:3]).shape
    (3, 2)
    """

    _parameter_constraints = {  # noqa: RUF012
        **RowsAsImages._parameter_constraints,
        "data_range": [Interval(Real, 0, None, closed="neither"), None],
    }

    def __init__(
        self,
        grid: int = 64,
        *,
        data_range: float | None = None,
        relative: bool = True,
        n_views: int = 1,
        n_jobs: int | None = None,
    ) -> None:
        self.grid = grid
        self.data_range = data_range
        self.relative = relative
        self.n_views = n_views
        self.n_jobs = n_jobs

    def in_plain_words(self) -> str:
        """Say how images are compared, to somebody who reads a report and no code."""
        return f"in {self.grid} x {self.grid} cells, neighbourhood by neighbourhood"

    def _check_grid(self):
        check_side(self.grid)

    def _learn(self, sets):
        self.data_range_ = self.data_range
        if self.data_range is None:
            highest = max(np.float32(images.max()) for images in sets)
            span = highest - min(np.float32(images.min()) for images in sets)
            self.data_range_ = float(span) or 1.0

    def _write(self, queries, generated, distances):
        write_ssim(queries, generated, distances, self.data_range_)

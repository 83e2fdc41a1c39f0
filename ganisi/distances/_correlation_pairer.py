"""From images to the distances of every pair, by correlation over shifts and mirror images."""

from __future__ import annotations

from numbers import Integral

from .._compat._sklearn import Interval, RealNotInt
from ._correlation import check_max_shift, mean_amplitudes, write_correlations
from ._rows_as_images import RowsAsImages


class CorrelationPairer(RowsAsImages):
    """One less the largest correlation of images, over shifts and mirror images.

    ``d[i, j, 0]`` is ``1 - max r``: r is Pearson's correlation of query i and generated image j,
    cell by cell over what they share [1]_, where the query is moved by whole cells and mirrored.
    Brightness and contrast do not matter.

    Parameters
    ----------
    grid : int, default=64
        Cells a side of the images in the input, as in the descriptor:
        ``Intensity(grid=64, n_quantiles=1)``.
    max_shift : int or float, default=4
        Largest shift down or up and right or left: a whole number of cells, below half of `grid`,
        or a share of a side below 1/2, rounded down to whole cells. Of images of 256 x 256 pixels
        on a grid of 64, a cell has 4 x 4 pixels.
    mirrors : bool, default=True
        Whether each query is also looked at mirrored left-right, up-down, and both; four times
        the work.
    whiten : bool, default=True
        Whether each frequency of every image is first divided by its amplitude in the generated
        images (root mean square, at least a thousandth of the largest). What all images share,
        such as the outline of a body, then no longer decides: the matched filter [2]_.
    relative : bool, default=False
        Whether each distance is judged by what its generated image typically has to the queries
        of `fit`; see :class:`ganisi.CDFWassersteinPairer`.
    n_views : int, default=1
        Views of each query in its row, the image as it is first; see
        :class:`ganisi.CDFWassersteinPairer`. The distance of a pair is that of the nearest view.
    n_jobs : int or None, default=None
        Threads of joblib, which share the queries; None means 1. The same bits for any number.

    Attributes
    ----------
    amplitudes_ : ndarray of shape (grid, grid // 2 + 1) or None
        What frequencies are divided by, those of :func:`scipy.fft.rfft2`. None without `whiten`.
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
    ganisi.distances.correlation_distances : The pure function.
    SSIMPairer : In place, and not blind to brightness.

    Notes
    -----
    Not part of the paper. An image that is constant where the two overlap is correlated with
    nothing there: its distance is 1.

    References
    ----------
    .. [1] Padfield, D. (2012). Masked object registration in the Fourier domain. IEEE
       Transactions on Image Processing, 21(5), 2706-2718.
    .. [2] Turin, G. L. (1960). An introduction to matched filters. IRE Transactions on
       Information Theory, 6(3), 311-329.

    Examples
    --------
    >>> from ganisi import GANISI, CorrelationPairer, Intensity
    >>> from ganisi.baselines import NearestGenerated
    >>> from ganisi.datasets import make_source_identification
    >>> data = make_source_identification(10, 10, 30, size=32, leakage=1.0, random_state=0)
    >>> moved = data.generated[:, ::-1].copy()
    >>> moved[:, 2:] = moved[:, :-2]
    >>> model = GANISI(
    ...     Intensity(grid=32, n_quantiles=1),
    ...     pairer=CorrelationPairer(grid=32),
    ...     identifier=NearestGenerated(),
    ... )
    >>> model = model.fit(data.real, data.used, generated=moved, groups=data.groups)
    >>> model.predict_proba(data.real[:3]).shape
    (3, 2)
    """

    _parameter_constraints = {  # noqa: RUF012
        **RowsAsImages._parameter_constraints,
        "max_shift": [
            Interval(Integral, 0, None, closed="left"),
            Interval(RealNotInt, 0, 0.5, closed="neither"),
        ],
        "mirrors": ["boolean"],
        "whiten": ["boolean"],
    }

    def __init__(
        self,
        grid: int = 64,
        *,
        max_shift: float = 4,
        mirrors: bool = True,
        whiten: bool = True,
        relative: bool = False,
        n_views: int = 1,
        n_jobs: int | None = None,
    ) -> None:
        self.grid = grid
        self.max_shift = max_shift
        self.mirrors = mirrors
        self.whiten = whiten
        self.relative = relative
        self.n_views = n_views
        self.n_jobs = n_jobs

    @property
    def _max_cells(self):
        whole = isinstance(self.max_shift, Integral)
        return self.max_shift if whole else int(self.max_shift * self.grid)

    def in_plain_words(self) -> str:
        """Say how images are compared, to somebody who reads a report and no code."""
        text = f"in {self.grid} x {self.grid} cells"
        if self._max_cells or self.mirrors:
            moved = f"moved by up to {self._max_cells} cells" if self._max_cells else ""
            how = " and ".join(filter(None, [moved, "mirrored" if self.mirrors else ""]))
            text += f", one of them {how} to where it is most like the other"
        return f"{text}, whatever brightness and contrast"

    def _check_grid(self):
        check_max_shift(self._max_cells, self.grid)

    def _learn(self, sets):
        self.amplitudes_ = mean_amplitudes(sets) if self.whiten else None

    def _write(self, *images_and_distances):
        write_correlations(*images_and_distances, self._max_cells, self.mirrors, self.amplitudes_)

"""The settings that measurement recommends."""

from __future__ import annotations

from numbers import Integral

from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion

from .._compat._hints import FilePath
from ..descriptors import GaborBank, SteerableGaussian
from ..distances import CDFWassersteinPairer, CorrelationPairer, PairerUnion
from ..identification._profile import ProfileIdentifier
from ..images import Views
from ._ganisi import GANISI

#: How a query is looked at: what `examples/benchmarks/choose_recommended.py` found worth its price.
_VIEWS = Views(
    mirrors=True, turns="square", zooms=(1.1, 1.25), rotations=(-8, -4, 4, 8), combined=False
)


def recommended(
    n_jobs: int | None = None,
    memory: FilePath | None = None,
    verbose: int = 0,
    *,
    grid: int = 32,
    rivals: bool | float = False,
    store: FilePath | None = None,
    half: bool = False,
) -> GANISI:
    """Make the `GANISI` that measurement recommends.

    It looks with two eyes. *Textures*: each image is described by the mean of its Gabor magnitudes
    and Gaussian derivatives in each cell of a ``grid x grid`` grid; a query is looked at under 14
    views (as it is, mirrored and turned by quarters, zoomed by 1.1 and 1.25, turned by 4 and 8
    degrees), and the distance of a pair is judged by what its generated image typically has. *The
    image*: the largest correlation of the whitened image, on twice as fine a grid, over mirror
    images and moves by up to an eighth of a side. A logistic regression sees three numbers of each
    query: how near its nearest generated image is by textures, how near the nearest tenth of them
    is, and how near the nearest is by correlation.

    Parameters
    ----------
    n_jobs : int or None, default=None
        Workers of joblib for describing and pairing; None means 1.
    memory : str, path-like or None, default=None
        Where to keep the rows of images already described, keyed by their content.
    verbose : int, default=0
        If positive, show progress.
    grid : int, default=32
        Cells a side for textures; images need ``2 * grid`` pixels a side, for correlation.
    rivals : bool or float, default=False
        Whether real images compete for each generated one, and how much that weighs; see
        :class:`~ganisi.ProfileIdentifier`. It tells used slices from unused slices of the same
        patient where both are among the real images, and predictions of one call depend on each
        other.
    store : str, path-like or None, default=None
        Folder for what of many generated images would not fit into memory; see
        :class:`~ganisi.GANISI`.
    half : bool, default=False
        Whether rows in `store` have half the size.

    Returns
    -------
    model : GANISI
        Unfitted. ``model.set_params(views=None)`` looks at images as they are, at a fraction of
        the time.

    Raises
    ------
    ValueError
        If `grid` is no whole number from 8.

    Notes
    -----
    Not the paper, whose settings are ``GANISI()``. Chosen by cross-validation by patient on images
    of known status, of generators trained on lung CT and on phantoms, each as stored and turned,
    moved, zoomed and regraded: ``examples/benchmarks/choose_recommended.py`` holds the rule, and
    ``examples/benchmarks/transformed_copies.py`` measures it on your images. What was seen on the
    way:

    - One mean a cell beats several quantiles of coarser cells: *where* a texture is gives the
      training image away, not how it is distributed.
    - The generated image nearest in the mean over maps says more than the nearest in each map.
    - Three numbers cost a logistic regression three weights, so that 40 + 40 images suffice.
    - Textures see weak memory better, correlation sees which slice of a patient it was, and
      copies that were moved.

    An image's row has 147 kB a view at 256 x 256; with ``grid=16`` a quarter of it, for a small
    loss.

    Examples
    --------
    >>> from ganisi import recommended
    >>> from ganisi.datasets import make_source_identification
    >>> data = make_source_identification(10, 10, 30, size=32, leakage=1.0, random_state=0)
    >>> model = recommended(grid=16)
    >>> model = model.fit(data.real, data.used, generated=data.generated, groups=data.groups)
    >>> model.predict_proba(data.real[:3]).shape
    (3, 2)
    """
    if not isinstance(grid, Integral) or grid < 8:
        raise ValueError(f"grid={grid!r}; expected a whole number from 8.")
    work = {"n_jobs": n_jobs, "memory": memory}
    gabor = GaborBank(n_quantiles=1, grid=grid, **work)
    # As many cells as the first has, whatever it is set to; so has the pairer of textures.
    steerable = SteerableGaussian(n_quantiles=1, grid=None, **work)
    by_texture = CDFWassersteinPairer(relative=True, n_jobs=n_jobs)
    # An eighth of a side.
    by_correlation = CorrelationPairer(2 * grid, max_shift=0.125, n_jobs=n_jobs)
    return GANISI(
        FeatureUnion([("gabor", gabor), ("steerable", steerable)], verbose_feature_names_out=False),
        pairer=PairerUnion(
            [("textures", by_texture), ("image", by_correlation)],
            views_for=["textures"],
        ),
        identifier=ProfileIdentifier(
            LogisticRegression(),
            ranks=[(1, 0.1), (1,)],
            pool_maps=[slice(None, -1), slice(-1, None)],
            rivals=rivals,
        ),
        views=_VIEWS,
        verbose=verbose,
        store=store,
        half=half,
    )

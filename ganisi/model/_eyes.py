"""Attacks with an eye of their own: they compare images in another way than by textures."""

from __future__ import annotations

from typing import Literal

from .._compat._hints import FilePath
from ..descriptors import Intensity
from ..distances._correlation_pairer import CorrelationPairer
from ..distances._pairer import CDFWassersteinPairer
from ..distances._references import ReferencePairer
from ..distances._ssim_pairer import SSIMPairer
from ..identification._similarity_rules import SimilarityRules
from ..identification.baselines import NearestGenerated
from ._ganisi import GANISI


def default_eyes(smallest_side):
    """Make the attacks that an audit adds by default, for images of so many pixels a side."""
    grid = min(32, smallest_side)
    eyes = {"pixels": pixels(grid)}
    # Smaller images cannot be moved by as much, and soon not at all.
    shift = min(4, (grid - 1) // 4)
    return eyes | {"correlation": correlation(grid, max_shift=shift)}


def pixels(grid: int = 32, *, n_jobs: int | None = None, memory: FilePath | None = None) -> GANISI:
    """Make the attack by grey levels: how near a query's nearest generated image is, in place.

    Two images are compared by the mean absolute difference of the mean grey levels of ``grid x
    grid`` cells, without any texture. Each distance is judged by what its generated image typically
    has.

    Parameters
    ----------
    grid : int, default=32
        Cells a side; an image of as many pixels a side is compared pixel by pixel.
    n_jobs : int or None, default=None
        Workers of joblib; None means 1.
    memory : str, path-like or None, default=None
        Where to keep the rows of images already described, keyed by their content.

    Returns
    -------
    model : GANISI
        Unfitted; usable alone, and among the `baselines` of :func:`ganisi.audit.audit`, where it is
        by default.

    See Also
    --------
    correlation : Finds moved and mirrored copies too.
    NearestGenerated : Its last stage, for any distances.

    Examples
    --------
    >>> from ganisi.baselines import pixels
    >>> from ganisi.datasets import make_source_identification
    >>> data = make_source_identification(10, 10, 30, size=32, leakage=1.0, random_state=0)
    >>> model = pixels().fit(data.real, data.used, generated=data.generated, groups=data.groups)
    >>> model.predict_proba(data.real[:3]).shape
    (3, 2)
    """
    pairer = CDFWassersteinPairer(n_quantiles=1, grid=grid, relative=True, n_jobs=n_jobs)
    return GANISI(_cells(grid, n_jobs, memory), pairer=pairer, identifier=NearestGenerated())


def correlation(
    grid: int = 32,
    *,
    max_shift: int = 4,
    mirrors: bool = True,
    n_jobs: int | None = None,
    memory: FilePath | None = None,
) -> GANISI:
    """Make the attack by correlation: how well a query fits its best generated image, once moved.

    Two images are compared by the largest correlation of the mean grey levels of ``grid x grid``
    cells, the query moved by whole cells and mirrored; brightness and contrast do not matter, and
    what all generated images share does not decide.

    Parameters
    ----------
    grid : int, default=32
        Cells a side.
    max_shift : int, default=4
        Largest shift down or up and right or left, in cells, below half of `grid`.
    mirrors : bool, default=True
        Whether a query is also looked at mirrored left-right, up-down, and both.
    n_jobs : int or None, default=None
        Workers of joblib; None means 1.
    memory : str, path-like or None, default=None
        Where to keep the rows of images already described, keyed by their content.

    Returns
    -------
    model : GANISI
        Unfitted; usable alone, and among the `baselines` of :func:`ganisi.audit.audit`, where it is
        by default.

    See Also
    --------
    pixels : In place, and by brightness too; some forty times as fast.
    ganisi.CorrelationPairer : Its distances.

    Examples
    --------
    >>> from ganisi.baselines import correlation
    >>> from ganisi.datasets import make_source_identification
    >>> data = make_source_identification(10, 10, 30, size=32, leakage=1.0, random_state=0)
    >>> turned = data.generated[:, ::-1, ::-1]
    >>> model = correlation().fit(data.real, data.used, generated=turned, groups=data.groups)
    >>> model.predict_proba(data.real[:3]).shape
    (3, 2)
    """
    pairer = CorrelationPairer(grid, max_shift=max_shift, mirrors=mirrors, n_jobs=n_jobs)
    return GANISI(_cells(grid, n_jobs, memory), pairer=pairer, identifier=NearestGenerated())


def similarity_rules(
    rule: Literal["ensemble", "threshold", "retrieval", "ranking"] = "ensemble",
    *,
    threshold: Literal["max", "mean + 3 sd"] = "max",
    grid: int = 64,
    data_range: float | None = None,
    n_jobs: int | None = None,
    memory: FilePath | None = None,
) -> GANISI:
    """Make the attack that did best in the public challenge of 2023: rules, without any label.

    Images are compared by structural similarity (SSIM) in windows of 7 x 7. What lies between the
    real images themselves tells how similar a generated one would be by chance [1]_.

    Parameters
    ----------
    rule : {"ensemble", "threshold", "retrieval", "ranking"}, default="ensemble"
        See :class:`ganisi.identification.SimilarityRules`.
    threshold : {"max", "mean + 3 sd"}, default="max"
        Of the rules "threshold" and "ensemble".
    grid : int, default=64
        Cells a side of the images that are compared, at least 7. The team's images had 256 x 256
        pixels, and were compared pixel by pixel: ``grid=256``, at 16 times the cost.
    data_range : float or None, default=None
        The largest less the smallest grey level that an image can have, 255 for 8 bits as the team
        had; None is what the images do have.
    n_jobs : int or None, default=None
        Workers of joblib; None means 1.
    memory : str, path-like or None, default=None
        Where to keep the rows of images already described, keyed by their content.

    Returns
    -------
    model : GANISI
        Unfitted; usable alone, where `fit` needs no `y`, and among the `baselines` of
        :func:`ganisi.audit.audit`.

    See Also
    --------
    ganisi.identification.SimilarityRules : Its last stage, for any distances.

    Notes
    -----
    For the team's answers about a set of images, `fit` on all of them and ask again about them. A
    fitted model holds what the real images look like in ``grid x grid`` cells.

    References
    ----------
    .. [1] Montenegro, H., et al. (2023). Evaluating privacy on synthetic images generated using
       GANs: contributions of the VCMI team to ImageCLEFmedical GANs 2023. CLEF 2023 Working
       Notes, CEUR-WS Vol. 3497.

    Examples
    --------
    >>> from ganisi.baselines import similarity_rules
    >>> from ganisi.datasets import make_source_identification
    >>> data = make_source_identification(10, 10, 30, size=32, leakage=1.0, random_state=0)
    >>> model = similarity_rules(grid=32).fit(data.real, generated=data.generated)
    >>> model.predict(data.real).shape
    (20,)
    """
    pairer = SSIMPairer(grid, data_range=data_range, relative=False, n_jobs=n_jobs)
    return GANISI(
        _cells(grid, n_jobs, memory),
        pairer=ReferencePairer(pairer),
        identifier=SimilarityRules(rule, threshold=threshold),
    )


def _cells(grid, n_jobs, memory):
    """Describe an image by the mean grey level of each cell."""
    return Intensity(grid=grid, n_quantiles=1, n_jobs=n_jobs, memory=memory)

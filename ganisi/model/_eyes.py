"""Attacks with an eye of their own: images are compared in another way than by textures."""

from ..descriptors import Intensity
from ..distances._pairer import CDFWassersteinPairer
from ..identification.baselines import NearestGenerated
from ._ganisi import GANISI


def pixels(grid=32, *, n_jobs=None, memory=None):
    """Make the attack by grey levels: how near a query's nearest generated image is.

    Images are compared place by place, without any texture: by the mean absolute difference of the
    mean grey levels of ``grid x grid`` cells. Each distance is judged by what its generated image
    typically has.

    Parameters
    ----------
    grid : int, default=32
        Cells a side; an image of as many pixels a side is compared pixel by pixel.
    n_jobs : int or None, default=None
        Workers of joblib for describing; None means 1.
    memory : str, joblib.Memory or None, default=None
        Where to keep the rows of images already described, keyed by their content.

    Returns
    -------
    model : GANISI
        Unfitted; usable alone, and as one of the `baselines` of :func:`ganisi.audit.audit`, where
        it is by default.

    See Also
    --------
    NearestGenerated : Its last stage, which sees any distances.

    Examples
    --------
    >>> from ganisi.baselines import pixels
    >>> from ganisi.datasets import make_source_identification
    >>> data = make_source_identification(10, 10, 30, size=32, leakage=1.0, random_state=0)
    >>> model = pixels().fit(data.real, data.used, generated=data.generated, groups=data.groups)
    >>> model.predict_proba(data.real[:3]).shape
    (3, 2)
    """
    cells = {"n_quantiles": 1, "grid": grid}
    return GANISI(
        Intensity(**cells, n_jobs=n_jobs, memory=memory),
        pairer=CDFWassersteinPairer(**cells, relative=True),
        identifier=NearestGenerated(),
    )

"""The settings that measurement recommends."""

from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion

from ..descriptors import GaborBank, SteerableGaussian
from ..distances._pairer import CDFWassersteinPairer
from ..identification._profile import ProfileIdentifier
from ._ganisi import GANISI


def recommended(n_jobs=None, memory=None, verbose=0, *, rivals=False):
    """Make the `GANISI` that measurement recommends.

    Each image is described by the mean of its Gabor magnitudes and Gaussian derivatives in each
    cell of a 32 x 32 grid. The distance of a pair is judged by what its generated image typically
    has, and averaged over the maps. A logistic regression sees two numbers of each query: how near
    its nearest generated image is, and how near the nearest tenth of them is.

    Parameters
    ----------
    n_jobs : int or None, default=None
        Workers of joblib for describing; None means 1.
    memory : str, joblib.Memory or None, default=None
        Where to keep the rows of images already described, keyed by their content.
    verbose : int, default=0
        If positive, show progress.
    rivals : bool or float, default=False
        Whether real images compete for each generated one, and how much that weighs; see
        :class:`~ganisi.ProfileIdentifier`. It tells used slices from unused slices of the same
        patient where both are among the real images, and predictions of one call depend on each
        other.

    Returns
    -------
    model : GANISI
        Unfitted. Its images need at least 32 pixels a side; for smaller ones, of 16 say, follow
        with ``.set_params(descriptor__gabor__grid=16, descriptor__steerable__grid=16,
        pairer__grid=16)``.

    Notes
    -----
    Not the paper, whose settings are ``GANISI()``. Found by cross-validation by patient on images
    of a diffusion model trained on lung CT, and on seeds 0 to 4 of
    :func:`ganisi.datasets.make_source_identification`; ``examples/benchmarks/beyond_the_paper.py``
    measures it on seeds 100 to 104, or on your images. What was seen on the way:

    - One mean a cell beats several quantiles of coarser cells: *where* a texture is gives the
      training image away, not how it is distributed.
    - The generated image nearest in the mean over maps says more than the nearest in each map.
    - The two numbers cost a logistic regression two weights, so that 40 + 40 images suffice.

    An image's row has 131 kB at 256 x 256; with ``grid=16`` in descriptor and pairer a quarter of
    it, for a small loss.

    Examples
    --------
    >>> from ganisi import recommended
    >>> from ganisi.datasets import make_source_identification
    >>> data = make_source_identification(10, 10, 30, size=32, leakage=1.0, random_state=0)
    >>> model = recommended()
    >>> model = model.fit(data.real, data.used, generated=data.generated, groups=data.groups)
    >>> model.predict_proba(data.real[:3]).shape
    (3, 2)
    """
    cells = {"n_quantiles": 1, "grid": 32}
    shared = {**cells, "n_jobs": n_jobs, "memory": memory}
    return GANISI(
        FeatureUnion(
            [("gabor", GaborBank(**shared)), ("steerable", SteerableGaussian(**shared))],
            verbose_feature_names_out=False,
        ),
        pairer=CDFWassersteinPairer(**cells, relative=True),
        identifier=ProfileIdentifier(
            LogisticRegression(), ranks=(1, 0.1), pool_maps=True, rivals=rivals
        ),
        verbose=verbose,
    )

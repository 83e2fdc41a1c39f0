"""The stacked classical descriptors, which the paper says (section 5, without figures) did best."""

from __future__ import annotations

from sklearn.pipeline import FeatureUnion

from .._compat._hints import FilePath
from ._gabor_bank import GaborBank
from ._local_stats import LocalStats
from ._multiscale_hessian import MultiscaleHessian
from ._steerable_gaussian import SteerableGaussian
from ._steps import Steps


def classical_descriptors(
    n_quantiles: int = 64,
    grid: int = 1,
    n_jobs: int | None = None,
    memory: FilePath | None = None,
    steps: Steps | None = "tails",
) -> FeatureUnion:
    """Stack the four classical descriptors with the paper's parameters: 65 maps at 256 x 256.

    Parameters
    ----------
    n_quantiles : int, default=64
        Steps of probability at which the empirical CDF of each map is kept.
    grid : int, default=1
        Maps are cut into ``grid x grid`` cells, each with its own CDF; 1 is the paper.
    n_jobs : int or None, default=None
        Workers of joblib, which share the images of each descriptor; None means 1.
    memory : str, path-like or None, default=None
        Where to keep the rows of images already described, keyed by their content.
    steps : {"tails", "equal"}, default="tails"
        Where the steps of probability begin and end: finer at both ends, or equally wide; see
        :func:`ganisi.descriptors.step_edges`.

    Returns
    -------
    union : sklearn.pipeline.FeatureUnion
        `LocalStats` (3 maps), `GaborBank` (24 at 256 x 256, 20 at 128 x 128), `SteerableGaussian`
        (8) and `MultiscaleHessian` (30).

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi import classical_descriptors
    >>> images = np.random.default_rng(0).integers(0, 256, (2, 32, 32), dtype=np.uint8)
    >>> classical_descriptors(n_quantiles=4).fit_transform(images).shape  # 53 maps at 32 x 32
    (2, 212)
    """
    shared = {
        "n_quantiles": n_quantiles,
        "grid": grid,
        "steps": steps,
        "n_jobs": n_jobs,
        "memory": memory,
    }
    return FeatureUnion(
        [
            ("local", LocalStats(**shared)),
            ("gabor", GaborBank(**shared)),
            ("steerable", SteerableGaussian(**shared)),
            ("hessian", MultiscaleHessian(**shared)),
        ],
        verbose_feature_names_out=False,
    )

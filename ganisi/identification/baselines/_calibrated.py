"""The nearest generated image, judged by how near other real images are to it."""

from __future__ import annotations

from numbers import Integral
from typing import Literal

import numpy as np

from ..._compat._sklearn import Interval, StrOptions
from ._referenced import ReferencedScore


class CalibratedNearest(ReferencedScore):
    """Score a query by the generated image to which it is nearest relative to other real images.

    Some generated images are near to everything, and near a query says little there. So each
    distance ``d[i, j]`` (the mean over maps of the scaled distance) is compared with that of the
    queries of `fit` to the same generated image, ``c[j]``: ``d[i, j] - c[j]``, or its logarithm
    ``log d[i, j] - log c[j]``. The score is minus the mean of the k smallest. GAN-Leaks [1]_
    calibrates by difference, with a second generator as the reference; a ratio of what the
    generator does near a query to what is usual there is the idea of DOMIAS [2]_, which estimates
    the two densities. The score needs no labels; they only place the threshold.

    Parameters
    ----------
    k : int, default=1
        Number of generated images with the smallest compared distance.
    reference : {"typical", "nearest"}, default="typical"
        What ``c[j]`` is: the mean over the queries of `fit` (of the logarithm, for a ratio), or
        the distance of the nearest one.
    compare : {"difference", "ratio"}, default="difference"
        "ratio" needs distances that are not negative, so not those of
        ``CDFWassersteinPairer(relative=True)``.
    pos_label : label or None, default=None
        The label that means "used". None means 1 or True; other labels need it said.

    Attributes
    ----------
    classes_ : ndarray of shape (2,)
        The labels.
    n_maps_ : int
        Number of maps.
    references_ : ndarray of shape (n_queries, n_generated)
        Mean scaled distances of the queries of `fit`.
    scaler_ : StandardScaler
        Fitted on all pairs of `fit`; it sees no label.
    sigmoid_ : object
        From score to probability.

    See Also
    --------
    NearestGenerated : Without the comparison.
    ganisi.CDFWassersteinPairer : Its ``relative=True`` compares map by map.

    Notes
    -----
    Not transductive: a score depends on its own query and on `fit`. The originals are not either,
    but need reference images of their own, which here are the queries of `fit`; both used and
    not-used ones, since labels do not enter.

    ``relative=True`` standardises the logarithm of each map's distance, by mean and spread, and
    works for every identifier; this compares one number a pair, after the mean over maps, and
    divides by no spread. On relative distances "typical" changes little, since they are 0 on
    average already; "nearest" still does something.

    While the threshold is placed, each query of `fit` is compared with the queries of other
    patients. A query of `fit` that is asked again stands among its own references.

    References
    ----------
    .. [1] Chen, D., Yu, N., Zhang, Y., Fritz, M. (2020). GAN-Leaks: a taxonomy of membership
       inference attacks against generative models. ACM CCS, pp. 343-362.
    .. [2] van Breugel, B., Sun, H., Qian, Z., van der Schaar, M. (2023). Membership inference
       attacks against synthetic data through overfitting detection. AISTATS, PMLR 206.

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi.baselines import CalibratedNearest
    >>> rng = np.random.default_rng(0)
    >>> used = np.repeat([0, 1], 10)
    >>> distances = rng.gamma(4, size=(20, 30, 3)) - used[:, None, None]
    >>> CalibratedNearest().fit(distances, used).predict_proba(distances).shape
    (20, 2)
    """

    _parameter_constraints = {  # noqa: RUF012
        **ReferencedScore._parameter_constraints,
        "k": [Interval(Integral, 1, None, closed="left")],
        "reference": [StrOptions({"typical", "nearest"})],
        "compare": [StrOptions({"difference", "ratio"})],
    }

    def __init__(
        self,
        k: int = 1,
        *,
        reference: Literal["typical", "nearest"] = "typical",
        compare: Literal["difference", "ratio"] = "difference",
        pos_label: object = None,
    ) -> None:
        self.k = k
        self.reference = reference
        self.compare = compare
        self.pos_label = pos_label

    def in_plain_words(self) -> str:
        """Say what is looked at, to somebody who reads a report and no code."""
        usual = "other real images usually are"
        if self.reference == "nearest":
            usual = "the nearest of the other real images is"
        which = "a synthetic image" if self.k == 1 else f"{self.k} synthetic images"
        return f"how much nearer an image is to {which} than {usual}"

    def _scores_against(self, pairs, references):
        self._check_k(pairs)
        if self.compare == "ratio":
            pairs, references = _log(pairs), _log(references)
        usual = references.mean(axis=0) if self.reference == "typical" else references.min(axis=0)
        compared = pairs - usual
        return -np.partition(compared, self.k - 1, axis=1)[:, : self.k].mean(axis=1)


def _log(pairs):
    if pairs.min() < 0:
        raise ValueError(
            f"X holds a mean distance of {pairs.min():.3g}, and compare='ratio' needs distances "
            "that are not negative; use compare='difference', or a pairer with relative=False."
        )
    # A copy has distance 0: far nearer than any other, but not infinitely.
    return np.log(np.maximum(pairs, 1e-9))

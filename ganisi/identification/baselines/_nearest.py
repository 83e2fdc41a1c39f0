"""The nearest generated image: the first thing anybody would try."""

from __future__ import annotations

from numbers import Integral

import numpy as np

from ..._compat._sklearn import Interval
from ._base import MembershipScore


class NearestGenerated(MembershipScore):
    """Score a query by its distance to the nearest generated image.

    The score is minus the mean of the k smallest distances, where the distance of a pair is the
    mean over maps of the distance divided by its spread over all pairs of `fit`. The hypothesis of
    GAN-Leaks [1]_: a generator's images lie closer to what it was trained on. The score needs no
    labels; they only place the threshold (a logistic function of the score).

    Parameters
    ----------
    k : int, default=1
        Number of nearest generated images.
    pos_label : label or None, default=None
        The label that means "used". None means 1 or True; other labels need it said.

    Attributes
    ----------
    classes_ : ndarray of shape (2,)
        The labels.
    n_maps_ : int
        Number of maps.
    scaler_ : StandardScaler
        Fitted on all pairs of `fit`; it sees no label.
    sigmoid_ : object
        From score to probability.

    See Also
    --------
    CalibratedNearest : The same, relative to what the generated image typically has.

    Notes
    -----
    Not transductive, nor was the original: a score depends on its own query and on `fit`. "Closer
    means used" is the hypothesis, not something to learn: where the labels of `fit` speak against
    it, every query gets the same probability, the share of used ones, rather than an attack with
    its sign turned.

    References
    ----------
    .. [1] Chen, D., Yu, N., Zhang, Y., Fritz, M. (2020). GAN-Leaks: a taxonomy of membership
       inference attacks against generative models. ACM CCS, pp. 343-362.

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi.baselines import NearestGenerated
    >>> rng = np.random.default_rng(0)
    >>> used = np.repeat([0, 1], 10)
    >>> distances = rng.gamma(4, size=(20, 30, 3)) - used[:, None, None]
    >>> NearestGenerated().fit(distances, used).decision_function(distances).shape
    (20,)
    """

    _parameter_constraints = {  # noqa: RUF012
        **MembershipScore._parameter_constraints,
        "k": [Interval(Integral, 1, None, closed="left")],
    }

    def __init__(self, k: int = 1, *, pos_label: object = None) -> None:
        self.k = k
        self.pos_label = pos_label

    def in_plain_words(self) -> str:
        """Say what is looked at, to somebody who reads a report and no code."""
        if self.k == 1:
            return "how near an image's nearest synthetic image is"
        return f"how near an image's {self.k} nearest synthetic images are"

    def _scores(self, pairs):
        self._check_k(pairs)
        return -np.partition(pairs, self.k - 1, axis=1)[:, : self.k].mean(axis=1)

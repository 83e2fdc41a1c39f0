"""How many generated images lie within a radius."""

from __future__ import annotations

from numbers import Real
from typing import Literal

import numpy as np

from ..._compat._sklearn import Interval, StrOptions
from ._base import MembershipScore


class MonteCarloMembership(MembershipScore):
    """Score a query by the share of generated images within a radius of it.

    The Monte-Carlo attack of Hilprecht et al. [1]_: the share of generated images whose distance
    is at most eps estimates the probability that the generator puts around the query, which is
    higher where it was trained. The distance of a pair is the mean over maps of the distance
    divided by its spread over all pairs of `fit`. The score needs no labels; they only place the
    threshold.

    Parameters
    ----------
    radius : "median" or float, default="median"
        How eps is chosen from the distances of `fit`. "median" is the paper's median heuristic:
        the median over queries of the distance to the nearest generated image, so that about half
        of the queries have one within eps. A number above 0 and below 1 is its percentile
        heuristic: that quantile of all distances.
    pos_label : label or None, default=None
        The label that means "used". None means 1 or True; other labels need it said.

    Attributes
    ----------
    classes_ : ndarray of shape (2,)
        The labels.
    n_maps_ : int
        Number of maps.
    radius_ : float
        The eps, in mean spreads of a map.
    scaler_ : StandardScaler
        Fitted on all pairs of `fit`; it sees no label.
    sigmoid_ : object
        From score to probability.

    See Also
    --------
    NearestGenerated : The distance itself, instead of a count.

    Notes
    -----
    Not transductive: eps comes from the queries of `fit`. The original is: it takes eps from the
    images asked about, and calls used the half of them, or the one of two sets, that scores
    higher. Its variant that weighs the counted images by the logarithm of their distance is not
    here, because relative distances have none.

    Queries with the same number of generated images within eps get the same score; with the
    median heuristic that is about half of them, with none.

    References
    ----------
    .. [1] Hilprecht, B., Harterich, M., Bernau, D. (2019). Monte Carlo and reconstruction
       membership inference attacks against generative models. Proceedings on Privacy Enhancing
       Technologies, 2019(4), 232-249.

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi.baselines import MonteCarloMembership
    >>> rng = np.random.default_rng(0)
    >>> used = np.repeat([0, 1], 10)
    >>> distances = rng.gamma(4, size=(20, 30, 3)) - used[:, None, None]
    >>> MonteCarloMembership().fit(distances, used).predict_proba(distances).shape
    (20, 2)
    """

    _parameter_constraints = {  # noqa: RUF012
        **MembershipScore._parameter_constraints,
        "radius": [StrOptions({"median"}), Interval(Real, 0, 1, closed="neither")],
    }

    def __init__(
        self, radius: float | Literal["median"] = "median", *, pos_label: object = None
    ) -> None:
        self.radius = radius
        self.pos_label = pos_label

    def in_plain_words(self) -> str:
        """Say what is looked at, to somebody who reads a report and no code."""
        return "how many synthetic images lie within a fixed distance of an image"

    @property
    def radius_(self) -> float:
        """The eps, in mean spreads of a map."""
        return self.summary_.reference_[0]

    def _reference(self, pairs):
        if self.radius == "median":
            return (float(np.median(pairs.min(axis=1))),)
        return (float(np.quantile(pairs, self.radius)),)

    def _scores(self, pairs, radius):
        return (pairs <= radius).mean(axis=1)

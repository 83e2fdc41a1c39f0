"""Is the query first among real images, for the generated images nearest to it?"""

from __future__ import annotations

from numbers import Integral

import numpy as np

from ..._compat._sklearn import Interval
from ._ranks import ranks_among
from ._referenced import ReferencedScore


class RankMembership(ReferencedScore):
    """Score a query by its rank among real images, as its nearest generated images see them.

    For each of the query's k nearest generated images, the queries of `fit` that are nearer to it
    than the query are counted, r of n (equally near ones by half). The score is minus the mean
    over the k images of ``log((1 + r) / (1 + n))``. Each of these shares is the p-value of a rank
    test of "this generated image knows the query no better than the others", and the mean of
    their logarithms is how Fisher combines p-values [1]_; here they are not independent, and it is
    a score, not a test. It needs no labels; they only place the threshold.

    Parameters
    ----------
    k : int, default=5
        Number of nearest generated images that are asked.
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
    RetrievalMembership : Ranks over all generated images.
    CalibratedNearest : Compares distances instead of ranks.

    Notes
    -----
    No paper has it in this form. Comparing a query with a population of other real images is the
    idea of RMIA [2]_, which compares likelihoods; ranking real images by each generated one is
    that of [3]_. Not transductive: the query is ranked among the queries of `fit`. [3]_ ranks all
    images asked about among each other.

    Ranks are blind to how much nearer the query is, so a transformation of distances that keeps
    the order of each generated image's distances and of each query's changes nothing.

    While the threshold is placed, each query of `fit` is ranked among the queries of other
    patients. A query of `fit` that is asked again stands among its own references.

    References
    ----------
    .. [1] Fisher, R. A. (1932). Statistical methods for research workers, 4th ed., section 21.1.
    .. [2] Zarifzadeh, S., Liu, P., Shokri, R. (2024). Low-cost high-power membership inference
       attacks. ICML, PMLR 235, pp. 58244-58282.
    .. [3] Montenegro, H., et al. (2023). Evaluating privacy on synthetic images generated using
       GANs: contributions of the VCMI team to ImageCLEFmedical GANs 2023. CLEF 2023 Working
       Notes, CEUR-WS Vol. 3497.

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi.baselines import RankMembership
    >>> rng = np.random.default_rng(0)
    >>> used = np.repeat([0, 1], 10)
    >>> distances = rng.gamma(4, size=(20, 30, 3)) - used[:, None, None]
    >>> RankMembership().fit(distances, used).predict_proba(distances).shape
    (20, 2)
    """

    _parameter_constraints = {  # noqa: RUF012
        **ReferencedScore._parameter_constraints,
        "k": [Interval(Integral, 1, None, closed="left")],
    }

    def __init__(self, k: int = 5, *, pos_label: object = None) -> None:
        self.k = k
        self.pos_label = pos_label

    def in_plain_words(self) -> str:
        """Say what is looked at, to somebody who reads a report and no code."""
        nearest = "synthetic image" if self.k == 1 else f"{self.k} synthetic images"
        return (
            f"how many other real images are nearer than the image to its own nearest {nearest}: "
            "the fewer, the more used"
        )

    def _scores_against(self, pairs, references):
        self._check_k(pairs)
        nearest = np.argsort(pairs, axis=1, kind="stable")[:, : self.k]
        ranks = np.take_along_axis(ranks_among(pairs, references), nearest, axis=1)
        return -np.log((1 + ranks) / (1 + len(references))).mean(axis=1)

"""Generated images retrieve the real images most similar to them."""

from __future__ import annotations

from numbers import Integral
from typing import Literal

from ..._compat._sklearn import Interval, StrOptions
from ._ranks import ranks_among
from ._referenced import ReferencedScore


class RetrievalMembership(ReferencedScore):
    """Score a query by how many generated images retrieve it from among real images.

    The similarity rules of the VCMI team [1]_, one of which reached the best accuracy published
    for the challenge of 2023, 0.810: every generated image looks for the real images most similar
    to it, among the query and the queries of `fit`. The distance of a pair is the mean over maps
    of the distance divided by its spread over all pairs of `fit`. The score needs no labels; they
    only place the threshold.

    Parameters
    ----------
    rule : {"retrieval", "ranking", "ensemble"}, default="retrieval"
        - "retrieval": the share of generated images that have the query among their `depth`
          nearest real images. The team calls used whatever is nearest to any.
        - "ranking": minus the mean over all generated images of the query's rank among real
          images, as a share. The team calls used what ranks better than average.
        - "ensemble": as "ranking", but a query that no generated image retrieves comes after all
          that are retrieved. The team's ensemble, too, calls those not used.
    depth : int, default=1
        How many real images each generated one retrieves; 1 is the team's.
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
    ganisi.identification.SimilarityRules : The team's rules with their own decisions, without any
        label.
    NearestGenerated : The team's threshold rule, the threshold placed by labels.
    RankMembership : Ranks by the query's nearest generated images only.

    Notes
    -----
    Not transductive: the query competes with the queries of `fit` only. The original is, and
    needs no labels: its real images are those asked about, all at once, so that its answer about
    one changes with the others. Its similarities are SSIM or distances of ResNet-50 features, and
    its thresholds come from the similarities between real images, which distances to generated
    images do not hold; so here labels place them, and its threshold rule is `NearestGenerated`.
    `SimilarityRules` has those similarities, and is the original.

    While the threshold is placed, each query of `fit` competes with the queries of other
    patients. A query of `fit` that is asked again stands among its own references, with which it
    ties.

    References
    ----------
    .. [1] Montenegro, H., et al. (2023). Evaluating privacy on synthetic images generated using
       GANs: contributions of the VCMI team to ImageCLEFmedical GANs 2023. CLEF 2023 Working
       Notes, CEUR-WS Vol. 3497.

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi.baselines import RetrievalMembership
    >>> rng = np.random.default_rng(0)
    >>> used = np.repeat([0, 1], 10)
    >>> distances = rng.gamma(4, size=(20, 30, 3)) - used[:, None, None]
    >>> RetrievalMembership().fit(distances, used).predict_proba(distances).shape
    (20, 2)
    """

    _parameter_constraints = {  # noqa: RUF012
        **ReferencedScore._parameter_constraints,
        "rule": [StrOptions({"retrieval", "ranking", "ensemble"})],
        "depth": [Interval(Integral, 1, None, closed="left")],
    }

    def __init__(
        self,
        rule: Literal["retrieval", "ranking", "ensemble"] = "retrieval",
        *,
        depth: int = 1,
        pos_label: object = None,
    ) -> None:
        self.rule = rule
        self.depth = depth
        self.pos_label = pos_label

    def in_plain_words(self) -> str:
        """Say what is looked at, to somebody who reads a report and no code."""
        nearest = "the nearest" if self.depth == 1 else f"among the {self.depth} nearest"
        if self.rule == "retrieval":
            return f"to how many synthetic images an image is {nearest} of all real ones"
        text = (
            "the place of an image among all real ones by nearness, on average over synthetic "
            "images"
        )
        if self.rule == "ensemble":
            text += f"; images that are {nearest} to none of these come last"
        return text

    def _scores_against(self, pairs, references):
        ranks = ranks_among(pairs, references)
        retrieved = ranks < self.depth
        if self.rule == "retrieval":
            return retrieved.mean(axis=1)
        ranking = -ranks.mean(axis=1) / len(references)
        return ranking if self.rule == "ranking" else ranking + retrieved.any(axis=1)

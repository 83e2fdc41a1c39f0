"""Rules that decide by similarities among real images, and need no label at all."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, clone
from sklearn.utils.validation import check_is_fitted

from .._compat._hints import Self
from .._compat._sklearn import StrOptions, fit_context
from ..images._identity import row_keys
from ..images._patients import TooFewError, check_groups
from ._base import StagedIdentifier, TwoClassClassifier
from ._distances import check_distances, fit_scaler, mean_distance, query_blocks
from ._rules import (
    by_all_rules,
    joined,
    nearer_than_real_ones,
    nearer_than_usual,
    ranked_ahead,
    retrieved,
)
from ._summaries import DistanceSummary

_THRESHOLDS = {"max": nearer_than_real_ones, "mean + 3 sd": nearer_than_usual}


class SimilarityRules(StagedIdentifier):
    """Decide by rules of similarity among real images: no label is needed, and none has a say.

    The rules of the team that did best in the public challenge of 2023, at accuracy 0.810 [1]_. A
    query stands with other real images, its references. Similarity is minus the distance of a pair:
    the mean over maps of the distance divided by its spread over all pairs of `fit`.

    Parameters
    ----------
    rule : {"ensemble", "threshold", "retrieval", "ranking"}, default="ensemble"
        - "threshold": used if some generated image is more similar to the query than `threshold`
          allows.
        - "retrieval": used if the query is the most similar real image of some generated one.
        - "ranking": every generated image ranks the real ones by their similarity to it, and so
          does every real image; used if the query's mean rank is better for the generated ones.
        - "ensemble": used if the ranking or the threshold says so, but not if it is not retrieved.
    threshold : {"max", "mean + 3 sd"}, default="max"
        Of the similarities among the real images: the largest, or the mean and three standard
        deviations. Of the rules "threshold" and "ensemble".
    pos_label : label or None, default=None
        The label that means "used". None means 1 or True; other labels need it said.

    Attributes
    ----------
    classes_ : ndarray of shape (2,)
        The labels; 0 and 1 where none were given.
    n_maps_ : int
        Number of maps.
    n_generated_ : int
        Number of generated images.

    See Also
    --------
    ganisi.distances.ReferencePairer : Makes the distances that this needs.
    ganisi.baselines.similarity_rules : The whole, from images to decisions.
    ganisi.baselines.RetrievalMembership : Scores by some of these rules, on any distances; labels
        place the threshold.

    Notes
    -----
    *References* are the real images of `fit`, never the other queries of a call, so that an answer
    does not depend on what else is asked. An image of `fit` that is asked again is not its own
    reference: it is known by its distances to the generated images, equal to the last bit. So
    ``rules.fit(all).predict(all)`` is what the team did, on all images asked about. While another
    classifier is fitted on the scores, or in an audit, images of the same patient are no references
    of each other in `fit`.

    *Scores* are above 0 where the rule says used; so `predict_proba` is ``(1 + s / (1 + abs(s))) /
    2`` for a score s: a scale for ROC curves that passes 1/2 where the rule does, and no calibrated
    probability. A score is: for "threshold", by how many standard deviations of the similarities
    among real images the most similar generated image exceeds it; for "retrieval", the number of
    generated images that retrieve the query, less a half; for "ranking", the difference of the mean
    ranks as a share of the real images; for "ensemble", that difference, plus 1 where the decision
    is "used" and less 1 where not.

    *Departures.* An image's similarity to itself is replaced by the mean of its row, as in the
    team's code. That code takes positions in a sorted list for ranks, averages over these, and
    compares with the average of all images. Here ranks are ranks, as the rule is described, and an
    image is compared with its own. Images equally similar share a rank, and are all retrieved.

    *Patients.* Slices of one patient are alike: where several are among the real images, hardly any
    generated one exceeds the "max" of similarities among those; try "mean + 3 sd" there.

    Each query takes time and memory as the number of references squared; 1000 of them take some 20
    milliseconds.

    References
    ----------
    .. [1] Montenegro, H., et al. (2023). Evaluating privacy on synthetic images generated using
       GANs: contributions of the VCMI team to ImageCLEFmedical GANs 2023. CLEF 2023 Working
       Notes, CEUR-WS Vol. 3497.

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi import CDFWassersteinPairer
    >>> from ganisi.distances import ReferencePairer
    >>> from ganisi.identification import SimilarityRules
    >>> rng = np.random.default_rng(0)
    >>> real, new = rng.random((20, 3)), rng.random((5, 3))
    >>> fake = real[:10] + 0.01
    >>> pairer = ReferencePairer(CDFWassersteinPairer(n_quantiles=1))
    >>> rules = SimilarityRules("retrieval").fit(pairer.fit_transform(real, generated=(fake,)))
    >>> rules.predict(pairer.transform(real))
    array([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    >>> rules.predict_proba(pairer.transform(new)).shape
    (5, 2)
    """

    _parameter_constraints = {  # noqa: RUF012
        "rule": [StrOptions({"ensemble", "threshold", "retrieval", "ranking"})],
        "threshold": [StrOptions(set(_THRESHOLDS))],
        "pos_label": "no_validation",
    }

    def __init__(
        self,
        rule: Literal["ensemble", "threshold", "retrieval", "ranking"] = "ensemble",
        *,
        threshold: Literal["max", "mean + 3 sd"] = "max",
        pos_label: object = None,
    ) -> None:
        self.rule = rule
        self.threshold = threshold
        self.pos_label = pos_label

    @fit_context(prefer_skip_nested_validation=True)
    def fit(
        self, X: ArrayLike, y: ArrayLike | None = None, groups: ArrayLike | None = None
    ) -> Self:
        """Keep the real images as references.

        Parameters
        ----------
        X : array of shape (n_queries, n_generated + n_queries, n_maps)
            Distances of real images to generated ones, then to each other, from
            :class:`~ganisi.distances.ReferencePairer`.
        y : array of shape (n_queries,) or None, default=None
            Two labels, which only name the answers; None is 0 and 1.
        groups : None
            Ignored here: the rules see no patient. In the folds of an audit, see Notes.

        Returns
        -------
        self : object
            The fitted rules.

        Raises
        ------
        ValueError
            If `X` is not 3-D or not finite, or holds no distances among the real images.
        """
        summary, classifier = self.stages()
        # No score of these is needed, which would take long.
        self.classifier_, self.summary_ = classifier.fit(X, y), summary.fit(X)
        self.classes_, self.n_maps_ = self.classifier_.classes_, self.summary_.n_maps_
        self.n_generated_ = self.summary_.n_generated_
        return self

    def stages(self) -> tuple[BaseEstimator, BaseEstimator]:
        """Return the unfitted stages.

        Returns
        -------
        summary : transformer
            From distances to one column, the scores, whatever the labels.
        classifier : classifier
            Used where the score is above 0; it learns the names of the labels.
        """
        return ScoreByRule(clone(self)), Decision(self.pos_label)

    def decision_function(self, X: ArrayLike) -> NDArray[np.float64]:
        """Score queries: the more probably used, the higher.

        Parameters
        ----------
        X : array of shape (n_queries, n_generated + n_references, n_maps)
            Distances of the queries to the generated images, then to the references.

        Returns
        -------
        scores : ndarray of shape (n_queries,)
            Higher for `classes_[1]`, as scikit-learn has it: with a `pos_label` that is
            `classes_[0]` the sign is turned. The rule's own boundary is 0.
        """
        check_is_fitted(self)
        return self.classifier_.decision_function(self.summary_.transform(X))

    def in_plain_words(self) -> str:
        """Say what is looked at, to somebody who reads a report and no code."""
        near = "whether a synthetic image is nearer to an image than "
        near += "any two real ones are" if self.threshold == "max" else "real ones usually are"
        ahead = "whether synthetic images place an image further ahead of other real ones than "
        ahead += "these do"
        found = "whether an image is the nearest real one to any synthetic image"
        return {
            "threshold": f"{near} to each other",
            "retrieval": found,
            "ranking": ahead,
            "ensemble": f"{near} to each other, or {ahead}, and in both cases {found}",
        }[self.rule]

    def _score(self, among, to_generated):
        """Score the last of the real images, by `joined` and the distances to generated ones."""
        nearer = _THRESHOLDS[self.threshold]
        if self.rule == "ensemble":
            return by_all_rules(among, to_generated, nearer)
        rules = {"threshold": nearer, "retrieval": retrieved, "ranking": ranked_ahead}
        return rules[self.rule](among, to_generated)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.target_tags.required = False
        return tags


class ScoreByRule(DistanceSummary):
    """One column: what a rule says of each query among the real images of `fit`."""

    _parameter_constraints = {"rules": [SimilarityRules]}  # noqa: RUF012

    def __init__(self, rules):
        self.rules = rules

    def fit(self, X, y=None, groups=None):
        """Learn what `fit_transform` does, without scoring the queries."""
        distances = check_distances(X)
        self.n_maps_ = distances.shape[2]
        self._learn(distances)
        return self

    def _fit_rows(self, distances, groups):
        self._learn(distances)
        groups = check_groups(groups, len(distances))
        return self._scored(distances, [np.flatnonzero(groups == own) for own in groups])

    def _learn(self, distances):
        n = len(distances)
        self.n_generated_ = distances.shape[1] - n
        if self.n_generated_ < 1:
            raise ValueError(
                f"X has {n} queries and distances to {distances.shape[1]} images; the rules need "
                "those to the generated images and then to the queries themselves, as "
                "ganisi.distances.ReferencePairer gives them."
            )
        self.scaler_ = fit_scaler(distances)
        self._to_generated, self._among = self._split(distances)
        self._known = self._contents(distances)
        # Were an image its own neighbour, nothing could be nearer.
        self._distinct = np.zeros(n, dtype=bool)
        self._distinct[np.unique(self._known, return_index=True)[1]] = True

    def _rows(self, distances):
        n_columns = self.n_generated_ + len(self._among)
        if distances.shape[1] != n_columns:
            raise ValueError(
                f"X has distances to {distances.shape[1]} images, but fit was given {n_columns}; "
                "use the pairer of fit."
            )
        return self._scored(distances, [[]] * len(distances))

    def _split(self, distances):
        """Return distances to the generated images, and to the references."""
        pairs = np.concatenate(
            [mean_distance(distances[some], self.scaler_) for some in query_blocks(distances)]
        )
        return pairs[:, : self.n_generated_], pairs[:, self.n_generated_ :]

    def _contents(self, distances):
        """Return what each image is known by: its distances to the generated images."""
        return row_keys(distances[:, : self.n_generated_])

    def _scored(self, distances, patients):
        """Score each query among its references, without those of the same content or patient."""
        scores, parts = [], (*self._split(distances), self._contents(distances), patients)
        for generated, references, content, patient in zip(*parts, strict=True):
            others = self._distinct & (self._known != content)
            others[patient] = False
            if not others.any():
                raise TooFewError(
                    "the rules compare each query with real images of other groups, and there is "
                    "none; give at least 2 groups."
                )
            among = joined(self._among[np.ix_(others, others)], references[others])
            scores.append(
                self.rules._score(among, np.vstack([self._to_generated[others], generated]))
            )
        return np.array(scores)[:, None]


class Decision(TwoClassClassifier):
    """Used where the one score of a query is above 0; labels are names."""

    def __init__(self, pos_label=None):
        self.pos_label = pos_label

    def check_labels(self, rows, y, groups=None):
        """Learn what the answers are called; return positives (bool), None without labels."""
        if y is None:
            self.classes_, self._positive = np.array([0, 1]), 1
            return None
        return self._set_classes(rows, y, direction_matters=True)[0]

    def fit(self, X, y=None, groups=None):
        """Learn what the answers are called, and nothing else."""
        self.check_labels(X, y)
        return self

    def decision_function(self, X):
        """Return the scores, higher for `classes_[1]` as scikit-learn has it."""
        return X[:, 0] if self._positive == 1 else -X[:, 0]

    def _probabilities(self, X):
        scores = X[:, 0]
        # A score of 0 is not used, whichever label comes first.
        scores = np.where(scores > 0, scores, np.minimum(scores, -1e-12))
        return self._two_columns((1 + scores / (1 + np.abs(scores))) / 2)

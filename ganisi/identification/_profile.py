"""The other order of fusion: first the distances, then the classifier."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, clone
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler
from sklearn.utils.validation import check_is_fitted

from .._compat._hints import Keys, Self
from .._compat._sklearn import HasMethods, Interval, fit_context
from ._base import StagedIdentifier, WithIntervals
from ._pools import check_pools
from ._rivals import RivalProfile
from ._row_classifiers import CalibratedByQuery
from ._summaries import NearestProfile

#: The weight of ``rivals=True``, chosen on images of known status; the guide has the figures.
_WEIGHT_OF_RIVALS = 4.0


class ProfileIdentifier(WithIntervals, StagedIdentifier):
    r"""Classify each query by the profile of its smallest distances, map by map.

    For each map, or for their mean, the query's nearest, 5th nearest, ... distance to a generated
    image: one row of features a query, standardised and classified; probabilities by a logistic
    function fitted on queries left out. In the words of multiple-instance learning,
    `SourceIdentifier` classifies instances and fuses, this embeds the bag and classifies.

    Parameters
    ----------
    estimator : classifier or None, default=None
        Classifies queries; any with `decision_function` or `predict_proba`. None is
        ``LogisticRegression(C=0.01)``, strongly regularised: there are often more features than
        queries.
    ranks : tuple of int or float, or list of tuples, default=(1, 5)
        Which nearest distances: whole numbers from 1, or shares of the generated images between 0
        and 1 (0.1 is the distance within which the nearest tenth lies). A list of tuples has those
        of each group of maps.
    pool_maps : bool, list of slice, or None, default=None
        False takes the ranks of each map on its own, ``n_maps * len(ranks)`` features: the image
        nearest in one texture need not be nearest in another. True takes those of the mean over
        maps of the scaled distance, ``len(ranks)`` features: few, so little is to be learned. A
        list of slices divides the maps into groups, and takes those of the mean over each group:
        ``[slice(None, -1), slice(-1, None)]`` are all maps but the last together, and the last.
        None is True with `rivals`, and else False.
    rivals : bool or float, default=False
        Whether a query competes with other real images for each generated one: those of `fit` and
        those of the same call. Where one of them is nearer to the generated image than the query
        is, the difference times `rivals` is added to the query's distance; see the Notes. True is
        4.0. It tells one slice of a patient from the next where both are among the real images.
    cv : int, default=5
        Folds by query, stratified; fewer where the smaller class has fewer groups. In each one
        classifier, and one sigmoid fitted on the fold left out; the probabilities are averaged.
    pos_label : label or None, default=None
        The label that means "used"; the classes are treated alike, so it changes no probability.
    n_jobs : int or None, default=None
        Workers of joblib for the folds; None means 1.

    Attributes
    ----------
    classes_ : ndarray of shape (2,)
        The labels.
    n_maps_ : int
        Number of maps.
    summary_ : transformer
        Fitted; from distances to profiles.
    classifier_ : classifier
        Fitted on profiles.
    scaler_ : StandardScaler
        Spread of each map over all pairs of `fit`, for `pool_maps`; it sees no label.
    n_folds_ : int
        Number of folds made.

    See Also
    --------
    SourceIdentifier : Classifies pairs first, then fuses.

    Notes
    -----
    Not part of the paper. The smallest of n distances falls as n grows, so use the same number of
    generated images in `fit` and `predict`; other numbers are refused.

    *Intervals.* `predict_proba_interval` supposes that the share of used images does not fall where
    the score of the classifier rises, and nothing else of how the two hang together. Then it is at
    least the mean share of the queries of `fit` just below, left out in the folds, and at most that
    of those just above: windows of an eighth, a quarter and half of all patients, each with the
    exact binomial interval, patients counted and not images, so that all hold together [1]_. It
    contains the probability, where that of the logistic function is outside too. Where scores are
    wrong out of fold, so that the probability is level, the share may fall or rise. It is of images
    of which as many are used as in `fit`, and how sure one may be is another question: "is this
    score told from those of not-used patients" is answered by
    :func:`ganisi.audit.query_decisions`. A Venn-Abers predictor says how far one more image would
    move the probability, which is narrower, and no interval. For the intervals a fitted model
    holds the score, label and patient number of each query of `fit`.

    *Rivals.* Let :math:`z_{ig}` be the mean over maps (those of a group) of the scaled distance of
    real image i to generated image g. With weight w the ranks are taken of

    .. math::

        z_{ig} + w \max(0, z_{ig} - \min_{j \ne i} z_{jg}),

    where j runs over all real images of `fit` and of the call that are not the same image as i.
    That an image is nearer than all others adds nothing: nearly every image is nearest to some
    generated image that has nothing to do with it. The weight is fixed and not learned: `fit` is
    given used images and those of *other* patients, which differ most in nearness, so a classifier
    that is free to choose makes little of rivals.

    With `rivals` a prediction is a joint one: it depends on the other queries of the call, and each
    further query can only add to the distances of the others. What gains is telling used slices
    from unused slices of the same patient, where both are among the real images: ask about all
    slices of a patient in one call. Where they are not, nothing is gained.

    Which queries are the same image, so that none is its own rival, is said by `keys`;
    :class:`ganisi.GANISI` and :func:`ganisi.audit.audit` give them. Without keys, queries whose
    distances are equal bit for bit are the same image. That does not see an image of `fit` among
    later queries where distances are relative, since in `fit` they were standardised without it.
    An image that was stored again with a loss, or resized, is another image by its key, and a
    strong rival: leave such copies out.

    With `rivals` a fitted model holds, for each generated image, the distances and keys of the two
    nearest real images of `fit`, and no image. The keys that `GANISI` gives are SHA-256 digests of
    grey levels: whoever has such an image can tell that the model was fitted on it.

    References
    ----------
    .. [1] Dimitriadis, T., Dümbgen, L., Henzi, A., Puke, M., Ziegel, J. (2023). Honest calibration
       assessment for binary outcome predictions. Biometrika, 110(3), 663-680. They take all
       windows; three, chosen before any label is seen, are fewer to be right about at once.

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi import ProfileIdentifier
    >>> rng = np.random.default_rng(0)
    >>> used = np.repeat([0, 1], 10)
    >>> distances = rng.gamma(4, size=(20, 30, 3)) - used[:, None, None]
    >>> ProfileIdentifier().fit(distances, used).predict_proba(distances).shape
    (20, 2)
    """

    # Saves the user the requests where scikit-learn routes metadata.
    __metadata_request__fit = {"groups": True, "keys": True}  # noqa: RUF012
    __metadata_request__predict_proba = {"keys": True}  # noqa: RUF012
    __metadata_request__predict = {"keys": True}  # noqa: RUF012

    _parameter_constraints = {  # noqa: RUF012
        **NearestProfile._parameter_constraints,
        **CalibratedByQuery._parameter_constraints,
        "estimator": [HasMethods(["fit"]), None],
        "pool_maps": ["boolean", list, tuple, None],
        "rivals": ["boolean", Interval(Real, 0, None, closed="neither")],
    }

    def __init__(
        self,
        estimator: BaseEstimator | None = None,
        *,
        ranks: Sequence[float] | Sequence[Sequence[float]] = (1, 5),
        pool_maps: bool | Sequence[slice] | None = None,
        rivals: bool | float = False,
        cv: int = 5,
        pos_label: object = None,
        n_jobs: int | None = None,
    ) -> None:
        self.estimator = estimator
        self.ranks = ranks
        self.pool_maps = pool_maps
        self.rivals = rivals
        self.cv = cv
        self.pos_label = pos_label
        self.n_jobs = n_jobs

    def stages(self) -> tuple[BaseEstimator, BaseEstimator]:
        """Return the unfitted stages, defaults filled in.

        Returns
        -------
        summary : transformer
            From distances to profiles, one a query; no label enters.
        classifier : classifier
            Of profiles.

        Raises
        ------
        ValueError
            If `pool_maps` are no groups, or `ranks` no ranks.
        """
        estimator = LogisticRegression(C=0.01, max_iter=1000)
        if self.estimator is not None:
            estimator = clone(self.estimator)
        return (
            self._summary(),
            CalibratedByQuery(estimator, cv=self.cv, pos_label=self.pos_label, n_jobs=self.n_jobs),
        )

    def _summary(self):
        pool_maps = bool(self.rivals) if self.pool_maps is None else self.pool_maps
        check_pools(pool_maps, self.ranks)
        if not self.rivals:
            return NearestProfile(self.ranks, pool_maps=pool_maps)
        as_usual = isinstance(self.rivals, (bool, np.bool_))
        weight = _WEIGHT_OF_RIVALS if as_usual else self.rivals
        return RivalProfile(self.ranks, pool_maps=pool_maps, weight=weight)

    @property
    def predicts_jointly(self) -> bool:
        """Whether a prediction depends on the other queries of the call: with `rivals`."""
        return bool(self.rivals)

    def in_plain_words(self) -> str:
        """Say what is looked at, to somebody who reads a report and no code."""
        over = "in each texture on its own"
        if isinstance(self.pool_maps, (list, tuple)):
            over = "in each way of comparing"
        elif self.pool_maps or (self.pool_maps is None and self.rivals):
            over = "over all textures together"
        words = f"how near an image's nearest synthetic images are, {over}"
        if self.rivals:
            words += ", and how much nearer to them another real image is"
        return words

    @fit_context(prefer_skip_nested_validation=False)
    def fit(
        self, X: ArrayLike, y: ArrayLike, groups: ArrayLike | None = None, keys: Keys | None = None
    ) -> Self:
        """Summarise the distances of each query, then fit the classifier of the summaries.

        Parameters
        ----------
        X : array of shape (n_queries, n_generated, n_maps)
            Distances of real images to generated ones.
        y : array of shape (n_queries,)
            Two labels: used to train the generator, or not. They do not enter the summary.
        groups : array of shape (n_queries,) or None, default=None
            Patient of each query. Folds keep a patient's queries together.
        keys : sequence of n_queries hashables, or None, default=None
            What the image of each query is known by, for `rivals`: copies share it, and nothing
            else does. None goes by distances that are equal bit for bit. Ignored without `rivals`.

        Returns
        -------
        self : object
            The fitted identifier.

        Raises
        ------
        TypeError
            If the estimator cannot score rows, or a key cannot be hashed.
        ValueError
            If `X` is not 3-D or not finite, if there are not two classes, if parameters contradict
            each other, or if one asks for more generated images or patients than there are.
        """
        return self._fit_stages(X, y, groups, **self._identity(keys))

    def predict_proba(
        self, X: ArrayLike | Iterator[ArrayLike], keys: Keys | None = None
    ) -> NDArray[np.float64]:
        """Probability of each class for each query.

        Parameters
        ----------
        X : array of shape (n_queries, n_generated, n_maps), or iterator of these
            Distances of the queries to the generated images. With `rivals` also an iterator of
            blocks of queries, which compete as if they had come at once.
        keys : sequence of n_queries hashables, or None, default=None
            As in `fit`, of all queries; given if and only if they were given there.

        Returns
        -------
        probabilities : ndarray of shape (n_queries, 2)
            In the order of `classes_`; rows sum to 1. With `rivals` a row depends on the others.

        Raises
        ------
        ValueError
            If keys are given and were not in `fit`, or the other way round.
        """
        profiles = self.profiles(X, keys)
        return self.classifier_.predict_proba(profiles)

    def predict_proba_interval(
        self, X: ArrayLike | Iterator[ArrayLike], confidence: float = 0.95, keys: Keys | None = None
    ) -> NDArray[np.float64]:
        """Probability of each query, and between which shares the truth may lie around it.

        Parameters
        ----------
        X : array of shape (n_queries, n_generated, n_maps), or iterator of these
            As in `predict_proba`.
        confidence : float, default=0.95
            Between 0 and 1, for each query on its own.
        keys : sequence of n_queries hashables, or None, default=None
            As in `predict_proba`.

        Returns
        -------
        intervals : ndarray of shape (n_queries, 3)
            Low, probability and high of `classes_[1]`, in this order of size; see the Notes of
            the class.

        Raises
        ------
        ValueError
            If `confidence` is not between 0 and 1, or keys are not given as in `fit`.
        """
        profiles = self.profiles(X, keys)
        return self.classifier_.predict_proba_interval(profiles, confidence)

    def predict(self, X: ArrayLike | Iterator[ArrayLike], keys: Keys | None = None) -> NDArray[Any]:
        """Predict the label of each query.

        Parameters
        ----------
        X : array of shape (n_queries, n_generated, n_maps), or iterator of these
            As in `predict_proba`.
        keys : sequence of n_queries hashables, or None, default=None
            As in `predict_proba`.

        Returns
        -------
        labels : ndarray of shape (n_queries,)
            The class whose probability is at least 1/2.
        """
        probabilities = self.predict_proba(X, keys)
        return self.classes_[probabilities.argmax(axis=1)]

    def _identity(self, keys):
        return {"keys": keys} if self.rivals else {}

    def profiles(self, X: ArrayLike, keys: Keys | None = None) -> NDArray[Any]:
        """Return what the classifier sees of each query.

        Parameters
        ----------
        X : array of shape (n_queries, n_generated, n_maps)
            Distances of the queries to the generated images.
        keys : sequence of n_queries hashables, or None, default=None
            As in `predict_proba`.

        Returns
        -------
        profiles : ndarray of shape (n_queries, len(ranks) * n_maps) or (n_queries, len(ranks))
            Rank by rank, the distances of all maps, or of their mean where these are pooled.
        """
        check_is_fitted(self)
        return self.summary_.transform(X, **self._identity(keys))

    @property
    def scaler_(self) -> StandardScaler:
        """Spread of each map over all pairs of `fit`."""
        return self.summary_.scaler_

    @property
    def n_folds_(self) -> int:
        """Number of folds made."""
        return self.classifier_.n_folds_

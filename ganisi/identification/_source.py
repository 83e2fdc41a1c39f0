"""The paper's identifier: classify pairs, calibrate by query, fuse per query."""

from __future__ import annotations

from numbers import Integral
from typing import Literal

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, logit
from sklearn.base import BaseEstimator, clone
from sklearn.svm import SVC
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted

from .._compat._hints import Seed, Self
from .._compat._sklearn import N_JOBS, HasMethods, Interval, StrOptions, available_if, fit_context
from ..images._patients import TooFewError
from ._base import DistanceClassifier, WithIntervals
from ._calibration import (
    calibrated_classifier,
    fit_sigmoid,
    out_of_fold_scores,
    row_scores,
    score_method,
)
from ._distances import check_distances, fit_scaler, mean_distance, pair_blocks, query_blocks
from ._folds import query_folds
from ._fusion import CLIP, Fusion, fuse, treats_classes_alike


def _calibrates_queries(identifier):
    if identifier.calibration != "query":
        raise AttributeError(
            f"calibration={identifier.calibration!r} gives probabilities of pairs, and how far "
            'those of queries may be from the truth is not known; use calibration="query".'
        )
    return True


class SourceIdentifier(WithIntervals, DistanceClassifier):
    """Classify every (query, generated) pair, then fuse the probabilities of each query.

    Each pair is a row of distances, one a map, with the label of its query. The rows are
    standardised; a classifier gives each a probability by a logistic function (Platt scaling); the
    probabilities of a query's pairs are fused into one [1]_. Labels belong to queries: every
    internal split is by query, and by patient where `groups` are given.

    Parameters
    ----------
    estimator : classifier or None, default=None
        Classifies pairs; any with `decision_function` or `predict_proba`. None is
        ``SVC(C=1, kernel="rbf", gamma="scale")``.
    fusion : str, ("top-k", int) or callable, default="mean"
        How pair probabilities become one; :func:`ganisi.identification.fuse` lists the rules.
    n_nearest : int or None, default=None
        Fit and fuse only this many pairs of each query: those with the smallest mean over maps of
        the standardised distance, ties by index. None takes all pairs, as the paper does.
    max_pairs : int or None, default=8000
        Most pairs to fit on, drawn evenly over queries (at least one of each). None is the paper:
        all pairs. Scoring always uses all.
    calibration : {"pair", "query"}, default="pair"
        - ``"pair"``: in each of `cv` folds a classifier is fitted, and a sigmoid on the pairs of
          the fold left out; the probabilities of the folds are averaged, then fused. The paper has
          five folds, and a logistic function that gives scores of pairs.
        - ``"query"``: out-of-fold pair scores are fused, and one sigmoid is fitted on the fused
          scores, one a query, patients weighing alike; the classifier is fitted once more on all
          pairs. After ``"max"`` or ``"mean"`` fusion only this is a probability of anything.
    cv : int, default=5
        Folds by query, stratified; fewer where the smaller class has fewer groups.
    pos_label : label or None, default=None
        The label that means "used". None means 1 or True. Other labels need it said where the
        fusion treats the classes differently, as ``"max"``, ``"top-k"`` and callables do.
    random_state : int, RandomState instance or None, default=None
        For drawing pairs, where there are more than `max_pairs`.
    n_jobs : int or None, default=None
        Workers of joblib for the folds, and threads that score pairs; None means 1.

    Attributes
    ----------
    classes_ : ndarray of shape (2,)
        The labels.
    n_maps_ : int
        Number of maps.
    scaler_ : StandardScaler
        Fitted on all pairs of all queries of `fit`; it sees no label.
    classifier_ : classifier
        Fitted on pairs; gives their scores.
    sigmoid_ : object
        From fused score to probability. Only if ``calibration="query"``.
    n_folds_ : int
        Number of folds made.

    See Also
    --------
    ProfileIdentifier : Fuses distances first, then classifies.

    Notes
    -----
    The paper does not say C, the kernel width or the fusion rule; the defaults here are
    scikit-learn's and the mean. Nor does it say what its five folds are of, and what for: that they
    are by query or patient, that each sigmoid sees only the fold left out, and that the folds are
    averaged is ours. It fits on all pairs; `max_pairs` bounds the time, since an SVM
    takes time quadratic in the number of pairs. 80,000 pairs of 160 queries carry 160 labels.
    For all pairs give the same machine from scikit-learn-intelex (in the extra ``fast``):
    ``SourceIdentifier(sklearnex.svm.SVC(), max_pairs=None)``. It is never used unasked.

    scikit-learn's RBF machines score pairs through BLAS, equal to libsvm but for rounding and much
    faster (``examples/benchmarks/speed.py --full --only score``); see
    :func:`ganisi.identification._rbf.rbf_decision_functions`.

    The number of generated images may differ between `fit` and `predict`.

    References
    ----------
    .. [1] Mehdipour Ghazi, M., Mehdipour Ghazi, M. (2023). GAN-ISI. CLEF 2023 Working Notes,
       CEUR-WS Vol. 3497, pp. 1588-1595, sections 3.5 and 4.2.

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi import SourceIdentifier
    >>> rng = np.random.default_rng(0)
    >>> used = np.repeat([0, 1], 10)
    >>> distances = rng.gamma(4, size=(20, 30, 3)) - used[:, None, None]
    >>> identifier = SourceIdentifier().fit(distances, used)
    >>> identifier.predict_proba(distances).shape
    (20, 2)
    """

    _parameter_constraints = {  # noqa: RUF012
        "estimator": [HasMethods(["fit"]), None],
        "fusion": [str, tuple, callable],
        "n_nearest": [Interval(Integral, 1, None, closed="left"), None],
        "max_pairs": [Interval(Integral, 1, None, closed="left"), None],
        "calibration": [StrOptions({"pair", "query"})],
        "cv": [Interval(Integral, 2, None, closed="left")],
        "pos_label": "no_validation",
        "random_state": ["random_state"],
        "n_jobs": N_JOBS,
    }

    def __init__(
        self,
        estimator: BaseEstimator | None = None,
        *,
        fusion: Fusion = "mean",
        n_nearest: int | None = None,
        max_pairs: int | None = 8000,
        calibration: Literal["pair", "query"] = "pair",
        cv: int = 5,
        pos_label: object = None,
        random_state: Seed = None,
        n_jobs: int | None = None,
    ) -> None:
        self.estimator = estimator
        self.fusion = fusion
        self.n_nearest = n_nearest
        self.max_pairs = max_pairs
        self.calibration = calibration
        self.cv = cv
        self.pos_label = pos_label
        self.random_state = random_state
        self.n_jobs = n_jobs

    @fit_context(prefer_skip_nested_validation=False)
    def fit(self, X: ArrayLike, y: ArrayLike, groups: ArrayLike | None = None) -> Self:
        """Fit the classifier on pairs and calibrate it by query.

        Parameters
        ----------
        X : array of shape (n_queries, n_generated, n_maps)
            Distances of real images to generated ones.
        y : array of shape (n_queries,)
            Two labels: used to train the generator, or not.
        groups : array of shape (n_queries,) or None, default=None
            Patient of each query; folds then keep a patient's queries together.

        Returns
        -------
        self : object
            The fitted identifier.

        Raises
        ------
        TypeError
            If the estimator cannot score rows.
        ValueError
            If `X` is not 3-D or not finite, if there are not two classes with two groups each, or
            if a parameter is out of range.
        """
        one_sided = not treats_classes_alike(self.fusion)
        distances = check_distances(X)
        positive, groups = self._set_classes(distances, y, groups, direction_matters=one_sided)
        labels = positive.astype(int)
        folds = query_folds(labels, groups, self.cv)
        self.n_folds_ = len(folds)
        estimator = SVC(C=1.0, kernel="rbf", gamma="scale")
        if self.estimator is not None:
            estimator = clone(self.estimator)
        self._score_method = score_method(estimator)

        self.n_maps_ = distances.shape[2]
        self.scaler_ = fit_scaler(distances)
        columns = self._draw(self._nearest(distances))
        n_pairs = columns.shape[1]
        pairs = self.scaler_.transform(self._rows(distances, columns))
        pair_labels = labels.repeat(n_pairs)
        # Row i of a query block is query i // n_pairs: folds of queries become folds of pairs.
        pair_folds = [
            tuple((side[:, None] * n_pairs + np.arange(n_pairs)).ravel() for side in fold)
            for fold in folds
        ]
        if self.calibration == "pair":
            self.classifier_ = calibrated_classifier(
                estimator, pairs, pair_labels, pair_folds, self.n_jobs
            )
            self._score_method = "predict_proba"
            return self
        scores = out_of_fold_scores(estimator, pairs, pair_labels, pair_folds, self.n_jobs)
        fused = fuse(self._unit(scores).reshape(len(distances), n_pairs), self.fusion)
        self.sigmoid_ = fit_sigmoid(_logit(fused), labels, groups)
        self.classifier_ = estimator.fit(pairs, pair_labels)
        return self

    def predict_pair_proba(self, X: ArrayLike) -> NDArray[np.float64]:
        """Score every pair, before fusion.

        Parameters
        ----------
        X : array of shape (n_queries, n_generated, n_maps)
            Distances of the queries to the generated images.

        Returns
        -------
        probabilities : ndarray of shape (n_queries, n_generated, 2)
            In the order of `classes_`; NaN for pairs that `n_nearest` leaves out. If
            ``calibration="query"`` these are scores in [0, 1]: only the fused one is calibrated.
        """
        check_is_fitted(self)
        distances = check_distances(X, self.n_maps_)
        columns = self._nearest(distances)
        positive = np.full(distances.shape[:2], np.nan)
        np.put_along_axis(positive, columns, self._score(distances, columns), axis=1)
        return self._two_columns(positive)

    predict_proba_interval = available_if(_calibrates_queries)(WithIntervals.predict_proba_interval)

    def in_plain_words(self) -> str:
        """Say what is looked at, to somebody who reads a report and no code."""
        partners = "every synthetic image"
        if self.n_nearest is not None:
            partners = f"its {self.n_nearest} nearest synthetic images"
        return (
            f"how near an image is to {partners}, texture by texture; each pair is judged on its "
            "own, then the judgements are put together"
        )

    def _probabilities(self, X):
        fused = self._fused(X)
        if self.calibration == "query":
            fused = self.sigmoid_.predict(_logit(fused))
        return self._two_columns(fused)

    def _intervals(self, X, confidence):
        return self._intervals_of_scores(_logit(self._fused(X)), confidence)

    def _fused(self, X):
        distances = check_distances(X, self.n_maps_)
        return fuse(self._score(distances, self._nearest(distances)), self.fusion)

    def _nearest(self, distances):
        """Columns ``(n_queries, n_pairs)`` of the pairs to look at."""
        n_queries, n_generated = distances.shape[:2]
        if self.n_nearest is None:
            return np.broadcast_to(np.arange(n_generated), (n_queries, n_generated))
        if self.n_nearest > n_generated:
            raise TooFewError(
                f"n_nearest={self.n_nearest} is more than the {n_generated} generated images; use "
                "fewer, or None for all."
            )
        columns = np.empty((n_queries, self.n_nearest), dtype=int)
        for rows in query_blocks(distances):
            near = mean_distance(distances[rows], self.scaler_)
            order = np.argsort(near, axis=1, kind="stable")
            columns[rows] = order[:, : self.n_nearest]
        return columns

    def _draw(self, columns):
        """Draw at most `max_pairs` of the pairs, evenly over queries."""
        n_queries, n_pairs = columns.shape
        if self.max_pairs is None or self.max_pairs >= columns.size:
            return columns
        drawn = max(1, self.max_pairs // n_queries)
        keys = check_random_state(self.random_state).random_sample((n_queries, n_pairs))
        return np.take_along_axis(columns, np.argsort(keys, axis=1)[:, :drawn], axis=1)

    def _rows(self, distances, columns):
        """Rows ``(n_queries * n_pairs, n_maps)`` of the pairs named by `columns`."""
        return np.take_along_axis(distances, columns[:, :, None], axis=1).reshape(-1, self.n_maps_)

    def _score(self, distances, columns):
        blocks = list(pair_blocks(columns))
        parts = Parallel(n_jobs=self.n_jobs, prefer="threads")(
            # Its own rows are all that a task needs, and all that is sent to another machine.
            delayed(self._score_rows)(self._rows(distances[rows], columns[rows, some]))
            for rows, some in blocks
        )
        scores = np.empty(columns.shape)
        for block, part in zip(blocks, parts, strict=True):
            scores[block] = part.reshape(scores[block].shape)
        return scores

    def _score_rows(self, rows):
        pairs = self.scaler_.transform(rows)
        return self._unit(row_scores(self.classifier_, self._score_method, pairs))

    def _unit(self, scores):
        """Bring scores into [0, 1]."""
        return expit(scores) if self._score_method == "decision_function" else scores


def _logit(p):
    return logit(np.clip(p, CLIP, 1 - CLIP))

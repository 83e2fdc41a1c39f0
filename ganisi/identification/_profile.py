"""The other order of fusion: first the distances, then the classifier."""

from math import ceil
from numbers import Integral, Real

import numpy as np
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from .._compat._sklearn import HasMethods, Interval, fit_context
from ._base import DistanceClassifier
from ._calibration import calibrated_classifier, score_method
from ._folds import query_folds


class ProfileIdentifier(DistanceClassifier):
    """Classify each query by the profile of its smallest distances, map by map.

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
    ranks : tuple of int or float, default=(1, 5)
        Which nearest distances: whole numbers from 1, or shares of the generated images between 0
        and 1 (0.1 is the distance within which the nearest tenth lies).
    pool_maps : bool, default=False
        False takes the ranks of each map on its own, ``n_maps * len(ranks)`` features: the image
        nearest in one texture need not be nearest in another. True takes those of the mean over
        maps of the scaled distance, ``len(ranks)`` features: few, so little is to be learned.
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
    classifier_ : CalibratedClassifierCV
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

    _parameter_constraints = {  # noqa: RUF012
        "estimator": [HasMethods(["fit"]), None],
        "ranks": [tuple, list],
        "pool_maps": ["boolean"],
        "cv": [Interval(Integral, 2, None, closed="left")],
        "pos_label": "no_validation",
        "n_jobs": [Integral, None],
    }

    def __init__(
        self,
        estimator=None,
        *,
        ranks=(1, 5),
        pool_maps=False,
        cv=5,
        pos_label=None,
        n_jobs=None,
    ):
        self.estimator = estimator
        self.ranks = ranks
        self.pool_maps = pool_maps
        self.cv = cv
        self.pos_label = pos_label
        self.n_jobs = n_jobs

    @fit_context(prefer_skip_nested_validation=False)
    def fit(self, X, y, groups=None):
        """Fit the classifier on one profile a query.

        Parameters
        ----------
        X : array of shape (n_queries, n_generated, n_maps)
            Distances of real images to generated ones; relative ones work best.
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
            if a rank is not between 1 and the number of generated images.
        """
        distances, _, _ = self._check_fit(X, y, groups, direction_matters=False)
        return self.fit_labels(self._fit_profiles(distances), y, groups)

    def fit_summary(self, X, groups=None):
        """Learn what no label enters: ranks, and the spread of each map.

        With `fit_labels` this is `fit` in two steps, so that a permutation test can fit other
        labels without looking at the distances again.

        Parameters
        ----------
        X : array of shape (n_queries, n_generated, n_maps)
            Distances of real images to generated ones.
        groups : None
            Ignored here; baselines that compare queries with each other leave patients out.

        Returns
        -------
        rows : ndarray of shape (n_queries, n_features)
            The `profiles` of the queries.
        """
        return self._fit_profiles(self._check_distances(X, reset=True))

    def fit_labels(self, rows, y, groups=None):
        """Fit the classifier on the rows that `fit_summary` returned.

        Parameters
        ----------
        rows : array of shape (n_queries, n_features)
            Profiles.
        y : array of shape (n_queries,)
            Two labels.
        groups : array of shape (n_queries,) or None, default=None
            Patient of each query.

        Returns
        -------
        self : object
            The fitted identifier.
        """
        positive, groups = self._check_labels(rows, y, groups, direction_matters=False)
        estimator = LogisticRegression(C=0.01, max_iter=1000)
        if self.estimator is not None:
            estimator = clone(self.estimator)
        score_method(estimator)
        folds = query_folds(positive, groups, self.cv)
        self.n_folds_ = len(folds)
        self.classifier_ = calibrated_classifier(
            make_pipeline(StandardScaler().set_output(transform="default"), estimator),
            rows,
            positive.astype(int),
            folds,
            self.n_jobs,
        )
        return self

    def summary(self, X):
        """Return the rows of queries as `fit_summary` does, here their `profiles`.

        Parameters
        ----------
        X : array of shape (n_queries, n_generated, n_maps)
            Distances of the queries to the generated images.

        Returns
        -------
        rows : ndarray of shape (n_queries, n_features)
            One a query.
        """
        return self.profiles(X)

    def score_summary(self, rows):
        """Score rows that `summary` returned.

        Parameters
        ----------
        rows : array of shape (n_queries, n_features)
            Profiles.

        Returns
        -------
        probability : ndarray of shape (n_queries,)
            Of the label that means "used".
        """
        return self.classifier_.predict_proba(rows)[:, 1]

    def profiles(self, X):
        """Return what the classifier sees of each query.

        Parameters
        ----------
        X : array of shape (n_queries, n_generated, n_maps)
            Distances of the queries to the generated images.

        Returns
        -------
        profiles : ndarray of shape (n_queries, len(ranks) * n_maps) or (n_queries, len(ranks))
            Rank by rank, the distances of all maps, or of their mean if `pool_maps`.
        """
        return self._profiles(self._check_distances(X))

    def _fit_profiles(self, distances):
        self._n_generated = distances.shape[1]
        self._ranks = _whole_ranks(self.ranks, self._n_generated)
        self._fit_scaler(distances)
        return self._profiles(distances)

    def _profiles(self, distances):
        if distances.shape[1] != self._n_generated:
            raise ValueError(
                f"X has {distances.shape[1]} generated images, but ProfileIdentifier was fitted "
                f"with {self._n_generated}, and the smallest of more distances is smaller; use the "
                "same generated images."
            )
        which = self._ranks - 1
        profiles = []
        for rows in self._blocks(distances):
            block = distances[rows]
            if self.pool_maps:
                block = self._mean_distance(block)[:, :, None]
            ordered = np.partition(block, which, axis=1)[:, which]
            profiles.append(ordered.reshape(len(block), -1))
        return np.concatenate(profiles)

    def _positive_probability(self, distances):
        return self.score_summary(self._profiles(distances))


def _whole_ranks(ranks, n_generated):
    """Ranks from 1, those given as shares too."""
    whole = []
    for rank in ranks:
        is_share = isinstance(rank, Real) and not isinstance(rank, Integral) and 0 < rank < 1
        if not is_share and not (isinstance(rank, Integral) and rank >= 1):
            raise ValueError(
                f"ranks={ranks!r}; expected whole numbers from 1, or shares between 0 and 1."
            )
        whole.append(ceil(rank * n_generated) if is_share else rank)
    if not whole:
        raise ValueError(f"ranks={ranks!r}; expected at least one rank.")
    if max(whole) > n_generated:
        raise ValueError(
            f"ranks={ranks!r} asks for more than the {n_generated} generated images; use smaller "
            "ranks."
        )
    return np.asarray(whole)

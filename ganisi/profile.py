"""The other order of fusion: first the distances, then the classifier."""

from numbers import Integral

import numpy as np
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from ._sklearn import HasMethods, Interval, fit_context
from .calibration import calibrated_classifier, score_method
from .distance_classifier import DistanceClassifier
from .splitting import query_folds


class ProfileIdentifier(DistanceClassifier):
    """Classify each query by the profile of its smallest distances, map by map.

    For each map, the query's nearest, 5th nearest, ... distance to a generated image: one row of
    ``n_maps * len(ranks)`` features a query, standardised and classified; probabilities by a
    logistic function fitted on queries left out. In the words of multiple-instance learning,
    `SourceIdentifier` classifies instances and fuses, this embeds the bag and classifies.

    Parameters
    ----------
    estimator : classifier or None, default=None
        Classifies queries; any with `decision_function` or `predict_proba`. None is
        ``LogisticRegression(C=0.01)``, strongly regularised: there are often more features than
        queries.
    ranks : tuple of int, default=(1, 5)
        Which nearest distances of each map, from 1.
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
    n_folds_ : int
        Number of folds made.

    See Also
    --------
    SourceIdentifier : Classifies pairs first, then fuses.

    Notes
    -----
    Not part of the paper. The ranks of each map are taken on their own: the image nearest in one
    texture need not be nearest in another. The smallest of n distances falls as n grows, so use
    the same number of generated images in `fit` and `predict`; other numbers are refused.

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
        "cv": [Interval(Integral, 2, None, closed="left")],
        "pos_label": "no_validation",
        "n_jobs": [Integral, None],
    }

    def __init__(self, estimator=None, *, ranks=(1, 5), cv=5, pos_label=None, n_jobs=None):
        self.estimator = estimator
        self.ranks = ranks
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
        distances, positive, groups = self._check_fit(X, y, groups, direction_matters=False)
        self._n_generated = distances.shape[1]
        ranks = np.asarray(self.ranks)
        if ranks.size == 0 or ranks.dtype.kind not in "iu" or not (ranks >= 1).all():
            raise ValueError(f"ranks={self.ranks!r}; expected whole numbers from 1.")
        if ranks.max() > self._n_generated:
            raise ValueError(
                f"ranks={self.ranks!r} asks for more than the {self._n_generated} generated "
                "images; use smaller ranks."
            )
        estimator = LogisticRegression(C=0.01, max_iter=1000)
        if self.estimator is not None:
            estimator = clone(self.estimator)
        score_method(estimator)
        folds = query_folds(positive, groups, self.cv)
        self.n_folds_ = len(folds)
        self.classifier_ = calibrated_classifier(
            make_pipeline(StandardScaler(), estimator),
            self.profiles(distances),
            positive.astype(int),
            folds,
            self.n_jobs,
        )
        return self

    def profiles(self, X):
        """Return what the classifier sees of each query.

        Parameters
        ----------
        X : array of shape (n_queries, n_generated, n_maps)
            Distances of the queries to the generated images.

        Returns
        -------
        profiles : ndarray of shape (n_queries, len(ranks) * n_maps)
            Rank by rank, the distances of all maps.
        """
        distances = self._check_distances(X)
        if distances.shape[1] != self._n_generated:
            raise ValueError(
                f"X has {distances.shape[1]} generated images, but ProfileIdentifier was fitted "
                f"with {self._n_generated}, and the smallest of more distances is smaller; use the "
                "same generated images."
            )
        which = np.asarray(self.ranks) - 1
        # One query at a time: a partition of all distances would copy them.
        rows = [np.partition(query, which, axis=0)[which].ravel() for query in distances]
        return np.stack(rows)

    def _positive_probability(self, distances):
        return self.classifier_.predict_proba(self.profiles(distances))[:, 1]

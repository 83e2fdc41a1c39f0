"""The other order of fusion: first the distances, then the classifier."""

from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.utils.validation import check_is_fitted

from .._compat._sklearn import HasMethods
from ._base import StagedIdentifier
from ._row_classifiers import CalibratedByQuery
from ._summaries import NearestProfile


class ProfileIdentifier(StagedIdentifier):
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
        **NearestProfile._parameter_constraints,
        **CalibratedByQuery._parameter_constraints,
        "estimator": [HasMethods(["fit"]), None],
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

    def stages(self):
        """Return the unfitted stages, defaults filled in.

        Returns
        -------
        summary : transformer
            From distances to profiles, one a query; no label enters.
        classifier : classifier
            Of profiles.
        """
        estimator = LogisticRegression(C=0.01, max_iter=1000)
        if self.estimator is not None:
            estimator = clone(self.estimator)
        return (
            NearestProfile(self.ranks, pool_maps=self.pool_maps),
            CalibratedByQuery(estimator, cv=self.cv, pos_label=self.pos_label, n_jobs=self.n_jobs),
        )

    def in_plain_words(self):
        """Say what is looked at, to somebody who reads a report and no code."""
        over = "over all textures together" if self.pool_maps else "in each texture on its own"
        return f"how near an image's nearest synthetic images are, {over}"

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
        check_is_fitted(self)
        return self.summary_.transform(X)

    @property
    def scaler_(self):
        """Spread of each map over all pairs of `fit`."""
        return self.summary_.scaler_

    @property
    def n_folds_(self):
        """Number of folds made."""
        return self.classifier_.n_folds_

"""The nearest generated image: the first thing anybody would try."""

from numbers import Integral

import numpy as np
from sklearn.utils.validation import check_is_fitted

from .._sklearn import Interval, fit_context
from ..calibration import fit_sigmoid
from ..distance_classifier import DistanceClassifier


class NearestGenerated(DistanceClassifier):
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

    Notes
    -----
    Not transductive: a score depends on its own query and on `fit`. "Closer means used" is the
    hypothesis, not something to learn: where the labels of `fit` speak against it, every query
    gets the same probability, the share of used ones, rather than an attack with its sign turned.

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
        "k": [Interval(Integral, 1, None, closed="left")],
        "pos_label": "no_validation",
    }

    def __init__(self, k=1, *, pos_label=None):
        self.k = k
        self.pos_label = pos_label

    @fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y, groups=None):
        """Learn the scale of each map and the threshold.

        Parameters
        ----------
        X : array of shape (n_queries, n_generated, n_maps)
            Distances of real images to generated ones.
        y : array of shape (n_queries,)
            Two labels: used to train the generator, or not.
        groups : None
            Ignored: nothing here is cross-fitted.

        Returns
        -------
        self : object
            The fitted baseline.

        Raises
        ------
        ValueError
            If `X` is not 3-D or not finite, or there are not two classes.
        """
        distances, positive, _ = self._check_fit(X, y, groups, direction_matters=True)
        self._fit_scaler(distances)
        scores = self._scores(distances)
        self.sigmoid_ = fit_sigmoid(scores, positive.astype(int))
        # Platt's sigmoid is 1 / (1 + exp(a s + b)): a > 0 would turn the attack's sign.
        if self.sigmoid_.a_ > 0:
            share = positive.mean()
            self.sigmoid_.a_, self.sigmoid_.b_ = 0.0, np.log((1 - share) / share)
        return self

    def decision_function(self, X):
        """Score queries: minus the distance to the nearest generated images.

        Parameters
        ----------
        X : array of shape (n_queries, n_generated, n_maps)
            Distances of the queries to the generated images.

        Returns
        -------
        scores : ndarray of shape (n_queries,)
            Higher means closer. Positive for `classes_[1]`, as scikit-learn has it: with a
            `pos_label` that is `classes_[0]` the sign is turned.
        """
        check_is_fitted(self)
        scores = self._scores(self._check_distances(X))
        return scores if self._positive == 1 else -scores

    def _positive_probability(self, distances):
        return self.sigmoid_.predict(self._scores(distances))

    def _scores(self, distances):
        if self.k > distances.shape[1]:
            raise ValueError(
                f"k={self.k} is more than the {distances.shape[1]} generated images; use fewer."
            )
        scores = np.empty(len(distances))
        for rows in self._blocks(distances):
            nearest = np.partition(self._mean_distance(distances[rows]), self.k - 1, axis=1)
            scores[rows] = -nearest[:, : self.k].mean(axis=1)
        return scores

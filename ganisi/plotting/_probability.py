"""What a model says of each query, and of its pairs with generated images."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator

from .._compat._hints import Axes, ImageSet, Self
from ..metrics._labels import positive_class
from ._axes import get_one
from ._style import COLOURS, MARKERS, NEUTRAL


class ProbabilityDisplay:
    """The fused probability of each query, over the spread of its pairs.

    Queries stand in the order of their fused probability. A thin line spans the middle 80 % of a
    query's pairs, a thick one the middle half.

    Parameters
    ----------
    probability : array of shape (n_queries,)
        Fused probability of having been used, between 0 and 1.
    pair_probability : array of shape (n_queries, n_generated), or None, default=None
        Of each pair; NaN where a pair was left out. None where the model does not score pairs.
    used : array of shape (n_queries,), bool, or None, default=None
        What is known of the queries; None is nothing.

    Attributes
    ----------
    order : ndarray of shape (n_queries,), int
        The queries from left to right.
    ax_ : matplotlib.axes.Axes
        The axes.
    figure_ : matplotlib.figure.Figure
        The figure.

    Raises
    ------
    ValueError
        If lengths differ, or probabilities are not between 0 and 1.

    Notes
    -----
    Queries that stood in `fit` look better than new ones: draw out-of-fold probabilities, or
    queries that were held out. Where `SourceIdentifier` calibrates by query, pairs have scores
    that are not calibrated, and the fused probability may lie outside of them.

    Examples
    --------
    >>> from ganisi.plotting import ProbabilityDisplay
    >>> display = ProbabilityDisplay([0.8, 0.3], [[0.9, 0.6, 0.9], [0.2, 0.4, 0.3]], [True, False])
    >>> display.order
    array([1, 0])

    ``display.plot()`` draws it.
    """

    def __init__(
        self,
        probability: ArrayLike,
        pair_probability: ArrayLike | None = None,
        used: ArrayLike | None = None,
    ) -> None:
        self.probability = np.asarray(probability, dtype=float)
        self.pair_probability = (
            None if pair_probability is None else np.asarray(pair_probability, dtype=float)
        )
        self.used = None if used is None else np.asarray(used).astype(bool)
        if self.probability.ndim != 1 or len(self.probability) == 0:
            raise ValueError(
                f"probability has shape {self.probability.shape}; give one number a query, such as "
                "predict_proba(queries)[:, 1]."
            )
        everything = [self.probability]
        if self.pair_probability is not None:
            everything.append(self.pair_probability)
            if self.pair_probability.ndim != 2:
                raise ValueError(
                    f"pair_probability has shape {self.pair_probability.shape}; give (n_queries, "
                    "n_generated), such as predict_pair_proba(queries)[:, :, 1]."
                )
            if not np.isfinite(self.pair_probability).any(axis=1).all():
                raise ValueError("a query has no pair that is not NaN; leave the query out.")
        if any((one < 0).any() or (one > 1).any() for one in everything):
            raise ValueError("probabilities must be between 0 and 1; give those of one class.")
        if np.isnan(self.probability).any():
            raise ValueError("probability holds NaN; leave these queries out.")
        for name, one in [("pair_probability", self.pair_probability), ("used", self.used)]:
            if one is not None and len(one) != len(self.probability):
                raise ValueError(
                    f"{name} has {len(one)} rows for {len(self.probability)} queries; give "
                    "one each."
                )
        self.order = np.argsort(self.probability, kind="stable")

    @classmethod
    def from_estimator(
        cls,
        estimator: BaseEstimator,
        X: ImageSet,
        used: ArrayLike | None = None,
        *,
        pos_label: object = None,
    ) -> Self:
        """Score queries by a fitted model.

        Parameters
        ----------
        estimator : GANISI, SourceIdentifier, ProfileIdentifier or baseline
            Fitted.
        X : images for GANISI; else array of shape (n_queries, n_generated, n_maps)
            Queries, or their distances.
        used : array of shape (n_queries,), bool, or None, default=None
            What is known of the queries.
        pos_label : label or None, default=None
            The class that means "used"; None means 1 or True.

        Returns
        -------
        display : ProbabilityDisplay
            Not drawn yet; without pairs where the model does not score them.
        """
        positive = positive_class(estimator.classes_, pos_label)
        pairs = None
        if hasattr(estimator, "predict_pair_proba"):
            pairs = estimator.predict_pair_proba(X)[:, :, positive]
        return cls(estimator.predict_proba(X)[:, positive], pairs, used)

    def plot(self, ax: Axes | None = None, **kwargs: Any) -> Self:
        """Draw the probabilities.

        Parameters
        ----------
        ax : matplotlib Axes or None, default=None
            Where to draw; None makes a new figure.
        **kwargs : dict
            For the fused probabilities, as `matplotlib.axes.Axes.plot` takes them.

        Returns
        -------
        self : ProbabilityDisplay
            With `ax_` and `figure_`.

        Raises
        ------
        ImportError
            If matplotlib is not installed.
        """
        n_queries = len(self.probability)
        self.figure_, self.ax_ = get_one(ax, size=(min(14, max(6.5, 0.16 * n_queries)), 4.5))
        place = np.arange(1, n_queries + 1)
        self.ax_.axhline(0.5, color=NEUTRAL, linewidth=0.8, linestyle="--")
        if self.pair_probability is not None:
            shares = np.nanquantile(self.pair_probability[self.order], [0.1, 0.25, 0.75, 0.9], 1)
            for low, high, width, label in [
                (shares[0], shares[3], 1.0, "pairs: middle 80 %"),
                (shares[1], shares[2], 3.5, "pairs: middle half"),
            ]:
                self.ax_.vlines(
                    place, low, high, color="#999999", linewidth=width, alpha=0.8, label=label
                )
        fused = self.probability[self.order]
        kinds = [(np.ones(n_queries, dtype=bool), "query", 0, True)]
        if self.used is not None:
            used = self.used[self.order]
            kinds = [(used, "used query", 0, True), (~used, "not-used query", 1, False)]
        for which, label, i, filled in kinds:
            style = {
                "color": COLOURS[i],
                "marker": MARKERS[i],
                "markerfacecolor": COLOURS[i] if filled else "white",
                "markersize": 5,
                "linestyle": "none",
            }
            self.ax_.plot(
                place[which],
                fused[which],
                **{**style, "label": f"{label}, fused ({which.sum()})", **kwargs},
            )
        pairs = "" if self.pair_probability is None else ", and the spread of its pairs"
        self.ax_.set(
            title=f"Probability of each query{pairs}",
            xlabel="query, by fused probability (rank)",
            ylabel="probability of having been used",
            ylim=(-0.02, 1.02),
            xlim=(0, n_queries + 1),
        )
        self.ax_.legend(loc="upper left", fontsize="small")
        return self

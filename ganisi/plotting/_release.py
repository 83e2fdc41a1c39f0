"""What a list withholds, against the margin by which patients win generated images."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .._compat._hints import Axes, Self
from ..audit import ReleaseList
from ..audit._release_list import WITHHOLD
from ._axes import get_one
from ._style import NEUTRAL, line_style


class ReleaseDisplay:
    """Withheld images against the margin, with the decoys.

    Used and not-used real images compete for being the nearest to each generated one. Those that
    patients win who were not used are decoys: they show what chance does. Where used patients win
    many more by as large a margin, images are withheld.

    Parameters
    ----------
    margin : array of shape (n_generated,)
        By how much the nearest patient wins, in standard deviations.
    nearest_used : array of shape (n_generated,), bool
        Whether that patient was used.
    withheld : array of shape (n_generated,), bool
        Whether the image is withheld.

    Attributes
    ----------
    ax_ : matplotlib.axes.Axes
        The axes.
    figure_ : matplotlib.figure.Figure
        The figure.

    Raises
    ------
    ValueError
        If lengths differ, there is no image, or a margin is below 0 or no number.

    See Also
    --------
    ganisi.audit.release_list : Computes what is drawn.

    Examples
    --------
    >>> from ganisi.plotting import ReleaseDisplay
    >>> display = ReleaseDisplay([0.1, 0.4, 2.0], [True, False, True], [False, False, True])
    >>> display.counts([0, 0.3, 1])["not-used patients (decoys)"].tolist()
    [1, 1, 0]

    ``display.plot()`` draws it.
    """

    def __init__(self, margin: ArrayLike, nearest_used: ArrayLike, withheld: ArrayLike) -> None:
        self.margin = np.asarray(margin, dtype=float)
        self.nearest_used = np.asarray(nearest_used, dtype=bool)
        self.withheld = np.asarray(withheld, dtype=bool)
        shapes = {one.shape for one in (self.margin, self.nearest_used, self.withheld)}
        if len(shapes) > 1 or self.margin.ndim != 1 or not len(self.margin):
            raise ValueError(
                f"margin, nearest_used and withheld have the shapes {sorted(shapes)}; expected a "
                "value of each for every generated image."
            )
        if not (self.margin >= 0).all():
            raise ValueError("margin must hold numbers of at least 0; give those of release_list.")

    @classmethod
    def from_list(cls, release: ReleaseList) -> Self:
        """Take a list.

        Parameters
        ----------
        release : ReleaseList
            From :func:`ganisi.audit.release_list`, or one of the `lists` of a `Release`.

        Returns
        -------
        display : ReleaseDisplay
            Not drawn yet.
        """
        return cls(release.margin, release.nearest_used, release.decision == WITHHOLD)

    def counts(self, margins: ArrayLike) -> dict[str, NDArray[np.int_]]:
        """Count the generated images that are won by at least a margin.

        Parameters
        ----------
        margins : array of shape (n_margins,)
            The margins.

        Returns
        -------
        counts : dict of str to ndarray of shape (n_margins,), int
            Won by "used patients", by "not-used patients (decoys)", and "withheld".
        """
        kinds = {
            "used patients": self.nearest_used,
            "not-used patients (decoys)": ~self.nearest_used,
            "withheld": self.withheld,
        }
        return {
            name: np.sum(which) - np.searchsorted(np.sort(self.margin[which]), margins)
            for name, which in kinds.items()
        }

    def plot(self, ax: Axes | None = None, **kwargs: Any) -> Self:
        """Draw the counts.

        Parameters
        ----------
        ax : matplotlib Axes or None, default=None
            Where to draw; None makes a new figure.
        **kwargs : dict
            For the lines, as `matplotlib.axes.Axes.step` takes them.

        Returns
        -------
        self : ReleaseDisplay
            With `ax_` and `figure_`.

        Raises
        ------
        ImportError
            If matplotlib is not installed.
        """
        self.figure_, self.ax_ = get_one(ax)
        margins = np.unique(np.concatenate([[0], self.margin, [1.02 * self.margin.max()]]))
        *real, (_, withheld) = self.counts(margins).items()
        for i, (name, counts) in enumerate(real):
            style = {**line_style(i), "linewidth": 1.8}
            self.ax_.step(margins, counts, **{**style, "label": f"won by {name}", **kwargs})
        self.ax_.fill_between(
            margins,
            withheld,
            step="pre",
            color=NEUTRAL,
            alpha=0.25,
            linewidth=0,
            label=f"withheld: {self.withheld.sum()} of {len(self.withheld)}",
        )
        self.ax_.set(
            xlabel="margin of the nearest patient, standard deviations",
            ylabel="generated images won by at least that",
            xlim=(0, None),
            ylim=(0, None),
        )
        self.ax_.legend()
        return self

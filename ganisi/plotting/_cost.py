"""What the method costs as images or pairs become more."""

import numpy as np

from ._axes import get_axes, label_log_axes
from ._style import MARKERS, line_style


class CostDisplay:
    """Measured cost of the stages of a pipeline against n, on logarithmic axes.

    Parameters
    ----------
    n : array of shape (n_sizes,)
        Sizes that were measured: positive and rising.
    costs : dict of str to array of shape (n_sizes,)
        Cost of each stage at each size, positive; NaN where it was not measured.
    n_name : str, default="images"
        What was counted in `n`, such as "pairs".
    cost_name : str, default="time"
        What was measured.
    unit : str, default="s"
        Unit of the costs.

    Attributes
    ----------
    exponents : dict of str to float
        Slope of a straight line through each stage's logarithms: 1 is linear in n, 2 quadratic.
        NaN with fewer than two measured sizes.
    ax_ : matplotlib.axes.Axes
        The axes.
    figure_ : matplotlib.figure.Figure
        The figure.

    Raises
    ------
    ValueError
        If lengths differ, or numbers are not positive.

    Notes
    -----
    Only what was measured is drawn; nothing is extrapolated. An exponent of a few small sizes is
    below the one of large sizes, where constant costs no longer hide it.

    Examples
    --------
    >>> from ganisi.plotting import CostDisplay
    >>> display = CostDisplay([100, 200, 400], {"describe": [1, 2, 4], "fit": [1, 4, 16]})
    >>> {stage: round(exponent, 2) for stage, exponent in display.exponents.items()}
    {'describe': 1.0, 'fit': 2.0}

    ``display.plot()`` draws it.
    """

    def __init__(self, n, costs, *, n_name="images", cost_name="time", unit="s"):
        self.n = np.asarray(n, dtype=float)
        self.costs = {stage: np.asarray(cost, dtype=float) for stage, cost in costs.items()}
        self.n_name = n_name
        self.cost_name = cost_name
        self.unit = unit
        if self.n.ndim != 1 or not self.costs or not (self.n > 0).all():
            raise ValueError("n must be positive sizes and costs hold at least one stage.")
        if (np.diff(self.n) <= 0).any():
            raise ValueError("n must rise; sort the sizes, and the costs with them.")
        for stage, cost in self.costs.items():
            if cost.shape != self.n.shape:
                raise ValueError(
                    f"costs[{stage!r}] has shape {cost.shape} for {len(self.n)} sizes; give one "
                    "each, NaN where it was not measured."
                )
            if not (cost[~np.isnan(cost)] > 0).all() or np.isnan(cost).all():
                raise ValueError(
                    f"costs[{stage!r}] holds no cost, or one that is not above 0; put NaN where "
                    "nothing was measured."
                )
        self.exponents = {stage: _slope(self.n, cost) for stage, cost in self.costs.items()}

    def plot(self, ax=None, **kwargs):
        """Draw the costs.

        Parameters
        ----------
        ax : matplotlib Axes or None, default=None
            Where to draw; None makes a new figure.
        **kwargs : dict
            For all lines, as `matplotlib.axes.Axes.plot` takes them.

        Returns
        -------
        self : CostDisplay
            With `ax_` and `figure_`.

        Raises
        ------
        ImportError
            If matplotlib is not installed.
        """
        self.figure_, axes = get_axes(ax)
        self.ax_ = axes[0, 0]
        for i, (stage, cost) in enumerate(self.costs.items()):
            exponent = self.exponents[stage]
            grows = "" if np.isnan(exponent) else f" (~ n^{exponent:.1f})"
            known = ~np.isnan(cost)
            style = {"marker": MARKERS[i % len(MARKERS)], **line_style(i)}
            self.ax_.plot(
                self.n[known], cost[known], **{**style, "label": f"{stage}{grows}", **kwargs}
            )
        self.ax_.set(
            title=f"Measured {self.cost_name} against the number of {self.n_name}",
            xlabel=f"n (number of {self.n_name})",
            ylabel=f"{self.cost_name} ({self.unit})",
            xscale="log",
            yscale="log",
        )
        label_log_axes(self.ax_)
        self.ax_.grid(True, which="major", color="#dddddd", linewidth=0.6)
        self.ax_.legend(fontsize="small")
        return self


def _slope(n, cost):
    known = ~np.isnan(cost)
    if known.sum() < 2:
        return float("nan")
    x, y = np.log(n[known]), np.log(cost[known])
    return float(np.cov(x, y)[0, 1] / x.var(ddof=1))

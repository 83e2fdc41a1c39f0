"""Whether the attack would have found a leak, and how faint a one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .._compat._hints import Axes, Self
from ..audit import AuditReport, ControlResult
from ._axes import get_one
from ._style import COLOURS, MARKERS, NEUTRAL

#: What a dose is counted in; see :func:`ganisi.audit.degrade`.
_UNITS = {
    "noise": "SD",
    **dict.fromkeys(("blur", "shift", "moved"), "px"),
    "turned": "degrees",
    **dict.fromkeys(("blend", "pasted", "cropped"), "share"),
}
#: With more controls than these the names below the axis are turned.
_MANY = 10


class DoseResponseDisplay:
    """The positive control: ROC AUC against what was done to the planted copies.

    Copies of images known not to be used are planted among the generated ones, ever more degraded;
    the attack must find them. The null control plants nothing and must not find anything.

    Parameters
    ----------
    names : list of str of length n_controls
        What was planted; "nothing" is the null control. ``"noise 0.25"`` is a kind and a dose:
        controls of one kind stand beside each other by dose, joined by a line.
    roc_auc : array of shape (n_controls,)
        Cross-validated, of each.
    p_values : array of shape (n_controls,), or None, default=None
        Against permuted labels of the null control: filled marks are found ones.
    null_interval : (low, high) or None, default=None
        Where the null control's ROC AUC lies under permuted labels, or its interval.
    alpha : float, default=0.05
        A control with a p-value up to it was found.

    Attributes
    ----------
    order : list of int
        The controls from left to right.
    ax_ : matplotlib.axes.Axes
        The axes.
    figure_ : matplotlib.figure.Figure
        The figure.

    Raises
    ------
    ValueError
        If lengths differ, or values are not between 0 and 1.

    See Also
    --------
    ganisi.audit.positive_control : Computes what is drawn.

    Examples
    --------
    >>> from ganisi.plotting import DoseResponseDisplay
    >>> display = DoseResponseDisplay(
    ...     ["nothing", "exact", "noise 0.5", "noise 0.25"],
    ...     [0.52, 0.99, 0.61, 0.84],
    ...     p_values=[0.4, 0.025, 0.2, 0.025],
    ... )
    >>> [display.names[i] for i in display.order]
    ['nothing', 'exact', 'noise 0.25', 'noise 0.5']

    ``display.plot()`` draws it.
    """

    def __init__(
        self,
        names: Sequence[str],
        roc_auc: ArrayLike,
        *,
        p_values: ArrayLike | None = None,
        null_interval: tuple[float, float] | None = None,
        alpha: float = 0.05,
    ) -> None:
        self.names = list(names)
        self.roc_auc = np.asarray(roc_auc, dtype=float)
        self.p_values = None if p_values is None else np.asarray(p_values, dtype=float)
        self.null_interval = None if null_interval is None else tuple(null_interval)
        self.alpha = alpha
        for what, values in [("roc_auc", self.roc_auc), ("p_values", self.p_values)]:
            if values is None:
                continue
            if values.shape != (len(self.names),) or len(self.names) == 0:
                raise ValueError(
                    f"{what} has shape {values.shape} for {len(self.names)} names; give one each."
                )
            if not ((values >= 0) & (values <= 1)).all():
                raise ValueError(f"{what} must be between 0 and 1.")
        if self.null_interval is not None and not (
            len(self.null_interval) == 2
            and 0 <= self.null_interval[0] <= self.null_interval[1] <= 1
        ):
            raise ValueError(
                f"null_interval={null_interval!r}; expected (low, high) within [0, 1]."
            )
        kinds = list(dict.fromkeys(_kind_and_dose(name)[0] for name in self.names))
        # Nothing first, whatever the order given.
        kinds.sort(key=lambda kind: kind != "nothing")

        def place(i):
            kind, dose = _kind_and_dose(self.names[i])
            return kinds.index(kind), dose

        self.order = sorted(range(len(self.names)), key=place)

    @classmethod
    def from_results(
        cls,
        results: Sequence[ControlResult | Mapping[str, Any]],
        *,
        null_interval: tuple[float, float] | None = None,
        alpha: float = 0.05,
    ) -> Self:
        """Take the results of a positive control.

        Parameters
        ----------
        results : list of ControlResult, or list of dict
            From :func:`ganisi.audit.positive_control`.
        null_interval : (low, high) or None, default=None
            Where the null control's ROC AUC lies under permuted labels.
        alpha : float, default=0.05
            A control with a p-value up to it was found.

        Returns
        -------
        display : DoseResponseDisplay
            Not drawn yet.
        """
        return cls(
            [row["name"] for row in results],
            [row["roc_auc"] for row in results],
            p_values=[row["p_value"] for row in results],
            null_interval=null_interval,
            alpha=alpha,
        )

    @classmethod
    def from_report(cls, report: AuditReport) -> Self:
        """Take the positive control of an audit.

        Parameters
        ----------
        report : AuditReport
            From :func:`ganisi.audit.audit`.

        Returns
        -------
        display : DoseResponseDisplay
            Not drawn yet. A report has no interval of the null control, only p-values against it.

        Raises
        ------
        ValueError
            If no copies could be planted; the message says why.
        """
        if report.controls["results"] is None:
            raise ValueError(
                f"the report has no positive control to draw: {report.controls['reason']}"
            )
        return cls.from_results(report.controls["results"], alpha=report.settings["alpha"])

    def plot(self, ax: Axes | None = None, **kwargs: Any) -> Self:
        """Draw the controls.

        Parameters
        ----------
        ax : matplotlib Axes or None, default=None
            Where to draw; None makes a new figure.
        **kwargs : dict
            For the marks, as `matplotlib.axes.Axes.plot` takes them.

        Returns
        -------
        self : DoseResponseDisplay
            With `ax_` and `figure_`.

        Raises
        ------
        ImportError
            If matplotlib is not installed.
        """
        width = min(13, max(6.5, 0.85 * len(self.names) + 1.5))
        self.figure_, self.ax_ = get_one(ax, size=(width, 4.5))
        names = [self.names[i] for i in self.order]
        values = self.roc_auc[self.order]
        kinds = [_kind_and_dose(name)[0] for name in names]
        place = np.arange(len(names))
        self.ax_.axhline(0.5, color=NEUTRAL, linewidth=0.8, label="chance")
        if self.null_interval is not None:
            self.ax_.axhspan(
                *self.null_interval, color=NEUTRAL, alpha=0.2, linewidth=0, label="null interval"
            )
        for kind in dict.fromkeys(kinds):
            members = [i for i, one in enumerate(kinds) if one == kind]
            if len(members) > 1:
                self.ax_.plot(place[members], values[members], color=NEUTRAL, linestyle=":")
        for which, label, colour, marker, filled in self._marks(names):
            if not which.any():
                continue
            style = {
                "linestyle": "none",
                "color": colour,
                "marker": marker,
                "markersize": 8,
                "markerfacecolor": colour if filled else "white",
                "markeredgewidth": 1.5,
            }
            self.ax_.plot(place[which], values[which], **{**style, "label": label, **kwargs})
        for x, value in zip(place, values, strict=True):
            self.ax_.annotate(
                f"{value:.2f}",
                (x, value),
                (0, 8),
                textcoords="offset points",
                ha="center",
                fontsize="small",
                bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.7, "pad": 0.5},
            )
        self.ax_.set(
            title="Would this attack have found a leak? Copies planted on purpose",
            xlabel="what was planted, and its dose (SD and share are of an image)",
            ylabel="ROC AUC, planted against others",
            xlim=(-0.6, len(names) - 0.4),
            ylim=(min(0.4, values.min() - 0.05), 1.08),
        )
        turned = {"rotation": 60, "ha": "right", "rotation_mode": "anchor"}
        ticks = [_tick(name) for name in names]
        beside = {"loc": "best"}
        if len(names) > _MANY:
            self.ax_.set_xticks(place, [tick.replace("\n", " ") for tick in ticks], **turned)
            beside = {"loc": "upper left", "bbox_to_anchor": (1, 1)}
        else:
            self.ax_.set_xticks(place, ticks)
        self.ax_.legend(**beside, fontsize="small")
        return self

    def _marks(self, names):
        """Yield which controls share a mark, its label, colour and marker, and if it is filled."""
        null = np.array([name == "nothing" for name in names])
        yield null, "null control", "#000000", MARKERS[3], False
        if self.p_values is None:
            yield ~null, "planted copies", COLOURS[0], MARKERS[0], True
            return
        found = self.p_values[self.order] <= self.alpha
        yield ~null & found, f"found (p <= {self.alpha:g})", COLOURS[0], MARKERS[0], True
        yield ~null & ~found, f"not found (p > {self.alpha:g})", COLOURS[1], MARKERS[1], False


def _kind_and_dose(name):
    """Part "noise 0.5" into "noise" and 0.5; what has no dose has 0."""
    kind, _, dose = name.rpartition(" ")
    try:
        return (kind or name), float(dose)
    except ValueError:
        return name, 0.0


def _tick(name):
    """Write a control below the axis, in two lines."""
    kind, dose = _kind_and_dose(name)
    if kind == name:
        return {"nothing": "nothing\n(null control)", "exact": "exact\ncopies"}.get(name, name)
    return f"{kind}\n{dose:g} {_UNITS.get(kind, '')}".rstrip()

"""ROC curves drawn on linear and on logarithmic axes, with their legend."""

from ._axes import label_log_axes
from ._style import COLOURS, NEUTRAL, line_style


def draw_curves(ax, display, kind):
    """Draw the band, chance and all curves of a RocDisplay on axes of a kind."""
    # The finest rates that these images can show.
    floor_x, floor_y = (
        min((float(r[r > 0].min()) for r in rates if (r > 0).any()), default=0.1)
        for rates in (display.fpr, display.tpr)
    )
    if display.band is not None:
        ax.fill_between(
            *display.band,
            color=COLOURS[0],
            alpha=0.2,
            linewidth=0,
            label=f"band of {display.names[0]}, pointwise",
        )
    ends = [min(floor_x, floor_y) / 2 if kind == "log" else 0, 1]
    ax.plot(ends, ends, color=NEUTRAL, linewidth=0.8, label="chance: AUC 0.50")
    # The attack last, so that it lies on top.
    for i in reversed(range(len(display.names))):
        blind = " (blind check)" if display.kinds[i] == "blind check" else ""
        figure = f"{display.kind_of_auc} {display.roc_auc[i]:.2f}"
        ax.plot(
            display.fpr[i],
            display.tpr[i],
            linewidth=2.4 if i == 0 else 1.3,
            label=f"{display.names[i]}{blind}: {figure}",
            **line_style(i),
        )
    note = f" ({display.kind_of_curve})" if display.kind_of_curve else ""
    ax.set(
        title=f"ROC, {kind} axes{note}",
        xlabel="false positive rate (share of not-used images)",
        ylabel="true positive rate (share of used images)",
    )
    if kind == "log":
        ax.set(xscale="log", yscale="log")
        ax.set(xlim=(floor_x / 1.5, 1.1), ylim=(floor_y / 1.5, 1.1))
        label_log_axes(ax)
    else:
        ax.set(xlim=(-0.01, 1.01), ylim=(-0.01, 1.01))


def add_legend(display, inside):
    """Put the legend, the attack first, into the first axes or below them, where it hides none."""
    handles, labels = display.ax_[0].get_legend_handles_labels()
    order = [*reversed(range(len(labels)))]
    if display.band is not None:
        order = [order[0], 0, *order[1:-1]]
    entries = [handles[i] for i in order], [labels[i] for i in order]
    if inside:
        display.ax_[0].legend(*entries, loc="best", fontsize="small")
    else:
        n_columns = len(display.ax_)
        display.figure_.legend(
            *entries, loc="outside lower center", ncols=n_columns, fontsize="small"
        )

"""Where to draw; matplotlib is imported here only, and when a picture is drawn."""

import numpy as np


def get_axes(ax, n_rows=1, n_columns=1, *, size=(6.0, 4.5), height_ratios=None):
    """Return a figure and its axes (n_rows, n_columns): the user's, or new ones; inches."""
    if ax is None:
        plt = _import_pyplot()
        figure, axes = plt.subplots(
            n_rows,
            n_columns,
            figsize=size,
            squeeze=False,
            layout="constrained",
            height_ratios=height_ratios,
        )
        return figure, axes
    axes = np.asarray(ax, dtype=object).ravel()
    if len(axes) != n_rows * n_columns:
        raise ValueError(
            f"ax holds {len(axes)} axes and {n_rows * n_columns} are needed; make them by "
            f"plt.subplots({n_rows}, {n_columns}), or leave ax out."
        )
    return axes[0].figure, axes.reshape(n_rows, n_columns)


def get_one(ax, *, size=(6.0, 4.5)):
    """Return a figure and its only axes."""
    figure, axes = get_axes(ax, size=size)
    return figure, axes[0, 0]


def get_panels(ax, n_panels, n_columns, *, panel, above, narrowest=0):
    """Return a figure, its axes (n_panels,), and how many stand beside each other.

    All of the user's do. New ones stand in rows of `n_columns`; a panel is (width, height).
    """
    if ax is not None:
        figure, axes = get_axes(ax, 1, n_panels)
        return figure, axes[0], n_panels
    n_columns = min(n_columns, n_panels)
    n_rows = -(-n_panels // n_columns)
    size = (max(panel[0] * n_columns, narrowest), panel[1] * n_rows + above)
    figure, axes = get_axes(None, n_rows, n_columns, size=size)
    for unused in axes.ravel()[n_panels:]:
        unused.set_axis_off()
    return figure, axes.ravel()[:n_panels], n_columns


def label_log_axes(ax):
    """Write plain numbers at 1, 2 and 5 of each decade of logarithmic axes."""
    from matplotlib.ticker import LogLocator, NullFormatter, StrMethodFormatter

    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axis.set_major_formatter(StrMethodFormatter("{x:g}"))
        axis.set_minor_formatter(NullFormatter())


def _import_pyplot():
    """Return pyplot, or say what to install."""
    try:
        import matplotlib.pyplot as plt
    except ImportError as error:
        raise ImportError(
            'Drawing needs matplotlib; install it by `pip install "ganisi[plot]"`.'
        ) from error
    return plt

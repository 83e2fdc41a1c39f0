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

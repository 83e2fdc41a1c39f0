"""Where to draw; matplotlib is imported here only, and when a picture is drawn."""

import numpy as np


def get_axes(ax, n_rows=1, n_columns=1, *, size=(6.0, 4.5)):
    """Return the axes to draw on: the user's, or new ones.

    Parameters
    ----------
    ax : matplotlib Axes, array of Axes, or None
        Where to draw; None makes a new figure.
    n_rows, n_columns : int, default=1
        How many axes are needed.
    size : (width, height), default=(6.0, 4.5)
        Of a new figure, in inches.

    Returns
    -------
    figure : matplotlib.figure.Figure
        That the axes are in.
    axes : ndarray of shape (n_rows, n_columns), object
        The axes.

    Raises
    ------
    ImportError
        If matplotlib is not installed.
    ValueError
        If another number of axes is given than needed.

    Examples
    --------
    >>> from ganisi.plotting._axes import get_axes
    >>> class Axes:
    ...     figure = "the figure"
    >>> get_axes(Axes())[0]
    'the figure'
    """
    if ax is None:
        plt = _import_pyplot()
        figure, axes = plt.subplots(
            n_rows, n_columns, figsize=size, squeeze=False, layout="constrained"
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
    """Write plain numbers at 1, 2 and 5 of each decade of logarithmic axes.

    Parameters
    ----------
    ax : matplotlib Axes
        Whose x and y are logarithmic.
    """
    from matplotlib.ticker import LogLocator, NullFormatter, StrMethodFormatter

    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axis.set_major_formatter(StrMethodFormatter("{x:g}"))
        axis.set_minor_formatter(NullFormatter())


def _import_pyplot():
    try:
        import matplotlib.pyplot as plt
    except ImportError as error:
        raise ImportError(
            'Drawing needs matplotlib; install it by `pip install "ganisi[plot]"`.'
        ) from error
    return plt

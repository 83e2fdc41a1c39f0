"""Quantile functions of maps. Pure functions."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .._compat._numba import compiled
from ._kernels import block_means, bucket_values
from ._steps import (
    DEFAULT_STEPS,
    Steps,
    are_equal,
    check_steps,
    step_edges,
    step_parts,
    step_widths,
)

#: Rows of this many values take less time in buckets than sorted, where numba is installed.
_BUCKETS = range(4096, 1 << 23)
#: Whole numbers hold the cube of so many steps times the number of values.
_MOST_STEPS = 1 << 13


def quantile_function(
    values: ArrayLike, n_quantiles: int, steps: Steps = DEFAULT_STEPS
) -> NDArray[np.float32]:
    """Quantile function of samples, as means over steps of probability.

    Entry j is the mean of the empirical quantile function over ``[edges[j], edges[j + 1]]`` of
    :func:`step_edges`: block means of the sorted values, with fractions of a value where an edge
    lies within one.

    Parameters
    ----------
    values : array of shape (..., n_values)
        Samples, any order; finite.
    n_quantiles : int
        Number of steps of probability, at least 1.
    steps : {"tails", "equal"}, default="tails"
        Finer steps at both ends, or equal ones; see :func:`step_edges`.

    Returns
    -------
    quantiles : ndarray of shape (..., n_quantiles), float32
        Non-decreasing along the last axis. Their mean, each weighted by the width of its step, is
        that of the values.

    Raises
    ------
    ValueError
        If `n_quantiles` is not a whole number of 1 or more, or `steps` are others.

    Notes
    -----
    Block means make the distance of :func:`wasserstein_1d` a lower bound of the exact one, which
    misses only what changes sign inside a block. It is exact where no edge lies within a value:
    with as many "equal" steps as values, or any number of times as many. Point quantiles have no
    such bound, and miss what is beyond the last one.

    Examples
    --------
    >>> from ganisi.descriptors import quantile_function
    >>> quantile_function([3.0, 1.0, 2.0, 4.0], 2)
    array([1.5, 3.5], dtype=float32)
    >>> quantile_function(range(16), 4)  # of 1, 7, 7 and 1 values
    array([ 0.,  4., 11., 15.], dtype=float32)
    """
    check_steps(n_quantiles, steps)
    equal = are_equal(n_quantiles, steps)
    values = np.asarray(values)
    n_values = values.shape[-1]
    if n_quantiles == 1:
        return values.mean(axis=-1, dtype=np.float64, keepdims=True).astype(np.float32)
    if values.dtype == np.float32 and n_values in _BUCKETS and n_quantiles < n_values:
        kernel = compiled(block_means)
        if kernel is not None and (equal or n_quantiles <= _MOST_STEPS):
            rows = np.ascontiguousarray(values).reshape(-1, n_values).view(np.uint32)
            means = np.empty((len(rows), n_quantiles), np.float32)
            kernel(rows, *bucket_values(), step_parts(n_quantiles, steps), means)
            return means.reshape(*values.shape[:-1], n_quantiles)
    values = np.sort(values, axis=-1)
    if equal and n_quantiles == n_values:
        return values.astype(np.float32)
    if equal and n_values % n_quantiles == 0:
        blocks = values.reshape(*values.shape[:-1], n_quantiles, -1)
        return blocks.mean(axis=-1, dtype=np.float64).astype(np.float32)
    # The integral of the quantile function is piecewise linear between the cumulative sums.
    # Values are taken from the smallest, so that a constant sample stays exactly constant.
    lowest = values[..., :1].astype(np.float64)
    integral = np.zeros((*values.shape[:-1], n_values + 1))
    np.cumsum(values - lowest, axis=-1, out=integral[..., 1:])
    edges = np.arange(n_quantiles + 1) * n_values / n_quantiles
    if not equal:
        edges = step_edges(n_quantiles, steps) * n_values
    whole = np.minimum(edges.astype(int), n_values - 1)
    at_edges = integral[..., whole] + (edges - whole) * (values - lowest)[..., whole]
    means = np.diff(at_edges, axis=-1) * (n_quantiles / n_values)
    if equal:
        means += lowest
    else:
        # Differences of sums say little of a step much narrower than a value.
        means = lowest + means / step_widths(n_quantiles, steps)
        means = np.clip(means, values[..., whole[:-1]], values[..., whole[1:]])
    # Differences of large sums may fall by a rounding error where the values do not.
    return np.maximum.accumulate(means.astype(np.float32), axis=-1)


def cell_quantiles(
    maps: ArrayLike, n_quantiles: int, grid: int = 1, steps: Steps = DEFAULT_STEPS
) -> NDArray[np.float32]:
    """Quantile functions of maps in each cell of a square grid.

    Parameters
    ----------
    maps : array of shape (n_maps, height, width)
        Feature maps of one image.
    n_quantiles : int
        Number of steps of probability.
    grid : int, default=1
        The maps are cut into ``grid x grid`` cells whose sizes differ by at most one pixel, as
        :func:`numpy.array_split` cuts. 1 is the whole map.
    steps : {"tails", "equal"}, default="tails"
        Finer steps at both ends, or equal ones; see :func:`step_edges`.

    Returns
    -------
    quantiles : ndarray of shape (n_maps, grid * grid, n_quantiles), float32
        Cells row by row.

    Raises
    ------
    ValueError
        If a side of the maps has fewer pixels than `grid`, `n_quantiles` is not a whole number of
        1 or more, or `steps` are others.

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi.descriptors import cell_quantiles
    >>> maps = np.arange(16.0).reshape(1, 4, 4)
    >>> cell_quantiles(maps, n_quantiles=1, grid=2)[0, :, 0]
    array([ 2.5,  4.5, 10.5, 12.5], dtype=float32)
    """
    n_maps, height, width = maps.shape
    if grid > min(height, width):
        raise ValueError(
            f"grid={grid} cuts maps of {height} x {width} pixels into empty cells; "
            f"use grid <= {min(height, width)}."
        )
    if height % grid == 0 and width % grid == 0:
        cells = maps.reshape(n_maps, grid, height // grid, grid, width // grid)
        cells = cells.swapaxes(2, 3).reshape(n_maps, grid * grid, -1)
        return quantile_function(cells, n_quantiles, steps)
    quantiles = [
        quantile_function(cell.reshape(n_maps, -1), n_quantiles, steps)
        for band in np.array_split(maps, grid, axis=1)
        for cell in np.array_split(band, grid, axis=2)
    ]
    return np.stack(quantiles, axis=1)

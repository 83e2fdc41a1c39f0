"""Loops for numba, where it is installed; each has a plain path that gives the same answer.

Nothing here imports numba before it is asked for a compiled function.
"""

from functools import cache

import numpy as np


@cache
def compiled(function):
    """Return a function of this module compiled by numba, or None without numba."""
    try:
        from numba import njit
    except ImportError:
        return None
    return njit(nogil=True, cache=True)(function)


def entropy_table(n):
    """Tabulate c log2(c) for c = 0 .. n, in fixed point.

    Integers add up exactly in any order, so that a window that slides on keeps no trace of the
    pixels it has left.
    """
    count = np.arange(n + 1)
    return np.rint(count * np.log2(np.maximum(count, 1)) * _ONE).astype(np.int64)


_ONE = 2.0**40


def sliding_entropy(padded, radius, table):
    """Compute the entropy of grey levels in square windows, which lie inside a padded image.

    Parameters
    ----------
    padded : ndarray of shape (height + 2 * radius, width + 2 * radius)
        uint8.
    radius : int
        Windows are ``2 * radius + 1`` pixels wide.
    table : ndarray
        `entropy_table` of the number of pixels in a window.

    Returns
    -------
    map : ndarray of shape (height, width)
        In bits, float32.
    """
    side = 2 * radius + 1
    n = side * side
    height, width = padded.shape[0] - 2 * radius, padded.shape[1] - 2 * radius
    # What a level seen c times adds to the sum of c log2(c) when it is seen once more.
    gain = table[1:] - table[:-1]
    out = np.empty((height, width), np.float32)
    counts = np.zeros(256, np.int64)
    for y in range(height):
        counts[:] = 0
        total = 0
        for i in range(side):
            for j in range(side):
                level = padded[y + i, j]
                total += gain[counts[level]]
                counts[level] += 1
        out[y, 0] = (table[n] - total) / (n * _ONE)
        for x in range(1, width):
            for i in range(side):
                old = padded[y + i, x - 1]
                new = padded[y + i, x - 1 + side]
                counts[old] -= 1
                total -= gain[counts[old]]
                total += gain[counts[new]]
                counts[new] += 1
            out[y, x] = (table[n] - total) / (n * _ONE)
    return out

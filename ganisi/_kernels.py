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
    # Sums in any order, so that the compiler may spread them over vector lanes.
    return njit(nogil=True, cache=True, fastmath={"reassoc"})(function)


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


def sort_rows(values, ordered, spare):
    """Sort rows of float32, all seen as their bits: radix sort by three digits of 11 bits.

    Parameters
    ----------
    values : ndarray of shape (n_rows, n_values), uint32
        The bits of finite float32.
    ordered : ndarray of shape (n_rows, n_values), uint32
        Overwritten by the sorted rows.
    spare : ndarray of shape (n_values,), uint32
        Overwritten.
    """
    digit, sign = np.uint32(0x7FF), np.uint32(0x80000000)
    middle, high = np.uint32(11), np.uint32(22)
    n = values.shape[1]
    starts = np.empty((3, 2048), np.int64)
    for row in range(len(values)):
        source, out = values[row], ordered[row]
        # Keys sort as the numbers do: positive ones with their sign bit turned, negative ones
        # with all bits turned.
        starts[:] = 0
        for i in range(n):
            key = ~source[i] if source[i] & sign else source[i] | sign
            starts[0, key & digit] += 1
            starts[1, (key >> middle) & digit] += 1
            starts[2, key >> high] += 1
        for k in range(3):
            total = 0
            for value in range(2048):
                count = starts[k, value]
                starts[k, value] = total
                total += count
        for i in range(n):
            key = ~source[i] if source[i] & sign else source[i] | sign
            out[starts[0, key & digit]] = key
            starts[0, key & digit] += 1
        for i in range(n):
            key = out[i]
            spare[starts[1, (key >> middle) & digit]] = key
            starts[1, (key >> middle) & digit] += 1
        for i in range(n):
            key = spare[i]
            out[starts[2, key >> high]] = key ^ sign if key & sign else ~key
            starts[2, key >> high] += 1


def cityblock(queries, generated, distances):
    """Compute the mean absolute difference of every pair of rows, map by map.

    Parameters
    ----------
    queries : ndarray of shape (n_queries, n_maps, width)
        Rows.
    generated : ndarray of shape (n_generated, n_maps, width)
        Other rows.
    distances : ndarray of shape (n_queries, n_generated, n_maps)
        Overwritten. Differences and sums are float64.
    """
    n_queries, n_maps, width = queries.shape
    # A few queries stay in the cache while all generated rows pass by.
    few = 8
    for start in range(0, n_queries, few):
        for j in range(len(generated)):
            for i in range(start, min(start + few, n_queries)):
                for m in range(n_maps):
                    total = 0.0
                    for k in range(width):
                        total += abs(np.float64(queries[i, m, k]) - np.float64(generated[j, m, k]))
                    distances[i, j, m] = total / width

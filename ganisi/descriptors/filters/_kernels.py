"""Loops for numba, where it is installed; each has a plain path that gives the same answer.

Nothing here imports numba before it is asked for a compiled function.
"""

import numpy as np


def entropy_table(n):
    """Tabulate c log2(c) for c = 0 .. n, in fixed point.

    Integers add up exactly in any order, so that a window that slides on keeps no trace of the
    pixels it has left.
    """
    count = np.arange(n + 1)
    return np.rint(count * np.log2(np.maximum(count, 1)) * _ONE).astype(np.int64)


_ONE = 2.0**40


def sliding_entropy(padded, radius, table):
    """Compute the entropy in bits of grey levels in windows of 2 * radius + 1 pixels a side.

    The windows lie inside `padded`, uint8; `table` is the `entropy_table` of their pixels.
    """
    side = 2 * radius + 1
    n = side * side
    height, width = padded.shape[0] - 2 * radius, padded.shape[1] - 2 * radius
    # What a level seen c times adds to the sum of c log2 c when it is seen once more.
    gain = table[1:] - table[:-1]
    out = np.empty((height, width), np.float32)
    # Without a sign, so that no look into `gain` has to ask whether it is meant from the end.
    counts, one = np.zeros(256, np.uint64), np.uint64(1)
    for y in range(height):
        counts[:] = 0
        total = 0
        for i in range(side):
            for j in range(side):
                level = padded[y + i, j]
                total += gain[counts[level]]
                counts[level] += one
        out[y, 0] = (table[n] - total) / (n * _ONE)
        left, right = padded[y : y + side, :width], padded[y : y + side, side:]
        for x in range(width - 1):
            for i in range(side):
                old, new = left[i, x], right[i, x]
                count = counts[old] - one
                total -= gain[count]
                counts[old] = count
                count = counts[new]
                total += gain[count]
                counts[new] = count + one
            out[y, x + 1] = (table[n] - total) / (n * _ONE)
    return out


def sliding_std(padded, out):
    """Compute the standard deviation (N - 1) of uint8 in windows of 3 x 3, which lie inside."""
    height, width = out.shape
    levels = padded.astype(np.int32)
    sums, squares = np.empty((2, width + 2), np.int32)
    for y in range(height):
        above, middle, below = levels[y], levels[y + 1], levels[y + 2]
        for x in range(width + 2):
            sums[x] = above[x] + middle[x] + below[x]
        for x in range(width + 2):
            squares[x] = above[x] * above[x] + middle[x] * middle[x] + below[x] * below[x]
        row = out[y]
        for x in range(width):
            total = sums[x] + sums[x + 1] + sums[x + 2]
            of_squares = squares[x] + squares[x + 1] + squares[x + 2]
            row[x] = np.sqrt((9 * of_squares - total * total) / 72)


def derivatives(padded, smoothing, first, second, maps):
    """Differentiate an image by separable kernels, down and then across, row by row.

    `smoothing`, `first` and `second` are the weights of the neighbours on one side: of an even, an
    odd and an even kernel, whose sums are 1, 0 and 0. `maps` is overwritten by Lx, Ly, Lxx, Lxy and
    Lyy, where y points up. All are float32.
    """
    radius, height, width = len(smoothing), maps.shape[1], maps.shape[2]
    rows = np.empty((5, width + 2 * radius), np.float32)
    border = (padded.shape[0] - height) // 2
    for y in range(height):
        _filter_down(padded, y + border, border - radius, smoothing, first, second, rows)
        _filter_across(rows, smoothing, first, second, maps, y)


# Below, each loop writes one array, or the compiler cannot tell them apart, and begins at 0, or it
# fears negative indices: either way it would not use vectors.


def _filter_down(padded, y, start, smoothing, first, second, rows):
    """Smooth row y from column `start` on, and differentiate it once and twice, downwards."""
    radius, wide = len(smoothing), rows.shape[1]
    stop = start + wide
    smoothed, sloped, curved, difference, curvature = rows[0], rows[1], rows[2], rows[3], rows[4]
    rows[:] = 0
    centre = padded[y, start:stop]
    for k in range(radius):
        w0, w1, w2 = smoothing[k], first[k], second[k]
        above, below = padded[y - k - 1, start:stop], padded[y + k + 1, start:stop]
        for x in range(wide):
            difference[x] = above[x] - below[x]
        for x in range(wide):
            curvature[x] = (below[x] + above[x]) - (centre[x] + centre[x])
        for x in range(wide):
            smoothed[x] += w0 * curvature[x]
        for x in range(wide):
            sloped[x] += w1 * difference[x]
        for x in range(wide):
            curved[x] += w2 * curvature[x]
    for x in range(wide):
        smoothed[x] += centre[x]


def _filter_across(rows, smoothing, first, second, maps, y):
    """Do the same across, of what was done down."""
    radius, width = len(smoothing), maps.shape[2]
    smoothed, sloped, curved = rows[0], rows[1], rows[2]
    middle = slice(radius, radius + width)
    centre0, centre1, centre2 = smoothed[middle], sloped[middle], curved[middle]
    maps[:, y] = 0
    lx, ly, lxx, lxy, lyy = maps[0, y], maps[1, y], maps[2, y], maps[3, y], maps[4, y]
    for k in range(radius):
        w0, w1, w2 = smoothing[k], first[k], second[k]
        i, j = radius + k + 1, radius - k - 1
        right, left = smoothed[i : i + width], smoothed[j : j + width]
        for x in range(width):
            lx[x] += w1 * (right[x] - left[x])
        for x in range(width):
            lxx[x] += w2 * ((right[x] + left[x]) - (centre0[x] + centre0[x]))
        right, left = sloped[i : i + width], sloped[j : j + width]
        for x in range(width):
            lxy[x] += w1 * (right[x] - left[x])
        for x in range(width):
            ly[x] += w0 * ((right[x] + left[x]) - (centre1[x] + centre1[x]))
        right, left = curved[i : i + width], curved[j : j + width]
        for x in range(width):
            lyy[x] += w0 * ((right[x] + left[x]) - (centre2[x] + centre2[x]))
    for x in range(width):
        ly[x] += centre1[x]
    for x in range(width):
        lyy[x] += centre2[x]


def curvatures(derivatives, maps):
    """Compute the six maps of one scale of the multiscale Hessian from the five derivatives."""
    half, tie, two = np.float32(0.5), np.float32(1e-4), np.float32(2)
    for y in range(maps.shape[1]):
        for x in range(maps.shape[2]):
            lx, ly = derivatives[0, y, x], derivatives[1, y, x]
            lxx, lxy, lyy = derivatives[2, y, x], derivatives[3, y, x], derivatives[4, y, x]
            middle, tilt = (lxx + lyy) * half, (lxx - lyy) * half
            gap2 = tilt * tilt + lxy * lxy
            gap = np.sqrt(gap2)
            gap = np.copysign(gap, middle + tie * gap)
            maps[0, y, x] = np.sqrt(lx * lx + ly * ly)
            maps[1, y, x] = middle + gap
            maps[2, y, x] = middle - gap
            maps[3, y, x] = lxx + lyy
            maps[4, y, x] = (middle + gap) * (middle - gap)
            maps[5, y, x] = np.sqrt(two * (middle * middle + gap2))


def magnitudes(even, odd, out):
    """Compute the magnitudes of complex responses from the parts that are even and odd.

    These are given as real and imaginary parts on the second half of one of the axes, and `out` is
    overwritten on both halves; an odd number of pixels has one that is in both.
    """
    down = even.shape[2] == out.shape[1]
    n = out.shape[0] if down else out.shape[1]
    last = (n + 1) // 2 - 1
    # As above, one array a loop, and indices from 0.
    for y in range(even.shape[1]):
        even0, even1, odd0, odd1 = even[0, y], even[1, y], odd[0, y], odd[1, y]
        if down:
            first, second = out[last - y], out[n // 2 + y]
            for x in range(even.shape[2]):
                real, imag = even0[x] - odd0[x], even1[x] - odd1[x]
                first[x] = np.sqrt(real * real + imag * imag)
        else:
            first, second = out[y, : last + 1], out[y, n // 2 :]
            for x in range(even.shape[2]):
                real, imag = even0[x] - odd0[x], even1[x] - odd1[x]
                first[last - x] = np.sqrt(real * real + imag * imag)
        for x in range(even.shape[2]):
            real, imag = even0[x] + odd0[x], even1[x] + odd1[x]
            second[x] = np.sqrt(real * real + imag * imag)

"""Loops for numba, where it is installed; each has a plain path that gives the same answer.

Nothing here imports numba before it is asked for a compiled function.
"""

from functools import cache

import numpy as np


@cache
def compiled(function):
    """Return a function of this module compiled by numba, or None without a numba that works."""
    try:
        from numba import njit
    except Exception:  # One that does not fit its own libraries raises whatever it likes.
        return None
    # Sums in any order, so that the compiler may spread them over vector lanes.
    options = {"nogil": True, "fastmath": {"reassoc"}}
    try:
        return njit(cache=True, **options)(function)
    except RuntimeError:  # Nowhere to keep what is compiled: compile it anew in each process.
        return njit(**options)(function)


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
    """Compute the standard deviation of grey levels in windows of 3 x 3, N - 1 the denominator.

    Parameters
    ----------
    padded : ndarray of shape (height + 2, width + 2)
        uint8.
    out : ndarray of shape (height, width)
        Overwritten; float32.
    """
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

    Parameters
    ----------
    padded : ndarray of shape (height + 2 * border, width + 2 * border)
        The image with a border of at least `radius`; float32.
    smoothing, first, second : ndarray of shape (radius,)
        Weights of the neighbours on one side: of an even, an odd and an even kernel, whose sums
        are 1, 0 and 0; float32.
    maps : ndarray of shape (5, height, width)
        Overwritten by Lx, Ly, Lxx, Lxy and Lyy, where y points up; float32.
    """
    radius, height, width = len(smoothing), maps.shape[1], maps.shape[2]
    border = (padded.shape[0] - height) // 2
    start, wide = border - radius, width + 2 * radius
    stop, middle = start + wide, slice(radius, radius + width)
    rows = np.empty((5, wide), np.float32)
    smoothed, sloped, curved, difference, curvature = rows[0], rows[1], rows[2], rows[3], rows[4]
    centre0, centre1, centre2 = smoothed[middle], sloped[middle], curved[middle]
    # Each loop writes one array, or the compiler cannot tell them apart, and begins at 0, or it
    # fears negative indices: either way it would not use vectors.
    for y in range(height):
        rows[:] = 0
        centre = padded[y + border, start:stop]
        for k in range(radius):
            w0, w1, w2 = smoothing[k], first[k], second[k]
            above = padded[y + border - k - 1, start:stop]
            below = padded[y + border + k + 1, start:stop]
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
    """Compute the six maps of one scale of the multiscale Hessian, pixel by pixel.

    Parameters
    ----------
    derivatives : ndarray of shape (5, height, width)
        Lx, Ly, Lxx, Lxy and Lyy, float32.
    maps : ndarray of shape (6, height, width)
        Overwritten; float32.
    """
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

    Parameters
    ----------
    even, odd : ndarray of shape (2, height, width)
        Real and imaginary parts on the second half of one of the axes; float32.
    out : ndarray of shape (2 * height, width) or (height, 2 * width), or one less
        Overwritten on both halves; float32. With one less, both have the middle.
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


@cache
def bucket_values():
    """Tabulate the lowest float32 with each upper half of the bits, and the step to the next.

    Returns
    -------
    lowest, step : ndarray of shape (65536,)
        float64. A number is ``lowest[upper] + lower * step[upper]``, exactly.
    """
    first = np.arange(1 << 16, dtype=np.uint32) << 16
    with np.errstate(invalid="ignore"):
        lowest, second = (bits.view(np.float32).astype(float) for bits in (first, first + 1))
        step = second - lowest
    step[~np.isfinite(step)] = 0  # the upper halves of infinities and of what is not a number
    return lowest, step


def block_means(values, lowest, step, means):
    """Compute the means of equal blocks of each row's sorted values, without sorting them.

    Numbers with the same upper half of their bits share a bucket. A bucket within a block enters
    by the number of its values and their sum, which integers hold exactly. Only the buckets that
    lie across the end of a block are sorted.

    Parameters
    ----------
    values : ndarray of shape (n_rows, n_values), uint32
        The bits of finite float32, fewer than 2**23 a row.
    lowest, step : ndarray of shape (65536,)
        `bucket_values`.
    means : ndarray of shape (n_rows, n_blocks)
        Overwritten; not more blocks than values. A value that lies across the end of a block
        counts in both, by its parts.
    """
    upper, low, digit = np.uint32(16), np.uint32(0xFFFF), np.uint32(0x7FF)
    n_values, n_blocks = values.shape[1], means.shape[1]
    # A word a bucket: the sum of the lower halves, and above 40 bits the number of values.
    bucket = np.empty(1 << 16, np.int64)
    one = np.int64(1) << 40
    cut = np.zeros(1 << 16, np.uint32)
    used = np.empty(min(n_values, 1 << 16), np.int64)
    mixed, spare = np.empty(n_values + 1, np.uint32), np.empty(n_values + 1, np.uint32)
    starts = np.empty(1 << 11, np.int64)
    for row in range(len(values)):
        source, blocks = values[row], means[row]
        bucket[:] = 0
        for i in range(n_values):
            bucket[source[i] >> upper] += one + np.int64(source[i] & low)

        # From the lowest to the highest: the bits of negative numbers run the other way.
        n_used = 0
        for i in range(256):
            first = 256 * (255 - i if i < 128 else i - 128)
            page, in_use = bucket[first : first + 256], np.int64(0)
            for j in range(256):
                in_use |= page[j]
            if in_use:
                for j in range(256):
                    k = first + (255 - j if i < 128 else j)
                    if bucket[k]:
                        used[n_used] = k
                        n_used += 1

        # Number the buckets to sort. One whose lower halves sum to 0 has a single value.
        n_cut, before = 0, np.int64(0)
        for u in range(n_used):
            k = used[u]
            after = before + (bucket[k] >> 40)
            across = before * n_blocks // n_values != (after * n_blocks - 1) // n_values
            if across and bucket[k] & (one - 1):
                n_cut += 1
                cut[k] = n_cut
            before = after

        # Gather what is in them, in the order of the image, and sort it digit by digit.
        n_mixed = 0
        for i in range(n_values):
            mixed[n_mixed] = source[i]
            n_mixed += cut[source[i] >> upper] != 0
        for i in range(n_mixed):
            number = cut[mixed[i] >> upper] - np.uint32(1)
            mixed[i] = (number << upper) | (mixed[i] & low)
        shift = np.uint32(0)
        while (n_cut << 16) >> shift:
            starts[:] = 0
            for i in range(n_mixed):
                starts[(mixed[i] >> shift) & digit] += 1
            total = 0
            for value in range(len(starts)):
                count = starts[value]
                starts[value] = total
                total += count
            for i in range(n_mixed):
                value = (mixed[i] >> shift) & digit
                spare[starts[value]] = mixed[i]
                starts[value] += 1
            mixed, spare = spare, mixed
            shift += np.uint32(11)

        # Fill block after block. A block has room for n_values parts, a value has n_blocks parts.
        block, room, integral, at = 0, np.int64(n_values), 0.0, 0
        for u in range(n_used):
            k = used[u]
            count = bucket[k] >> 40
            left = count
            while left:
                whole = min(left, room // n_blocks)
                lows = bucket[k] & (one - 1)
                if cut[k]:
                    lows = np.int64(0)
                    first = at + count - left if k < 0x8000 else at + left - whole
                    for i in range(first, first + whole):
                        lows += mixed[i] & low
                integral += n_blocks * (whole * lowest[k] + lows * step[k])
                room -= whole * n_blocks
                left -= whole
                if left and 0 < room < n_blocks:
                    value = lowest[k]
                    if cut[k]:
                        i = at + count - left if k < 0x8000 else at + left - 1
                        value += (mixed[i] & low) * step[k]
                    blocks[block] = (integral + room * value) / n_values
                    block += 1
                    integral = (n_blocks - room) * value
                    room += n_values - n_blocks
                    left -= 1
                if room == 0:
                    blocks[block] = integral / n_values
                    block += 1
                    room, integral = np.int64(n_values), 0.0
            if cut[k]:
                at += count
                cut[k] = 0


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

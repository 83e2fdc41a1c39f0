"""Quantile functions without sorting, for numba."""

from functools import cache

import numpy as np


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

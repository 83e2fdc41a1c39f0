"""Quantile functions without sorting, for numba."""

from functools import cache

import numpy as np

#: Bits of a number: how many are below the upper half, which they are, and a digit to sort by.
_UPPER, _LOW, _DIGIT = np.uint32(16), np.uint32(0xFFFF), np.uint32(0x7FF)
_DIGIT_BITS = np.uint32(11)
#: A bucket is a word: the sum of the lower halves, and above 40 bits the number of values.
_ONE = np.int64(1) << 40


@cache
def bucket_values():
    """Tabulate the lowest float32 with each upper half of the bits, and the step to the next.

    As float64: a number is ``lowest[upper] + lower * step[upper]``, exactly.
    """
    first = np.arange(1 << 16, dtype=np.uint32) << 16
    with np.errstate(invalid="ignore"):
        lowest, second = (bits.view(np.float32).astype(float) for bits in (first, first + 1))
        step = second - lowest
    step[~np.isfinite(step)] = 0  # the upper halves of infinities and of what is not a number
    return lowest, step


def block_means(values, lowest, step, edges, means):
    """Compute the means of blocks of each row's sorted values, without sorting them.

    `values` are the bits of float32 as uint32, fewer than 2**23 a row; `edges` are where blocks
    begin and end, int64, rising from 0 to the whole row, and times the number of values below
    2**63; `means`, float32, is overwritten. A value across the end of a block counts in both.
    """
    # Numbers with the same upper half of their bits share a bucket. A bucket within a block enters
    # by the number of its values and their sum, which integers hold exactly. Only the buckets that
    # lie across the end of a block are sorted.
    n_values = values.shape[1]
    bucket = np.empty(1 << 16, np.int64)
    cut = np.zeros(1 << 16, np.uint32)
    used = np.empty(min(n_values, 1 << 16), np.int64)
    mixed, spare = np.empty(n_values + 1, np.uint32), np.empty(n_values + 1, np.uint32)
    starts = np.empty(1 << 11, np.int64)
    for row in range(len(values)):
        source = values[row]
        _fill(source, bucket)
        n_used = _list_used(bucket, used)
        n_cut = _number_cut(bucket, used, n_used, n_values, edges, cut)
        n_mixed = _gather(source, cut, mixed)
        mixed, spare = _sort(mixed, spare, n_mixed, n_cut, starts)
        _sum_up(bucket, used, n_used, cut, mixed, lowest, step, n_values, edges, means[row])


def _fill(source, bucket):
    """Count the numbers in each bucket, and add up their lower halves."""
    bucket[:] = 0
    for i in range(len(source)):
        bucket[source[i] >> _UPPER] += _ONE + np.int64(source[i] & _LOW)


def _list_used(bucket, used):
    """List the buckets in use from the lowest to the highest: how many there are."""
    n_used = 0
    for i in range(256):
        # The bits of negative numbers run the other way.
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
    return n_used


def _number_cut(bucket, used, n_used, n_values, edges, cut):
    """Number the buckets to sort, across the end of a block: how many there are."""
    n_cut, before, block = 0, np.int64(0), 0
    for u in range(n_used):
        k = used[u]
        after = before + (bucket[k] >> 40)
        while edges[block + 1] * n_values <= before * edges[-1]:
            block += 1
        across = edges[block + 1] * n_values < after * edges[-1]
        # One whose lower halves sum to 0 has a single value.
        if across and bucket[k] & (_ONE - 1):
            n_cut += 1
            cut[k] = n_cut
        before = after
    return n_cut


def _gather(source, cut, mixed):
    """Gather what is in the buckets to sort, bucket number above lower half: how many there are."""
    n_mixed = 0
    for i in range(len(source)):
        mixed[n_mixed] = source[i]
        n_mixed += cut[source[i] >> _UPPER] != 0
    for i in range(n_mixed):
        number = cut[mixed[i] >> _UPPER] - np.uint32(1)
        mixed[i] = (number << _UPPER) | (mixed[i] & _LOW)
    return n_mixed


def _sort(mixed, spare, n_mixed, n_cut, starts):
    """Sort digit by digit; return the sorted array, and the other one."""
    shift = np.uint32(0)
    while (n_cut << 16) >> shift:
        starts[:] = 0
        for i in range(n_mixed):
            starts[(mixed[i] >> shift) & _DIGIT] += 1
        total = 0
        for value in range(len(starts)):
            count = starts[value]
            starts[value] = total
            total += count
        for i in range(n_mixed):
            value = (mixed[i] >> shift) & _DIGIT
            spare[starts[value]] = mixed[i]
            starts[value] += 1
        mixed, spare = spare, mixed
        shift += _DIGIT_BITS
    return mixed, spare


def _sum_up(bucket, used, n_used, cut, mixed, lowest, step, n_values, edges, blocks):
    """Fill block after block, with parts of values: a value has as many as the last edge says."""
    n_parts = edges[-1]
    block, integral, at = 0, 0.0, 0
    size = edges[1] * n_values
    room = size
    for u in range(n_used):
        k = used[u]
        count = bucket[k] >> 40
        left = count
        while left:
            whole = min(left, room // n_parts)
            lows = bucket[k] & (_ONE - 1)
            if cut[k]:
                lows = np.int64(0)
                first = at + count - left if k < 0x8000 else at + left - whole
                for i in range(first, first + whole):
                    lows += mixed[i] & _LOW
            integral += n_parts * (whole * lowest[k] + lows * step[k])
            room -= whole * n_parts
            left -= whole
            if left and 0 < room < n_parts:
                value = lowest[k]
                if cut[k]:
                    i = at + count - left if k < 0x8000 else at + left - 1
                    value += (mixed[i] & _LOW) * step[k]
                parts = n_parts
                while room < parts:
                    blocks[block] = (integral + room * value) / size
                    block += 1
                    parts -= room
                    size = (edges[block + 1] - edges[block]) * n_values
                    room, integral = size, 0.0
                integral = parts * value
                room -= parts
                left -= 1
            if room == 0:
                blocks[block] = integral / size
                block += 1
                if block < len(blocks):
                    size = (edges[block + 1] - edges[block]) * n_values
                room, integral = size, 0.0
        if cut[k]:
            at += count
            cut[k] = 0

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


def block_means(values, lowest, step, means):
    """Compute the means of equal blocks of each row's sorted values, without sorting them.

    `values` are the bits of float32 as uint32, fewer than 2**23 a row; `means`, float32 and not
    more a row than values, is overwritten. A value across the end of a block counts in both.
    """
    # Numbers with the same upper half of their bits share a bucket. A bucket within a block enters
    # by the number of its values and their sum, which integers hold exactly. Only the buckets that
    # lie across the end of a block are sorted.
    n_values, n_blocks = values.shape[1], means.shape[1]
    bucket = np.empty(1 << 16, np.int64)
    cut = np.zeros(1 << 16, np.uint32)
    used = np.empty(min(n_values, 1 << 16), np.int64)
    mixed, spare = np.empty(n_values + 1, np.uint32), np.empty(n_values + 1, np.uint32)
    starts = np.empty(1 << 11, np.int64)
    for row in range(len(values)):
        source = values[row]
        _fill(source, bucket)
        n_used = _list_used(bucket, used)
        n_cut = _number_cut(bucket, used, n_used, n_values, n_blocks, cut)
        n_mixed = _gather(source, cut, mixed)
        mixed, spare = _sort(mixed, spare, n_mixed, n_cut, starts)
        _sum_up(bucket, used, n_used, cut, mixed, lowest, step, n_values, means[row])


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


def _number_cut(bucket, used, n_used, n_values, n_blocks, cut):
    """Number the buckets to sort, across the end of a block: how many there are."""
    n_cut, before = 0, np.int64(0)
    for u in range(n_used):
        k = used[u]
        after = before + (bucket[k] >> 40)
        across = before * n_blocks // n_values != (after * n_blocks - 1) // n_values
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


def _sum_up(bucket, used, n_used, cut, mixed, lowest, step, n_values, blocks):
    """Fill block after block. A block has room for n_values parts, a value has n_blocks parts."""
    n_blocks = len(blocks)
    block, room, integral, at = 0, np.int64(n_values), 0.0, 0
    for u in range(n_used):
        k = used[u]
        count = bucket[k] >> 40
        left = count
        while left:
            whole = min(left, room // n_blocks)
            lows = bucket[k] & (_ONE - 1)
            if cut[k]:
                lows = np.int64(0)
                first = at + count - left if k < 0x8000 else at + left - whole
                for i in range(first, first + whole):
                    lows += mixed[i] & _LOW
            integral += n_blocks * (whole * lowest[k] + lows * step[k])
            room -= whole * n_blocks
            left -= whole
            if left and 0 < room < n_blocks:
                value = lowest[k]
                if cut[k]:
                    i = at + count - left if k < 0x8000 else at + left - 1
                    value += (mixed[i] & _LOW) * step[k]
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

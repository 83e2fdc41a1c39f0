"""Which labels of real images may be exchanged, where nothing leaked."""

from math import comb

import numpy as np

from ..images._patients import check_groups


def exchangeable_units(cross_fit):
    """Sets of blocks of images among which labels may be permuted.

    Each set is a list of index arrays; the label of a block moves as one.
    """
    groups = check_groups(cross_fit.groups, len(cross_fit.used))
    sets = []
    for _, test in cross_fit.folds:
        whole = []
        for group in np.unique(groups[test]):
            members = test[groups[test] == group]
            if len(np.unique(cross_fit.used[members])) == 1:
                whole.append(members)
            else:
                sets.append([members[[i]] for i in range(len(members))])
        sets.append(whole)
    return sets


def permute(used, units, rng):
    permuted = used.copy()
    for blocks in units:
        labels = np.array([used[block[0]] for block in blocks], dtype=bool)
        for block, label in zip(blocks, rng.permutation(labels), strict=True):
            permuted[block] = label
    return permuted


def count_labellings(used, units):
    total = 1
    for blocks in units:
        total *= comb(len(blocks), sum(bool(used[block[0]]) for block in blocks))
    return total

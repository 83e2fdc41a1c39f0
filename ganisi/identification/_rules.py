"""The rules of similarity of one query among real images. Pure functions of distances.

A query stands with n other real images, its references; "all" means these n + 1. `among` is
``(n + 1, n + 1)``, what lies between all, the query last; `to_generated` is ``(n + 1,
n_generated)``. A rule returns a number that is above 0 where the query was used, by that rule.
"""

import numpy as np


def joined(among_references, to_references):
    """Return what lies between all: an image's own entry is the mean of its row, itself included.

    Itself has distance 0; rows are symmetric, as distances are.
    """
    n = len(to_references)
    among = np.zeros((n + 1, n + 1))
    among[:n, :n] = among_references
    among[n, :n] = among[:n, n] = to_references
    np.fill_diagonal(among, 0)
    np.fill_diagonal(among, among.mean(axis=1))
    return among


def nearer_than_real_ones(among, to_generated):
    """Used if a generated image is nearer than any two of all are: by how many of their spreads."""
    return _in_spreads(among.min() - to_generated[-1].min(), among)


def nearer_than_usual(among, to_generated):
    """Used if a generated image is nearer than the mean less 3 standard deviations of all."""
    return _in_spreads(among.mean() - 3 * among.std() - to_generated[-1].min(), among)


def retrieved(among, to_generated):
    """Used if some generated image has none nearer: how many have, less a half."""
    return float((to_generated[:-1] >= to_generated[-1]).all(axis=0).sum()) - 0.5


def ranked_ahead(among, to_generated):
    """Used if its mean rank for generated images is below that for all: the difference as a share.

    Equally near ones share their ranks.
    """
    own = _mean_rank(to_generated.T)
    return float(_mean_rank(among) - own) / len(among)


def by_all_rules(among, to_generated, nearer=nearer_than_real_ones):
    """Used if ranked ahead or nearer, and retrieved; in that order, queries come by their ranks."""
    ahead = ranked_ahead(among, to_generated)
    used = ahead > 0 or nearer(among, to_generated) > 0
    # A share is below 1, so that it never outweighs the decision.
    return ahead + (1 if used and retrieved(among, to_generated) > 0 else -1)


def _in_spreads(margin, among):
    return float(margin) / (float(among.std()) or 1.0)


def _mean_rank(rows):
    """Mean over rows of how many entries are below the last one, equal ones by half."""
    last = rows[:, -1:]
    below = (rows < last).sum(axis=1) + ((rows == last).sum(axis=1) - 1) / 2
    return below.mean()

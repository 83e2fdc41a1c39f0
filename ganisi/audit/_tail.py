"""Do a few patients stand out? An average over all patients does not see them."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import hypergeom

from ..images._patients import check_groups


@dataclass(frozen=True)
class Ranking:
    """Patients in the order of an attack, the most extreme first, and how many lie before a tie.

    The score of a patient is that of the image that stands out most. Scores of different folds
    are compared by their distance from the median of all images of the fold; no label enters, and
    no spread of a fold, of whose few images that would be a guess.
    """

    order: np.ndarray  # (n_patients,): an image of each, which has its label
    ends: np.ndarray  # numbers of patients before which no two are equal, up to half of all

    @classmethod
    def of(cls, score, groups, folds):
        """Rank the patients of all folds."""
        groups = check_groups(groups, len(score))
        best, image = [], []
        for _, test in folds:
            away = score[test] - np.median(score[test])
            order = np.lexsort((-away, groups[test]))
            first = order[np.unique(groups[test][order], return_index=True)[1]]
            best.append(away[first])
            image.append(test[first])
        best, image = np.concatenate(best), np.concatenate(image)
        order = np.argsort(-best, kind="stable")
        return cls(image[order], _ends(best[order]))

    def most_extreme(self, used):
        """Return the number of patients and of used ones among them that is least by chance."""
        used = used[self.order]
        if len(self.ends) == 0:
            return 0, 0
        counts = np.cumsum(used)[self.ends - 1]
        best = np.argmax(_surprise(self.ends, counts, len(used), int(used.sum())))
        return int(self.ends[best]), int(counts[best])


def _ends(descending):
    """Return the numbers of patients, up to half of all, after which the score falls."""
    falls = np.flatnonzero(np.diff(descending) < 0) + 1
    return falls[falls <= max(1, len(descending) // 2)]


def patients_used(used, groups):
    """Return which patients have a used image."""
    groups = check_groups(groups, len(used))
    return np.bincount(groups[used], minlength=groups.max() + 1) > 0


def tail_statistic(ranking, used):
    """Return how surprising the most extreme patients are, for one labelling or several.

    The largest over k of ``-log10 P(as many of the k most extreme patients are used)``, k up to
    half of all patients; where labels are exchangeable that number is hypergeometric. k = 1 is the
    maximum, and a run of used patients before the first other is the true positive rate where
    nobody else is accused.

    Parameters
    ----------
    ranking : Ranking
        Of all patients.
    used : array of shape (n_images,) or (n_labellings, n_images), bool
        Labels.

    Returns
    -------
    statistic : float or ndarray of shape (n_labellings,)
        0 where all patients are equal.
    """
    labels = np.atleast_2d(used)[:, ranking.order]
    statistic = np.zeros(len(labels))
    if len(ranking.ends):
        counts = np.cumsum(labels, axis=1)[:, ranking.ends - 1]
        for n_used in np.unique(labels.sum(axis=1)):
            those = labels.sum(axis=1) == n_used
            surprise = _surprise(ranking.ends, counts[those], labels.shape[1], int(n_used))
            statistic[those] = surprise.max(axis=1)
    return statistic if np.ndim(used) == 2 else float(statistic[0])


def _surprise(k, c, n_patients, n_used):
    """-log10 P(at least c of k are used), of k (n_ends,) and c (..., n_ends); at most 304."""
    # Labellings share most pairs. A table of all would not fit where patients are many.
    codes = k * (n_patients + 1) + c
    pairs, where = np.unique(codes.ravel(), return_inverse=True)
    k, c = np.divmod(pairs, n_patients + 1)
    with np.errstate(divide="ignore"):
        log = np.log(hypergeom.sf(c - 1, n_patients, n_used, k))
    return (-np.maximum(log, -700) / np.log(10))[where].reshape(codes.shape)

"""Between which shares the used queries lie where the score is this: patients are counted."""

import numpy as np

from ..metrics._proportions import interval_of_share

#: Shares of all patients that a window holds; set before any label is seen.
_WINDOWS = (0.5, 0.25, 0.125)


def frequency_band(scores, labels, patients, weights, at, confidence):
    r"""Return the lowest and the highest share of positive queries at each score of `at`.

    All that is supposed is that the share does not fall where the score rises. Then it is, at a
    score s, at least the mean share of the queries just below s, and at most that of those just
    above; s belongs to both. A window of these has as many as an eighth, a quarter and half of all
    patients, ties whole, fewer where there are no more. Of its share Clopper and Pearson's interval
    is taken, for as many patients as it counts for (Kish), each at ``1 - (1 - confidence) / 3``;
    the highest of the lower ends and the lowest of the upper ends hold together at `confidence`,
    for each score on its own. The lower can lie above the upper one, where the supposition is
    wrong.

    Such windows are those of Dimitriadis, Duembgen, Henzi, Puke and Ziegel (2023), Honest
    calibration assessment for binary outcome predictions, Biometrika 110(3), pp. 663-680, who take
    all of them, and are wider for it.
    """
    order = np.argsort(scores, kind="stable")
    levels, level = np.unique(scores[order], return_inverse=True)
    starts = np.searchsorted(level, np.arange(len(levels) + 1))
    labels, patients, weights = labels[order], patients[order], weights[order]
    below = np.concatenate([[0.0], np.cumsum(weights)])[starts]

    def share(first, last):
        rows = slice(starts[first], starts[last])
        each = np.bincount(patients[rows], weights[rows])
        return np.average(labels[rows], weights=weights[rows]), each.sum() ** 2 / (each**2).sum()

    def bound(places, window_at, side, nothing, tightest):
        # There are only as many as there are places between the known scores.
        distinct, which = np.unique(places, return_inverse=True)
        bounds = np.full(len(distinct), nothing)
        for i, place in enumerate(distinct):
            windows = {window_at(place, part * below[-1]) for part in _WINDOWS}
            found = [share(*window) for window in windows if window[0] < window[1]]
            if found:
                each = 1 - (1 - confidence) / len(_WINDOWS)
                bounds[i] = tightest(interval_of_share(*np.transpose(found), each)[side])
        return bounds[which]

    # Sums of weights are not exact; a window of a whole number of patients must not need one more.
    def before(end, size):
        start = np.searchsorted(below, below[end] - size + 1e-9, side="right") - 1
        return max(int(start), 0), end

    def after(start, size):
        end = np.searchsorted(below, below[start] + size - 1e-9, side="left")
        return start, min(int(end), len(levels))

    low = bound(np.searchsorted(levels, at, side="right"), before, 0, 0.0, np.max)
    high = bound(np.searchsorted(levels, at, side="left"), after, 1, 1.0, np.min)
    return low, high

"""How often a not-used patient would look as used as this one: p-values that count patients."""

import numpy as np
from scipy.stats import false_discovery_control
from sklearn.utils import check_random_state

from ..images._patients import TooFewError


class NotUsedPatients:
    """Scores of not-used patients whom no model was fitted on, to compare others with.

    Of a patient with m images the largest score counts, and it is compared with the largest of m
    images of every not-used patient who has that many. A patient with more images is cut into
    blocks of m, and its p-values are multiplied by their number: where it was not used, none of its
    images has a p-value up to alpha with a probability above alpha.
    """

    def __init__(self, scores, patients, random_state=None):
        """Take for each model the scores of its patients, ``(n_images,)``, and whose they are."""
        rng = check_random_state(random_state)
        self._models = []
        for score, patient in zip(scores, patients, strict=True):
            # Sorted by patient, at random within each: the first m of every run count.
            order = np.lexsort([rng.random_sample(len(score)), patient])
            _, first, sizes = np.unique(patient[order], return_index=True, return_counts=True)
            self._models.append((np.asarray(score)[order], first, sizes))
        self._sizes = np.concatenate([sizes for _, _, sizes in self._models])
        self._largest = {}

    @property
    def n_patients(self):
        """How many not-used patients there are."""
        return len(self._sizes)

    def _cut(self, n_images):
        """Return how many images a block has, and how many blocks, of a patient with so many.

        What lets the p-value become smallest; no score is looked at for it.
        """

        def least(m):
            return -(-n_images // m) / (1 + np.count_nonzero(self._sizes >= m))

        m = min(range(n_images, 0, -1), key=least)
        return m, -(-n_images // m)

    def _largest_of(self, m):
        """Return for each model the sorted largest scores of `m` images of its patients."""
        if m not in self._largest:
            self._largest[m] = [
                np.sort([score[i : i + m].max() for i in first[sizes >= m]])
                for score, first, sizes in self._models
            ]
        return self._largest[m]

    def p_values(self, scores, n_images):
        """Return the p-value of each score, and the smallest that its patient could have.

        `scores` are one array a model, ``(n_scores,)``; `n_images` says how many images the patient
        of each has.
        """
        p_values, least = np.empty(len(n_images)), np.empty(len(n_images))
        for size in np.unique(n_images):
            which = np.flatnonzero(n_images == size)
            m, n_blocks = self._cut(int(size))
            largest = self._largest_of(m)
            n_compared = sum(map(len, largest))
            # A tie speaks for chance.
            as_high = sum(
                len(one) - np.searchsorted(one, score[which])
                for one, score in zip(largest, scores, strict=True)
            )
            p_values[which] = np.minimum(1, n_blocks * (1 + as_high) / (1 + n_compared))
            least[which] = min(1, n_blocks / (1 + n_compared))
        return p_values, least


def images_of_patient(patients):
    """Return how many images the patient of each image has, ``(n_images,)``."""
    return np.bincount(patients)[patients]


def by_patient(values, patients):
    """Return the smallest value of each patient, ``(n_patients,)``."""
    smallest = np.full(patients.max() + 1, np.inf)
    np.minimum.at(smallest, patients, values)
    return smallest


def q_values(p_values, patients, method, asked=None):
    """Return the smallest false discovery rate at which each p-value is accepted.

    One hypothesis a patient, whose p-value is its smallest; an image is accepted where its own is
    at most a threshold that accepts no patient falsely more often. `asked` are other p-values to
    ask that of.
    """
    asked = p_values if asked is None else asked
    of_patient = np.sort(by_patient(p_values, patients))
    n = len(of_patient)
    # By its patient's p-value, or the next higher one ...
    adjusted = np.append(false_discovery_control(of_patient, method=method), 1.0)
    by_the_next = adjusted[np.searchsorted(of_patient, asked)]
    # ... or with itself as the threshold, between those of two patients.
    n_accepted = np.maximum(np.searchsorted(of_patient, asked, "right"), 1)
    penalty = np.sum(1 / np.arange(1, n + 1)) if method == "by" else 1
    return np.minimum(by_the_next, penalty * n * asked / n_accepted)


def check_can_find(least, patients, fdr, method, n_reference, name):
    """Refuse where nothing could be found, whatever the images show."""
    best = q_values(least, patients, method).min()
    if best > fdr:
        raise TooFewError(
            f"with {n_reference} not-used patients held out, and {patients.max() + 1} patients "
            f"asked about, nothing can be found at fdr={fdr:g}, whatever the {name} show: the "
            f"smallest rate is {best:.2g}. Give more not-used patients, or a larger fdr."
        )

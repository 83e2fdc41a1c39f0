"""Which queries were used: decisions from scores of queries and of held-out not-used patients."""

from dataclasses import dataclass

import numpy as np

from .._compat._brief import Brief
from ..metrics._proportions import check_between
from ._conformal import NotUsedPatients, check_can_find, images_of_patient, q_values

USED, NOT_DISTINGUISHABLE = "used", "not distinguishable"
METHODS = ("bh", "by")


@dataclass(frozen=True, repr=False)
class QueryDecisions(Brief):
    """What can be said of each query.

    Attributes
    ----------
    decision : ndarray of shape (n_queries,), str
        "used", or "not distinguishable" from images that were not used. That is never "not used".
    p_value : ndarray of shape (n_queries,)
        How often a not-used patient would show an image that looks as used.
    q_value : ndarray of shape (n_queries,)
        The smallest `fdr` at which the query is called used.
    fdr : float
        Expected share of not-used patients, at most, among those of whom an image is called used.
    n_reference : int
        Not-used patients that were held out for comparison.
    """

    decision: np.ndarray
    p_value: np.ndarray
    q_value: np.ndarray
    fdr: float
    n_reference: int

    def _main_figures(self):
        return {
            "n_queries": len(self.decision),
            "n_used": int((self.decision == USED).sum()),
            "fdr": self.fdr,
            "n_reference": self.n_reference,
        }


def check_enough_patients(whose, patients, fdr, method="bh", rng=None):
    """Refuse where nothing could be found; return how many not-used patients there are.

    `whose` are the patients of the images held out, for each model; `patients` those of the
    queries, by number.
    """
    check_between("fdr", fdr)
    if method not in METHODS:
        raise ValueError(f"method={method!r}; expected one of {', '.join(map(repr, METHODS))}.")
    blank = NotUsedPatients([np.zeros(len(one)) for one in whose], whose, rng)
    blank_scores = [np.zeros(len(patients))] * len(whose)
    _, least = blank.p_values(blank_scores, images_of_patient(patients))
    check_can_find(least, patients, fdr, method, blank.n_patients, "queries")
    return blank.n_patients


def decide(scores, patients, reference, whose, fdr, method="bh", rng=None):
    """Return the `QueryDecisions` of queries.

    `scores` are those of the queries, and `reference` those of the images held out, of patients
    `whose`, by each model.
    """
    held_out = NotUsedPatients(reference, whose, rng)
    p_values, _ = held_out.p_values(scores, images_of_patient(patients))
    q = q_values(p_values, patients, method)
    return QueryDecisions(
        decision=np.where(q <= fdr, USED, NOT_DISTINGUISHABLE),
        p_value=p_values,
        q_value=q,
        fdr=fdr,
        n_reference=held_out.n_patients,
    )

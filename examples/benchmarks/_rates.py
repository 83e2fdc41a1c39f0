"""Do intervals of rates hold what they promise? A study of `audit_simulations.py`."""

import numpy as np
from _audit_points import many, rate
from scipy.stats import norm

from ganisi.metrics import rate_intervals

#: Scores are normal with variance 1, of used images about this, of others about 0.
USED = 1.5
THRESHOLD, FPR, PREVALENCE = 0.75, 0.1, 0.1


def true_rates():
    """What a sample without end would show."""
    recall, specificity = norm.sf(THRESHOLD - USED), norm.cdf(THRESHOLD)
    right, wrong = PREVALENCE * recall, (1 - PREVALENCE) * (1 - specificity)
    return {
        "recall": recall,
        "specificity": specificity,
        f"tpr_at_fpr={FPR:g}": norm.sf(norm.isf(FPR) - USED),
        "ppv_at_prevalence": right / (right + wrong),
    }


def held(seed, n_side, slices, of_patient):
    """Whether each interval holds the true rate, counting patients, and counting images.

    `of_patient` is the share of the variance that all images of a patient have in common.
    """
    rng = np.random.default_rng(seed)
    used = np.repeat([1, 0], n_side * slices)
    groups = np.repeat(np.arange(2 * n_side), slices)
    common, own = rng.normal(size=2 * n_side), rng.normal(size=len(used))
    scores = USED * used + np.sqrt(of_patient) * common[groups] + np.sqrt(1 - of_patient) * own
    dials = {"threshold": THRESHOLD, "fpr": (FPR,), "prevalence": PREVALENCE}
    found = [rate_intervals(used, scores, groups=by, **dials) for by in (groups, None)]
    return [
        [
            low <= truth <= high
            for truth, (low, high) in ((of, one[k]) for k, of in true_rates().items())
        ]
        for one in found
    ]


def rates(n, n_jobs, sides=(20, 100), spreads=(0.0, 0.5, 1.0), slices=5):
    """Recall, specificity, TPR at FPR 0.1 and PPV: how often 95 % intervals hold the truth."""
    answers = {}
    for n_side in sides:
        for of_patient in spreads:
            flags = np.array(
                many(held, n, n_jobs, n_side=n_side, slices=slices, of_patient=of_patient)
            )
            for i, counting in enumerate(("patients", "images")):
                for k, name in enumerate(true_rates()):
                    at = f"{n_side} a side, {of_patient:g} of the patient, counting {counting}: "
                    answers[at + name] = rate(flags[:, i, k])
    return answers


STUDIES = {"rates": rates}
#: Draws of the study: at length, and quick.
DRAWS = {"rates": (1000, 100)}

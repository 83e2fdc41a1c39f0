"""Studies of decisions about single images: how many are false, and how many are found."""

import numpy as np
from _audit_points import LearnedThreshold, many

from ganisi import CDFWassersteinPairer
from ganisi.audit import CrossFit, query_decisions, reference_split

FDR = 0.1
#: Patients: known and used, known and not used, asked about and used, asked about and not used.
#: So few are asked about, and so many known, that the rate is reached also where nothing leaks.
N_PATIENTS = (40, 200, 4, 4)


def patients(rng, n_patients, slices):
    """Points in space of patients 1 apart, with slices 0.1 around each."""
    centres = rng.normal(size=(n_patients, 3)).repeat(slices, axis=0)
    return centres + 0.1 * rng.normal(size=centres.shape), np.arange(n_patients).repeat(slices)


def mean(values):
    """Return the mean of values, and its Monte-Carlo standard error."""
    return np.mean(values), np.std(values) / np.sqrt(len(values))


def _decide(seed, leak, slices, folds, method="bh"):
    """Return the share of patients accused falsely, and of the leaking ones who are found."""
    rng = np.random.default_rng(seed)
    known_used, known_not, asked_used, asked_not = N_PATIENTS
    real, groups = patients(rng, known_used + known_not, slices)
    queries, of_queries = patients(rng, asked_used + asked_not, slices)
    used = groups < known_used
    n_leaking = round(leak * asked_used)
    leaking = np.concatenate(
        [real[groups < round(leak * known_used)], queries[of_queries < n_leaking]]
    )
    near = leaking + 0.02 * rng.normal(size=leaking.shape)
    fit = CrossFit(
        CDFWassersteinPairer(n_quantiles=1),
        LearnedThreshold(),
        real,
        used,
        generated=(np.concatenate([rng.normal(size=(100, 3)), near]),),
        groups=groups,
        cv=reference_split(used, groups, seed) if folds == 1 else folds,
    )
    found = query_decisions(
        fit, queries, groups=of_queries, fdr=FDR, method=method, random_state=seed
    )
    accused = np.unique(of_queries[found.decision == "used"])
    false = np.count_nonzero(accused >= n_leaking) / max(1, len(accused))
    return false, np.count_nonzero(accused < n_leaking) / max(1, n_leaking)


def decisions(n, n_jobs):
    """Which queries were used: false discoveries among patients accused, and patients found."""
    answers = {}
    for leak in (0.0, 0.5, 1.0):
        for slices in (1, 4):
            for folds, method in ((1, "bh"), (5, "bh"), (5, "by")):
                rows = many(
                    _decide, n, n_jobs, leak=leak, slices=slices, folds=folds, method=method
                )
                false, power = np.transpose(rows)
                at = f"leak {leak:g}, {slices} slices, {folds} folds, {method}: "
                answers[at + "false"] = mean(false)
                if leak:
                    answers[at + "found"] = mean(power)
    return answers


STUDIES = {"decisions": decisions}
DRAWS = {"decisions": (1000, 40)}

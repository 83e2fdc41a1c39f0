"""Studies of the simulations: where nothing leaked, how often is leakage seen?"""

import numpy as np
from _audit_points import ALPHA, LearnedThreshold, many

from ganisi import CDFWassersteinPairer
from ganisi.audit import CrossFit, permutation_test
from ganisi.baselines import NearestGenerated


def draw_unequal(seed, spread, *, mixed=0, rounded=False, effect=0.0, n_patients=24):
    """Points of patients of whom some have many more images than others.

    The number of images of a patient is lognormal(1, `spread`), 1 at least; of the first `mixed`
    patients every other image was used. `rounded` points tie.
    """
    rng = np.random.default_rng(seed)
    sizes = np.maximum(1, np.rint(rng.lognormal(1, spread, n_patients))).astype(int)
    groups = np.arange(n_patients).repeat(sizes)
    used = groups % 2
    in_both = groups < mixed
    used[in_both] = np.arange(np.count_nonzero(in_both)) % 2
    patients = rng.normal(size=(n_patients, 2))
    real = patients[groups] + 0.1 * rng.normal(size=(len(groups), 2))
    fakes = rng.normal(size=(31, 2))
    # Patients that leak do so with all their images.
    leaking = rng.permutation(np.arange(1, n_patients, 2))[: round(effect * n_patients / 2)]
    near = real[np.isin(groups, leaking)]
    fakes = np.concatenate([fakes, near + 0.05 * rng.normal(size=near.shape)])
    return (real.round(), used, fakes.round(), groups) if rounded else (real, used, fakes, groups)


def p_of_unequal_patients(seed, identifier, n_permutations=39, **data):
    """The p-value of one attack, with five folds."""
    real, used, fakes, groups = draw_unequal(seed, **data)
    pairer = CDFWassersteinPairer(n_quantiles=1)
    fit = CrossFit(pairer, identifier, real, used, generated=(fakes,), groups=groups)
    return permutation_test(fit, n_permutations=n_permutations, random_state=seed).p_value


def unequal_patients(n, n_jobs):
    """Patients of unequal size: alarms where nothing leaked, and power where half of them did."""
    answers = {}
    data = [{"spread": spread} for spread in (0.0, 0.65, 1.3)]
    data += [{"spread": 1.3, "mixed": 6}, {"spread": 1.3, "rounded": True}]
    data += [{"spread": 1.3, "effect": 0.5}]
    for one in data:
        for identifier in (LearnedThreshold(), NearestGenerated()):
            p = many(p_of_unequal_patients, n, n_jobs, identifier=identifier, **one)
            words = ", ".join(f"{name} {value:g}" for name, value in one.items())
            what = f"{words}, {type(identifier).__name__}: p <= alpha"
            answers[what] = np.mean(np.array(p) <= ALPHA)
    return answers

"""How often does an audit see a leak where there is none? Studies of `audit_simulations.py`."""

from unittest.mock import patch

import numpy as np
from _audit_points import ALPHA, LearnedThreshold, draw, many, rate
from sklearn.model_selection import StratifiedGroupKFold

from ganisi import CDFWassersteinPairer
from ganisi.audit import CrossFit, _set_level, permutation_test, set_level_test
from ganisi.audit._blind_checks import stand_in_generators
from ganisi.baselines import NearestGenerated


def draw_unequal(seed, spread, *, mixed=0, rounded=False, effect=0.0, n_patients=24):
    """Points of patients of whom some have many more images than others.

    The number of images of a patient is lognormal(1, `spread`), 1 at least; of the first `mixed`
    patients every other image was used. `rounded` points tie.
    """
    rng = np.random.default_rng([seed, n_patients])
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


def p_of_unequal_patients(seed, identifier, n_permutations=19, even_folds=False, **data):
    """The p-value of one attack, with five folds; `even_folds` balances images by label."""
    real, used, fakes, groups = draw_unequal(seed, **data)
    cv = list(StratifiedGroupKFold(5).split(real, used, groups)) if even_folds else 5
    pairer = CDFWassersteinPairer(n_quantiles=1)
    fit = CrossFit(pairer, identifier, real, used, generated=(fakes,), groups=groups, cv=cv)
    return permutation_test(fit, n_permutations=n_permutations, random_state=seed).p_value


def unequal_patients(n, n_jobs):
    """Patients of unequal size: alarms where nothing leaked, and power where half of them did."""
    learned, fixed = LearnedThreshold(), NearestGenerated()
    studied = [
        (learned, {"spread": 0.0}),
        (learned, {"spread": 1.3}),
        (learned, {"spread": 1.3, "mixed": 6}),
        (fixed, {"spread": 1.3}),
        (fixed, {"spread": 1.3, "rounded": True}),
        (fixed, {"spread": 1.3, "effect": 0.5}),
        # As it was done before.
        (fixed, {"spread": 1.3, "even_folds": True}),
        (fixed, {"spread": 1.3, "effect": 0.5, "even_folds": True}),
    ]
    answers = {}
    for identifier, data in studied:
        p = many(p_of_unequal_patients, n, n_jobs, identifier=identifier, **data)
        words = ", ".join(f"{name} {value:g}" for name, value in data.items())
        what = f"{type(identifier).__name__}, {words}: p <= alpha"
        answers[what] = rate(np.array(p) <= ALPHA)
    return answers


def _all_images(patients, others, random_state=None):
    return np.arange(len(patients)), np.arange(len(others))


def p_of_set(seed, reference, asked, spread, leak=0.0, all_images=False):
    """The p-value of a set; sizes are (patients, images of each), `leak` a share of its patients.

    Images of a patient are `spread` apart where patients are 1 apart. With `all_images` patients
    are moved with all that they have.
    """
    rng = np.random.default_rng(seed)

    def patients(n, n_images):
        centres = rng.normal(size=(n, 2)).repeat(n_images, axis=0)
        return centres + spread * rng.normal(size=centres.shape), np.arange(n).repeat(n_images)

    fitted, whose = patients(40, 2)
    held_out, theirs = patients(*reference)
    images, groups = patients(*asked)
    used = np.r_[whose % 2 == 0, np.zeros(len(held_out), bool)]
    near = np.concatenate([fitted[whose % 2 == 0], images[groups < leak * asked[0]]])
    fakes = np.concatenate([rng.normal(size=(31, 2)), near + 0.05 * rng.normal(size=near.shape)])
    fit = CrossFit(
        CDFWassersteinPairer(n_quantiles=1),
        LearnedThreshold(),
        np.concatenate([fitted, held_out]),
        used,
        generated=(fakes,),
        groups=np.r_[whose, 40 + theirs],
        cv=[(np.arange(80), np.arange(80, len(used)))],
    )
    counted = _all_images if all_images else _set_level.equal_numbers
    with patch.object(_set_level, "equal_numbers", counted):
        result = set_level_test(fit, images, groups=groups, n_permutations=199, random_state=seed)
    return result.p_value


def sets_of_other_sizes(n, n_jobs):
    """Sets whose patients have other numbers of images than the reference: alarms, and power."""
    answers = {}
    sizes = [((10, 1), (100, 10)), ((100, 10), (10, 1)), ((20, 10), (5, 1)), ((5, 1), (20, 10))]
    for reference, asked in [*sizes, ((20, 5), (20, 5))]:
        for spread in (1.0, 3.0):
            for dials in ({"leak": 0.0}, {"leak": 0.5}, {"all_images": True}):
                data = {"reference": reference, "asked": asked, "spread": spread, **dials}
                words = ", ".join(
                    f"{name} {' x '.join(map(str, np.atleast_1d(value)))}"
                    for name, value in data.items()
                )
                p = many(p_of_set, n, n_jobs, **data)
                answers[f"{words}: p <= alpha"] = rate(np.array(p) <= ALPHA)
    return answers


def _stand_in_aucs(seed, n_patients, n_draws):
    """ROC AUCs of the stand-in check of one data set, for several choices of patients."""
    real, used, fakes, groups = draw(seed, n_patients=n_patients)
    pairer, attack = CDFWassersteinPairer(n_quantiles=1), LearnedThreshold()
    fit = CrossFit(pairer, attack, real, used, generated=(fakes,), groups=groups, cv=5)
    drawn = stand_in_generators(fit, pairer, attack, real, n_draws, seed)
    return [one.roc_auc(one.raw_scores()) for one in drawn]


def stand_in_seeds(n, n_jobs, n_means=6):
    """How far its seed moves the stand-in check: one choice of patients, and the mean of many."""
    answers = {}
    # As often as an audit of so many patients chooses.
    for n_patients, n_averaged in ((40, 20), (80, 10), (200, 4)):
        n_draws = n_means * n_averaged
        aucs = many(_stand_in_aucs, n, n_jobs, n_patients=n_patients, n_draws=n_draws)
        means = np.reshape(aucs, (n, n_means, n_averaged)).mean(axis=2)
        for said, values in (("one choice", np.array(aucs)), (f"mean of {n_averaged}", means)):
            spread = values.std(axis=1, ddof=1)
            at = f"{n_patients // 2} patients a side, {said}: "
            answers[at + "standard deviation over seeds"] = spread.mean()
            answers[at + "largest of all data sets"] = spread.max()
            answers[at + "lowest AUC"] = values.min()
            answers[at + "highest AUC"] = values.max()
    return answers


STUDIES = {
    study.__name__: study for study in (unequal_patients, sets_of_other_sizes, stand_in_seeds)
}
#: Draws of each study: at length, and quick.
DRAWS = {
    "unequal_patients": (400, 20),
    "sets_of_other_sizes": (400, 20),
    "stand_in_seeds": (40, 2),
}

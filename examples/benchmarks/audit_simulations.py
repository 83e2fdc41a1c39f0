"""How often is the audit wrong? Measured on data whose truth is known.

    python examples/benchmarks/audit_simulations.py            # hours on two cores
    python examples/benchmarks/audit_simulations.py --quick    # minutes
    python examples/benchmarks/audit_simulations.py --only power

Most studies draw points instead of images: an "image" is two numbers, a patient a point in the
plane with its slices around it, and a generator that leaks returns points next to those of used
patients. So a thousand audits are affordable, with everything but the textures as it is on images.
"""

import argparse
import time

import _decisions
import _false_accusations
import _false_clearances
import _near_copies
import _probabilities
import _rates
import _sub_populations
import _utility
import numpy as np
from _audit_points import ALPHA, LearnedThreshold, audit_points, draw, many, share_of
from scipy.stats import kstest

from ganisi import CDFWassersteinPairer, recommended
from ganisi.audit import (
    CrossFit,
    audit,
    best_of,
    choose_planted,
    permutation_test,
    permuted_labels,
    positive_control,
    reference_split,
    set_level_test,
)
from ganisi.datasets import make_source_identification


def p_of_the_largest(seed, slices, n_permutations=9):
    """Without a leak: the p-value of the best of two attacks, ties broken at random."""
    real, used, fakes, groups = draw(seed, slices=slices, n_patients=12)
    pairer = CDFWassersteinPairer(n_quantiles=1)
    fit = CrossFit(pairer, LearnedThreshold(), real, used, generated=(fakes,), groups=groups, cv=2)
    labellings = permuted_labels(fit, n_permutations, seed)
    results = {
        k: permutation_test(fit.with_identifier(LearnedThreshold(k)), labellings=labellings)
        for k in (1, 5)
    }
    name, _, null = best_of(results)
    higher = (null > results[name].roc_auc + 1e-12).sum()
    equal = (abs(null - results[name].roc_auc) <= 1e-12).sum()
    random = np.random.default_rng(seed).random()
    return (higher + random * (1 + equal)) / (1 + n_permutations)


def uniform(n, n_jobs):
    """P-values of the largest AUC are uniform where nothing leaks."""
    answers = {}
    for slices in (1, 3):
        p = many(p_of_the_largest, n, n_jobs, slices=slices)
        answers[f"KS p-value, {slices} slices a patient"] = kstest(p, "uniform").pvalue
    return answers


def _verdict(seed, **arguments):
    return audit_points(seed, **arguments).verdict


def false_alarms(n, n_jobs):
    """How often leakage is detected where there is none."""
    return {
        f"false alarms, {slices} slices a patient": share_of(
            many(_verdict, n, n_jobs, slices=slices)
        )
        for slices in (1, 3)
    }


def _shifted(seed, **arguments):
    report = audit_points(seed, shift=2.0, **arguments)
    blinds = [check["roc_auc"] for check in report.eye.blind_checks["checks"].values()]
    return report.best["p_value"] <= ALPHA, report.verdict, max(blinds)


def scanner_shift(n, n_jobs):
    """Two groups of real images that differ, and no leak: the attack shouts, the verdict not."""
    shouts, verdicts, blinds = zip(*many(_shifted, n, n_jobs), strict=True)
    return {
        "shift without leak: attack better than chance": np.mean(shouts),
        "shift without leak: leakage detected": share_of(verdicts),
        "shift without leak: AUC of the better blind check": np.mean(blinds),
    }


def _figures(seed, **arguments):
    report = audit_points(seed, **arguments)
    row = report.attacks["main attack"]
    return {
        "auc": row["scores"]["roc_auc"],
        "interval": row["interval"],
        "excess": row["excess"],
        "excess_interval": row["excess_interval"],
        "significant": report.best["p_value"] <= ALPHA,
        "detectable": report.power["minimum_detectable_auc"],
        "verdict": report.verdict,
    }


def _covered(values, intervals, truth):
    return np.mean([low <= truth <= high for low, high in intervals])


def power(n, n_jobs, effects=(0.0, 0.1, 0.2, 0.3, 0.45, 0.6, 1.0), **arguments):
    """Power against the size of the leak, coverage of intervals, and the minimum detectable AUC.

    The true AUC and excess of an effect are the means over its draws.
    """
    answers, curve, detectable = {}, [], []
    for effect in effects:
        figures = many(_figures, n, n_jobs, effect=effect, **arguments)
        columns = {key: [one[key] for one in figures] for key in figures[0]}
        auc, excess = np.mean(columns["auc"]), np.mean(columns["excess"])
        curve.append((auc, np.mean(columns["significant"])))
        detectable += columns["detectable"]
        at = f"effect {effect:g}: "
        answers[at + "mean AUC"] = auc
        answers[at + "p <= alpha"] = curve[-1][1]
        answers[at + "leakage detected"] = share_of(columns["verdict"])
        answers[at + "coverage of the AUC's interval"] = _covered(
            columns["auc"], columns["interval"], auc
        )
        answers[at + "coverage of the excess's interval"] = _covered(
            columns["excess"], columns["excess_interval"], excess
        )
    aucs, powers = np.array(curve).T
    answers["AUC with simulated power 0.8"] = np.interp(0.8, np.maximum.accumulate(powers), aucs)
    answers["minimum detectable AUC, median"] = np.median(detectable)
    return answers


def _control(seed, noise, share):
    real, used, fakes, groups = draw(seed, slices=2)
    hidden = used == 0
    planted = choose_planted(hidden.sum(), groups[hidden], seed)
    rng = np.random.default_rng(seed)
    copies = {}
    rows = real[hidden][planted]
    rows = rows[: round(share * len(rows))]
    for level in noise:
        copies[f"noise {level:g}"] = rows + level * rng.normal(size=rows.shape)
    pairer = CDFWassersteinPairer(n_quantiles=1, relative=True)
    results = positive_control(
        pairer,
        LearnedThreshold(),
        real[hidden],
        planted,
        copies,
        generated=fakes,
        groups=groups[hidden],
        random_state=seed,
    )
    return [(result.roc_auc, result.p_value <= ALPHA) for result in results]


def control(n, n_jobs, noise=(0.0, 0.1, 0.3, 1.0, 3.0)):
    """No leak: exact copies are found, noisy ones less and less, and nothing where none is."""
    found = np.array(many(_control, n, n_jobs, noise=noise, share=1.0))
    answers = {}
    names = ["nothing", *(f"noise {level:g}" for level in noise)]
    for name, (auc, share) in zip(names, found.mean(axis=0), strict=True):
        answers[f"planted {name}: mean AUC"] = auc
        answers[f"planted {name}: found"] = share
    return answers


def _harmless_set(seed, n_queries):
    """Test a set where nothing was leaked, by what recommended() fits to distances."""
    rng = np.random.default_rng(seed)
    real, fakes, others = (rng.normal(size=(n, 12)) for n in (48, 20, n_queries))
    pairer = CDFWassersteinPairer(n_quantiles=1, relative=True)
    identifier = recommended().identifier.set_params(ranks=(1, 0.1), pool_maps=True)
    used = np.repeat([0, 1], 24)
    split = reference_split(used, random_state=seed)
    fit = CrossFit(pairer, identifier, real, used, generated=(fakes,), cv=split)
    result = set_level_test(fit, others, n_permutations=199, random_state=seed)
    return result.p_value <= ALPHA


def _set(seed, share, slices):
    """Test a set of which a share was used; with `slices`, its patients are known."""
    real, used, fakes, groups = draw(seed, effect=1.0, slices=2)
    rng = np.random.default_rng(10**6 + seed)
    others = rng.normal(size=(30, 2)).repeat(slices, axis=0)
    others += 0.1 * rng.normal(size=others.shape)
    n_used = round(share * len(others))
    memorised = others[:n_used] + 0.05 * rng.normal(size=(n_used, 2))
    fakes = np.concatenate([fakes, memorised])
    pairer = CDFWassersteinPairer(n_quantiles=1)
    split = reference_split(used, groups, random_state=seed)
    fit = CrossFit(
        pairer, LearnedThreshold(), real, used, generated=(fakes,), groups=groups, cv=split
    )
    patients = np.arange(30).repeat(slices) if slices > 1 else None
    result = set_level_test(fit, others, groups=patients, n_permutations=199, random_state=seed)
    return result.p_value <= ALPHA


def set_level(n, n_jobs):
    """Sets of unknown status: alarms where none was used, and power where some were."""
    return {
        f"set of {size}, no leak at all, recommended(): p <= alpha": np.mean(
            many(_harmless_set, n, n_jobs, n_queries=size)
        )
        for size in (24, 200)
    } | {
        f"set, {share:.0%} used, {slices} slices a patient: p <= alpha": np.mean(
            many(_set, n, n_jobs, share=share, slices=slices)
        )
        for slices in (1, 3)
        for share in (0.0, 0.3, 0.6)
    }


def _phantoms(seed, leakage, shift, n_permutations):
    data = make_source_identification(
        40,
        40,
        100,
        size=32,
        leakage=leakage,
        scanner_shift=shift,
        random_state=seed,
    )
    report = audit(
        recommended(grid=16),
        data.real,
        data.used,
        generated=(data.generated,),
        groups=data.groups,
        n_permutations=n_permutations,
        max_auc=0.9,
        random_state=seed,
    )
    controls = {result["name"]: result["roc_auc"] for result in report.controls["results"]}
    return (
        report.attacks["main attack"]["scores"]["roc_auc"],
        report.best["p_value"] <= ALPHA,
        report.verdict,
        controls["exact"],
        controls["nothing"],
    )


def phantoms(n, n_jobs, n_permutations=39):
    """The whole audit of recommended() on images."""
    answers = {}
    for leakage, shift in ((0.0, 0.0), (0.0, 2.0), (0.5, 0.0), (0.8, 0.0)):
        rows = many(
            _phantoms, n, n_jobs, leakage=leakage, shift=shift, n_permutations=n_permutations
        )
        aucs, significant, verdicts, exact, nothing = zip(*rows, strict=True)
        at = f"phantoms, leakage {leakage:g}, scanner_shift {shift:g}: "
        answers[at + "mean AUC"] = np.mean(aucs)
        answers[at + "p <= alpha"] = np.mean(significant)
        answers[at + "leakage detected"] = share_of(verdicts)
        answers[at + "planted exact copies, mean AUC"] = np.mean(exact)
        answers[at + "planted nothing, mean AUC"] = np.mean(nothing)
    return answers


STUDIES = (
    {
        study.__name__: study
        for study in (uniform, false_alarms, scanner_shift, power, control, set_level, phantoms)
    }
    | _false_accusations.STUDIES
    | _false_clearances.STUDIES
    | _sub_populations.STUDIES
    | _decisions.STUDIES
    | _probabilities.STUDIES
    | _near_copies.STUDIES
    | _rates.STUDIES
    | _utility.STUDIES
)
#: Draws of each study: at length, and quick.
DRAWS = (
    {
        "uniform": (1000, 200),
        "false_alarms": (1000, 60),
        "scanner_shift": (1000, 40),
        "power": (500, 40),
        "control": (200, 20),
        "set_level": (1000, 60),
        "phantoms": (40, 2),
    }
    | _false_accusations.DRAWS
    | _false_clearances.DRAWS
    | _sub_populations.DRAWS
    | _decisions.DRAWS
    | _probabilities.DRAWS
    | _near_copies.DRAWS
    | _rates.DRAWS
    | _utility.DRAWS
)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="few draws")
    parser.add_argument("--draws", type=int, help="draws of each study, whatever --quick says")
    parser.add_argument("--only", choices=sorted(STUDIES), help="one study")
    parser.add_argument("--n-jobs", type=int, default=-1, help="workers; -1 uses every core")
    arguments = parser.parse_args()
    for name, study in STUDIES.items():
        if arguments.only not in (None, name):
            continue
        start, n = time.perf_counter(), arguments.draws or DRAWS[name][arguments.quick]
        print(f"\n{name}, {n} draws: {study.__doc__.splitlines()[0]}", flush=True)
        for what, value in study(n, arguments.n_jobs).items():
            value, *error = np.atleast_1d(value)
            print(f"  {what:<72}{value:7.3f}", *(f"+- {one:.3f}" for one in error))
        print(f"  {time.perf_counter() - start:.0f} s", flush=True)


if __name__ == "__main__":
    main()

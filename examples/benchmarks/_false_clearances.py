"""How often does an audit clear images that it should not? Studies of `audit_simulations.py`."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
from _audit_points import ALPHA, audit_of, audit_points, many, rate

from ganisi import GANISI, CDFWassersteinPairer, Intensity
from ganisi.audit import CrossFit, auc_interval, audit, permutation_test
from ganisi.audit._contest import Outcomes, best_attack, patients_standing_out
from ganisi.audit._design import AuditDesign, Eye, Seeds
from ganisi.audit._power import power_section
from ganisi.audit._verdict import Evidence, decide
from ganisi.audit.report._sections import ControlResult, Controls, Copies, Extreme
from ganisi.baselines import NearestGenerated

CLEARED, ACCUSED = "no leakage detected at this power", "leakage detected"


def _exchanged(seed, **arguments):
    report = audit_points(seed, **arguments)
    return report.verdict, "labels swapped" in report.reason


def swapped_labels(n, n_jobs, effects=(0.0, 0.3, 0.6, 1.0)):
    """Used called not used, and the other way round: what the verdict is, and asks."""
    answers = {}
    for effect in effects:
        for exchanged in (False, True):
            rows = many(_exchanged, n, n_jobs, effect=effect, exchanged=exchanged)
            verdicts, asked = zip(*rows, strict=True)
            at = f"leak {effect:g}, labels {'exchanged' if exchanged else 'true'}: "
            answers[at + "asked whether they are"] = rate(asked)
            answers[at + ACCUSED] = rate([one == ACCUSED for one in verdicts])
            answers[at + "cleared"] = rate([one == CLEARED for one in verdicts])
    return answers


def _smoother(seed, shift, copied):
    """Audit points of six numbers, the first of which is how smooth an image is.

    Not-used images come from a smoother scanner, and the generator smooths: copies of used images,
    and fresh ones, are as smooth as the not-used.
    """
    rng = np.random.default_rng(seed)
    used = np.tile([0, 1], 40)
    real = rng.normal(size=(80, 6))
    near = real[used == 1] + 0.05 * rng.normal(size=(40, 6))
    fakes = np.concatenate([rng.normal(size=(30, 6)), near[: round(40 * copied)]])
    real[used == 0, 0] += shift
    fakes[:, 0] += shift
    report = audit_of(seed, real, used, fakes, np.arange(80), max_auc=0.8)
    checks = [check.roc_auc for check in report.eye.blind_checks.checks.values()]
    return report.verdict, max(abs(auc - 0.5) for auc in checks)


def smoother_copies(n, n_jobs, cases=((2.0, 0.5), (1.0, 0.5), (2.0, 0.0), (0.0, 0.5), (0.0, 0.0))):
    """Copies that are smoother than their originals, beside not-used images that are too."""
    answers = {}
    for shift, copied in cases:
        verdicts, apart = zip(*many(_smoother, n, n_jobs, shift=shift, copied=copied), strict=True)
        at = f"{copied:.0%} copied, smoother by {shift:g}: "
        answers[at + "cleared"] = rate([one == CLEARED for one in verdicts])
        answers[at + ACCUSED] = rate([one == ACCUSED for one in verdicts])
        answers[at + "blind checks away from 1/2 by"] = np.mean(apart)
    return answers


def _nearest(seed, n_side, share, noise):
    """Points of six numbers cross-fitted by the nearest distance; a share of the used is copied."""
    rng = np.random.default_rng(seed)
    used = np.tile([True, False], n_side)
    real = rng.normal(size=(2 * n_side, 6))
    kept = rng.permutation(np.flatnonzero(used))[: round(share * n_side)]
    copies = real[kept] + noise * rng.normal(size=(len(kept), 6))
    fakes = np.concatenate([rng.normal(size=(300, 6)), copies])
    pairer = CDFWassersteinPairer(n_quantiles=1)
    return CrossFit(pairer, NearestGenerated(), real, used, generated=(fakes,))


def _evidence(fit, seed, n_permutations, **bounds):
    """What a verdict rests on; planted copies were found, and the groups are alike."""
    result = permutation_test(fit, n_permutations=n_permutations, random_state=seed)
    eye = Eye("nearest", None, None, None, None)
    design = AuditDesign(
        fit.used, None, None, fit.folds, eye, (), Seeds(seed), alpha=ALPHA, **bounds
    )
    outcomes = [Outcomes("nearest", result, {}, {})]
    best, null = best_attack(outcomes)
    apart, tail_null = patients_standing_out(design, outcomes)
    interval = auc_interval(fit, result, random_state=seed)
    quiet = Extreme("nothing", 0.5, 1.0)
    return Evidence(
        design=design,
        empty_sets=(),
        copies=Copies((), (), ()),
        near_copies=Copies((), (), ()),
        alike=(),
        best=best,
        lowest=quiet,
        furthest_blind=quiet,
        standing_out=apart,
        attacks={"nearest": SimpleNamespace(interval=interval, excess_interval=(-1, 1))},
        controls=Controls(
            (ControlResult("nothing", 0, 0.5, 0.5), ControlResult("exact", 9, 1.0, 0.025)),
            True,
            None,
            ("exact",),
        ),
        power=power_section(design, null, result, tail_null),
        image_itself=None,
        disclosure=None,
    )


def _by_power_alone(evidence):
    """Whether p and the minimum detectable AUC alone would clear."""
    detectable = evidence.power.minimum_detectable_auc or np.inf
    return evidence.best.p_value > ALPHA and detectable < evidence.design.max_auc


def _nearest_auc(seed, **data):
    fit = _nearest(seed, **data)
    return fit.roc_auc(fit.raw_scores())


def _at_the_bound(seed, max_auc, n_permutations, **data):
    evidence = _evidence(_nearest(seed, **data), seed, n_permutations, max_auc=max_auc)
    # The share that an AUC may mean is another question.
    lax = replace(evidence, design=replace(evidence.design, max_share=1.0))
    return _by_power_alone(evidence), decide(lax)[0] == CLEARED, decide(evidence)[0] == CLEARED


def consumers_risk(n, n_jobs, n_permutations=99, cases=((100, 0.5), (200, 0.55))):
    """All used patients are kept a little: how often is the bound cleared that is just reached?

    The true AUC is the mean over five times as many draws.
    """
    answers = {}
    for n_side, noise in cases:
        data = {"n_side": n_side, "share": 1.0, "noise": noise}
        truth = np.mean(many(_nearest_auc, 5 * n, n_jobs, **data))
        dials = {"max_auc": truth, "n_permutations": n_permutations}
        flags = zip(*many(_at_the_bound, n, n_jobs, **dials, **data), strict=True)
        at = f"{n_side} a side, bound {truth:.3f}: cleared"
        for name, flag in zip((" by power alone", ", any share", ""), flags, strict=True):
            answers[at + name] = rate(flag)
    return answers


def _memorised(seed, n_side, share, n_permutations):
    fit = _nearest(seed, n_side, share, 0.05)
    evidence = _evidence(fit, seed, n_permutations, max_auc=0.65)
    design = replace(evidence.design, max_auc=0.99, max_share=share or 0.01)
    return (
        _by_power_alone(evidence),
        decide(evidence)[0] == CLEARED,
        decide(replace(evidence, design=design))[0] == CLEARED,
        evidence.best.p_value <= ALPHA,
        evidence.standing_out.p_value <= ALPHA,
        evidence.power.minimum_detectable_share or np.inf,
    )


def memorised_patients(
    n, n_jobs, n_permutations=99, sides=(20, 40, 100), shares=(0.0, 0.05, 0.1, 0.2, 0.3)
):
    """A few patients copied nearly exactly: who is cleared, and what sees them."""
    names = (
        "max_auc 0.65, cleared by power alone",
        "max_auc 0.65, cleared",
        "max_share the same, max_auc 0.99, cleared",
        "AUC better than chance",
        "patients stand out",
    )
    answers = {}
    for n_side in sides:
        for share in shares:
            dials = {"n_side": n_side, "share": share, "n_permutations": n_permutations}
            *flags, detectable = zip(*many(_memorised, n, n_jobs, **dials), strict=True)
            for name, flag in zip(names, flags, strict=True):
                answers[f"{n_side} a side, {share:.0%} copied: {name}"] = rate(flag)
        answers[f"{n_side} a side: detectable share, median"] = np.median(detectable)
    return answers


def _of_nothing(seed, empty, shown, copied):
    """Audit images of 16 x 16 pixels, of which some show nothing, or all the same.

    `empty` says which ones, and `shown` which share of them still shows something; a share `copied`
    of the used ones is among the synthetic ones, but for noise.
    """
    rng = np.random.default_rng(seed)
    real, fakes = rng.normal(size=(40, 16, 16)), rng.normal(size=(60, 16, 16))
    fakes[: round(20 * copied)] = real[: round(20 * copied)] + 0.1 * rng.normal(size=(16, 16))
    which, how = empty.split(", ")
    images = {"synthetic": fakes, "used": real[:20], "not used": real[20:]}[which]
    without = images[round(shown * len(images)) :]
    without[:] = {"one grey level": 0.0, "all alike": rng.normal(size=(16, 16))}[how]
    return audit(
        GANISI(Intensity(grid=16, n_quantiles=1), identifier=NearestGenerated()),
        real,
        np.repeat([1, 0], 20),
        generated=(fakes,),
        cv=2,
        n_permutations=19,
        max_auc=0.9,
        required_kinds=["exact"],
        baselines={},
        random_state=seed,
    )


def nothing_to_see(n, n_jobs, shown=(0.0, 0.4)):
    """Images of one grey level, or all alike: is "cannot say" said, and that they are why?

    Where half of the used images are copied as well, is anything cleared?
    """
    answers = {}
    for which in ("synthetic", "used", "not used"):
        for how in ("one grey level", "all alike"):
            for share in shown:
                data = {"empty": f"{which}, {how}", "shown": share}
                fresh, copies = (
                    many(_of_nothing, n, n_jobs, copied=copied, **data) for copied in (0.0, 0.5)
                )
                why = [r.verdict == "cannot say" and "say nothing" in r.reason for r in fresh]
                at = f"{which}, {1 - share:.0%} {how}: "
                answers[at + "cannot say, because of it"] = rate(why)
                answers[at + "half copied, cleared"] = rate([r.verdict == CLEARED for r in copies])
    return answers


STUDIES = {
    study.__name__: study
    for study in (
        swapped_labels,
        smoother_copies,
        consumers_risk,
        memorised_patients,
        nothing_to_see,
    )
}
#: Draws of each study: at length, and quick.
DRAWS = {
    "swapped_labels": (100, 10),
    "smoother_copies": (60, 10),
    "consumers_risk": (40, 5),
    "memorised_patients": (40, 5),
    "nothing_to_see": (20, 2),
}

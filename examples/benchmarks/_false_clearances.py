"""How often does an audit clear images that it should not? Studies of `audit_simulations.py`."""

import numpy as np
from _audit_points import audit_of, audit_points, many, rate

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


def smoother_copies(n, n_jobs):
    """Copies that are smoother than their originals, beside not-used images that are too."""
    answers = {}
    for shift, copied in ((2.0, 0.5), (1.0, 0.5), (2.0, 0.0), (0.0, 0.5), (0.0, 0.0)):
        verdicts, apart = zip(*many(_smoother, n, n_jobs, shift=shift, copied=copied), strict=True)
        at = f"{copied:.0%} copied, smoother by {shift:g}: "
        answers[at + "cleared"] = rate([one == CLEARED for one in verdicts])
        answers[at + ACCUSED] = rate([one == ACCUSED for one in verdicts])
        answers[at + "blind checks away from 1/2 by"] = np.mean(apart)
    return answers


STUDIES = {study.__name__: study for study in (swapped_labels, smoother_copies)}
#: Draws of each study: at length, and quick.
DRAWS = {"swapped_labels": (100, 10), "smoother_copies": (100, 10)}

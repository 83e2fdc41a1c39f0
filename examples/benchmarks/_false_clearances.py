"""How often does an audit clear images that it should not? Studies of `audit_simulations.py`."""

from _audit_points import audit_points, many, rate

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


STUDIES = {study.__name__: study for study in (swapped_labels,)}
#: Draws of each study: at length, and quick.
DRAWS = {"swapped_labels": (200, 20)}

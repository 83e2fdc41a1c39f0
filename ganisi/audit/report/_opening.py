"""The first paragraph of a report: what somebody who has to decide must know."""

import math

from .._positive_control import missed, planted_text
from .._verdict import LEAKAGE
from ._published import consequence


def opening_text(report):
    """Say what the verdict means, what was looked for, who may be unseen, what would change it."""
    said = (consequence(report), _looked_for(report), _unseen(report), _would_change(report))
    return " ".join(said)


def _looked_for(report):
    controls, alpha = report.controls, report.settings.alpha
    if controls.results is None:
        return (
            "Whether the attack would find a copy at all is not known, since none could be planted."
        )
    text = planted_text(controls, alpha)
    if text in report.reason:
        return "Copies treated in other ways than those were not looked for."
    return f"{text[0].upper()}{text[1:]}. Copies treated in other ways were not looked for."


def _unseen(report):
    share, n_used = report.power.minimum_detectable_share, report.counts.used_patients
    whom = "used patients" if report.counts.patients is not None else "used images"
    if share is None:
        return f"Any number of the {n_used} {whom} may have leaked unseen."
    n_seen = math.ceil(share * n_used - 1e-9)
    return (
        f"Of the {n_used} {whom}, {n_seen} that an attacker can be sure of are found with "
        f"probability {report.power.share_power:g}; fewer may have leaked unseen."
    )


def _would_change(report):
    wanted = []
    controls, settings = report.controls, report.settings
    if report.verdict == LEAKAGE:
        return (
            "What could change this: another generator or training, or leaving out what was given "
            "away, and then a new audit on what is left."
        )
    if settings.max_auc is None and settings.max_share is None:
        wanted.append("a bound named before the audit (max_share or max_auc)")
    wanted.append("more used and not-used patients, which make smaller leaks visible")
    if controls.results and missed(controls.results, controls.required, settings.alpha):
        wanted.append("an attack that finds the kinds of copies that this one does not")
    return f"What could change this: {'; '.join(wanted)}."

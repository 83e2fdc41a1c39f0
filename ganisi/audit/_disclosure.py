"""How often whoever says "used" is right, where few were used: the risk of disclosure."""

from ..metrics import ppv_at_prevalence
from .report._sections import Disclosure

_AT_HALF = "at 1/2"
#: What the scores and intervals of an attack call the rate of its surest answers.
_SUREST = "tpr_at_fpr="


def disclosure_section(design, attacks):
    """Return the risk that may be largest of all attacks and all ways to answer; None without one.

    A recipient chooses the attack, and of whom to say "used". The largest upper end is above all
    risks where the interval of the largest risk holds it, so no correction for the choice is due.
    """
    if design.prevalence is None:
        return None
    risks = [
        (name, answers, risk, interval)
        for name, attack in attacks.items()
        for answers, risk, interval in _risks(attack, design.prevalence)
    ]
    name, answers, risk, interval = max(risks, key=lambda one: one[3][1])
    most = design.max_disclosure_risk
    below = None if most is None else interval[1] < most
    return Disclosure(attack=name, answers=answers, risk=risk, interval=interval, below=below)


def _risks(attack, prevalence):
    """Return answers, risk and interval for each way to answer that these images can show."""
    key = "ppv_at_prevalence"
    risks = [(_AT_HALF, attack.scores[key], attack.rate_intervals[key])]
    for key, ends in attack.rate_intervals.items():
        if key.startswith(_SUREST):
            fpr = float(key.removeprefix(_SUREST))
            risk, *interval = (
                ppv_at_prevalence(rate, 1 - fpr, prevalence) for rate in (attack.scores[key], *ends)
            )
            risks.append((f"at FPR {fpr:g}", risk, tuple(interval)))
    return risks


def answers_text(answers):
    """Say which answers they are."""
    if answers == _AT_HALF:
        return "its answers “used”, at a probability of 1/2"
    fpr = float(answers.removeprefix("at FPR "))
    return f"its surest answers, where {fpr:.0%} of the not-used images are called used"

"""What a report says of patients: rates that count them, and images of one that count as more."""

from .._disclosure import answers_text
from ._words import COLUMNS, interval, level_text, number

#: So many pairs are named in the text; the page names all.
_N_NAMED = 10


def rate_columns(report):
    """Return the columns whose rates have intervals that count patients."""
    known = report.attack.rate_intervals
    return [(key, title) for key, title, _ in COLUMNS if key in known]


def rates_text(report):
    """Say what the intervals of rates are."""
    return (
        f"{level_text(report)} intervals of these rates, which count {_who(report)}: "
        "however many images a patient has, they are taken for one answer. They say nothing of "
        "what other models, fitted on other images, would reach."
    )


def disclosure_text(report):
    """Say how often “used” is right at the prevalence, and nothing where none was given."""
    found, settings = report.disclosure, report.settings
    if found is None:
        return ""
    text = (
        f"Risk of disclosure: where {settings.prevalence:.3g} of those asked about were used, "
        f"“used” is right in {number(found.risk)} of cases ({interval(found.interval)}, counting "
        f"{_who(report)}), by the attack and the way to answer of which it may be most often "
        f"({found.attack}: {answers_text(found.answers)}). "
    )
    if found.below is None:
        return text + "No largest tolerable risk was named before the audit."
    most = f"the largest tolerable risk, {settings.max_disclosure_risk:g}, said before the audit"
    if found.below:
        return (
            f"{text}That is below {most}, as far as these attacks go; by itself it clears nothing."
        )
    return f"{text}It may reach {most}, so nothing is cleared."


def _who(report):
    return "patients" if report.counts.patients is not None else "images, of a patient each"


def epsilon_text(report):
    """Say how private the generator can at most be: a lower bound, and what it is not."""
    epsilon = report.attack.epsilon_lower_bound
    if epsilon is None:
        return (
            "No lower bound on the epsilon of differential privacy can be given: every patient has "
            "used images."
        )
    by_lot = (
        "Lots decided who was used, so that it is of the generator."
        if report.settings.design == "randomised"
        else "No lots decided who was used, so that whatever else sets the groups apart is in it."
    )
    return (
        f"If the generator had differential privacy of patients, its epsilon would be "
        f"{number(epsilon)} or more, by the answers of the attack under audit about patients "
        f"(confidence {1 - report.settings.alpha:.0%}): a lower bound, no guarantee of "
        f"differential privacy; 0.00 excludes nothing. {by_lot}"
    )


def alike_text(report):
    """Say how many pairs of images are probably of one patient, and nothing where none are."""
    alike = report.images.alike
    if not alike:
        return ""
    pairs = "1 pair" if len(alike) == 1 else f"{len(alike)} pairs"
    return (
        f"{pairs} of real images are nearly the same and count as of different patients. Images of "
        "one patient on both sides of a split make any attack look good. The correlation of each "
        "pair stands beside it:"
    )


def alike_pairs(report, n_named=_N_NAMED):
    """Return a line for each pair, and how many are not named."""
    alike = report.images.alike
    shown = alike if n_named is None else alike[:n_named]
    lines = [f"{one.first} and {one.second} ({one.likeness:.2f})" for one in shown]
    left = len(alike) - len(shown)
    return lines + ([f"and {left} more, which are in the page and the JSON"] if left else [])

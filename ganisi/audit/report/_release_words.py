"""What is withheld and what may go, in words."""

from .._verdict import LEAKAGE
from ._words import interval, number, p_text

_REASONS = {
    "copy": "pixel for pixel a real image",
    "near copy": "nearly a real image",
    "near": "near to a used patient",
}


def withheld_text(release):
    """Say how many are withheld, and why."""
    counts = [
        f"{sum(one[reason] for one in release.reasons())} {meaning}"
        for reason, meaning in _REASONS.items()
    ]
    share = release.withheld.mean()
    return (
        f"{release.withheld.sum()} of {len(release.withheld)} synthetic images are withheld "
        f"({share:.0%}): {', '.join(counts)}. At most {release.lists[0].fdr:.0%} of the used "
        "patients for whose nearness a list withholds images are expected to be there by chance."
    )


def rounds_text(release):
    """Say how many lists were made, and why no more."""
    n = len(release.lists)
    bound = (
        "no bound on the share of withheld images was given"
        if release.max_withheld is None
        else f"the bound on the share of withheld images is {release.max_withheld:.0%}"
    )
    return f"{n} round{'s' if n > 1 else ''}; then {release.stopped}. As to bounds, {bound}."


def may_go_text(release):
    """Say what may go."""
    if release.may_go.any():
        return (
            f"{release.may_go.sum()} synthetic images may go, as far as these audits can say; the "
            "verdict on them is what it is, and no list makes more of it."
        )
    if release.after is None:
        return f"Nothing may go: {release.stopped}."
    if release.verdict == LEAKAGE:
        return "Nothing may go: leakage is still detected in what is left."
    if release.still_found:
        return (
            "Nothing may go: an attack still tells used patients from others in what is left, all "
            "or a few of them, better than chance. Make the list with that attack, in more rounds, "
            "or find out what else sets the two groups apart."
        )
    return (
        f"Nothing may go: {release.withheld.mean():.0%} would have to be withheld, more than the "
        f"bound of {release.max_withheld:.0%}."
    )


def verdicts(release):
    """Return (what, verdict, why) of both audits."""
    after = release.after
    rows = [("all synthetic images", release.before)]
    rows += [] if after is None else [("what is left", after)]
    return [(what, report.verdict, report.reason) for what, report in rows]


def leak_rows(release):
    """Return of each attack its name, and AUC, interval and p before and after."""
    after = {} if release.after is None else release.after.attacks
    return [
        (name, *_figures(attack), *(_figures(after[name]) if name in after else ("-",) * 3))
        for name, attack in release.before.attacks.items()
    ]


def drawn(release):
    """Return what the drawing shows: of each attack AUC, interval and colour, before and after."""
    rows = []
    for name in release.before.attacks:
        for when, report, colour in (
            ("before", release.before, "#1f4e79"),
            ("after", release.after, "#b45309"),
        ):
            attack = None if report is None else report.attacks.get(name)
            if attack is not None:
                rows.append((f"{name}, {when}", attack.scores["roc_auc"], attack.interval, colour))
    return rows


def _figures(attack):
    return number(attack.scores["roc_auc"]), interval(attack.interval), p_text(attack.p_value)


def warnings(release):
    """Return what a list does not prove, a sentence or two each."""
    said = [
        "A list made with one attack does not bind another one. The other attacks above looked at "
        "what is left; those that are not there did not.",
        "The audit of what is left is optimistic: the list was made from the same real images, and "
        "what was near to these patients is gone because it was near. Of used patients whose "
        "images were not given it says nothing; give all images that were used.",
        "That images are missing may itself be seen: where used images are farther from what is "
        "left than others are, the AUC is below 0.50, and the verdict “cannot say”.",
        "A file that goes is the file as it is, with what its header holds.",
    ]
    if len(release.lists) > 1:
        said.append(
            "Several rounds: the rate of reasons by chance is that of each list on its own, and "
            "the first audit that finds nothing ends them, so that its silence is worth less "
            "than that of an audit made once."
        )
    return said

"""What the attacks of a report see, and what is subtracted from that, in words and in a drawing."""

import inspect


def attack_meaning(attack):
    """Return what an attack or a stage says of itself in plain words.

    Where it says nothing, the first line of its docstring.
    """
    for cls in type(attack).__mro__[:-1]:
        # A child that documents itself may look at something else than its parent speaks of.
        if "in_plain_words" in vars(cls):
            return attack.in_plain_words()
        if vars(cls).get("__doc__"):
            return inspect.cleandoc(cls.__doc__).splitlines()[0]
    return type(attack).__name__


def eye_meaning(descriptor, pairer, views):
    """Say what an eye looks at, how it compares two images, and under which views."""
    parts = [" and by ".join(map(attack_meaning, _members(descriptor))), attack_meaning(pairer)]
    return ", ".join([*parts, *filter(None, [views.in_plain_words()])])


def _members(descriptor):
    """Return the descriptors of a union, and of unions in it."""
    parts = getattr(descriptor, "transformer_list", None)
    return [descriptor] if parts is None else [one for _, part in parts for one in _members(part)]


def seen_text(report, eye):
    """Say which attacks see with an eye, and by what it compares images."""
    names = list(attacks_of(report, eye))
    return (
        f"{_listed(names)} compare{'' if names[1:] else 's'} images by {report.eyes[eye].meaning}."
    )


def own_checks_text(report):
    """Say over whose blind checks an excess is, where there are several eyes."""
    if not report.other_eyes:
        return ""
    names = [name for eye in report.other_eyes for name in attacks_of(report, eye)]
    return (
        f"The excess of {_listed(names)} is over blind checks that compare images in the same way "
        "as the attack does; that of the others is over those of the main attack."
    )


def _listed(names):
    return ", ".join(names[:-1]) + " and " + names[-1] if names[1:] else names[0]


def attacks_of(report, eye):
    """Return the attacks that see with an eye, by name."""
    return {name: attack for name, attack in report.attacks.items() if attack.eye == eye}


def blind_checks(report):
    """Return the blind checks of all eyes, as (name, check), those of the main attack first."""
    return [
        (f"{name}{_whose(report, eye)}", check)
        for eye, seen in report.eyes.items()
        for name, check in seen.blind_checks.checks.items()
    ]


def missing_checks(report):
    """Say which blind checks could not be made, and why not; a sentence an eye."""
    return [
        f"One could not be made{_whose(report, eye)}: {seen.blind_checks.reason}"
        for eye, seen in report.eyes.items()
        if seen.blind_checks.reason
    ]


def _whose(report, eye):
    return f" ({eye})" if eye in report.other_eyes else ""


def drawn(report):
    """Return what the drawing shows: name, AUC, interval and colour of attacks and checks."""
    attacks = [
        (name, a.scores["roc_auc"], a.interval, "#1f4e79") for name, a in report.attacks.items()
    ]
    checks = blind_checks(report)
    return attacks + [(f"blind: {name}", c.roc_auc, c.interval, "#999") for name, c in checks]

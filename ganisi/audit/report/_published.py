"""Real images among the synthetic ones, and what the verdict means, in words."""

from .._verdict import CANNOT_SAY, LEAKAGE, NONE_DETECTED

#: What each verdict means to somebody who has to act on it.
CONSEQUENCES = {
    LEAKAGE: (
        "This is evidence that the synthetic images carry traces of the particular real images "
        "that the generator was trained on. Treat them as personal data of those patients until "
        "shown otherwise."
    ),
    NONE_DETECTED: (
        "The attacks tried here found nothing, and they would probably have found a leak of the "
        "size given. This is not a proof that there is none."
    ),
    CANNOT_SAY: (
        "These data support neither statement. Read the reason; it says what is missing. This is "
        "not a clearance."
    ),
}

#: What the verdict means where images were given out as they are: no inference, a fact.
COPIES_CONSEQUENCE = (
    "Whoever has the synthetic images has these real images too. Treat the synthetic images as "
    "personal data of those patients."
)

_KINDS = {
    "used": "used real images",
    "not_used": "not-used real images",
    "queries": "images of unknown status",
}


def consequence(report):
    """Say what the verdict means."""
    kinds = {kind for kind, *_ in given_out(report)}
    return COPIES_CONSEQUENCE if kinds & {"used", "queries"} else CONSEQUENCES[report.verdict]


def given_out(report):
    """Return (kind, what is said, names) of the real images among the synthetic ones."""
    said = (
        ("exact_copies", "among the synthetic images, pixel for pixel"),
        ("near_copies", "nearly as they are among the synthetic images"),
    )
    return [
        (kind, _copies_text(report, kind, copies[kind], how), copies[kind])
        for field, how in said
        for copies in [report.images[field]]
        for kind in _KINDS
        if copies[kind]
    ]


def _copies_text(report, kind, names, how):
    are = "is" if len(names) == 1 else "are"
    return f"{len(names)} of the {report.counts[kind]} {_KINDS[kind]} {are} {how}:"


def no_copies_text(report):
    """Say that no real image is among the synthetic ones."""
    kinds = "labelled" if not report.counts.queries else "labelled or queried"
    return (
        f"No {kinds} real image is among the synthetic ones, pixel for pixel or nearly (images of "
        "a single grey level, or with little more, are not counted)."
    )

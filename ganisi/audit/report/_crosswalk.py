"""Which figure of a report serves which question of the texts that releases are read against.

`docs/guide/regulators.md` shows these rows; a test compares.
"""

from dataclasses import dataclass

from ._plain import Section, to_plain

NO_LEGAL_ADVICE = (
    "This is no legal advice. The texts are summarised in a few words by people who write "
    "software; read them, and ask somebody whose profession it is. No figure here makes data "
    "anonymous."
)


@dataclass(frozen=True)
class Served(Section):
    """A question of a text, the figures of a report that serve it, and what none of them says."""

    text: str
    asks: str
    fields: tuple[str, ...]
    more: str
    not_said: str


CROSSWALK = (
    Served(
        "WP29 Opinion 05/2014, EDPB Opinion 28/2024: singling out",
        "can a person be picked out of the data?",
        (
            "images.exact_copies.used",
            "images.near_copies.used",
            "standing_out.p_value",
            "set_level.decisions",
        ),
        "of single images ganisi.audit.query_decisions and ganisi.audit.release_list",
        "ways other than by images: burned-in text, file headers, tables beside the images",
    ),
    Served(
        "WP29 Opinion 05/2014, EDPB Opinion 28/2024: linkability",
        "can two records be seen to be of one person?",
        ("attack.interval", "baselines", "images.alike"),
        "attacks link a real image to the set, images.alike links it to another real one",
        "links to other data sets, and between synthetic images",
    ),
    Served(
        "WP29 Opinion 05/2014, EDPB Opinion 28/2024: inference",
        "can something about a person be concluded?",
        ("verdict",),
        "membership only: who is known to have been in a training set",
        "attributes of a person that an image shows or a generator was told",
    ),
    Served(
        "EDPB Opinion 28/2024: documented tests",
        "which attacks were tried, how, and what remains",
        ("controls", "power", "settings", "provenance"),
        "and the section “What this does not prove”",
        "attacks on the generator itself: the audit holds its images only",
    ),
    Served(
        "CJEU C-413/23 P",
        "who can identify, by which means",
        (),
        "the section “Who could do this”: images, some of known status, no generator",
        "who the recipients are, and what they hold; say it beside the report",
    ),
    Served(
        "EHDS Regulation 2025/327, Art. 66(3), and TEHDAS2's guideline",
        "purpose, residual risk, rare diseases",
        ("settings.max_auc", "settings.max_share", "power.minimum_detectable_share"),
        "bounds that you named before, and who could leak unseen",
        "purpose and need; how rare a patient is: an average hides the rare ones, and a share of "
        "patients may be just these",
    ),
    Served(
        "EMA Policy 0070, Health Canada PRCI",
        "risk of re-identification, against a threshold, .09 there",
        (
            "disclosure.risk",
            "disclosure.interval",
            "disclosure.below",
            "settings.prevalence",
            "settings.max_disclosure_risk",
        ),
        "of whom “used” is said, how many are",
        "it is another quantity: how often “used” is right, not how often a patient is identified",
    ),
    Served(
        "ISO/IEC 27559:2022, PDPC's guide 2024",
        "context, threshold, and when it is looked at again",
        ("settings", "provenance.run", "provenance.versions", "provenance.sha256"),
        "",
        "environment, contracts, date of review",
    ),
    Served(
        "NIST SP 800-226",
        "an attack gives a lower bound on epsilon, never a guarantee",
        ("attack.epsilon_lower_bound",),
        "a lower bound, no guarantee of differential privacy; of the generator only where lots "
        "decided who was used (settings.design)",
        "any upper bound: that needs a proof about how the generator was trained",
    ),
)


def value_at(report, path):
    """Return what stands at a dotted path of a report; None where there is nothing on the way."""
    value = report
    for name in path.split("."):
        value = None if value is None else value[name]
    return value


def crosswalk(report):
    """Return the rows as plain data, and of each which fields this report leaves empty."""
    return {
        "note": NO_LEGAL_ADVICE,
        "rows": [
            {
                **to_plain(row),
                "empty": [path for path in row.fields if value_at(report, path) is None],
            }
            for row in CROSSWALK
        ],
    }


def served_rows(report):
    """Return the rows for the page: text, question, figures and their values, what is not said."""
    return [
        (
            row.text,
            row.asks,
            [(path, _told(value_at(report, path))) for path in row.fields],
            row.more,
            row.not_said,
        )
        for row in CROSSWALK
    ]


def _told(value):
    """Say what a figure is where that fits into a few characters."""
    if value is None:
        return "not given"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        return f"{value:.3g}"
    if isinstance(value, tuple) and len(value) == 2 and all(isinstance(v, float) for v in value):
        return f"{value[0]:.2f} to {value[1]:.2f}"
    if isinstance(value, (tuple, dict)):
        return str(len(value))
    return value if isinstance(value, str) else ""

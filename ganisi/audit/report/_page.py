"""A report as a page for somebody who has to decide, not to compute."""

from html import escape

from .._verdict import CANNOT_SAY, LEAKAGE, NONE_DETECTED
from . import _words as words

_COLOURS = {LEAKAGE: "#a4161a", NONE_DETECTED: "#2b6a30", CANNOT_SAY: "#7a5c00"}

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; color: #1b1b1b; max-width: 58rem;
  margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin-bottom: 0.5rem; }
h2 { font-size: 1.15rem; margin: 2rem 0 0.3rem; border-bottom: 1px solid #ccc; }
.verdict { border-left: 0.6rem solid; padding: 0.4rem 1rem; background: #f6f6f4; }
.verdict strong { font-size: 1.3rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 0.9rem;
  margin: 0.5rem 0; }
th, td { padding: 0.2rem 0.45rem; white-space: nowrap; text-align: right;
  border-bottom: 1px solid #e2e2e2; }
th:first-child, td:first-child { text-align: left; }
tr.naive td { color: #666; }
.copies { color: #a4161a; font-weight: bold; margin-bottom: 0; }
.scroll { overflow-x: auto; }
.note { color: #555; font-size: 0.9rem; }
code { font-size: 0.8rem; overflow-wrap: anywhere; }
svg { max-width: 100%; height: auto; }
@media print { body { margin: 0; max-width: none; } h2 { break-after: avoid; } }
"""


def html_page(report):
    """Return a report as a page.

    Parameters
    ----------
    report : AuditReport
        What was found.

    Returns
    -------
    page : str
        HTML with its style and drawing inside; no script, no link, no image of a patient.
    """
    colour = _COLOURS[report.verdict]
    run = report.provenance.get("run")
    body = [
        "<h1>Did these synthetic images leak the images they were made from?</h1>",
        *([_paragraph(f"Report of {run['date']}", "note")] if run else []),
        f'<div class="verdict" style="border-color:{colour}">',
        f'<strong style="color:{colour}">{escape(report.verdict.capitalize())}</strong>',
        *_copies(report),
        _paragraph(f"Because {report.reason}."),
        _paragraph(words.consequence(report)),
        "</div>",
        *_sections(report),
    ]
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Audit of synthetic images: {escape(report.verdict)}</title>\n"
        f"<style>{_STYLE}</style>\n</head>\n<body>\n" + "\n".join(body) + "\n</body>\n</html>\n"
    )


def _copies(report):
    for kind, names in words.exact_copies(report).items():
        yield _paragraph(words.copies_text(report, kind), "copies")
        yield "<ul>" + "".join(f"<li>{escape(name)}</li>" for name in names) + "</ul>"


def _sections(report):
    yield "<h2>What was looked at</h2>"
    yield _paragraph(words.counts_text(report))
    if not words.exact_copies(report):
        yield _paragraph(words.no_copies_text(report))
    if "run" in report.provenance:
        rows = report.provenance["run"]["inputs"]
        yield "<ul>" + "".join(f"<li>{escape(words.inputs_text(row))}</li>" for row in rows)
        yield "</ul>"
    yield "<h2>How well can used images be told from unused ones?</h2>"
    yield _paragraph(
        "The ROC AUC is how often an image that was used looks more used than one that was not: "
        "0.50 is guessing, 1.00 is always right. Every image was judged by a model that had not "
        "seen its patient."
    )
    yield _drawing(report)
    yield _paragraph(
        f"The dot is what was measured, the line its {words.level_text(report)} interval, in "
        f"which the true value may lie. {words.coverage_text(report)}",
        "note",
    )
    yield _paragraph(words.best_text(report))
    yield "<p>What each attack looks at:</p><ul>"
    for name, meaning in report.settings["meanings"].items():
        yield f"<li>{escape(name)}: {escape(meaning)}</li>"
    yield "</ul>"
    yield "<h2>Could something other than a leak explain it?</h2>"
    yield _paragraph(
        "If the two groups of real images differ in themselves, for instance because they come "
        "from two scanners, they can be told apart without any leak. Two blind checks look for "
        "that: one sees only the real images, the other compares them with further real images "
        "instead of the synthetic ones. Neither can see training. Only what an attack reaches "
        "beyond them, and beyond guessing, counts as evidence of a leak: its excess."
    )
    yield _table(
        ["", "excess", f"{words.level_text(report)} interval"],
        [
            [name, _signed(row["excess"]), words.interval(row["excess_interval"])]
            for name, row in report.attacks.items()
        ],
    )
    yield _paragraph(words.coverage_text(report), "note")
    if report.blind_checks["reason"]:
        yield _paragraph(f"One check could not be made: {report.blind_checks['reason']}")
    yield "<h2>Would a leak have been found?</h2>"
    yield from _controls(report)
    yield _paragraph(words.detectable_text(report.power))
    if report.settings["max_auc"] is not None:
        yield _paragraph(
            f"The largest tolerable ROC AUC, said before the audit: {report.settings['max_auc']:g}."
        )
    if report.set_level:
        yield "<h2>Images of unknown status</h2>"
        yield _paragraph(words.set_level_text(report))
    yield "<h2>Who could do this</h2>"
    yield _paragraph(words.THREAT_MODEL)
    yield "<h2>What this report does not prove</h2>"
    items = words.cannot_prove(report)
    yield "<ul>" + "".join(f"<li>{escape(item)}</li>" for item in items) + "</ul>"
    yield "<h2>All scores</h2>"
    yield from _scores(report)
    yield "<h2>How to make this report again</h2>"
    yield from _provenance(report)


def _controls(report):
    if report.controls["results"] is None:
        yield _paragraph(f"No copies could be planted: {report.controls['reason']}")
        return
    yield _paragraph(
        "To see whether the attack works at all on these images, copies of half of the not-used "
        "ones were planted among the synthetic images, and the attack had to tell that half from "
        "the other. Where nothing is planted, it should only guess."
    )
    alpha = report.settings["alpha"]
    yield _table(
        ["what was planted", "copies", "ROC AUC", "p", ""],
        [
            [
                words.control_text(result["name"]),
                str(result["n_planted"]),
                words.number(result["roc_auc"]),
                words.p_text(result["p_value"]),
                words.found_text(result, alpha),
            ]
            for result in report.controls["results"]
        ],
    )
    if words.control_warning(report):
        yield _paragraph(words.control_warning(report))


def _scores(report):
    columns = words.shown_columns(report)
    head = ["", "AUC", "p", *(title for _, title, _ in columns)]
    rows = [
        [
            name,
            words.number(row["scores"]["roc_auc"]),
            words.p_text(row["p_value"]),
            *(words.number(row["scores"][key]) for key, _, _ in columns),
        ]
        for name, row in report.attacks.items()
    ]
    naive = [
        [
            name,
            words.number(scores["roc_auc"]),
            "",
            *(words.number(scores.get(key)) for key, _, _ in columns),
        ]
        for name, scores in report.naive.items()
    ]
    yield '<div class="scroll">' + _table(head, rows, naive) + "</div>"
    meanings = "; ".join(f"{title}: {meaning}" for _, title, meaning in columns)
    yield _paragraph(
        "The grey rows are naive answers, which look at no image; a score that does not beat them "
        "says nothing. A dash: too few images to say. AUC is the ROC AUC; p is of each attack on "
        "its own. " + meanings + ".",
        "note",
    )


def _provenance(report):
    settings, provenance = report.settings, report.provenance
    rows = [
        ["alpha", f"{settings['alpha']:g}"],
        ["largest tolerable AUC", words.given(settings["max_auc"])],
        ["prevalence", words.given(settings["prevalence"])],
        ["folds asked for", str(settings["cv"])],
        ["permutations", str(settings["n_permutations"])],
        ["seed", str(settings["seed"])],
        *(list(pair) for pair in provenance["versions"].items()),
    ]
    yield _table(["setting", ""], rows)
    if "run" in provenance:
        yield _paragraph(f"Made on {provenance['run']['date']} by the command:")
        yield f"<p><code>{escape(provenance['run']['command'])}</code></p>"
    yield _paragraph("The attack and the baselines, in full:")
    yield f"<p><code>{escape(settings['estimator'])}</code></p>"
    for name, baseline in settings["baselines"].items():
        yield f"<p><code>{escape(name)}: {escape(baseline)}</code></p>"
    yield _paragraph("SHA-256 of the grey levels of all images in order, of labels and patients:")
    hashes = {
        **provenance["sha256"],
        "labels": provenance["sha256_of_labels"],
        "patients": provenance["sha256_of_groups"] or "not given",
    }
    yield "".join(
        f"<p><code>{escape(name)}: {escape(value)}</code></p>" for name, value in hashes.items()
    )


def _drawing(report):
    """Intervals of all attacks and blind checks, as lines on one scale."""
    rows = [
        (name, row["scores"]["roc_auc"], row["interval"], True)
        for name, row in report.attacks.items()
    ]
    rows += [
        (f"blind: {name}", check["roc_auc"], check["interval"], False)
        for name, check in report.blind_checks["checks"].items()
    ]
    left, width, step = 250, 500, 28
    height = step * len(rows) + 40

    def x(value):
        return f"{left + width * value:.1f}"

    parts = [
        f'<svg viewBox="0 0 840 {height}" width="840" height="{height}" role="img" '
        'aria-label="ROC AUC of attacks and blind checks, with intervals" '
        'font-family="system-ui, sans-serif" font-size="14">'
    ]
    bottom = step * len(rows) + 8
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        chance = tick == 0.5
        parts.append(
            f'<line x1="{x(tick)}" x2="{x(tick)}" y1="4" y2="{bottom}" '
            f'stroke="{"#888" if chance else "#ddd"}"/>'
            f'<text x="{x(tick)}" y="{bottom + 20}" text-anchor="middle" fill="#555">'
            f"{tick:g}{' (guessing)' if chance else ''}</text>"
        )
    for i, (name, value, (low, high), is_attack) in enumerate(rows):
        y, colour = step * i + 20, "#1f4e79" if is_attack else "#999"
        parts.append(
            f'<text x="{left - 14}" y="{y + 5}" text-anchor="end">{escape(name)}</text>'
            f'<line x1="{x(low)}" x2="{x(high)}" y1="{y}" y2="{y}" stroke="{colour}" '
            f'stroke-width="3"/><circle cx="{x(value)}" cy="{y}" r="5" fill="{colour}"/>'
            f'<text x="{left + width + 14}" y="{y + 5}">{value:.2f}</text>'
        )
    return "".join(parts) + "</svg>"


def _table(head, rows, naive=()):
    def cells(row, tag):
        return "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in row)

    lines = [f"<tr>{cells(row, 'td')}</tr>" for row in rows]
    lines += [f'<tr class="naive">{cells(row, "td")}</tr>' for row in naive]
    return (
        f"<table><thead><tr>{cells(head, 'th')}</tr></thead><tbody>{''.join(lines)}</tbody></table>"
    )


def _paragraph(text, style=None):
    attribute = f' class="{style}"' if style else ""
    return f"<p{attribute}>{escape(text)}</p>"


def _signed(value):
    return "-" if value is None else f"{value:+.2f}"

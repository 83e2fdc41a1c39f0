"""A report on the terminal."""

import textwrap

from . import _words as words

_WIDTH = 94
#: Most names of exact copies of one kind.
_N_NAMES = 20


def plain_text(report):
    """Return a report as text.

    Parameters
    ----------
    report : AuditReport
        What was found.

    Returns
    -------
    text : str
        At most 94 columns.
    """
    run = report.provenance.get("run")
    lines = ["AUDIT OF SYNTHETIC IMAGES" + (f", {run['date']}" if run else ""), ""]
    lines += [f"Verdict: {report.verdict.upper()}", *_copies(report)]
    lines += _wrap(f"Because {report.reason}.")
    lines += _wrap(words.consequence(report))
    lines += ["", *_wrap(words.counts_text(report))]
    if not words.exact_copies(report):
        lines += _wrap(words.no_copies_text(report))
    for row in run["inputs"] if run else []:
        lines += _wrap(words.inputs_text(row), "  - ", "    ")
    lines += ["", "Attacks, out of fold", *_attacks(report)]
    lines += ["", "Blind checks (they cannot see training; what they reach is no leak)"]
    for name, check in report.blind_checks["checks"].items():
        lines.append(f"  {name:<28}{check['roc_auc']:.2f}  {words.interval(check['interval'])}")
    if report.blind_checks["reason"]:
        lines += _wrap(f"One could not be made: {report.blind_checks['reason']}", "  ")
    lines += ["", "Positive control: not-used images planted among the synthetic ones"]
    lines += _controls(report)
    lines += ["", *_wrap(words.detectable_text(report.power))]
    if report.set_level:
        lines += ["", "Images of unknown status", *_wrap(words.set_level_text(report), "  ")]
    lines += ["", "Who could do this", *_wrap(words.THREAT_MODEL, "  ")]
    lines += ["", "What this does not prove"]
    for sentence in words.cannot_prove(report):
        lines += _wrap(sentence, "  - ", "    ")
    settings = report.settings
    lines += ["", "Settings and inputs"]
    lines += _wrap(
        f"alpha {settings['alpha']:g}, max_auc {words.given(settings['max_auc'])}, prevalence "
        f"{words.given(settings['prevalence'])}, {settings['n_permutations']} permutations, seed "
        f"{settings['seed']}",
        "  ",
    )
    if run:
        lines += _wrap(f"command: {run['command']}", "  ", "    ")
    versions = report.provenance["versions"].items()
    lines += _wrap(", ".join(f"{name} {version}" for name, version in versions), "  ")
    for name, digest in report.provenance["sha256"].items():
        lines.append(f"  {name:<10} sha256 {digest}")
    return "\n".join(lines)


def _copies(report):
    lines = []
    for kind, names in words.exact_copies(report).items():
        lines += _wrap(words.copies_text(report, kind), "!! ")
        for name in names[:_N_NAMES]:
            lines += _wrap(name, "     ")
        if len(names) > _N_NAMES:
            lines.append(f"     and {len(names) - _N_NAMES} more, all named in the other formats")
    return lines


def _attacks(report):
    head = f"{words.level_text(report)} interval"
    lines = [f"  {'':<20}{'ROC AUC':>8}   {head:<16}{'p':>6}   excess over blind"]
    for name, row in report.attacks.items():
        excess = "-"
        if row["excess"] is not None:
            excess = f"{row['excess']:+.2f} ({words.interval(row['excess_interval'])})"
        lines.append(
            f"  {name:<20}{row['scores']['roc_auc']:8.2f}   {words.interval(row['interval']):<16}"
            f"{words.p_text(row['p_value']):>6}   {excess}"
        )
    lines += _wrap(words.best_text(report) + " Chance is 0.50.", "  ")
    lines += _wrap(words.coverage_text(report), "  ")
    columns = words.shown_columns(report)
    lines += ["", "  " + " " * 20 + "".join(f"{title:>6}" for _, title, _ in columns)]
    scores = [(name, row["scores"]) for name, row in report.attacks.items()]
    for name, values in [*scores, *report.naive.items()]:
        cells = "".join(f"{words.number(values.get(key)):>6}" for key, _, _ in columns)
        lines.append(f"  {name:<20}{cells}")
    lines += _wrap("The last three are naive answers, which look at no image.", "  ")
    return [line.rstrip() for line in lines]


def _controls(report):
    if report.controls["results"] is None:
        return _wrap(f"Could not be made: {report.controls['reason']}", "  ")
    lines = []
    for result in report.controls["results"]:
        found = words.found_text(result, report.settings["alpha"])
        lines.append(
            f"  {words.control_text(result['name']):<50}{result['roc_auc']:5.2f}"
            f"  p = {words.p_text(result['p_value'])}   {found}"
        )
    warning = words.control_warning(report)
    return lines + (_wrap(warning, "  ") if warning else [])


def _wrap(text, first="", rest=None):
    rest = first if rest is None else rest
    return textwrap.wrap(
        text, _WIDTH, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False
    )

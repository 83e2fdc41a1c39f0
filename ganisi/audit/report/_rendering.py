"""A report as text on the terminal and as a page; what is said stands in `_words`."""

import textwrap
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from ..._compat._printable import printable
from .._verdict import CANNOT_SAY, LEAKAGE, NONE_DETECTED
from . import (
    _crosswalk,
    _design_words,
    _opening,
    _patient_words,
    _published,
    _query_words,
    _release_words,
    _search_words,
    _seen,
    _words,
)

#: Columns of the text.
_WIDTH = 94
_COLOURS = {LEAKAGE: "#a4161a", NONE_DETECTED: "#2b6a30", CANNOT_SAY: "#7a5c00"}


def plain_text(report):
    """Return a report as text of at most 94 columns."""
    text = _environment().get_template("report.txt").render(report=report)
    return "\n".join(line.rstrip() for line in printable(text).strip().splitlines())


def html_page(report):
    """Return a report as a page; no script, no link, no image of a patient."""
    return printable(_page(report, whole=True)) + "\n"


def release_text(release):
    """Return a release as text of at most 94 columns, with the audit of what is left."""
    text = _environment().get_template("release.txt").render(release=release)
    lines = [line.rstrip() for line in printable(text).strip().splitlines()]
    if release.after is not None:
        lines += ["", "", str(release.after)]
    return "\n".join(lines)


def release_page(release):
    """Return a release as a page, with both audits in full."""
    reports = {"all synthetic images": release.before}
    if release.after not in (None, release.before):
        reports = {"what is left": release.after, **reports}
    page = (
        _environment()
        .get_template("release.html")
        .render(
            release=release,
            colour=_COLOURS[release.verdict],
            audits={name: Markup(_page(report, whole=False)) for name, report in reports.items()},
        )
    )
    return printable(page) + "\n"


def _page(report, whole):
    """Return the page of a report, or what is between its head and its foot."""
    page = _environment().get_template("report.html")
    return page.render(report=report, colour=_COLOURS[report.verdict], whole=whole)


@cache
def _environment():
    environment = Environment(
        loader=PackageLoader("ganisi.audit.report"),
        autoescape=lambda name: name is not None and name.endswith(".html"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "words": _words,
        "crosswalk": _crosswalk,
        "designs": _design_words,
        "opening": _opening,
        "seen": _seen,
        "published": _published,
        "patients": _patient_words,
        "queries": _query_words,
        "releases": _release_words,
        "searches": _search_words,
    }
    environment.filters |= {
        "wrap": _wrap,
        "number": _words.number,
        "signed": _words.signed,
        "interval": _words.interval,
        "p": _words.p_text,
    }
    return environment


def _wrap(text, first="", rest=None):
    """Break a text into lines; `first` and `rest` begin the first line and the others."""
    lines = textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=first,
        subsequent_indent=first if rest is None else rest,
        break_on_hyphens=False,
    )
    return "\n".join(lines)

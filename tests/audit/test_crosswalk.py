"""From the figures of a report to what regulators ask: one list, for JSON, report and page."""

import re
from dataclasses import replace
from pathlib import Path
from typing import get_type_hints

import pytest

from ganisi.audit import AuditReport
from ganisi.audit.report._crosswalk import CROSSWALK, NO_LEGAL_ADVICE, value_at

PAGE = Path(__file__).parents[2] / "docs" / "guide" / "regulators.md"


def rows(report):
    return report.to_dict()["crosswalk"]["rows"]


def empty(report):
    return {path for row in rows(report) for path in row["empty"]}


def test_every_text_of_the_field_has_a_row():
    texts = " ".join(row.text for row in CROSSWALK)
    for name in (
        "05/2014", "28/2024: singling out", "linkability", "inference", "C-413/23", "2025/327",
        "EMA Policy 0070", "27559", "800-226",
    ):  # fmt: skip
        assert name in texts
    for row in CROSSWALK:
        assert row.not_said
        assert row.fields or row.more


def test_every_field_is_one_of_a_report(report):
    for row in CROSSWALK:
        for path in row.fields:
            value_at(report, path)
            first = path.split(".")[0]
            assert first in get_type_hints(AuditReport)
    with pytest.raises(KeyError):
        value_at(report, "power.mood")


def test_what_a_report_leaves_empty_is_said(report):
    assert empty(report) == {
        "set_level.decisions",
        "settings.max_auc",
        "settings.max_share",
        "settings.max_disclosure_risk",
        "disclosure.below",
        "provenance.run",
    }
    dated = report.dated()
    assert "provenance.run" not in empty(dated)
    bare = replace(report, disclosure=None)
    assert {"disclosure.risk", "disclosure.interval"} < empty(bare)
    written = report.to_dict()["crosswalk"]
    assert written["note"] == NO_LEGAL_ADVICE
    for row, one in zip(CROSSWALK, written["rows"], strict=True):
        assert (one["text"], one["asks"], one["not_said"]) == (row.text, row.asks, row.not_said)
        assert tuple(one["fields"]) == row.fields


def test_it_stands_in_the_json_and_is_made_anew_from_the_figures(report):
    written = report.to_dict()
    again = AuditReport.from_dict({**written, "crosswalk": {}})
    assert again == report
    assert again.to_dict()["crosswalk"] == written["crosswalk"]
    del written["crosswalk"]
    with pytest.raises(ValueError, match="lacks its crosswalk"):
        AuditReport.from_dict(written)


def test_the_report_shows_the_rows_with_their_figures(report):
    page = report.to_html()
    assert "This is no legal advice" in page
    low, high = report.disclosure.interval
    assert f"<code>disclosure.interval</code>: {low:.2f} to {high:.2f}" in page
    assert "<code>disclosure.below</code>: not given" in page
    n_copies = len(report.images.near_copies.used)
    assert f"<code>images.near_copies.used</code>: {n_copies}<br>" in page
    for row in CROSSWALK:
        assert row.not_said.split("’")[0].split("'")[0] in page


def linked(text):
    """Names of ganisi as links, fields of a report as code."""
    text = re.sub(r"ganisi\.\w+\.\w+", lambda name: f"{{func}}`{name[0]}`", text)
    return re.sub(r"\b(?:images|settings)\.\w+", lambda name: f"`report.{name[0]}`", text)


def table():
    head = ("text", "what it asks", "what the report has", "what the report has not")
    cells = [head, ("---",) * 4]
    for row in CROSSWALK:
        fields = ", ".join(f"`report.{path}`" for path in row.fields)
        has = "; ".join(filter(None, [fields, linked(row.more)]))
        cells.append((row.text, row.asks, has, row.not_said))
    return "\n".join("| " + " | ".join(one) + " |" for one in cells).replace("| --- ", "|---")


def test_the_page_has_the_same_rows_and_the_same_warning():
    if not PAGE.is_file():
        pytest.skip("the documentation is not here")
    text = PAGE.read_text(encoding="utf-8")
    found = re.search(r"^\| text \|.*?(?=\n\n)", text, re.DOTALL | re.MULTILINE)[0]
    expected = table().replace(" |---|---|---|--- |", "")
    assert [re.sub(r"\s", "", line) for line in found.split("\n")] == [
        re.sub(r"\s", "", line) for line in expected.split("\n")
    ]
    assert NO_LEGAL_ADVICE in " ".join(text.replace("**", "").split())

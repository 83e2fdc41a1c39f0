"""What a report says of each image of unknown status."""

from dataclasses import replace

import pytest

from ganisi import GANISI, Intensity
from ganisi.audit import AuditReport, audit
from ganisi.audit.report._sections import Decisions
from ganisi.baselines import NearestGenerated
from ganisi.datasets import make_source_identification


@pytest.fixture(scope="module")
def report():
    data = make_source_identification(16, 60, 30, size=32, leakage=1.0, random_state=0)
    asked = [*range(2), *range(len(data.real) - 2, len(data.real))]
    rest = [i for i in range(len(data.real)) if data.groups[i] not in set(data.groups[asked])]
    return audit(
        GANISI(Intensity(grid=32, n_quantiles=1), identifier=NearestGenerated()),
        data.real[rest],
        data.used[rest],
        generated=(data.generated,),
        groups=data.groups[rest],
        queries=data.real[asked],
        query_groups=data.groups[asked],
        n_permutations=19,
        baselines={},
        alpha=0.2,
        random_state=0,
    )


def said(report):
    return [" ".join(text.split()) for text in (str(report), report.to_html())]


def with_decisions(report, *values):
    return replace(report, set_level=replace(report.set_level, decisions=Decisions(*values)))


def test_an_audit_decides_about_its_queries(report):
    found = report.set_level.decisions
    assert found.fdr == 0.2
    assert found.reason is None
    assert len(found.decision) == len(found.p_value) == 4
    assert [q <= 0.2 for q in found.q_value] == [one == "used" for one in found.decision]
    assert AuditReport.from_json(report.to_json()) == report


def test_those_called_used_are_named_and_the_others_are_not_cleared(report):
    decisions = ("used", "not distinguishable", "used", "not distinguishable")
    found = with_decisions(
        report, None, 0.1, 30, (0.01, 0.5, 0.02, 1), (0.04, 0.6, 0.05, 1), decisions
    )
    for text in said(found):
        assert "2 of the 4 images are called used, by comparison with 30 not-used patients" in text
        assert "queries[0] (q = 0.04)" in text
        assert "queries[2] (q = 0.05)" in text
        assert "queries[1] (q" not in text
        assert "does not say that they were not used" in text
    none = with_decisions(report, None, 0.1, 30, (1,) * 4, (1,) * 4, decisions[1:2] * 4)
    for text in said(none):
        assert "None of the 4 images alone can be distinguished" in text
        assert "That does not say that none was used" in text
    few = with_decisions(report, "there are too few.", 0.1)
    for text in said(few):
        assert "About none of them alone can anything be said: there are too few." in text
    without = replace(report, set_level=replace(report.set_level, decisions=None))
    for text in said(without):
        assert "About none of them" not in text


def test_the_table_of_queries_has_their_decisions(report):
    pytest.importorskip("pandas")
    frame = report.to_frame("queries")
    columns = ["name", "probability", "low", "high", "p_value", "q_value", "decision"]
    assert frame.columns.tolist() == columns
    assert frame["high"].tolist() == [high for _, high in report.images.query_interval]
    assert frame["name"].tolist() == [f"queries[{i}]" for i in range(4)]
    assert frame["decision"].tolist() == list(report.set_level.decisions.decision)
    few = with_decisions(report, "there are too few.", 0.1).to_frame("queries")
    assert few.columns.tolist() == columns[:4]
    assert replace(report, set_level=None).to_frame("queries").shape == (4, 4)
    unknown = replace(report, images=replace(report.images, query_interval=None))
    assert unknown.to_frame("queries").columns.tolist() == columns[:2] + columns[4:]

"""A report is read again as it was written, and another's is refused by name."""

import json

import numpy as np
import pytest

from ganisi import GANISI, Intensity
from ganisi.audit import AuditReport, audit
from ganisi.audit.report._report import SCHEMA_VERSION
from ganisi.audit.report._sections import Power
from ganisi.baselines import NearestGenerated
from ganisi.datasets import make_source_identification


@pytest.fixture(scope="module")
def reports():
    data = make_source_identification(16, 16, 30, size=32, leakage=1.0, random_state=0)
    other = make_source_identification(4, 4, 8, size=32, random_state=9).real
    model = GANISI(Intensity(grid=8, n_quantiles=1), identifier=NearestGenerated())
    dials = {"n_permutations": 19, "cv": 2, "random_state": 0}

    def run(which=slice(None), **more):
        given = {"baselines": {}, **dials, **more}
        real, used = data.real[which], data.used[which]
        return audit(model, real, used, generated=(data.generated,), **given)

    folder = {"role": "real", "folder": "a", "images": 1, "sizes": ["8 x 8"], "depth": "uint8"}
    few = np.r_[np.flatnonzero(data.used == 1)[:4], np.flatnonzero(data.used == 0)[:3]]
    return {
        "plain": run(),
        "full": run(
            groups=data.groups,
            queries=other,
            query_groups=[f"query {i}" for i in range(8)],
            prevalence=0.1,
            max_auc=0.7,
            baselines={"zweite, 2.": NearestGenerated(k=2), "": NearestGenerated(k=3)},
        ),
        "dated": run().dated("python -m ganisi audit 'a b'", [folder]),
        "copies": run(queries=data.generated[:2]),
        "too few": audit(
            model,
            data.real[few],
            data.used[few],
            generated=(data.generated,),
            baselines={},
            **dials,
        ),
    }


@pytest.mark.parametrize("kind", ["plain", "full", "dated", "copies", "too few"])
def test_a_report_is_read_as_it_was_written(reports, kind):
    report = reports[kind]
    again = AuditReport.from_json(report.to_json())
    assert again == report
    assert again.to_json() == report.to_json()
    assert str(again) == str(report)
    assert again.to_html() == report.to_html()
    assert AuditReport.from_dict(report.to_dict()) == report


def test_reports_that_differ_in_one_figure_are_not_equal(reports):
    written = reports["full"].to_dict()
    written["baselines"]["zweite, 2."]["probability"][3] += 1e-9
    assert AuditReport.from_dict(written) != reports["full"]


def test_a_report_of_another_schema_is_refused_by_name(reports):
    for version in (SCHEMA_VERSION + 1, "2", None, True, float(SCHEMA_VERSION)):
        text = json.dumps({**reports["plain"].to_dict(), "schema_version": version})
        with pytest.raises(
            ValueError, match=f"schema version {version!r}.* reads {SCHEMA_VERSION}"
        ):
            AuditReport.from_json(text)


@pytest.mark.parametrize("text", ["{}", "[]", "3", '{"verdict": "cannot say"}'])
def test_what_is_no_report_is_refused(text):
    with pytest.raises(ValueError, match="no report of ganisi"):
        AuditReport.from_json(text)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda r: r.pop("power"), r"lacks \['power'\]"),
        (lambda r: r.update(mood="good"), r"unknown \['mood'\]"),
        (lambda r: r["best"].update(p_value="low"), "report.best.p_value .*'low'; expected float"),
        (lambda r: r["counts"].update(used=True), "report.counts.used .*True; expected int"),
        (lambda r: r["images"].update(used=3), "report.images.used .*expected a list"),
        (lambda r: r["attack"].update(scores=[]), "report.attack.scores .*expected an object"),
        (lambda r: r.update(set_level=3), "report.set_level .*expected an object"),
        (lambda r: r["best"].update(p_value=float("nan")), "report.best.p_value .*nan; expected"),
        (lambda r: r["attack"].update(interval=[0.5]), r"report.attack.interval .*2 entries"),
        (lambda r: r.update(verdict="fine"), "verdict of the report is 'fine'; expected"),
        (lambda r: r["best"].update(name="nobody"), "best attack of the report is 'nobody'"),
        (lambda r: r["images"]["used"].append(None), r"report.images.used\[32\] .*expected bool"),
    ],
)
def test_a_field_that_is_not_what_it_should_be_is_named(reports, change, message):
    written = reports["plain"].to_dict()
    change(written)
    with pytest.raises(ValueError, match=message):
        AuditReport.from_dict(written)


def test_sections_read_like_what_they_become_in_json(reports):
    report = reports["full"]
    assert report.best["p_value"] == report["best"].p_value == report.to_dict()["best"]["p_value"]
    with pytest.raises(KeyError):
        report.best["__class__"]


def test_what_has_no_value_is_none_and_lists_are_tuples():
    section = Power(np.float64("nan"), np.float32(0.5), [1.0, np.inf], None, 0.95)
    assert section.minimum_detectable_auc is None
    assert type(section.power) is float
    assert section.null_spread == (1.0, None)


def test_the_names_of_the_user_are_shown_as_they_are_and_escaped_on_the_page(reports):
    assert "zweite, 2." in str(reports["full"])
    assert "&#39;a b&#39;" in reports["dated"].to_html()

"""The risk of disclosure at a prevalence: the largest that may be, against the user's bound."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganisi import GANISI, Intensity
from ganisi.audit import AuditReport, audit
from ganisi.audit._disclosure import disclosure_section
from ganisi.baselines import NearestGenerated
from ganisi.datasets import make_source_identification
from ganisi.metrics import ppv_at_prevalence, rate_intervals


def attack(ppv, ends, **rates):
    """An attack with a PPV, its interval, and (rate, ends) at false positive rates, by name."""
    return SimpleNamespace(
        scores={"ppv_at_prevalence": ppv, **{name: rate for name, (rate, _) in rates.items()}},
        rate_intervals={
            "recall": (0.0, 1.0),
            "ppv_at_prevalence": ends,
            **{name: one for name, (_, one) in rates.items()},
        },
    )


@pytest.fixture
def asked(design):
    return replace(design, prevalence=0.01, max_disclosure_risk=0.09)


def test_without_a_prevalence_there_is_none(design):
    assert disclosure_section(design, {"a": attack(None, None)}) is None


def test_the_attack_whose_interval_reaches_furthest_up_counts(asked):
    attacks = {"a": attack(0.05, (0.02, 0.06)), "b": attack(0.03, (0.01, 0.08))}
    found = disclosure_section(asked, attacks)
    assert (found.attack, found.answers, found.risk) == ("b", "at 1/2", 0.03)
    assert found.interval == (0.01, 0.08)
    assert found.below is True
    assert disclosure_section(replace(asked, max_disclosure_risk=0.08), attacks).below is False
    assert disclosure_section(replace(asked, max_disclosure_risk=None), attacks).below is None


def test_the_surest_answers_count_as_much_as_all(asked):
    """Whom an attack knows for sure an average over all its answers hides."""
    rate = {"tpr_at_fpr=0.01": (0.1, (0.05, 0.3)), "tpr_at_fpr=0.1": (0.2, (0.1, 0.4))}
    found = disclosure_section(asked, {"a": attack(0.011, (0.008, 0.02), **rate)})
    assert (found.attack, found.answers) == ("a", "at FPR 0.01")
    assert found.risk == pytest.approx(0.1 * 0.01 / (0.1 * 0.01 + 0.01 * 0.99))
    assert found.interval[0] == pytest.approx(ppv_at_prevalence(0.05, 0.99, 0.01))
    assert found.interval[1] == pytest.approx(ppv_at_prevalence(0.3, 0.99, 0.01))
    assert found.below is False


@given(st.floats(0.001, 0.5), st.integers(0, 2**16))
def test_no_risk_is_above_its_end_nor_below_what_the_answers_at_one_half_have(prevalence, seed):
    rng = np.random.default_rng(seed)
    used = np.arange(60) < 30
    score = rng.random(60) + 0.3 * used * rng.random()
    ends = rate_intervals(used, score, prevalence=prevalence)
    said = score >= 0.5
    scores = {
        "ppv_at_prevalence": ppv_at_prevalence(
            said[used].mean(), (~said)[~used].mean(), prevalence
        ),
        "tpr_at_fpr=0.1": np.mean(score[used] > np.sort(score[~used])[-4]),
    }
    design = SimpleNamespace(prevalence=prevalence, max_disclosure_risk=None)
    one = SimpleNamespace(scores=scores, rate_intervals=ends)
    found = disclosure_section(design, {"a": one})
    assert found.interval[0] <= found.risk <= found.interval[1]
    assert found.interval[1] >= ends["ppv_at_prevalence"][1]


DATA = make_source_identification(14, 14, 30, size=32, leakage=1.0, random_state=0)


def run(**options):
    return audit(
        GANISI(Intensity(grid=8, n_quantiles=1), identifier=NearestGenerated()),
        DATA.real,
        DATA.used,
        generated=(DATA.generated,),
        n_permutations=19,
        cv=2,
        baselines={},
        random_state=0,
        **{"groups": DATA.groups, **options},
    )


def flat(report):
    return " ".join(str(report).split())


def test_an_audit_says_the_risk_and_what_it_is_held_against():
    report = run(prevalence=0.01, max_disclosure_risk=0.09)
    found = report.disclosure
    assert found.attack == "main attack"
    assert found.interval[1] >= report.attack.rate_intervals["ppv_at_prevalence"][1]
    assert found.below is False
    assert report.settings.max_disclosure_risk == 0.09
    assert "It may reach the largest tolerable risk, 0.09, said before the audit" in flat(report)
    assert "Risk of disclosure: where 0.01 of those asked about were used" in report.to_html()
    assert "counting patients" in flat(report)
    assert AuditReport.from_json(report.to_json()) == report
    below = replace(report, disclosure=replace(found, below=True))
    assert "by itself it clears nothing" in flat(below)
    unbound = replace(report, disclosure=replace(found, below=None))
    assert "No largest tolerable risk was named" in flat(unbound)
    without = replace(report, disclosure=None)
    assert "Risk of disclosure" not in flat(without) + without.to_html()


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"max_disclosure_risk": 0.09}, "without prevalence"),
        ({"max_disclosure_risk": 0.09, "prevalence": 0.09}, "above the prevalence, 0.09"),
        ({"max_disclosure_risk": 1, "prevalence": 0.1}, "and below 1"),
        ({"max_disclosure_risk": "0.1", "prevalence": 0.01}, "max_disclosure_risk='0.1'"),
        ({"fdr": 0.1}, "there are none; give queries"),
        ({"fdr": 0, "queries": DATA.generated}, "fdr=0"),
    ],
)
def test_what_cannot_be_is_refused_before_any_image_is_described(options, why, monkeypatch):
    monkeypatch.setattr(Intensity, "transform", lambda *_: pytest.fail("described"))
    with pytest.raises(ValueError, match=why):
        run(**options)

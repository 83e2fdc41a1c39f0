"""Results show their main figures, in a line or a small table, and never what they are about."""

from dataclasses import replace

import numpy as np
import pytest
from stubs import few_stand_ins

from ganisi import GANISI, Intensity
from ganisi._compat._brief import Brief, Words
from ganisi.audit import (
    CopyList,
    CrossFit,
    QueryDecisions,
    Release,
    ReleaseList,
    SetResult,
    audit,
    permutation_test,
)
from ganisi.baselines import NearestGenerated
from ganisi.datasets import make_source_identification

PIXELS = GANISI(Intensity(grid=8, n_quantiles=1), identifier=NearestGenerated())
SECRET = "mrs-miller"
NAMES = tuple(f"{SECRET}-{i}" for i in range(5))
NUMBERS = np.linspace(0, 1, 5)
REASON = np.array(["copy", "", "near", "", ""])


@pytest.fixture(scope="module")
def results():
    """One of each kind: of images and patients with names where it keeps any."""
    data = make_source_identification(20, 20, 50, size=32, leakage=1.0, random_state=0)
    data["patients"] = groups = np.array([f"{SECRET}-{one}" for one in data.groups])
    given = {"generated": (data.generated,), "groups": groups}
    fit = CrossFit.from_images(PIXELS, data.real, data.used, **given)
    dials = {"n_permutations": 19, "baselines": {}, "random_state": 0}
    with few_stand_ins():
        report = audit(PIXELS, data.real, data.used, **given, **dials)
    listed = ReleaseList(*[np.arange(5)] * 2, *[NUMBERS] * 3, REASON, 0.05, NAMES, NAMES)
    return {
        "data": data,
        "fit": fit,
        "test": permutation_test(fit, n_permutations=19, random_state=0),
        "evidence": PIXELS.fit(data.real, data.used, **given).evidence(data.real[:3]),
        "report": report,
        "section": report.attack,
        "list": listed,
        "copies": CopyList(*[np.arange(5)] * 2, NUMBERS, NUMBERS, REASON, NAMES, NAMES),
        "set": SetResult(0.7, 0.01, NUMBERS, 2, 1),
        "decisions": QueryDecisions(np.array(["used"] * 2 + ["?"] * 3), NUMBERS, NUMBERS, 0.1, 30),
        "release": Release(report, None, (listed,), np.arange(5), "why", None, NAMES),
    }


KINDS = [
    "data",
    "fit",
    "test",
    "evidence",
    "report",
    "section",
    "list",
    "copies",
    "set",
    "decisions",
    "release",
]


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_notebook_shows_is_short_and_names_nobody(results, kind):
    one = results[kind]
    for shown, longest in [(repr(one), 600), (one._repr_html_(), 2500)]:
        assert type(one).__name__ in shown
        assert SECRET not in shown
        assert len(shown) < longest
    assert "\n" not in repr(one)


@pytest.mark.parametrize(
    ("kind", "figures"),
    [
        ("data", ["real=(40, 32, 32) uint8", "patients=(40,) <U"]),
        ("fit", ["n_images=40", "n_patients=20", "n_folds=5", "identifier=NearestGenerated"]),
        ("test", ["p_value=0.05", "n_permutations=19"]),
        ("evidence", ["n_queries=3", "n_nearest=5", "n_maps=1"]),
        ("list", ["n_generated=5", "n_withheld=2", "fdr=0.05"]),
        ("copies", ["n_generated=5", "n_withheld=2"]),
        ("set", ["roc_auc=0.7", "p_value=0.01", "n_queries=5"]),
        ("decisions", ["n_queries=5", "n_used=2", "n_reference=30"]),
        ("release", ["verdict=cannot say", "n_withheld=4", "n_may_go=0", "rounds=1"]),
    ],
)
def test_main_figures_are_told(results, kind, figures):
    for figure in figures:
        assert figure in repr(results[kind])
        name, value = figure.split("=")
        html = results[kind]._repr_html_()
        assert f">{name}</th>" in html
        assert value.replace("<", "&lt;") in html


def test_a_report_is_shown_by_verdict_and_best_attack_and_printed_whole(results):
    report = results["report"]
    assert f"verdict={report.verdict}" in repr(report)
    assert f"roc_auc={report.attack.scores['roc_auc']:.4g}" in repr(report)
    assert "used=20, not_used=20, patients=20, generated=50" in repr(report)
    assert report.reason in report._repr_html_()
    assert len(str(report)) > 2000
    worse = replace(report.attack, scores={**report.attack.scores, "roc_auc": 0.25})
    best = replace(report.best, name="other")
    other = replace(report, baselines={"other": worse}, best=best)
    assert "best=other, roc_auc=0.25" in repr(other)


class Odd(Brief):
    def __init__(self, **figures):
        self.figures = figures

    def _main_figures(self):
        return self.figures


def test_only_words_of_ours_are_written_out():
    odd = Odd(
        ours=Words("an <AUC>"), theirs="a name", none=None, many=["a", "b"], yes=np.bool_(True)
    )
    assert repr(odd) == (
        "Odd(ours=an <AUC>, theirs=a text of 6 characters, none=None, many=list of 2, yes=True)"
    )
    assert "an &lt;AUC&gt;" in odd._repr_html_()
    assert repr(Odd(inner=odd, thing=object(), share=0.123456)).endswith(
        "thing=one object, share=0.1235)"
    )


def test_nothing_that_a_terminal_obeys_is_shown():
    odd = Odd(ours=Words("a\x1b[31mb"))
    assert "\x1b" not in repr(odd) + odd._repr_html_()

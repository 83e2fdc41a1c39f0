"""From an audit to a release: rounds, the bound, and what may go."""

import contextlib
import csv
import json
from dataclasses import replace

import numpy as np
import pytest

from ganisi import GANISI, CDFWassersteinPairer, Intensity
from ganisi.audit import AuditReport, _releasing, release
from ganisi.baselines import NearestGenerated
from ganisi.images._identity import image_key

SIDE = 8
N_USED, N_NOT_USED, N_FREE = 25, 30, 20


def attack():
    pairer = CDFWassersteinPairer(n_quantiles=1, grid=SIDE, relative=True)
    return GANISI(Intensity(grid=SIDE, n_quantiles=1), pairer=pairer, identifier=NearestGenerated())


def noise(n, rng):
    return rng.uniform(0, 1, (n, SIDE, SIDE))


@pytest.fixture(scope="module")
def data():
    """Real images, whether used, and generated ones: 20 of nobody, and 25 near copies."""
    rng = np.random.default_rng(0)
    real = noise(N_USED + N_NOT_USED, rng)
    copies = real[:N_USED] + 0.02 * noise(N_USED, rng)
    return real, np.arange(len(real)) < N_USED, np.concatenate([noise(N_FREE, rng), copies])


OPTIONS = {"n_permutations": 19, "baselines": {}, "random_state": 3, "max_auc": 0.99}


@pytest.fixture(scope="module")
def found(data):
    real, used, generated = data
    return release(attack(), real, used, generated=(generated,), design="randomised", **OPTIONS)


def test_the_leak_is_withheld_and_no_longer_found(found):
    assert found.before.verdict == "leakage detected"
    assert found.before.attack.scores["roc_auc"] > 0.9
    assert found.withheld[N_FREE:].all()
    assert found.after.counts.generated == np.sum(~found.withheld)
    assert found.after.attack.scores["roc_auc"] < 0.75
    assert not found.still_found
    np.testing.assert_array_equal(found.may_go, ~found.withheld)
    assert set(found.round) == {0, 1}
    assert found.stopped == "no attack does better than chance in what is left"


def test_both_audits_have_the_settings_and_one_seed(found):
    for one in (found.before, found.after):
        assert (one.settings.seed, one.settings.n_permutations) == (3, 19)
        assert one.settings.design == "randomised"
        assert one.provenance.sha256["real"] == found.before.provenance.sha256["real"]


@pytest.fixture
def stubbed(monkeypatch):
    """Lists that withhold the first so many images; audits whose p-values are given in turn."""

    class Stub:
        def __init__(self):
            self.take, self.p_values, self.asked, self.listed = [], [], [], []

        def audit(self, estimator, X, y, *, generated, random_state, **options):
            self.asked.append((sum(map(len, generated)), random_state, options))
            p = self.p_values.pop(0)
            if isinstance(p, Exception):
                raise p
            return Audited(p)

        def release_list(self, estimator, X, y, *, generated, names, random_state, **options):
            self.listed.append((names, [len(set_) for set_ in generated], random_state))
            decision = np.repeat("release", len(names)).astype(object)
            decision[: self.take.pop(0)] = "withhold"
            return Listed(decision, names)

    class Audited:
        def __init__(self, p):
            self.verdict = "leakage detected" if p == 0 else "cannot say"
            self.best = self.standing_out = type("P", (), {"p_value": p})
            self.settings = type("S", (), {"alpha": 0.05, "seed": 17})

    class Listed:
        def __init__(self, decision, names):
            self.decision, self.names, self.fdr = decision, names, 0.05
            self.nearest = np.arange(len(names)) + 100 * len(names)

        def columns(self):
            return {"generated": list(self.names), "decision": self.decision}

    stub = Stub()
    monkeypatch.setattr(_releasing, "audit", stub.audit)
    monkeypatch.setattr(_releasing, "release_list", stub.release_list)
    return stub


def released(data, take, p_values, stub, **options):
    real, used, generated = data
    stub.take, stub.p_values = list(take), list(p_values)
    sets = (generated[:5], list(generated[5:]))
    return release(attack(), real, used, generated=sets, random_state=None, **options)


def test_on_request_it_says_what_is_being_done(data, stubbed, capsys):
    released(data, [4], [0, 0.3], stubbed, verbose=1)
    err = capsys.readouterr().err
    assert "auditing 45 of 45 generated images" in err
    assert "round 1: listing what is to be withheld of 45 images" in err
    assert "auditing 41 of 45 generated images" in err
    released(data, [4], [0, 0.3], stubbed)
    assert capsys.readouterr().err == ""


def test_rounds_go_on_while_an_attack_finds_something_and_no_longer(data, stubbed):
    found = released(data, [4, 3, 2], [0, 0.01, 0.3], stubbed, rounds=5)
    assert [n for n, *_ in stubbed.asked] == [45, 41, 38]
    assert [seed for _, seed, _ in stubbed.asked] == [None, 17, 17]
    assert [sizes for _, sizes, _ in stubbed.listed] == [[5, 40], [1, 40]]
    assert stubbed.listed[1][0] == [f"generated[{i}]" for i in range(4, 45)]
    np.testing.assert_array_equal(found.round, [1] * 4 + [2] * 3 + [0] * 38)
    assert found.verdict == "cannot say"
    assert found.may_go.sum() == 38


@pytest.mark.parametrize("p", [0, 0.05])
def test_nothing_may_go_while_an_attack_still_finds_something(data, stubbed, p):
    found = released(data, [4], [0, p], stubbed)
    assert found.stopped == "1 round was asked for"
    assert found.still_found
    assert not found.may_go.any()
    assert found.withheld.sum() == 4


def test_a_list_that_withholds_nothing_ends_it_without_another_audit(data, stubbed):
    found = released(data, [0], [0.5], stubbed, rounds=3)
    assert found.after is found.before
    assert found.may_go.all()
    assert "round 1 withholds nothing" in found.stopped


def test_beyond_the_bound_nothing_may_go_and_no_round_follows(data, stubbed):
    found = released(data, [9, 9], [0, 0, 0], stubbed, rounds=3, max_withheld=0.3)
    assert found.stopped == "40% are withheld, more than the bound of 30%"
    assert not found.within_bound
    assert not found.may_go.any()
    found = released(data, [10], [0, 0.5], stubbed, max_withheld=0.2)
    assert not found.within_bound
    assert not found.may_go.any()
    assert released(data, [9], [0, 0.5], stubbed, max_withheld=0.2).within_bound


def test_where_nothing_is_left_or_it_cannot_be_audited_nothing_may_go(data, stubbed):
    found = released(data, [45], [0], stubbed, rounds=2)
    assert (found.after, found.stopped, found.verdict) == (None, "nothing is left", "cannot say")
    assert not found.may_go.any()
    found = released(data, [44], [0, ValueError("too few")], stubbed)
    assert found.stopped == "what is left could not be audited: too few"
    assert not found.may_go.any()
    with pytest.raises(MemoryError):
        released(data, [44], [0, MemoryError()], stubbed)


def test_the_table_has_the_last_row_of_each_image_and_its_round(data, stubbed):
    found = released(data, [4, 3], [0, 0, 0.3], stubbed, rounds=2)
    columns = found.columns()
    assert columns["generated"] == [f"generated[{i}]" for i in range(45)]
    assert columns["decision"] == ["withhold"] * 7 + ["release"] * 38
    np.testing.assert_array_equal(columns["round"], found.round)
    np.testing.assert_array_equal(found.nearest, [*(4500 + np.arange(4)), *(4100 + np.arange(41))])


class Counting(Intensity):
    """Keeps which images it describes, by all copies of it."""

    asked = []  # noqa: RUF012

    def transform(self, X):
        self.asked.extend(image_key(image) for image in X)
        return super().transform(X)


def test_lists_and_audits_describe_no_image_twice(data, monkeypatch):
    real, used, generated = data
    monkeypatch.setattr(Counting, "asked", [])
    eye = Counting(grid=SIDE, n_quantiles=1)
    counting = attack().set_params(descriptor=eye)
    options = {"generated": (generated,), "design": "randomised", **OPTIONS}
    shared = release(counting, real, used, **options)
    keys = [image_key(image) for image in (*real, *generated)]
    assert set(map(Counting.asked.count, keys)) == {1}
    n_shared = len(Counting.asked)
    monkeypatch.setattr(_releasing, "keeping_rows", contextlib.nullcontext)
    Counting.asked.clear()
    apart = release(counting, real, used, **options)
    assert min(map(Counting.asked.count, keys[: len(real)])) >= 3
    assert len(Counting.asked) > 2 * n_shared
    assert shared.to_dict() == apart.to_dict()
    for name, values in shared.columns().items():
        assert list(values) == list(apart.columns()[name])


def test_what_cannot_be_is_refused_before_any_audit(data, stubbed):
    for options, why in [
        ({"rounds": 0}, "rounds=0"),
        ({"max_withheld": 1}, "max_withheld=1"),
        ({"fdr": 0.01}, "nothing can be found at fdr=0.01"),
        ({"generated_names": ["a"]}, "generated_names has 1 entries for 45 images"),
        ({"real_names": ["a"]}, "real_names has 1 entries for 55 images"),
    ]:
        with pytest.raises(ValueError, match=why):
            released(data, [], [], stubbed, **options)
    assert not stubbed.asked


def test_it_is_written_as_text_page_json_and_table(found, tmp_path):
    text = " ".join(str(found).split())
    n = found.withheld.sum()
    assert f"{n} of 45 synthetic images are withheld" in text
    assert "A list made with one attack does not bind another one." in text
    assert "The audit of what is left is optimistic" in text
    assert "AUDIT OF SYNTHETIC IMAGES" in text
    assert f"{45 - n} synthetic images may go" in text
    page = found.to_html(tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text() == page
    assert page.count("<body>") == page.count("</html>") == 1
    assert page.count("<h2>Who could do this</h2>") == 2
    drawing = page.split("<svg")[1].split("</svg>")[0]
    for when, report in (("before", found.before), ("after", found.after)):
        row = drawing.split(f">main attack, {when}</text>")[1].split("</text>")[0]
        assert row.endswith(f">{report.attack.scores['roc_auc']:.2f}")
    none_left = replace(found, after=None).to_html().split("<svg")[1].split("</svg>")[0]
    assert "main attack, before" in none_left
    assert "main attack, after" not in none_left
    read = json.loads(found.to_json())
    assert read["may_go"] == 45 - n
    assert AuditReport.from_dict(read["before"]) == found.before
    assert AuditReport.from_dict(read["after"]) == found.after
    found.to_csv(tmp_path / "list.csv")
    with open(tmp_path / "list.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["round"] for row in rows] == [str(k) for k in found.round]
    dated = found.dated("the command", [])
    assert dated.before.provenance.run.command == "the command"
    assert dated.after.provenance.run.command == "the command"

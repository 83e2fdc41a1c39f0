"""The audit as a whole, on images and on points."""

import json
import re
from html.parser import HTMLParser
from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from ganisi import GANISI, Intensity, SourceIdentifier
from ganisi.audit import audit
from ganisi.baselines import NearestGenerated, pixels
from ganisi.datasets import make_source_identification

PIXELS = GANISI(Intensity(grid=16, n_quantiles=1), identifier=NearestGenerated())
OTHERS = {"second": NearestGenerated(k=2), "pixels": pixels(grid=8)}


@pytest.fixture(scope="module")
def data():
    return make_source_identification(28, 28, 60, size=32, leakage=1.0, random_state=0)


@pytest.fixture(scope="module")
def safe():
    """Nothing of a training image is in the generated ones."""
    return make_source_identification(28, 28, 60, size=32, leakage=0, random_state=1)


def run(data, estimator=PIXELS, **arguments):
    dials = {
        "generated": (data.generated,),
        "groups": data.groups,
        "n_permutations": 19,
        "cv": 3,
        "baselines": {"second": NearestGenerated(k=2)},
        "random_state": 0,
    }
    return audit(estimator, data.real, data.used, **{**dials, **arguments})


@pytest.fixture(scope="module")
def asked(data):
    """Used images whose patients are not among those of known status."""
    return make_asked(data)


def make_asked(data):
    held = np.isin(data.groups, np.unique(data.groups[data.used == 1])[:4])
    known = SimpleNamespace(
        real=data.real[~held],
        used=data.used[~held],
        groups=data.groups[~held],
        generated=data.generated,
    )
    return known, {"queries": data.real[held], "query_groups": data.groups[held]}


@pytest.fixture(scope="module")
def report(asked):
    known, queries = asked
    return run(known, **queries, baselines=OTHERS, prevalence=0.1, max_auc=0.6)


def test_a_generator_that_repeats_its_images_is_found_out(report):
    assert report.verdict == "leakage detected"
    row = report.attacks["main attack"]
    assert row["p_value"] == 0.05
    assert row["interval"][0] <= row["scores"]["roc_auc"] <= row["interval"][1]
    assert row["excess_interval"][0] > 0
    assert report.controls["results"][1].p_value <= 0.05
    assert not report.controls["found"]  # It sees no moved copies.
    assert report.controls["results"][0]["roc_auc"] < 0.9
    assert report.set_level["p_value"] < 0.05
    assert set(report.attacks) == {"main attack", *OTHERS}


def test_the_printed_report_fits_a_terminal_and_says_what_it_does_not_prove(report):
    text = str(report)
    assert max(map(len, text.splitlines())) <= 100
    for words in (
        "LEAKAGE DETECTED",
        "always used",
        "What this does not prove",
        "Who could do this",
        "null control",
        "Minimum detectable ROC AUC",
        "seed 0",
        "sha256",
        "scikit-learn",
        "unknown status",
    ):
        assert words in text


def test_the_report_is_the_same_to_the_last_bit_for_any_number_of_workers(asked, report):
    known, queries = asked
    again = run(known, **queries, baselines=OTHERS, prevalence=0.1, max_auc=0.6, n_jobs=2)
    assert again.to_json() == report.to_json()
    assert again.to_html() == report.to_html()
    assert str(again) == str(report)


def test_another_seed_gives_other_permutations_and_no_seed_is_recorded_too(data, report):
    other = run(data, random_state=np.random.RandomState(3), baselines={})
    assert other.settings["seed"] != 0
    again = run(data, random_state=other.settings["seed"], baselines={})
    assert again.to_json() == other.to_json()


def test_json_holds_everything_and_no_nan(report, tmp_path):
    text = report.to_json(tmp_path / "report.json")
    assert (tmp_path / "report.json").read_text(encoding="utf-8") == text
    read = json.loads(text, parse_constant=lambda name: pytest.fail(name))
    assert set(read) == set(report.to_dict())
    assert read["attack"]["scores"]["tpr_at_fpr=0.01"] is None
    assert len(read["baselines"]["second"]["probability"]) == 48
    checks = read["eye"]["blind_checks"]["checks"].values()
    assert [len(check["probability"]) for check in checks] == [48, 48]
    assert len(read["images"]["query_probability"]) == 8
    of_each = zip(
        read["images"]["query_interval"], read["images"]["query_probability"], strict=True
    )
    assert all(low <= p <= high for (low, high), p in of_each)


def test_to_dict_is_a_copy(report):
    report.to_dict()["eye"]["blind_checks"]["checks"].clear()
    assert report.eye.blind_checks.checks


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.seen, self.attributes = [], set(), []

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        self.attributes += attrs
        if tag not in {"meta", "line", "circle", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_page_is_whole_and_needs_nothing_from_elsewhere(report, tmp_path):
    page = report.to_html(tmp_path / "report.html")
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == page
    tags = Tags()
    tags.feed(page.replace("/>", ">"))
    assert tags.open == []
    assert not tags.seen & {"script", "img", "link", "iframe", "object", "image"}
    assert not {name for name, _ in tags.attributes} & {"src", "href", "srcset"}
    assert not re.search(r"https?://|url\(|@import", page)
    for words in ("Leakage detected", "does not prove", "Who could do this", "guessing"):
        assert words in page


def test_names_from_the_user_are_escaped_on_the_page(data):
    page = run(data, baselines={"<b>&": NearestGenerated()}).to_html()
    assert "<b>&" not in page
    assert "&lt;b&gt;&amp;" in page


def test_tables_have_a_row_for_each_attack_image_and_control(report):
    pytest.importorskip("pandas")
    assert list(report.to_frame().index) == ["main attack", *OTHERS]
    assert {"kappa", "roc_auc_low", "p_value", "excess"} <= set(report.to_frame().columns)
    assert len(report.to_frame("images")) == 48
    assert report.to_frame("controls")["name"].tolist()[:2] == ["nothing", "exact"]
    with pytest.raises(ValueError, match="expected 'attacks'"):
        report.to_frame("everything")


def test_the_hash_knows_an_image_by_its_content(data, report):
    # Once as an array of the same levels in another memory order, once with one level changed.
    same = run(data, generated=(np.asfortranarray(data.generated),), baselines={})
    changed = data.generated.copy()
    changed[0, 0, 0] += 1
    other = run(data, generated=(changed,), baselines={})
    hashes = [one.provenance["sha256"]["generated"] for one in (report, same, other)]
    assert hashes[0] == hashes[1] != hashes[2]


def test_several_generated_sets_are_one_to_the_last_bit(data):
    parts = data.generated[:20], list(data.generated[20:21]), data.generated[21:]
    divided = run(data, generated=parts)
    assert divided.counts.generated == len(data.generated)
    assert divided == run(data)


def test_labels_may_be_words(data, report):
    words = np.where(data.used == 1, "in", "out")
    estimator = GANISI(
        Intensity(grid=16, n_quantiles=1), identifier=NearestGenerated(pos_label="in")
    )
    named = audit(
        estimator,
        data.real,
        words,
        generated=(data.generated,),
        groups=data.groups,
        n_permutations=19,
        cv=3,
        baselines={},
        pos_label="in",
        random_state=0,
    )
    scores = named.attacks["main attack"]["scores"]
    assert scores["roc_auc"] == report.attacks["main attack"]["scores"]["roc_auc"]


def test_a_published_training_image_is_a_leak_whatever_the_statistics_say(safe):
    published = np.concatenate([safe.generated, safe.real[safe.used == 1][:3]])
    report = run(safe, generated=(published,), baselines={}, max_auc=0.95)
    assert report.attacks["main attack"]["p_value"] > 0.05
    assert report.verdict == "leakage detected"
    assert report.counts["exact_copies_of_used"] == 3
    assert report.counts["exact_copies_of_not_used"] == 0
    first = np.flatnonzero(safe.used == 1)[:3]
    assert report.images.exact_copies.used == tuple(f"X[{i}]" for i in first)


def test_a_query_among_the_generated_images_is_a_leak(safe):
    report = run(safe, queries=safe.generated[:2], baselines={})
    assert report.verdict == "leakage detected"
    assert report.images.exact_copies.queries == ("queries[0]", "queries[1]")


def test_a_not_used_image_among_the_generated_ones_leaves_the_verdict_open(safe):
    published = np.concatenate([safe.generated, safe.real[safe.used == 0][:1]])
    report = run(safe, generated=(published,), baselines={}, max_auc=0.95)
    assert report.verdict == "cannot say"
    assert "put this right" in report.reason


def test_a_blank_image_is_no_copy(safe):
    real, generated = safe.real.copy(), safe.generated.copy()
    real[np.flatnonzero(safe.used == 1)[0]] = generated[0] = 7
    report = audit(
        PIXELS,
        real,
        safe.used,
        generated=(generated,),
        groups=safe.groups,
        n_permutations=19,
        baselines={},
        random_state=0,
    )
    assert report.counts["exact_copies_of_used"] == 0


def test_queries_that_the_attack_is_fitted_on_are_refused(data):
    with pytest.raises(ValueError, match=r"queries\[0\] and X\[3\] are the same image"):
        run(data, queries=data.real[3:5])
    other = make_source_identification(4, 4, 8, size=32, random_state=9).real
    with pytest.raises(ValueError, match="1 patients of the queries also have"):
        run(data, queries=other[:2], query_groups=[data.groups[0], "somebody else"])


def test_one_query_does_not_cost_the_report(safe):
    other = make_source_identification(4, 4, 8, size=32, random_state=9).real
    report = run(safe, queries=other[:1], baselines={})
    assert len(report.images["query_probability"]) == 1
    assert report.set_level["p_value"] > 0.05
    assert report.images.query_name == ("queries[0]",)


def test_patients_with_both_labels_are_counted(data):
    groups = np.arange(len(data.used)) % 20
    report = audit(
        PIXELS,
        data.real,
        data.used,
        generated=(data.generated,),
        groups=groups,
        n_permutations=19,
        cv=3,
        baselines={},
        random_state=0,
    )
    both = [g for g in range(20) if len(set(data.used[groups == g])) == 2]
    assert report.counts["mixed_patients"] == len(both) > 0


def test_too_few_unused_patients_leave_the_verdict_open(data):
    keep = np.flatnonzero((data.used == 1) | (data.groups == data.groups[data.used == 0][0]))
    keep = np.r_[keep, np.flatnonzero((data.used == 0) & ~np.isin(np.arange(56), keep))[:1]]
    report = audit(
        PIXELS,
        data.real[keep],
        data.used[keep],
        generated=(data.generated,),
        groups=data.groups[keep],
        n_permutations=19,
        baselines={},
        max_auc=0.7,
        random_state=0,
    )
    assert report.verdict == "cannot say"
    assert "not-used patients" in report.eye.blind_checks["reason"]
    assert report.controls["results"] is None
    assert "Could not be made" in str(report)
    assert "No copies could be planted" in report.to_html()


def test_a_slow_attack_says_how_long_it_will_take_and_a_quick_one_is_silent(
    data, capsys, monkeypatch
):
    run(data, baselines={})
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr("ganisi.audit._contest._LONG", 0)
    run(data, baselines={})
    out, err = capsys.readouterr()
    assert out == ""
    assert re.search(r"one refit takes .* about .* minutes", err)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"alpha": 0.9}, "alpha=0.9"),
        ({"n_permutations": 9}, "n_permutations=9 .* at least 19"),
        ({"max_auc": 0.4}, "max_auc=0.4"),
        ({"prevalence": 1.5}, "prevalence=1.5"),
        ({"groups": [1, 2]}, "groups has 2 entries"),
        ({"query_groups": [1, 2]}, "query_groups is given without queries"),
        ({"queries": np.zeros((3, 32, 32))}, "queries is float"),
        ({"queries": np.zeros((3, 8, 8), np.uint8)}, "queries has an image of 8 pixels"),
    ],
)
def test_bad_input_is_refused_before_anything_is_described(data, monkeypatch, wrong, message):
    def described(*_):
        pytest.fail("described")

    monkeypatch.setattr(Intensity, "transform", described)
    with pytest.raises(ValueError, match=message):
        run(data, **wrong)


def test_one_image_with_both_labels_is_refused(data):
    real = data.real.copy()
    used, unused = np.flatnonzero(data.used)[0], np.flatnonzero(data.used == 0)[0]
    real[used] = real[unused]
    with pytest.raises(ValueError, match="are the same image"):
        audit(PIXELS, real, data.used, generated=(data.generated,))


def test_an_estimator_without_stages_is_refused(data):
    with pytest.raises(TypeError, match="give a GANISI"):
        run(data, SourceIdentifier())


def test_a_random_baseline_is_the_same_again_and_the_user_s_stays_as_it_was(data):
    mine = SourceIdentifier(LogisticRegression(), max_pairs=100)
    one, other = (run(data, baselines={"mine": mine}) for _ in range(2))
    assert one == other
    assert mine.random_state is None


def test_names_of_baselines_are_text(data):
    with pytest.raises(TypeError, match="the name 1, a int"):
        run(data, baselines={1: NearestGenerated(k=2), "1": NearestGenerated(k=3)})


def test_the_hashes_are_of_what_they_are_said_to_be_of(asked):
    known, queries = asked
    report = run(known, **queries, baselines={})
    hashes = report.provenance.sha256
    assert len(set(hashes.values())) == 3
    swapped = run(known, queries=queries["queries"][::-1], baselines={})
    assert swapped.provenance.sha256["queries"] != hashes["queries"]
    assert swapped.provenance.sha256["real"] == hashes["real"]


def test_exchanged_labels_are_asked_about_and_neither_accused_nor_cleared(data):
    # Published as they are, images called not used would be named instead.
    generated = np.minimum(data.generated, 254) + np.uint8(1)
    exchanged = SimpleNamespace(**{**data, "used": 1 - data.used, "generated": generated})
    report = run(exchanged, max_auc=0.99)
    assert report.verdict == "cannot say"
    assert "are the labels swapped?" in report.reason
    assert report.lowest.roc_auc < 0.2
    assert report.lowest.p_value <= 0.05

"""What a report says, in text and on the page."""

import json
import re
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import numpy as np
import pytest

from ganisi import ProfileIdentifier, SourceIdentifier, recommended
from ganisi.audit import AuditReport
from ganisi.audit._provenance import describe_folder
from ganisi.audit.report import _words as words
from ganisi.audit.report._sections import Alike, Copies
from ganisi.audit.report._seen import attack_meaning
from ganisi.baselines import CalibratedNearest, NearestGenerated, RetrievalMembership
from ganisi.identification import baselines

EVIDENCE = Path(__file__).parents[2] / "docs" / "evidence.md"
INPUTS = [
    {
        "role": "synthetic",
        "folder": "gen<1>",
        "images": 60,
        "sizes": ["32 x 32"],
        "depth": "uint8",
        "left_alone": [],
    },
    {
        "role": "real and used",
        "folder": "real",
        "images": 9,
        "sizes": ["8 x 8", "8 x 9", "9 x 9", "10 x 9"],
        "depth": "float",
        "left_alone": [
            {"why": "hidden", "entries": 2, "names": None},
            {"why": "no image (.txt)", "entries": 22, "names": [f"<{i}>.txt" for i in range(22)]},
        ],
    },
    {
        "role": "of unknown status",
        "folder": None,
        "images": 1,
        "sizes": ["8 x 8"],
        "depth": "uint8",
    },
]


def with_copies(report, verdict="leakage detected", **copies):
    copies = Copies(**{"used": (), "not_used": (), "queries": (), **copies})
    return replace(
        report,
        verdict=verdict,
        counts=replace(report.counts, queries=5),
        images=replace(report.images, exact_copies=copies),
    )


def flat(text):
    """Drop tags and line breaks."""
    return " ".join(re.sub("<[^>]*>", " ", text).split())


def test_traces_are_evidence_and_copies_are_a_fact(report):
    found = with_copies(report)
    copied = with_copies(report, used=["a.png"])
    for text in (str(found), found.to_html()):
        assert "This is evidence that the synthetic images carry traces" in flat(text)
    for text in (str(copied), copied.to_html()):
        assert "Whoever has the synthetic images has these real images too" in flat(text)
        assert "This is evidence" not in flat(text)
        assert "but for the images named above" in flat(text)
    open_ = with_copies(report, verdict="cannot say", not_used=["a.png"])
    assert "not a clearance" in flat(str(open_))


def test_exact_copies_stand_right_below_the_verdict_with_their_names(report):
    copied = with_copies(report, used=["scans/a&b.png"], queries=["q1.png", "q2.png"])
    lines = str(copied).splitlines()
    verdict = next(i for i, line in enumerate(lines) if line.startswith("Verdict"))
    assert lines[verdict + 1 : verdict + 6] == [
        "!! 1 of the 14 used real images is among the synthetic images, pixel for pixel:",
        "     scans/a&b.png",
        "!! 2 of the 5 images of unknown status are among the synthetic images, pixel for pixel:",
        "     q1.png",
        "     q2.png",
    ]
    box = copied.to_html().split('<div class="verdict"')[1].split("</div>")[0]
    assert box.count('<p class="copies">') == 2
    assert "<li>scans/a&amp;b.png</li>" in box
    assert box.index("q2.png") < box.index("Because")
    assert "pixel for pixel (images of a single" not in str(copied)


def test_names_do_nothing_to_terminal_and_page(report):
    copied = with_copies(report, used=["a\x1b[2J\udcff.png"])
    for text in (str(copied), copied.to_html()):
        assert r"a\x1b[2J\udcff.png" in text
        text.encode("utf-8")


def test_many_copies_do_not_drown_the_text_and_all_are_on_the_page(report):
    names = [f"{i:03d}.png" for i in range(33)]
    copied = with_copies(report, used=names)
    assert "019.png" in str(copied)
    assert "020.png" not in str(copied)
    assert "and 13 more" in str(copied)
    assert "032.png" in copied.to_html()


def test_patients_on_both_sides_are_counted_where_there_are_any(report):
    assert "with both" not in str(report)
    mixed = replace(report, counts=replace(report.counts, mixed_patients=3))
    assert "Patients with both used and not-used images: 3." in flat(str(mixed))


def test_no_copies_are_said_to_be_none(report):
    for text in (str(report), report.to_html()):
        assert "No labelled real image is among the synthetic ones, pixel for pixel" in flat(text)
        assert "!!" not in text


def test_both_reports_state_the_level_of_their_intervals_and_what_it_is_worth(report):
    page, text = report.to_html(), str(report)
    assert page.count("95 % interval") >= 2
    assert "95 % interval" in text
    for shown in (flat(page), flat(text)):
        assert "95 % intervals held it in as few as 79 % of cases for the ROC AUC" in shown
    bold = replace(report, settings=replace(report.settings, alpha=0.001))
    assert "99.9 % interval" in str(bold)
    assert "99.9 % interval" in bold.to_html()


def test_the_coverage_in_the_report_is_the_lowest_of_the_evidence_page():
    rows = re.findall(
        r"^\| [\d.]+ \|.*\| ([\d.]+), ([\d.]+) \|$", EVIDENCE.read_text("utf-8"), re.M
    )
    assert len(rows) > 3
    lowest = tuple(min(map(float, column)) for column in zip(*rows, strict=True))
    assert lowest == words.LOWEST_COVERAGE


def test_the_meaning_of_an_attack_depends_on_its_parameters():
    main = recommended().stages()[2]
    assert attack_meaning(main) == (
        "how near an image's nearest synthetic images are, in each way of comparing"
    )
    assert "over all textures together" in attack_meaning(ProfileIdentifier(pool_maps=True))
    assert "each texture on its own" in attack_meaning(ProfileIdentifier())
    assert "every synthetic image" in attack_meaning(SourceIdentifier())
    assert "its 3 nearest" in attack_meaning(SourceIdentifier(n_nearest=3))
    assert "4 nearest" in attack_meaning(NearestGenerated(k=4))
    assert "the nearest of" in attack_meaning(CalibratedNearest(reference="nearest"))
    rules = {attack_meaning(RetrievalMembership(r)) for r in ("retrieval", "ranking", "ensemble")}
    assert len(rules) == 3


@pytest.mark.parametrize("name", baselines.__all__)
def test_every_baseline_has_a_meaning_in_plain_words(name):
    meaning = attack_meaning(getattr(baselines, name)())
    assert meaning
    assert not re.search(r"query|queries|generated|map\b|W1|score", meaning)
    assert meaning[0].islower()


def test_an_attack_from_elsewhere_is_known_by_its_docstring():
    class Mine(NearestGenerated):
        """Look twice.

        More.
        """

    class Silent:
        pass

    assert attack_meaning(Mine()) == "Look twice."
    assert attack_meaning(Silent())


def test_a_dated_report_says_when_from_what_and_how(report):
    before = datetime.now(timezone.utc).strftime("%Y-%m-%d")
    dated = report.dated("python -m ganisi audit 'a b'", INPUTS)
    after = datetime.now(timezone.utc).strftime("%Y-%m-%d")
    run = dated.provenance["run"]
    assert run["date"].endswith(" UTC")
    assert before <= run["date"][:10] <= after
    for text in (str(dated), dated.to_html()):
        assert run["date"] in text
    assert "python -m ganisi audit 'a b'" in str(dated)
    assert "audit &#39;a b&#39;" in dated.to_html()
    text = " ".join(str(dated).split())
    assert "synthetic: folder gen<1>, 60 images, 32 x 32 pixels, 8 bits a pixel" in text
    assert "folder gen&lt;1&gt;, 60 images" in dated.to_html()
    assert "4 different sizes, from 8 x 8 to 10 x 9 pixels (height x width)" in text
    assert "60 images, 32 x 32 pixels, 8 bits a pixel; left alone: nothing" in text
    assert "; left alone: 2 x hidden; 22 x no image (.txt): <0>.txt, <1>.txt," in text
    assert "<19>.txt and 2 more" in text
    assert "&lt;19&gt;.txt and 2 more" in dated.to_html()
    assert text.count("left alone") == 2
    written = json.loads(dated.to_json())["provenance"]["run"]["inputs"]
    assert written == [{"left_alone": None, **row} for row in INPUTS]
    assert type(dated).from_json(dated.to_json()) == dated
    assert max(map(len, str(dated).splitlines())) <= 100


def test_only_a_dated_report_holds_a_date(report):
    dated = report.dated()
    assert report.provenance.run is None
    assert "UTC" not in str(report) + report.to_html()
    undated = replace(dated, provenance=replace(dated.provenance, run=None))
    assert undated == report
    assert dated != report


def test_a_folder_is_described_by_sizes_and_depth():
    images = [np.zeros((4, 6), np.uint16), np.ones((3, 6), np.uint16)]
    assert describe_folder("synthetic", "here", images) == {
        "role": "synthetic",
        "folder": "here",
        "images": 2,
        "sizes": ["3 x 6", "4 x 6"],
        "depth": "uint16",
    }


def test_what_is_left_open_is_not_called_none(report):
    for text in (str(report), report.to_html()):
        assert "None" not in text
        assert "not given" in text


def test_one_attack_is_not_the_best_of_all_1(report):
    several = replace(report, baselines={"second": report.attack})
    for shown in (str, type(report).to_html):
        assert "all 1" not in flat(shown(report))
        assert "The only attack is main attack" in flat(shown(report))
        assert "the best of all 2 attacks" in flat(shown(several))


def test_the_legend_names_nothing_twice(report):
    for _, title, meaning in words.COLUMNS:
        assert not meaning.startswith(f"{title}:")
        assert ":" not in meaning
    assert "F1: harmonic mean" in report.to_html()


def test_what_was_planted_is_said_with_its_unit():
    blurred = "blurred by a Gaussian of standard deviation 1 (pixels)"
    assert words.control_text("blur 1") == blurred
    assert words.control_text("moved 2") == "moved by 2 pixels down and right"


def test_rates_have_intervals_that_count_patients_in_text_and_page(report):
    (low, high), recall = report.attack.rate_intervals["recall"], report.attack.scores["recall"]
    assert low < recall <= high
    for text in (str(report), report.to_html()):
        assert f"{low:.2f} to {high:.2f}" in text
        assert "which count patients" in " ".join(text.split())
    alone = replace(report, counts=replace(report.counts, patients=None))
    assert "count images, of a patient each" in " ".join(str(alone).split())


def test_the_bound_on_epsilon_says_that_it_is_no_guarantee(report):
    bound = report.attack.epsilon_lower_bound
    for text in (str(report), report.to_html()):
        text = " ".join(text.split())
        assert f"its epsilon would be {bound:.2f} or more" in text
        assert "a lower bound, no guarantee of differential privacy" in text
        assert "No lots decided who was used" in text
    by_lot = replace(report, settings=replace(report.settings, design="randomised"))
    assert "Lots decided who was used, so that it is of the generator" in flat(str(by_lot))
    mixed = replace(report, attack=replace(report.attack, epsilon_lower_bound=None))
    assert "every patient has used images" in flat(str(mixed))
    assert AuditReport.from_json(mixed.to_json()) == mixed


def test_images_of_one_patient_that_count_as_of_several_are_named(report):
    alike = tuple(Alike(f"<{i}>.png", f"<{i + 100}>.png", 0.97) for i in range(12))
    found = replace(report, images=replace(report.images, alike=alike))
    text, page = " ".join(str(found).split()), found.to_html()
    assert "12 pairs of real images are nearly the same" in text
    assert "<9>.png and <109>.png (0.97)" in text
    assert "and 2 more" in text
    assert "<10>.png" not in text
    assert "&lt;11&gt;.png and &lt;111&gt;.png (0.97)" in page
    assert "nearly the same" not in str(report)
    assert AuditReport.from_json(found.to_json()) == found

"""Attacks with an eye of their own: what reaches them, and what their figures are made of."""

from dataclasses import replace
from itertools import chain

import numpy as np
import pytest
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.linear_model import LogisticRegression
from stubs import OUTCOMES, REAL, Recorder, result

from ganisi import (
    GANISI,
    CDFWassersteinPairer,
    GaborBank,
    Intensity,
    SourceIdentifier,
    Views,
    recommended,
)
from ganisi.audit import AuditReport, audit
from ganisi.audit import _auditing as auditing
from ganisi.audit import _contest as contest_module
from ganisi.audit._attacks import gather_eyes, same
from ganisi.audit._contest import best_attack, enter, run_permutations
from ganisi.audit._degradation import DEGRADATIONS
from ganisi.audit._design import Eye, Rows
from ganisi.audit.report._seen import eye_meaning
from ganisi.baselines import NearestGenerated, RankMembership, pixels, similarity_rules
from ganisi.datasets import make_source_identification
from ganisi.identification._folds import query_folds


def cells(grid, identifier=None, **dials):
    cut = {"n_quantiles": 1, "grid": grid}
    return GANISI(
        Intensity(**cut, **dials),
        pairer=CDFWassersteinPairer(**cut, relative=True),
        identifier=NearestGenerated() if identifier is None else identifier,
    )


FINE, COARSE, MIRRORED = cells(16), cells(4), cells(8).set_params(views="mirrors")


@pytest.fixture(scope="module")
def data():
    """Several slices of a patient, and used images that differ a little from the others."""
    drawn = make_source_identification(20, 20, 40, size=32, leakage=0.6, random_state=0)
    drawn.real[drawn.used == 1] = np.minimum(drawn.real[drawn.used == 1].astype(int) + 4, 255)
    return drawn


def run(data, estimator=FINE, **dials):
    given = {
        "generated": (data.generated[:30], data.generated[30:]),
        "groups": data.groups,
        "n_permutations": 19,
        "cv": 2,
        "baselines": {},
        "random_state": 0,
    }
    return audit(estimator, data.real, data.used, **{**given, **dials})


@pytest.fixture(scope="module")
def report(data):
    others = {"ranks": RankMembership(), "coarse": COARSE, "mirrored": MIRRORED}
    return run(data, baselines=others)


def test_an_eye_finds_what_it_finds_when_it_is_the_attack_under_audit(data, report):
    """Rows, folds, patients, permutations and blind checks are its own, or the same as ever."""
    assert list(report.other_eyes) == ["coarse", "mirrored"]
    for name, attack in (("coarse", COARSE), ("mirrored", MIRRORED)):
        alone = run(data, attack)
        assert replace(report.baselines[name], eye="main attack") == alone.attack
        assert report.other_eyes[name] == alone.eye
    without = run(data, baselines={"ranks": RankMembership()})
    assert report.attack == without.attack
    assert report.baselines["ranks"] == without.baselines["ranks"]
    assert report.eye == without.eye != alone.eye
    assert (report.controls, report.set_level) == (without.controls, without.set_level)


def test_each_attack_says_whose_eye_it_has_in_every_form_of_the_report(report):
    assert {name: attack.eye for name, attack in report.attacks.items()} == {
        "main attack": "main attack",
        "ranks": "main attack",
        "coarse": "coarse",
        "mirrored": "mirrored",
    }
    assert list(report.eyes) == ["main attack", "coarse", "mirrored"]
    text = " ".join(str(report).split())
    for shown in (text, " ".join(report.to_html().split())):
        for words in (
            "main attack and ranks compare images by their grey levels, in each of 16 x 16 cells.",
            "coarse compares images by their grey levels, in each of 4 x 4 cells.",
            "in each of 8 x 8 cells, each real image mirrored too.",
            "The excess of coarse and mirrored is over blind checks that compare images in the",
        ):
            assert words in shown
        assert "textures alone (coarse)" in shown
        assert "real images as generated (coarse)" in shown
    assert "grid=4" in report.eyes["coarse"].settings
    assert report.eyes["coarse"].settings in report.to_html().replace("&#39;", "'")
    again = AuditReport.from_json(report.to_json())
    assert again == report
    written = report.to_dict()
    written["baselines"]["coarse"]["eye"] = "nobody"
    with pytest.raises(ValueError, match="eye of the attack 'coarse' of the report is 'nobody'"):
        AuditReport.from_dict(written)


class Looked(TransformerMixin, BaseEstimator):
    """Describes an image by its mean, and keeps what it was shown; clones share the record."""

    record = []  # noqa: RUF012

    def __init__(self, offset=0.0, n_jobs=None):
        self.offset = offset
        self.n_jobs = n_jobs

    def fit(self, X, y=None):
        self.fitted_ = True
        return self

    def transform(self, X):
        self.record.append((self.offset, len(X)))
        return np.array([[np.mean(image), np.std(image)] for image in X]) + self.offset

    def get_feature_names_out(self, input_features=None):
        return np.array(["mean", "spread"])


def looks(offset, identifier=None, **dials):
    return GANISI(
        Looked(offset, **dials),
        pairer=CDFWassersteinPairer(n_quantiles=1),
        identifier=NearestGenerated() if identifier is None else identifier,
    )


def test_every_image_is_described_once_an_eye_and_attacks_with_one_eye_share_it(data):
    Looked.record.clear()
    report = run(
        data,
        looks(0.0),
        baselines={
            "same as main": looks(0.0, RankMembership()),
            "other": looks(1.0, n_jobs=1),
            "same as other": looks(1.0, NearestGenerated(k=2)),
        },
        queries=data.generated[:3] // 2,
    )
    of_eye = {k: sum(n for offset, n in Looked.record if offset == k) for k in (0.0, 1.0)}
    n_planted = report.controls.results[1].n_planted
    assert of_eye[1.0] == 40 + 30 + 10
    assert len(report.controls.results) == 1 + len(DEGRADATIONS)
    assert of_eye[0.0] == 40 + 30 + 10 + 3 + len(DEGRADATIONS) * n_planted
    assert {name: attack.eye for name, attack in report.baselines.items()} == {
        "same as main": "main attack",
        "other": "other",
        "same as other": "other",
    }
    assert list(report.other_eyes) == ["other"]


def test_every_eye_knows_which_images_are_the_same(data, monkeypatch):
    entered = Recorder(then=auditing.enter)
    monkeypatch.setattr(auditing, "enter", entered)
    run(data, baselines={"coarse": COARSE}, alpha=0.4, n_permutations=2)
    keys = [call.arguments[2].real_keys.tolist() for call in entered.calls]
    assert len(keys) == 2
    assert keys[0] == keys[1]
    assert len(set(keys[0])) == 40


def test_what_the_user_gave_stays_as_it_was(data):
    mine = cells(8, SourceIdentifier(LogisticRegression(), max_pairs=40))
    few = {"alpha": 0.4, "n_permutations": 2}
    one, other = (run(data, baselines={"mine": mine}, **few) for _ in range(2))
    assert one == other
    assert mine.identifier.random_state is None
    for stage in (mine.descriptor, mine.pairer, mine.identifier):
        assert not [name for name in vars(stage) if name.endswith("_")]


def other_eye(**baselines):
    pairer = CDFWassersteinPairer(n_quantiles=1)
    return Eye("far", "unused", pairer, Views(), RankMembership(), baselines)


FAR = Rows(
    REAL[::-1].copy(),
    (REAL[:7] + 1, REAL[7:9] + 2),
    real_keys=np.arange(len(REAL)).astype(object),
)


def test_the_rows_of_an_eye_reach_its_attacks_and_its_checks(design, monkeypatch):
    fits = Recorder(then=contest_module.CrossFit)
    blind, stand_in = (
        Recorder(then=getattr(contest_module, name))
        for name in ("textures_alone", "stand_in_generators")
    )
    monkeypatch.setattr(contest_module, "CrossFit", fits)
    monkeypatch.setattr(contest_module, "textures_alone", blind)
    monkeypatch.setattr(contest_module, "stand_in_generators", stand_in)
    eye = other_eye(second=NearestGenerated())
    contest = enter(design, eye, FAR)
    ((fit,), (alone,), (instead,)) = fits.calls, blind.calls, stand_in.calls
    assert fit.arguments[:2] == (eye.pairer, eye.attack)
    assert fit.arguments[2] is instead.arguments[3] is FAR.real
    np.testing.assert_array_equal(alone.arguments[1], FAR.real)
    assert fit.generated is FAR.generated
    assert fit.cv is design.folds
    assert fit.groups is design.groups
    assert fit.keys is FAR.real_keys
    assert instead.arguments[1:3] == (eye.pairer, eye.attack)
    assert instead.arguments[4:] == (2, design.seeds.of("stand-in patients"))
    assert len(contest.blinds[contest_module.STAND_IN]) == 2
    assert [name for name, _ in contest.attacks()] == ["far", "second"]
    for _, one in contest.all():
        assert one.folds is design.folds
        np.testing.assert_array_equal(one.groups, design.groups)


def test_all_eyes_are_fitted_to_the_same_permuted_labels(design, rows, monkeypatch):
    seen = Recorder(result(0.5, [0.5]))
    monkeypatch.setattr(contest_module, "permutation_test", seen)
    contests = [enter(design, design.eye, rows), enter(design, other_eye(), FAR)]
    outcomes = run_permutations(design, contests)
    assert len({id(call.labellings) for call in seen.calls}) == 1
    assert len(seen.calls) == sum(len(one.all()) for one in contests) == 7 + 2
    assert [one.eye for one in outcomes] == ["main attack", "far"]


def test_without_the_distances_the_same_is_found(design, rows):
    contests = [enter(design, design.eye, rows), enter(design, other_eye(), FAR)]
    light = [one.without_inputs() for one in contests]
    for before, after in zip(contests, light, strict=True):
        for (_, fit), (_, lean) in zip(before.all(), after.all(), strict=True):
            np.testing.assert_array_equal(fit.out_of_fold(), lean.out_of_fold())
            assert lean._inputs is None
            assert lean._transformers is None


THEIRS = replace(
    OUTCOMES,
    eye="far",
    attack=result(0.8, np.r_[np.full(18, 0.4), 0.74]),
    baselines={"second": result(0.6, np.full(19, 0.5))},
    blinds={name: result(0.7, [0.5] * 19) for name in OUTCOMES.blinds},
)


def test_the_best_attack_pays_for_the_attacks_of_all_eyes():
    best, null = best_attack([OUTCOMES, THEIRS])
    assert best.name == "far"
    assert null[-1] == 0.74
    assert best_attack([THEIRS, OUTCOMES])[0] == best
    every = [attack for one in (OUTCOMES, THEIRS) for _, attack in one.attacks()]
    np.testing.assert_array_equal(null, np.max([one.null for one in every], axis=0))


def test_the_excess_of_an_eye_is_over_its_own_checks(design, rows, monkeypatch):
    excess = Recorder((0.1, -0.2, 0.3))
    monkeypatch.setattr(contest_module, "excess_interval", excess)
    monkeypatch.setattr(contest_module, "auc_interval", Recorder((0.4, 0.9)))
    far = other_eye(second=NearestGenerated())
    design = replace(design, other_eyes=(replace(far, descriptor=Intensity()),))
    contests = [enter(design, design.eye, rows), enter(design, far, FAR)]
    attack, others, eye, other_eyes = contest_module.sections_of_eyes(
        design, contests, [OUTCOMES, THEIRS]
    )
    tested = chain(*([o.attack, *o.baselines.values()] for o in (OUTCOMES, THEIRS)))
    checked = {id(call.arguments[1]): call.arguments[2] for call in excess.calls}
    for one in tested:
        mine = OUTCOMES if one in (OUTCOMES.attack, *OUTCOMES.baselines.values()) else THEIRS
        assert checked[id(one)] == list(mine.blinds.values())
    assert list(others) == ["ranks", "far", "second"]
    assert others["far"].probability == tuple(THEIRS.attack.probability)
    assert attack.scores["roc_auc"] == 0.7
    assert others["far"].scores["roc_auc"] == 0.8
    assert {check.roc_auc for check in other_eyes["far"].blind_checks.checks.values()} == {0.7}
    assert {check.roc_auc for check in eye.blind_checks.checks.values()} == {0.55, 0.65}


def test_eyes_are_equal_where_every_figure_is():
    one = cells(16)

    def n_eyes(other):
        return 1 + len(gather_eyes(one, {"other": other}, 32)[1])

    assert n_eyes(cells(16, RankMembership())) == 1
    assert n_eyes(cells(16, n_jobs=2, memory="here")) == 1
    assert n_eyes(cells(16).set_params(views=Views())) == 1
    assert n_eyes(cells(8)) == 2
    assert n_eyes(cells(16).set_params(pairer__relative=False)) == 2
    assert n_eyes(cells(16).set_params(views="mirrors")) == 2
    assert not same(GaborBank(wavelengths=[3.0]), GaborBank(wavelengths=[3.0, 4.0]))
    assert not same(GaborBank(wavelengths=np.ones(2)), GaborBank(wavelengths=np.zeros(2)))
    assert same(GANISI().stages()[0], GANISI().stages()[0])


def test_pixels_and_correlation_are_there_by_default_as_fine_as_the_images_allow(data):
    eye, others = gather_eyes(FINE, None, smallest_side=20)
    assert eye.name == "main attack"
    assert "NearestGenerated" not in eye.baselines  # It is the attack under audit.
    assert "RankMembership" in eye.baselines
    assert [one.name for one in others] == ["pixels", "correlation"]
    for one in others:
        assert one.descriptor.grid == one.pairer.grid == 20
    assert others[1].pairer.max_shift == 4
    _, large = gather_eyes(FINE, None, smallest_side=512)
    assert {one.descriptor.grid for one in large} == {32}
    for side in (1, 2, 5, 9):
        for one in gather_eyes(FINE, None, side)[1]:
            row = data.real[:, :side, :side].reshape(40, -1)
            one.pairer.fit(row, generated=(row[:3],))


def test_what_is_the_attack_under_audit_already_is_not_added_by_default():
    eye, others = gather_eyes(pixels(32), None, smallest_side=64)
    assert [one.name for one in others] == ["correlation"]
    assert not {"pixels", "NearestGenerated"} & set(eye.baselines)
    ranked = pixels(32).set_params(identifier=RankMembership())
    eye, others = gather_eyes(ranked, None, smallest_side=64)
    assert [one.name for one in others] == ["correlation"]
    assert "RankMembership" not in eye.baselines
    assert ("NearestGenerated" in eye.baselines) != ("pixels" in eye.baselines)
    # What the user asks for is done.
    eye, _ = gather_eyes(pixels(32), {"again": pixels(32)}, smallest_side=64)
    assert list(eye.baselines) == ["again"]


def test_an_audit_with_its_defaults_sees_with_three_eyes(data):
    report = run(data, baselines=None, alpha=0.4, n_permutations=2)
    assert list(report.eyes) == ["main attack", "pixels", "correlation"]
    assert {report.baselines[name].eye for name in ("pixels", "correlation")} == {
        "pixels",
        "correlation",
    }
    assert len(report.attacks) == 1 + 4 + 2
    text = " ".join(str(report).split())
    assert "correlation compares images by their grey levels, in 32 x 32 cells, one of them" in text
    assert max(map(len, str(report).splitlines())) <= 100


def test_what_two_eyes_see_is_told_descriptor_by_descriptor():
    model = recommended(grid=16)
    descriptor, pairer, _ = model.stages()
    members = [one for _, one in descriptor.transformer_list[0][1].transformer_list]
    said = [one.in_plain_words() for one in [*members, descriptor.transformer_list[1][1]]]
    told = eye_meaning(descriptor, pairer, Views.of(model.views))
    assert told.startswith(f"{' and by '.join(said)}, {pairer.in_plain_words()}, each real image")
    assert len(said) == 3


def test_the_rules_of_the_challenge_are_an_attack_like_any_other(data):
    rules = similarity_rules("ranking", grid=16)
    report = run(data, baselines={"rules": rules}, alpha=0.4, n_permutations=2)
    attack = report.baselines["rules"]
    assert attack.eye == "rules"
    alone = run(data, rules, alpha=0.4, n_permutations=2)
    assert alone.attack.probability == attack.probability
    assert alone.controls.results[1].name == "exact"
    # In each fold: beside the real images that were fitted on, whatever they are called.
    descriptor, pairer, identifier = rules.stages()
    rows = descriptor.fit_transform(data.real)
    generated = (descriptor.transform(data.generated),)
    for train, test in query_folds(data.used, data.groups, 2):
        fitted = identifier.fit(pairer.fit_transform(rows[train], generated=generated))
        expected = fitted.predict_proba(pairer.transform(rows[test]))[:, 1]
        np.testing.assert_allclose(np.array(attack.probability)[test], expected)


def test_an_eye_that_cannot_see_these_images_is_refused_before_any_is_described(data, monkeypatch):
    monkeypatch.setattr(Intensity, "transform", lambda *_: pytest.fail("described"))
    for wrong, message in (
        (cells(64), r"baselines\['mine'\]: X has an image of 32 pixels a side, which grid=64"),
        (
            GANISI(Intensity(grid=4), pairer=CDFWassersteinPairer(grid=8)),
            r"baselines\['mine'\]: the pairer has grid=8",
        ),
        (
            GANISI(GaborBank(wavelengths=[1.0])),
            r"baselines\['mine'\]: .*wavelength",
        ),
    ):
        with pytest.raises(ValueError, match=message):
            run(data, baselines={"mine": wrong})
    with pytest.raises(TypeError, match=r"baselines\['mine'\] is .*GANISI.*; expected"):
        run(data, baselines={"mine": GANISI})
    with pytest.raises(TypeError, match="a NearestGenerated, which has no stages"):
        run(data, NearestGenerated())

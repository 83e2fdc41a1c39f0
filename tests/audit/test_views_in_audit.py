"""What an audit of an attack that looks at queries under several views gives to each step."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.base import clone
from stubs import GENERATED, RNG, USED, N, Recorder, make_design

from ganisi import GANISI, CDFWassersteinPairer, Intensity, Views, baselines
from ganisi.audit import CrossFit, audit, stand_in_generator
from ganisi.audit import _auditing as auditing
from ganisi.audit import _contest as contest_module
from ganisi.audit import _positive_control as control_module
from ganisi.audit import _set_level as set_level_module
from ganisi.audit._contest import enter
from ganisi.audit._design import Rows
from ganisi.baselines import NearestGenerated
from ganisi.datasets import make_source_identification

MIRRORS = GANISI(
    Intensity(grid=16, n_quantiles=1),
    pairer=CDFWassersteinPairer(n_quantiles=1, grid=16, relative=True),
    identifier=NearestGenerated(),
    views="mirrors",
)
PAIRER = CDFWassersteinPairer(n_quantiles=1, relative=True, n_views=2)
REAL, QUERIES = (RNG.normal(size=(n, 6)).astype(np.float32) for n in (N, 6))


@pytest.fixture
def wide(rows):
    """Rows of two views, three columns each; what is planted and generated has one."""
    copies = {name: RNG.normal(size=(len(one), 3)) for name, one in rows.copies.items()}
    return Rows(REAL, GENERATED, QUERIES, copies)


@pytest.fixture
def design():
    return make_design(pairer=PAIRER)


@pytest.fixture(scope="module")
def data():
    return make_source_identification(28, 28, 60, size=32, leakage=1.0, random_state=2)


def run(data, estimator, generated, **arguments):
    dials = {
        "groups": data.groups,
        "n_permutations": 19,
        "cv": 3,
        "baselines": {"second": NearestGenerated(k=2)},
        "random_state": 0,
        **arguments,
    }
    return audit(estimator, data.real, data.used, generated=(generated,), **dials)


def test_real_images_and_queries_are_described_under_all_views_and_the_others_once(
    data, monkeypatch
):
    seen = Recorder(then=auditing.describing.described)
    monkeypatch.setattr(auditing.describing, "described", seen)
    kept = Recorder(then=auditing.describe)
    monkeypatch.setattr(auditing, "describe", kept)
    held = np.isin(data.groups, np.unique(data.groups[data.used == 1])[:4])
    report = audit(
        MIRRORS,
        data.real[~held],
        data.used[~held],
        generated=(data.generated[:40, ::-1], data.generated[40:]),
        groups=data.groups[~held],
        queries=data.real[held],
        query_groups=data.groups[held],
        n_permutations=19,
        cv=2,
        baselines={},
        random_state=0,
    )
    given, design, eye = kept.calls[0].arguments
    assert eye is design.eye
    rows = auditing.describe(given, design, eye)
    assert rows.real.shape == ((~held).sum(), 4 * 256)
    assert rows.queries.shape == (held.sum(), 4 * 256)
    assert [one.shape[1] for one in rows.generated] == [256, 256]
    assert {one.shape[1] for one in rows.copies.values()} == {256}
    assert report.set_level.reason is None
    assert report.controls.reason is None
    real, transform = data.real[~held], eye.descriptor.transform
    for images, described in ((real, rows.real), (data.real[held], rows.queries)):
        mirrored = transform(np.ascontiguousarray(images[:, :, ::-1]))
        np.testing.assert_array_equal(described[:, 256:512], mirrored)
    planted = real[design.not_used][design.planted]
    np.testing.assert_array_equal(rows.copies["exact"], transform(planted))
    np.testing.assert_array_equal(rows.generated[1], transform(data.generated[40:]))


def test_a_mirrored_leak_is_found_by_an_audit_under_mirrors(data):
    mirrored = np.ascontiguousarray(data.generated[:, ::-1])
    report = run(data, MIRRORS, mirrored)
    assert report.verdict == "leakage detected"
    assert report.attack.scores["roc_auc"] > 0.9
    blind = run(data, clone(MIRRORS).set_params(views=None), mirrored)
    assert blind.attack.scores["roc_auc"] < 0.8
    assert "views='mirrors'" in report.settings.estimator


def test_one_view_is_no_view(data):
    """Every figure of the report, to the bit."""
    plain, one = (
        run(
            data,
            GANISI(MIRRORS.descriptor, identifier=NearestGenerated(), views=views),
            data.generated,
        ).to_dict()
        for views in (None, Views())
    )
    for report in (plain, one):
        report.pop("settings")
    assert plain == one


def test_textures_alone_are_those_of_the_images_as_they_are(design, wide, monkeypatch):
    seen = Recorder(then=contest_module.textures_alone)
    monkeypatch.setattr(contest_module, "textures_alone", seen)
    enter(design, design.eye, wide)
    np.testing.assert_array_equal(seen.calls[0].arguments[1], REAL[:, :3])
    monkeypatch.setattr(set_level_module, "textures_alone", seen)
    tested = Recorder(then=set_level_module.set_level_test)
    monkeypatch.setattr(set_level_module, "set_level_test", tested)
    set_level_module.set_level_section(design, wide)
    np.testing.assert_array_equal(seen.calls[1].arguments[1], REAL[:, :3])
    attack, blind = (call.arguments[1] for call in tested.calls)
    np.testing.assert_array_equal(attack, QUERIES)
    np.testing.assert_array_equal(blind, QUERIES[:, :3])


def test_real_images_stand_in_as_they_are(design, wide):
    seen = []

    class Witness(CDFWassersteinPairer):
        def fit_transform(self, X, y=None, *, generated=None, groups=None):
            seen.append((X, generated[0]))
            return super().fit_transform(X, y, generated=generated, groups=groups)

    pairer = Witness(n_quantiles=1, n_views=2)
    fit = CrossFit(pairer, NearestGenerated(), REAL, USED, generated=GENERATED, cv=3)
    seen.clear()
    stand_in_generator(fit, pairer, NearestGenerated(), REAL, random_state=0)
    firsts, seconds = ({row.tobytes() for row in REAL[:, k : k + 3]} for k in (0, 3))
    assert len(seen) == 3
    for fitted, stand_ins in seen:
        assert fitted.shape[1] == 6
        theirs = {row.tobytes() for row in stand_ins}
        assert theirs <= firsts
        assert not theirs & seconds


def test_copies_are_planted_as_they_are_and_sought_under_all_views(design, wide, monkeypatch):
    fits = Recorder(then=control_module.CrossFit)
    added = Recorder(then=control_module.pair_more)
    monkeypatch.setattr(control_module, "CrossFit", fits)
    monkeypatch.setattr(control_module, "pair_more", added)
    control_module.control_section(design, wide)
    assert len(added.calls) == len(wide.copies)
    for call in fits.calls + added.calls:
        np.testing.assert_array_equal(call.arguments[2], REAL[~USED])
        assert {one.shape[1] for one in call.generated} == {3}
    assert {call.more.shape[1] for call in added.calls} == {3}


def test_an_attack_under_views_is_every_attack_under_views(design, wide):
    """Baselines share the distances, so they see the nearest views too."""
    eye = replace(design.eye, baselines={"ranks": baselines.RankMembership()})
    contest = enter(design, eye, wide)
    for (_, mine, _), (_, theirs, _) in zip(
        contest.attack._inputs, contest.baselines["ranks"]._inputs, strict=True
    ):
        assert mine is theirs
    train, distances, _ = contest.attack._inputs[0]
    expected = CDFWassersteinPairer(n_quantiles=1, relative=True, n_views=2).fit_transform(
        REAL[train], generated=GENERATED, groups=design.groups[train]
    )
    np.testing.assert_array_equal(distances, expected)


def test_images_without_all_views_are_refused_before_any_is_described(data, monkeypatch):
    monkeypatch.setattr(Intensity, "_maps", None)
    square = {"queries": data.real[:3], "query_groups": ["a", "b", "c"]}
    estimator = GANISI(MIRRORS.descriptor, identifier=NearestGenerated(), views="dihedral")
    for X, queries, name in [
        (data.real[:, :24], data.real[:3], "X"),
        (data.real, data.real[:3, :24], "queries"),
    ]:
        with pytest.raises(ValueError, match=f"{name} has 24 x 32 pixels, and a quarter turn"):
            audit(
                estimator,
                X,
                data.used,
                generated=(data.generated,),
                groups=data.groups,
                **{**square, "queries": queries},
            )

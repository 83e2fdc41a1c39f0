"""The table of the evidence page: who is compared with whom, what is kept, what is printed."""

import dataclasses
import json

import numpy as np
import pytest
from generator_runs import SIBLING, store
from sklearn.metrics import roc_auc_score

import ganisi
from ganisi import GANISI, Intensity, baselines
from ganisi.baselines import NearestGenerated

TINY = {"n_partitions": 2, "n_folds": 2, "n_permutations": 19}


@pytest.fixture
def tiny(evidence):
    return evidence.Settings(**TINY)


@pytest.fixture
def pixels(evidence, monkeypatch):
    """One attack, which takes no time."""
    model = GANISI(Intensity(grid=8, n_quantiles=1))
    monkeypatch.setattr(evidence, "attacks", lambda side: [(model, {"near": NearestGenerated()})])


# ---- who is compared with whom


def test_no_patient_is_on_both_sides_and_slices_follow_their_patient(evidence, copies, tiny):
    labelled = copies["role"] != SIBLING
    groups = copies["groups"][labelled]
    for seed in range(3):
        folds, fold = evidence.partition(copies, tiny.n_folds, seed)
        for k, (fitted, asked) in enumerate(folds):
            assert not set(groups[fitted]) & set(groups[asked])
            assert set(copies["groups"][fold == k]) == set(groups[asked])
        assert sorted(np.concatenate([asked for _, asked in folds])) == list(range(16))


def test_unused_slices_are_asked_about_and_never_fitted(
    evidence, scoring, copies, tiny, pixels, monkeypatch
):
    given = []

    class Watched(scoring.CrossFit):
        def __init__(self, pairer, identifier, X, y, *, generated, groups, cv):
            given.append((X, y, groups))
            super().__init__(pairer, identifier, X, y, generated=generated, groups=groups, cv=cv)

    monkeypatch.setattr(scoring, "CrossFit", Watched)
    list(evidence.score_all(copies, tiny))
    labelled = copies["role"] != SIBLING
    rows = copies["images"][labelled].reshape(16, -1)
    assert len(given) == 2
    for X, y, groups in given:
        np.testing.assert_array_equal(X, rows)
        np.testing.assert_array_equal(y, copies["used"][labelled])
        np.testing.assert_array_equal(groups, copies["groups"][labelled])


def test_unused_slices_are_judged_by_the_model_that_has_not_seen_their_patient(
    evidence, scoring, copies, tiny, pixels, monkeypatch
):
    judged = []

    class Watched(scoring.CrossFit):
        def score_new(self, X, part):
            judged.append((X, [set(self.groups[self.folds[k][0]]) for k in part]))
            return super().score_new(X, part)

    monkeypatch.setattr(scoring, "CrossFit", Watched)
    list(evidence.score_all(copies, tiny))
    slices = copies["role"] == SIBLING
    assert len(judged) == 2
    for X, seen in judged:
        np.testing.assert_array_equal(X, copies["images"][slices].reshape(8, -1))
        known = set(copies["groups"])
        for patient, fitted in zip(copies["groups"][slices], seen, strict=True):
            assert patient not in fitted
            assert fitted < known


def test_copies_are_found_among_other_patients_and_among_slices(evidence, copies, tiny, pixels):
    found = dict(evidence.score_all(copies, tiny))
    assert list(found) == ["near", "pixels or mirror image, nothing fitted"]
    assert [len(scored) for scored in found.values()] == [2, 1]
    for scored in found.values():
        for role in evidence.COMPARED.values():
            assert evidence.auc_and_error(copies, scored, role) == [1.0, 0.0]


def test_the_auc_is_the_mean_over_folds_and_partitions(evidence, copies):
    rng = np.random.default_rng(1)
    scored = [(rng.normal(size=24), copies["groups"] % 2), (rng.normal(size=24), np.zeros(24))]
    rows = copies["role"] != SIBLING
    expected = [
        roc_auc_score(copies["used"][rows & (fold == k)], scores[rows & (fold == k)])
        for scores, fold in scored
        for k in np.unique(fold)
    ]
    assert len(expected) == 3
    auc, error = evidence.auc_and_error(copies, scored, evidence.data.NOT_USED)
    assert auc == pytest.approx(np.mean(expected))
    assert error > 0


def test_scores_on_other_scales_in_other_folds_change_nothing(evidence, copies):
    scores, fold = np.random.default_rng(2).normal(size=24), copies["groups"] % 2
    one, other = (
        evidence.auc_and_error(copies, [(scores + shift * fold, fold)], SIBLING)
        for shift in (0, 100)
    )
    assert one == other


def test_the_error_is_by_patient(evidence, copies):
    # Slices of a patient that say the same count once.
    many = {name: np.tile(values, 4) for name, values in copies.items() if values.ndim == 1}
    score = np.random.default_rng(3).normal(size=8)[copies["groups"]]
    fold = np.zeros(24, int)
    one = evidence.auc_and_error(copies, [(score, fold)], evidence.data.NOT_USED)
    same = evidence.auc_and_error(many, [(np.tile(score, 4), np.tile(fold, 4))], "not used")
    assert one == pytest.approx(same)


def test_every_attack_of_the_package_takes_part(evidence):
    named = [name for _, identifiers in evidence.attacks(32) for name in identifiers]
    assert named[:2] == ["GANISI()", "recommended()"]
    assert {name.replace(" ", "_") for name in named[2:]} == set(baselines.__all__) - {"registered"}


def test_images_are_looked_at_under_the_views_of_the_model(evidence, copies, tiny, monkeypatch):
    model = GANISI(Intensity(grid=8, n_quantiles=1), identifier=NearestGenerated(), views="mirrors")
    monkeypatch.setattr(evidence, "attacks", lambda side: [(model, {"near": None})])
    turned = {**copies, "generated": copies["generated"][:, ::-1, ::-1]}
    scored = dict(evidence.score_all(turned, tiny))["near"]
    assert evidence.auc_and_error(turned, scored, SIBLING) == [1.0, 0.0]


# ---- what is kept


def run(evidence, folder, results, *more):
    evidence.main([str(folder), "--quick", "--results", str(results), *more])


SAID = {
    "verdict": "cannot say",
    "reason": "",
    "recommended()": [0.5, 0.4, 0.6],
    "best": "NearestGenerated",
    "best AUC": 0.55,
    "p": 0.25,
    "excess": None,
    "blind checks": {"textures alone": 0.5},
    "planted copies found": None,
    "minimum detectable AUC": None,
}


@pytest.fixture
def steps(evidence, pixels, tiny, monkeypatch):
    """What a run measures, in the order in which it does, with an audit that says nothing."""
    taken, score_all = [], evidence.score_all
    monkeypatch.setattr(evidence, "QUICK", tiny)
    monkeypatch.setattr(evidence, "judge", lambda *_: taken.append("audit") or SAID)
    monkeypatch.setattr(evidence, "score_all", lambda *a: taken.append("attacks") or score_all(*a))
    return taken


def test_a_second_run_measures_nothing_and_prints_the_same(
    evidence, copies, steps, tmp_path, capsys
):
    store(evidence.data, tmp_path, "gan-0", copies)
    run(evidence, tmp_path, tmp_path / "results", "--only", "gan-0")
    assert steps == ["attacks", "audit"]
    first = capsys.readouterr().out
    run(evidence, tmp_path, tmp_path / "results", "--only", "gan-0")
    assert steps == ["attacks", "audit"]
    assert capsys.readouterr().out == first
    assert first.count("| gan-0 | 1.00 ± 0.00 | 1.00 ± 0.00 |") == 2
    assert "| gan-0 | - | - | 8 | 0 / 0 / 0 |" in first
    assert "| gan-0 | **cannot say** |" in first


def test_a_stopped_run_goes_on_and_a_changed_set_is_measured_anew(
    evidence, copies, steps, tmp_path, monkeypatch, capsys
):
    store(evidence.data, tmp_path, "gan-0", copies)
    whole = evidence.judge

    def stopped(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(evidence, "judge", stopped)
    with pytest.raises(SystemExit, match="130"):
        run(evidence, tmp_path, tmp_path / "results", "--only", "gan-0")
    assert "The same command goes on" in capsys.readouterr().err
    monkeypatch.setattr(evidence, "judge", whole)
    run(evidence, tmp_path, tmp_path / "results", "--only", "gan-0")
    assert steps == ["attacks", "audit"]
    assert "anew" not in capsys.readouterr().err
    copies["generated"][0] ^= 1
    store(evidence.data, tmp_path, "gan-0", copies)
    run(evidence, tmp_path, tmp_path / "results", "--only", "gan-0")
    assert steps == ["attacks", "audit"] * 2
    assert "so it is measured anew" in capsys.readouterr().err


def test_of_a_changed_audit_the_attacks_are_kept(evidence, copies, steps, tmp_path, monkeypatch):
    store(evidence.data, tmp_path, "gan-0", copies)
    for code in ("before", "after"):
        monkeypatch.setattr(evidence, "code_of", lambda _, code=code: code)
        run(evidence, tmp_path, tmp_path / "results", "--only", "gan-0")
    assert steps == ["attacks", "audit", "audit"]


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_the_audit_is_told_labels_patients_and_the_bound_and_no_unused_slice(
    evidence, copies, tiny, monkeypatch
):
    given, audit = [], evidence.audit

    def watched(estimator, X, y, **dials):
        given.append((X, y, dials))
        return audit(estimator, X, y, **dials, baselines={})

    model = GANISI(Intensity(grid=8, n_quantiles=1), identifier=NearestGenerated())
    monkeypatch.setattr(evidence, "audit", watched)
    monkeypatch.setattr(evidence, "recommended", lambda **_: model)
    said = evidence.judge(copies, tiny, 1)
    # Exact copies are published images, which is a leak without any statistics.
    assert said["verdict"] == "leakage detected"
    assert said["recommended()"][0] == said["best AUC"] == 1
    ((X, y, dials),) = given
    labelled = copies["role"] != SIBLING
    np.testing.assert_array_equal(X, copies["images"][labelled])
    np.testing.assert_array_equal(y, copies["used"][labelled])
    np.testing.assert_array_equal(dials["groups"], copies["groups"][labelled])
    assert (dials["max_auc"], dials["n_permutations"]) == (0.75, 19)


def test_results_depend_on_arrays_settings_and_code(evidence, copies, tiny, tmp_path, monkeypatch):
    of = evidence.identity(copies, tiny)
    assert of == evidence.identity({k: v.copy() for k, v in copies.items()}, tiny)
    for name in copies:
        changed = {**copies, name: copies[name][::-1]}
        assert evidence.identity(changed, tiny) != of
    assert evidence.identity(copies, dataclasses.replace(tiny, max_auc=0.7)) != of
    package = tmp_path / "ganisi"
    (package / "audit").mkdir(parents=True)
    (package / "audit" / "one.py").write_text("")
    monkeypatch.setattr(ganisi, "__file__", str(package / "__init__.py"))
    before = evidence.identity(copies, tiny)
    attacks = evidence.identity(copies, tiny, evidence.ATTACKS)
    (package / "audit" / "one.py").write_text("changed = True")
    assert of["code"] != before["code"] != evidence.identity(copies, tiny)["code"]
    assert evidence.identity(copies, tiny, evidence.ATTACKS) == attacks
    (package / "audit" / "_cross_fitting.py").write_text("")
    assert evidence.identity(copies, tiny, evidence.ATTACKS) == attacks
    (package / "audit" / "_cross_fitting.py").write_text("changed = True")
    assert evidence.identity(copies, tiny, evidence.ATTACKS) != attacks


# ---- what is printed


def results_of(aucs):
    one = {"other patients": [0.5, 0.1], "same patients": [0.4, 0.02]}
    return {
        name: {"attacks": {"a": {**one, "other patients": [auc, 0.1]}, "b": one}}
        for name, auc in aucs.items()
    }


def test_kinds_of_several_seeds_have_their_mean_and_spread(evidence):
    results = results_of({"gan-0": 0.9, "weak-0": 0.6, "weak-1": 0.7, "weak-2": 0.8})
    assert evidence.attack_table(results, "other patients").split("\n") == [
        "|  | a | b |",
        "|---|---|---|",
        "| gan-0 | 0.90 ± 0.10 | 0.50 ± 0.10 |",
        "| weak-0 | 0.60 ± 0.10 | 0.50 ± 0.10 |",
        "| weak-1 | 0.70 ± 0.10 | 0.50 ± 0.10 |",
        "| weak-2 | 0.80 ± 0.10 | 0.50 ± 0.10 |",
        "| **weak**, 3 seeds | **0.70**, sd 0.10 | **0.50**, sd 0.00 |",
    ]
    assert "0.40 ± 0.02" in evidence.attack_table(results, "same patients")


def test_an_audit_without_blind_checks_has_dashes(evidence):
    row = evidence.audit_table({"gan-0": {"audit": SAID}}).split("\n")[2]
    assert row == (
        "| gan-0 | **cannot say** | 0.50 (0.40 to 0.60) | NearestGenerated, 0.55 | 0.250 | - | "
        "0.50 | - |"
    )


# ---- bad input


def test_a_folder_without_sets_is_said(evidence, tmp_path):
    with pytest.raises(SystemExit, match=r"There is no folder .*sets; make it with generators.py"):
        run(evidence, tmp_path / "sets", tmp_path)
    with pytest.raises(SystemExit, match="There is no set in"):
        run(evidence, tmp_path, tmp_path)


def test_unknown_sets_are_refused_by_name(evidence, copies, tmp_path, capsys):
    store(evidence.data, tmp_path, "gan-0", copies)
    with pytest.raises(SystemExit, match="2"):
        run(evidence, tmp_path, tmp_path, "--only", "gan-1")
    assert (
        "there is no set gan-1; there are ['flips-0', 'other-0', 'gan-0']"
        in capsys.readouterr().err
    )


@pytest.mark.parametrize("content", ["", "[]", "{}"])
def test_results_that_are_none_are_said(evidence, tmp_path, content):
    path = tmp_path / "gan-0.json"
    path.write_text(content)
    with pytest.raises(SystemExit, match=r"gan-0\.json holds no results"):
        evidence.kept(path, {"a": 1})
    path.write_text(json.dumps({"of": {"a": 1}, "attacks": {}}))
    assert evidence.kept(path, {"a": 1})["attacks"] == {}

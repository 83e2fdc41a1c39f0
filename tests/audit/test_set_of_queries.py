"""What reaches the test of all queries as one set, and a query's probability."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
from sklearn.linear_model import LogisticRegression
from stubs import GROUPS, QUERIES, USED, Recorder

from ganisi import SourceIdentifier
from ganisi.audit import QueryDecisions
from ganisi.audit import _set_level as set_level_module
from ganisi.audit._contest import enter
from ganisi.audit._cross_fitting import CrossFit
from ganisi.audit._query_probabilities import mean_over_folds, of_queries
from ganisi.audit._set_level import set_level_section
from ganisi.images._patients import TooFewError


def test_the_queries_are_tested_against_patients_set_aside_as_one_set(design, rows, monkeypatch):
    fits, tests = [], Recorder(then=set_level_module.set_level_test)

    class Witness(CrossFit):
        def __init__(self, *arguments, cv, groups, generated, **named):
            fits.append(SimpleNamespace(cv=cv, groups=groups, generated=generated))
            super().__init__(*arguments, cv=cv, groups=groups, generated=generated, **named)

    monkeypatch.setattr(set_level_module, "CrossFit", Witness)
    monkeypatch.setattr(set_level_module, "set_level_test", tests)
    section = set_level_section(design, rows)
    (fit,) = fits
    np.testing.assert_array_equal(fit.groups, GROUPS)
    assert fit.generated is rows.generated
    ((train, test),) = fit.cv
    assert not set(GROUPS[train]) & set(GROUPS[test])
    assert not USED[test].any()
    assert len(np.unique(GROUPS[test])) == len(np.unique(GROUPS[~USED])) // 2
    assert len(tests.calls) == 2
    attack, blind = tests.calls
    assert attack.random_state == blind.random_state == design.seeds.of("set-level permutations")
    for call in tests.calls:
        np.testing.assert_array_equal(call.groups, design.query_groups)
        np.testing.assert_array_equal(call.arguments[1], QUERIES)
    # Each is compared with what its own models make of the patients set aside.
    assert attack.arguments[0] is not blind.arguments[0]
    np.testing.assert_array_equal(attack.arguments[0].keys, blind.arguments[0].keys)
    assert section.grouped
    assert section.reason is None
    assert 0 <= section.blind_p_value <= 1


def test_queries_without_patients_are_said_to_have_none(design, rows):
    assert not set_level_section(replace(design, query_groups=None), rows).grouped


def test_the_probability_of_a_query_is_the_mean_over_all_folds(design, rows):
    fit = enter(design, design.eye, rows).attack
    each = [fit.score_new(QUERIES, np.full(6, k)) for k in range(3)]
    assert not np.allclose(each[0], each[1])
    found = mean_over_folds(fit, rows)
    np.testing.assert_allclose(found[:, 1], np.mean(each, axis=0))
    assert (np.diff(found) >= 0).all()
    said = of_queries(found)
    np.testing.assert_array_equal(said["query_probability"], found[:, 1])
    np.testing.assert_array_equal(said["query_interval"], found[:, ::2])


def test_where_the_attack_knows_no_intervals_none_are_reported(design, rows):
    attack = enter(design, design.eye, rows).attack
    fit = attack.with_identifier(SourceIdentifier(LogisticRegression()))
    found = mean_over_folds(fit, rows)
    each = [fit.score_new(QUERIES, np.full(6, k)) for k in range(3)]
    np.testing.assert_allclose(found[:, 1], np.mean(each, axis=0))
    assert of_queries(found)["query_interval"] is None
    assert of_queries(None) == {"query_probability": None, "query_interval": None}


def result_of(p_value):
    return set_level_module.SetResult(0.5, p_value, np.full(6, 0.5), 1, 0)


def sections(design, rows, monkeypatch, blind, decide):
    results = iter([result_of(0.5), result_of(blind)])
    monkeypatch.setattr(set_level_module, "set_level_test", lambda *_, **__: next(results))
    monkeypatch.setattr(set_level_module, "query_decisions", decide)
    return set_level_section(design, rows).decisions


def test_each_query_is_decided_about_by_the_attack_at_the_rate_asked_for(design, rows, monkeypatch):
    answer = QueryDecisions(
        np.repeat(["used", "not distinguishable"], 3), np.full(6, 0.1), np.full(6, 0.2), 0.2, 9
    )
    decide = Recorder(answer)
    design = replace(design, fdr=0.2)
    found = sections(design, rows, monkeypatch, 0.5, decide)
    (call,) = decide.calls
    fit, asked = call.arguments
    ((_, test),) = fit.folds
    assert not USED[test].any()
    np.testing.assert_array_equal(asked, QUERIES)
    np.testing.assert_array_equal(call.groups, design.query_groups)
    assert call.fdr == 0.2
    assert call.keys is rows.query_keys
    assert call.random_state == design.seeds.of("query decisions")
    assert found.reason is None
    assert found.decision == tuple(answer.decision)
    assert (found.fdr, found.n_reference) == (0.2, 9)
    assert found.p_value == (0.1,) * 6
    assert found.q_value == (0.2,) * 6


def test_no_query_is_named_where_textures_alone_tell_the_set(design, rows, monkeypatch):
    found = sections(design, rows, monkeypatch, design.alpha, Recorder(then=AssertionError))
    assert found.reason.startswith("textures alone")
    assert found.decision is None


def test_too_few_patients_to_name_anybody_are_said(design, rows, monkeypatch):
    design = replace(design, fdr=0.3)

    def decide(*_, **__):
        raise TooFewError("with 4 not-used patients")

    found = sections(design, rows, monkeypatch, 0.5, decide)
    assert found.reason == "with 4 not-used patients"
    assert found.fdr == design.fdr == 0.3

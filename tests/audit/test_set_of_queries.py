"""What reaches the test of all queries as one set, and a query's probability."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
from stubs import GROUPS, QUERIES, USED, Recorder

from ganisi.audit import _auditing as auditing
from ganisi.audit import _set_level as set_level_module
from ganisi.audit._contest import enter
from ganisi.audit._cross_fitting import CrossFit
from ganisi.audit._set_level import set_level_section


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
        # Each is compared with what its own models make of the patients set aside.
        np.testing.assert_array_equal(call.arguments[1], call.arguments[0].out_of_fold())
        np.testing.assert_array_equal(call.groups, design.query_groups)
        np.testing.assert_array_equal(call.arguments[2], QUERIES)
    assert section.grouped
    assert section.reason is None
    assert 0 <= section.blind_p_value <= 1


def test_queries_without_patients_are_said_to_have_none(design, rows):
    assert not set_level_section(replace(design, query_groups=None), rows).grouped


def test_the_probability_of_a_query_is_the_mean_over_all_folds(design, rows):
    fit = enter(design, design.eye, rows).attack
    each = [fit.score_new(QUERIES, np.full(6, k)) for k in range(3)]
    assert not np.allclose(each[0], each[1])
    np.testing.assert_allclose(auditing.mean_over_folds(fit, QUERIES), np.mean(each, axis=0))

"""With rivals images are scored together; what they are known by reaches every step of an audit."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from stubs import GENERATED, GROUPS, QUERIES, REAL, USED, Recorder

from ganisi import CDFWassersteinPairer, Intensity, ProfileIdentifier
from ganisi.audit import CrossFit, permutation_test, set_level_test, stand_in_generator
from ganisi.audit import _contest as contest_module
from ganisi.audit import _positive_control as control_module
from ganisi.audit import _set_level as set_level_module
from ganisi.audit._auditing import describe
from ganisi.audit._copies import Identities
from ganisi.audit._door import AuditInput
from ganisi.audit._query_probabilities import mean_over_folds
from ganisi.audit._set_level import set_level_section
from ganisi.images._identity import image_key

PAIRER = CDFWassersteinPairer(n_quantiles=1, relative=True)
RIVALS = ProfileIdentifier(LogisticRegression(), ranks=(1, 3), rivals=True, cv=2)
#: Images 1 and 40 are one, which their rows do not show, as those of mirror images would not.
KEYS = np.array([f"image {i % 39}" for i in range(len(REAL))])
QUERY_KEYS = np.array([*(f"query {i}" for i in range(5)), "image 1"])


def cross_fit(**changes):
    named = {"generated": GENERATED, "groups": GROUPS, "cv": 3, "keys": KEYS, **changes}
    return CrossFit(PAIRER, RIVALS, REAL, USED, **named)


def by_hand(fit, k, new=REAL[:0], new_keys=KEYS[:0], keys=KEYS):
    """Fit one fold, ask about what it leaves out and about new images in one call."""
    train, test = fit.folds[k]
    pairer, identifier = clone(PAIRER), clone(RIVALS)
    distances = pairer.fit_transform(REAL[train], generated=GENERATED, groups=GROUPS[train])
    identifier.fit(distances, USED[train], groups=GROUPS[train], keys=keys[train])
    asked = pairer.transform(np.concatenate([REAL[test], new]))
    answers = identifier.predict_proba(asked, keys=np.concatenate([keys[test], new_keys]))
    return answers[: len(test), 1], answers[len(test) :, 1]


def test_out_of_fold_each_image_competes_with_those_fitted_on_and_those_left_out():
    fit = cross_fit()
    probability = fit.out_of_fold()
    for k, (_, test) in enumerate(fit.folds):
        np.testing.assert_allclose(probability[test], by_hand(fit, k)[0], rtol=1e-6)
    numbers = np.arange(len(REAL))
    assert (abs(cross_fit(keys=numbers).out_of_fold() - probability) > 1e-6).any()
    np.testing.assert_array_equal(cross_fit(keys=None).out_of_fold(), cross_fit(
        keys=numbers
    ).out_of_fold())  # fmt: skip


def test_new_images_are_asked_about_together_with_those_a_fold_leaves_out():
    fit = cross_fit()
    for k in range(3):
        left_out, new = by_hand(fit, k, QUERIES, QUERY_KEYS)
        found = fit.score_beside(QUERIES, k, QUERY_KEYS)
        np.testing.assert_allclose(found[0], new, rtol=1e-6)
        np.testing.assert_allclose(found[1], left_out, rtol=1e-6)
        scored = fit.score_new(QUERIES, np.full(6, k), QUERY_KEYS)
        np.testing.assert_array_equal(scored, found[0])


def test_new_images_of_a_part_are_rivals_of_those_of_no_other_part():
    fit = cross_fit()
    # Images of known status again, at other relative distances: rivals, were they not known.
    split = fit.score_new(REAL, np.arange(48) % 2, KEYS)
    for k in (0, 1):
        _, part = by_hand(fit, k, REAL[k::2], KEYS[k::2])
        np.testing.assert_allclose(split[k::2], part, rtol=1e-6)
    _, unknown = by_hand(fit, 1, REAL[1::2], np.array([f"new {i}" for i in range(24)]))
    assert abs(unknown - split[1::2]).max() > 1e-3


def test_without_keys_images_of_equal_rows_are_the_same_in_every_fold():
    real = REAL.copy()
    real[40] = real[1]
    keys = np.array([*range(40), 1, *range(41, 48)])
    plain, named = (
        CrossFit(PAIRER, RIVALS, real, USED, generated=GENERATED, groups=GROUPS, cv=3, keys=one)
        for one in (None, keys)
    )
    np.testing.assert_array_equal(plain.out_of_fold(), named.out_of_fold())


def test_keys_of_new_images_alone_or_of_real_ones_alone_are_refused():
    for fit, keys in ((cross_fit(), None), (cross_fit(keys=None), QUERY_KEYS)):
        with pytest.raises(ValueError, match="give both or neither"):
            fit.score_new(QUERIES, np.zeros(6, int), keys)


def test_an_identifier_with_rivals_is_not_hidden_in_another():
    search = GridSearchCV(RIVALS, {"ranks": [(1,), (1, 3)]})
    with pytest.raises(ValueError, match="estimator of GridSearchCV is an identifier with rivals"):
        CrossFit(PAIRER, search, REAL, USED, generated=GENERATED, groups=GROUPS)


def test_permuted_labels_leave_what_the_classifier_sees_alone(monkeypatch):
    fit = cross_fit()
    monkeypatch.setattr("ganisi.identification._rivals.NearestReal", None)
    rows = [some.copy() for _, *both in fit._rows for some in both]
    result = permutation_test(fit, n_permutations=5, random_state=0)
    assert result.null.shape == (5,)
    for before, after in zip(rows, [some for _, *both in fit._rows for some in both], strict=True):
        np.testing.assert_array_equal(before, after)


def test_images_that_stand_in_for_generated_ones_are_nobodys_rivals():
    fit = cross_fit()
    blind = stand_in_generator(fit, PAIRER, RIVALS, REAL, random_state=0)
    probability = blind.out_of_fold()
    for k, (train, test) in enumerate(fit.folds):
        rest = blind._inputs[k][0]
        aside = np.setdiff1d(train, rest)
        pairer, identifier = clone(PAIRER), clone(RIVALS)
        distances = pairer.fit_transform(REAL[rest], generated=(REAL[aside],), groups=GROUPS[rest])
        identifier.fit(distances, USED[rest], groups=GROUPS[rest], keys=KEYS[rest])
        expected = identifier.predict_proba(pairer.transform(REAL[test]), keys=KEYS[test])
        np.testing.assert_allclose(probability[test], expected[:, 1], rtol=1e-6)


def test_a_set_and_its_reference_are_rivals_of_each_other_alike():
    """Where none of the set was used, it may change places with the images set aside."""
    aside, rest = (
        np.flatnonzero(~USED)[:12],
        np.setdiff1d(np.arange(48), np.flatnonzero(~USED)[:12]),
    )
    # Twice: the images set aside and as many queries, and the other way round.
    found = []
    for first in (aside[:6], aside[6:]):
        second = np.setdiff1d(aside, first)
        order = np.concatenate([rest, first])
        fit = CrossFit(
            PAIRER, RIVALS, REAL[order], USED[order], generated=GENERATED, groups=GROUPS[order],
            cv=[(np.arange(36), np.arange(36, 42))], keys=KEYS[order],
        )  # fmt: skip
        found.append(
            set_level_test(fit, REAL[second], groups=GROUPS[second], keys=KEYS[second]).roc_auc
        )
    assert found[0] + found[1] == pytest.approx(1)


def test_an_audit_knows_images_by_their_grey_levels(design):
    rng = np.random.default_rng(0)
    real, generated, queries = (rng.random((n, 8, 8)) for n in (48, 5, 4))
    queries[3] = queries[0]
    identities = Identities.of(real, generated, queries)
    given = AuditInput(real, [generated], queries, identities)
    design = replace(design, eye=replace(design.eye, descriptor=Intensity(n_quantiles=1).fit(real)))
    rows = describe(given, design, design.eye)
    assert rows.real_keys.tolist() == [image_key(image) for image in real]
    assert list(rows.query_keys) == [image_key(image) for image in queries]
    assert rows.query_keys[3] == rows.query_keys[0]


@pytest.fixture
def known(rows):
    return replace(rows, real_keys=KEYS, query_keys=QUERY_KEYS)


@pytest.fixture
def joint(design):
    return replace(design, eye=replace(design.eye, attack=RIVALS, pairer=PAIRER))


def test_keys_reach_the_attack_its_baselines_and_both_blind_checks(joint, known):
    contest = contest_module.enter(joint, joint.eye, known)
    for _, fit in contest.all():
        np.testing.assert_array_equal(fit.keys, KEYS)
    np.testing.assert_array_equal(contest.attack.out_of_fold(), cross_fit().out_of_fold())


def test_keys_of_unused_images_reach_the_positive_control(joint, known, monkeypatch):
    seen = Recorder(then=CrossFit)
    monkeypatch.setattr(control_module, "CrossFit", seen)
    with_keys = control_module.control_section(joint, known).results
    (call,) = seen.calls
    np.testing.assert_array_equal(call.keys, KEYS[~USED])
    # Rivals of a query are the images of other keys, where copies are planted too.
    shared = replace(known, real_keys=np.repeat(KEYS[::4], 4))
    assert control_module.control_section(joint, shared).results[1:] != with_keys[1:]


def test_keys_reach_the_test_of_the_queries_as_one_set(joint, known, monkeypatch):
    tests = Recorder(then=set_level_module.set_level_test)
    monkeypatch.setattr(set_level_module, "set_level_test", tests)
    assert set_level_section(joint, known).reason is None
    for call in tests.calls:
        np.testing.assert_array_equal(call.keys, QUERY_KEYS)
        np.testing.assert_array_equal(call.arguments[0].keys, KEYS)


def test_the_queries_of_an_audit_are_scored_by_their_keys(joint, known):
    fit = contest_module.enter(joint, joint.eye, known).attack
    each = [fit.score_new(QUERIES, np.full(6, k), QUERY_KEYS) for k in range(3)]
    np.testing.assert_array_equal(mean_over_folds(fit, known)[:, 1], np.mean(each, axis=0))

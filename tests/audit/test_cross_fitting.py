"""What cross-fitting owes the estimators it is given: clones, one a fold, and nothing shared."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression

from ganisi import CDFWassersteinPairer, ProfileIdentifier, SourceIdentifier
from ganisi.audit import CrossFit
from ganisi.baselines import CalibratedNearest

RNG = np.random.default_rng(0)
GROUPS = np.arange(40) // 2
USED = np.tile([0, 0, 1, 1], 10)
REAL = RNG.normal(size=(40, 3)).astype(np.float32)
GENERATED = RNG.normal(size=(25, 3)).astype(np.float32)
NEW = RNG.normal(size=(5, 3)).astype(np.float32)
IDENTIFIERS = [
    CalibratedNearest(),
    ProfileIdentifier(ranks=(1, 3), cv=2),
    SourceIdentifier(LogisticRegression(), n_nearest=3, cv=2),
]


def cross_fit(pairer, identifier):
    return CrossFit(pairer, identifier, REAL, USED, generated=(GENERATED,), groups=GROUPS, cv=4)


@pytest.mark.parametrize("relative", [False, True])
@pytest.mark.parametrize("identifier", IDENTIFIERS, ids=lambda one: type(one).__name__)
def test_new_images_are_scored_by_the_pairer_and_classifier_of_their_fold(identifier, relative):
    pairer = CDFWassersteinPairer(n_quantiles=1, relative=relative)
    fit = cross_fit(pairer, identifier)
    for k, (train, _) in enumerate(fit.folds):
        own = clone(pairer)
        distances = own.fit_transform(REAL[train], generated=(GENERATED,), groups=GROUPS[train])
        fitted = clone(identifier).fit(distances, USED[train], groups=GROUPS[train])
        expected = fitted.predict_proba(own.transform(NEW))[:, 1]
        np.testing.assert_array_equal(fit.score_new(NEW, np.full(5, k)), expected)


@pytest.mark.parametrize("identifier", IDENTIFIERS, ids=lambda one: type(one).__name__)
def test_what_the_caller_gives_stays_unfitted_and_unchanged(identifier):
    pairer = CDFWassersteinPairer(n_quantiles=1, relative=True)
    before = dict(vars(pairer)), dict(vars(identifier))
    fit = cross_fit(pairer, identifier)
    fit.out_of_fold()
    fit.score_new(NEW, np.zeros(5, int))
    assert (vars(pairer), vars(identifier)) == before


def test_another_classifier_on_the_same_distances_changes_nothing_of_the_first():
    fit = cross_fit(CDFWassersteinPairer(n_quantiles=1), IDENTIFIERS[0])
    before = fit.out_of_fold()
    other = fit.with_identifier(IDENTIFIERS[1])
    assert not np.allclose(other.out_of_fold(), before)
    np.testing.assert_array_equal(fit.out_of_fold(), before)
    np.testing.assert_array_equal(fit.out_of_fold(1 - USED == 1), fit.out_of_fold(USED == 0))


def test_distances_are_shared_and_not_copied():
    fit = cross_fit(CDFWassersteinPairer(n_quantiles=1), IDENTIFIERS[0])
    other = fit.with_identifier(IDENTIFIERS[2])
    for (_, mine, _), (_, theirs, _) in zip(fit._inputs, other._inputs, strict=True):
        assert mine is theirs
    for pairer in fit._transformers:
        assert all(np.shares_memory(kept, GENERATED) for kept in pairer.generated_rows_)


@pytest.mark.parametrize("identifier", IDENTIFIERS[:2], ids=lambda one: type(one).__name__)
def test_ranks_ask_for_no_probabilities_and_are_those_of_a_whole_fit(identifier, monkeypatch):
    fit = cross_fit(CDFWassersteinPairer(n_quantiles=1), identifier)
    ranks = fit.raw_scores()
    kind = type(fit._classifier)

    def whole(self, X, y, groups=None):
        raise AssertionError("probabilities were fitted")

    monkeypatch.setattr(kind, "fit", whole)
    np.testing.assert_array_equal(fit.raw_scores(), ranks)
    monkeypatch.undo()
    monkeypatch.delattr(kind, "fit_to_rank")
    np.testing.assert_array_equal(fit.raw_scores(), ranks)


def test_other_labels_are_what_is_fitted_where_attacks_are_ranked():
    fit = cross_fit(CDFWassersteinPairer(n_quantiles=1), IDENTIFIERS[1])
    other = np.roll(USED, 2).astype(bool)
    scores = fit.raw_scores(other)
    for (_, test), (train, rows, test_rows) in zip(fit.folds, fit._rows, strict=True):
        fitted = clone(fit._classifier).fit(rows, other[train], groups=GROUPS[train])
        np.testing.assert_array_equal(scores[test], fitted.decision_function(test_rows))

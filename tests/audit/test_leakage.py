"""What no image may know: its own patient's other images, and the fold that it is scored in."""

import numpy as np
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin, clone
from sklearn.linear_model import LogisticRegression

from ganisi import CDFWassersteinPairer, ProfileIdentifier, SourceIdentifier
from ganisi.audit import CrossFit, permuted_labels, stand_in_generator, textures_alone
from ganisi.baselines import RankMembership
from ganisi.identification import baselines

PLAIN = CDFWassersteinPairer(n_quantiles=1)
RELATIVE = CDFWassersteinPairer(n_quantiles=1, relative=True)
IDENTIFIERS = {
    "profile": ProfileIdentifier(LogisticRegression(), ranks=(1, 3), cv=2),
    "ranks": RankMembership(k=3),
}


@pytest.fixture(scope="module")
def images():
    """Two images each of 32 patients, nearly alike and not in order, and 30 generated ones."""
    rng = np.random.default_rng(0)
    real = rng.normal(size=(32, 3)).repeat(2, axis=0) + 0.1 * rng.normal(size=(64, 3))
    used, patients = np.tile([0, 1], 16).repeat(2), np.arange(32).repeat(2)
    order = rng.permutation(64)
    return real[order], used[order], rng.normal(size=(30, 3)), patients[order]


def attack(images, pairer=PLAIN, identifier=IDENTIFIERS["ranks"]):
    real, used, generated, patients = images
    return CrossFit(pairer, identifier, real, used, generated=(generated,), groups=patients, cv=4)


def stand_in(images, pairer=RELATIVE):
    identifier = IDENTIFIERS["ranks"]
    return stand_in_generator(attack(images), pairer, identifier, images[0], random_state=0)


def textures(images):
    return textures_alone(attack(images), images[0])


EVERY_CROSS_FIT = pytest.mark.parametrize(
    "make",
    [attack, lambda images: attack(images, RELATIVE), stand_in, textures],
    ids=["attack", "relative", "stand-in", "textures"],
)


EVERY_IDENTIFIER = {
    **IDENTIFIERS,
    "pairs": SourceIdentifier(LogisticRegression(), cv=2),
    "profile of each map": ProfileIdentifier(cv=2),
    **{name: getattr(baselines, name)() for name in baselines.__all__},
}


@pytest.mark.parametrize("identifier", EVERY_IDENTIFIER.values(), ids=EVERY_IDENTIFIER)
@pytest.mark.parametrize("pairer", [PLAIN, RELATIVE], ids=["plain", "relative"])
def test_a_fold_is_fitted_and_scored_as_by_hand(images, pairer, identifier):
    """Bit for bit, whether the identifier is taken apart or not."""
    real, _, generated, patients = images
    fit = attack(images, pairer, identifier)
    labels = permuted_labels(fit, 1, random_state=0)[0]
    probability, new = fit.out_of_fold(labels), fit.score_new(1 - real, np.arange(64) % 4)
    for k, (train, test) in enumerate(fit.folds):
        fitted = clone(pairer)
        distances = fitted.fit_transform(
            real[train], generated=(generated,), groups=patients[train]
        )
        by_hand = clone(identifier).fit(distances, labels[train], groups=patients[train])
        expected = by_hand.predict_proba(fitted.transform(real[test]))[:, 1]
        np.testing.assert_array_equal(probability[test], expected)
        by_hand.fit(distances, fit.used[train], groups=patients[train])
        expected = by_hand.predict_proba(fitted.transform(1 - real[k::4]))[:, 1]
        np.testing.assert_array_equal(new[k::4], expected)


def test_distances_are_summarised_once_however_often_labels_are_permuted(images):
    summarised, classified = [], []

    class Means(TransformerMixin, BaseEstimator):
        def fit(self, X, y=None):
            summarised.append(X)
            return self

        def transform(self, X):
            return X.mean(axis=1)

    class Classifier(LogisticRegression):
        def fit(self, X, y):
            classified.append(X)
            return super().fit(X, y)

    class Elsewhere(ClassifierMixin, BaseEstimator):
        def stages(self):
            return Means(), Classifier()

    fit = attack(images, identifier=Elsewhere())
    once = len(summarised)
    for labels in [None, *permuted_labels(fit, 2, random_state=0)]:
        fit.out_of_fold(labels)
    assert len(summarised) == once == len(fit.folds)
    assert [rows.shape[1:] for rows in classified] == [(3,)] * 3 * len(fit.folds)


@pytest.mark.parametrize("make", [attack, stand_in])
def test_the_pairer_is_told_the_patients_of_the_images_it_is_fitted_on(images, make):
    real, _, _, patients = images
    seen = []

    class Witness(CDFWassersteinPairer):
        def fit_transform(self, X, y=None, *, generated=None, groups=None):
            seen.append((X, groups))
            return super().fit_transform(X, y, generated=generated, groups=groups)

    folds = make(images, Witness(n_quantiles=1, relative=True)).folds
    assert len(seen) == len(folds)
    patient = {row.tobytes(): which for row, which in zip(real, patients, strict=True)}
    for X, told in seen:
        assert told is not None
        theirs = np.array([patient[row.tobytes()] for row in X])
        np.testing.assert_array_equal(told[:, None] == told, theirs[:, None] == theirs)


@EVERY_CROSS_FIT
def test_no_patient_is_both_fitted_on_and_scored(images, make):
    patients = images[3]
    for train, test in make(images).folds:
        assert not set(patients[train]) & set(patients[test])


def what_is_fitted_on(cross_fit):
    """Of each fold, what a classifier sees of the images that it is fitted on."""
    seen = []

    class Witness(ClassifierMixin, BaseEstimator):
        def fit(self, X, y):
            seen.append(X)
            return self

        def predict_proba(self, X):
            return np.full((len(X), 2), 0.5)

    cross_fit.with_identifier(Witness()).out_of_fold()
    return seen


@EVERY_CROSS_FIT
def test_the_images_of_a_fold_change_nothing_of_what_its_model_is_fitted_on(images, make):
    real, *others = images
    before = make(images)
    for k, (_, test) in enumerate(before.folds):
        changed = real.copy()
        changed[test] = 50 + 10 * changed[test]
        after = what_is_fitted_on(make((changed, *others)))
        for fold, (rows, expected) in enumerate(zip(after, what_is_fitted_on(before), strict=True)):
            assert np.array_equal(rows, expected) == (fold == k)


@EVERY_CROSS_FIT
def test_an_image_changes_no_other_probability_in_its_fold(images, make):
    real, *others = images
    cross_fit = make(images)
    before, changes = cross_fit.out_of_fold(), []
    for _, test in cross_fit.folds:
        changed = real.copy()
        changed[test[0]] += 50
        same = np.isclose(make((changed, *others)).out_of_fold(), before, rtol=1e-9, atol=0)
        assert same[test[1:]].all()
        changes.append(not same.all())
    # A sigmoid may be level where the image lies.
    assert sum(changes) >= 2

"""Decisions of a fitted model: by patient, and against nobody whom it has seen."""

import numpy as np
import pytest
from PIL import Image
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression

from ganisi import GANISI, CDFWassersteinPairer, Intensity, ProfileIdentifier
from ganisi.audit import CrossFit, query_decisions
from ganisi.baselines import NearestGenerated
from ganisi.images._patients import TooFewError
from ganisi.images._survey import image_facts
from ganisi.model._describing import described

SIDE = 4
N_USED, N_KNOWN = 30, 60


def patients(rng, n_patients, n_images=3):
    """Images of patients, alike within each, and whose they are."""
    centres = rng.uniform(size=(n_patients, SIDE, SIDE)).repeat(n_images, axis=0)
    images = centres + 0.02 * rng.normal(size=centres.shape)
    return images.astype(np.float32), np.arange(n_patients).repeat(n_images)


class Case:
    """A model of 30 used patients and 30 others, of a generator that returns used images."""

    def __init__(self, identifier=None, n_leaking=5, labels=(0, 1)):
        rng = np.random.default_rng(0)
        self.real, self.groups = patients(rng, N_KNOWN)
        self.used = self.groups < N_USED
        self.aside, self.whose = patients(rng, 40)
        self.asked, self.of_asked = patients(rng, 10)
        leaking = self.asked[self.of_asked < n_leaking]
        self.generated = np.concatenate([patients(rng, 20, 1)[0], self.real[self.used], leaking])
        self.generated += 0.01 * rng.normal(size=self.generated.shape).astype(np.float32)
        self.model = GANISI(
            Intensity(grid=SIDE, n_quantiles=1), identifier=identifier or NearestGenerated()
        ).fit(
            self.real, np.array(labels)[self.used.astype(int)], generated=(self.generated,),
            groups=self.groups,
        )  # fmt: skip

    def decide(self, **changed):
        given = {"groups": 1000 + self.of_asked, "reference_groups": self.whose, "random_state": 0}
        given = {**given, "X": self.asked, "reference": self.aside, **changed}
        return self.model.query_decisions(given.pop("X"), given.pop("reference"), **given)


@pytest.fixture(scope="module")
def case():
    return Case()


def test_leaking_patients_are_used_and_nobody_is_called_not_used(case):
    found = case.decide(fdr=0.05)
    assert set(found.decision[case.of_asked < 5]) == {"used"}
    assert set(found.decision[case.of_asked >= 5]) == {"not distinguishable"}
    assert found.n_reference == 40
    assert found.fdr == 0.05
    np.testing.assert_array_equal(found.decision == "used", found.q_value <= 0.05)


def test_p_values_count_patients_by_the_largest_of_their_images(case):
    found = case.decide()
    score, of_aside = (case.model.predict_proba(x)[:, 1] for x in (case.asked, case.aside))
    largest = of_aside.reshape(40, 3).max(axis=1)
    expected = [(1 + (largest >= one).sum()) / 41 for one in score]
    np.testing.assert_array_equal(found.p_value, expected)


RIVALS = ProfileIdentifier(LogisticRegression(), ranks=(1,), rivals=True)


@pytest.mark.parametrize("identifier", [NearestGenerated(), RIVALS], ids=["alone", "rivals"])
def test_they_are_those_of_the_function_for_the_same_patients_set_aside(identifier):
    case = Case(identifier)
    images = np.concatenate([case.real, case.aside])
    groups = np.concatenate([case.groups, N_KNOWN + case.whose])
    n = len(case.real)
    fit = CrossFit.from_images(
        case.model, images, groups < N_USED, generated=(case.generated,), groups=groups,
        cv=[(np.arange(n), np.arange(n, len(images)))],
    )  # fmt: skip
    right = query_decisions(
        fit,
        described(case.model.descriptor_, case.asked),
        groups=case.of_asked,
        keys=[image_facts(one).content for one in case.asked] if identifier is RIVALS else None,
        method="by",
        fdr=0.2,
        random_state=0,
    )
    found = case.decide(method="by", fdr=0.2)
    np.testing.assert_array_equal(found.p_value, right.p_value)
    np.testing.assert_array_equal(found.q_value, right.q_value)
    np.testing.assert_array_equal(found.decision, right.decision)


def test_rates_hold_for_patients_who_were_not_used(case):
    """100 draws of 29 patients set aside and 5 asked about, two alike images each; nobody leaks."""
    smallest, any_false = [], []
    for seed in range(100):
        images, whose = patients(np.random.default_rng(1000 + seed), 34, 2)
        asked = whose < 5
        found = case.decide(
            X=images[asked], groups=whose[asked], reference=images[~asked],
            reference_groups=whose[~asked], fdr=0.2,
        )  # fmt: skip
        smallest.append(found.p_value[whose[asked] == 0].min())
        any_false.append((found.decision == "used").any())
    # The least that 29 patients allow is 1/30, and 58 images would allow 1/59.
    assert min(smallest) > 0.033
    for alpha in (0.1, 0.3):
        share = np.mean(np.array(smallest) <= alpha + 1e-12)
        assert share <= alpha + 3 * np.sqrt(alpha / 100)
    assert np.mean(any_false) <= 0.2 + 3 * np.sqrt(0.2 * 0.8 / 100)


def test_images_of_fit_as_the_reference_would_accuse_anybody():
    """What the refusal is for: patients of whom the model knows that they were not used."""
    rng = np.random.default_rng(0)
    used, not_used, new = (patients(rng, 40, 1)[0] for _ in range(3))
    learned = GANISI(Intensity(grid=SIDE, n_quantiles=1), identifier=_Memory()).fit(
        np.concatenate([used, not_used]), [1] * 40 + [0] * 40, generated=(used,)
    )
    with pytest.raises(ValueError, match="40 of 40 images of reference are also in fit"):
        learned.query_decisions(new, not_used)
    learned.image_keys_ = frozenset()
    assert set(learned.query_decisions(new, not_used).decision) == {"used"}


class _Memory(NearestGenerated):
    """Says "not used" of rows that it was told so of, and cannot say of others."""

    def fit(self, X, y, groups=None):
        self._known = {row.tobytes() for row in X[np.asarray(y) == 0]}
        return super().fit(X, y)

    def predict_proba(self, X):
        used = np.array([0.1 if row.tobytes() in self._known else 0.5 for row in X])
        return np.stack([1 - used, used], axis=1)


@pytest.mark.parametrize("label", ["in", "a"])
def test_the_label_that_means_used_is_that_of_the_identifier(case, label):
    named = Case(NearestGenerated(pos_label=label), labels=("b", label))
    np.testing.assert_array_equal(named.decide().p_value, case.decide().p_value)


def test_files_are_decided_on_as_arrays_are(case, tmp_path):
    def written(images, name):
        paths = [tmp_path / f"{name}{i}.tif" for i in range(len(images))]
        for path, image in zip(paths, images, strict=True):
            Image.fromarray(image).save(path)
        return paths

    asked, aside = written(case.asked, "asked"), written(case.aside, "aside")
    found = case.decide(X=asked, reference=aside)
    np.testing.assert_array_equal(found.p_value, case.decide().p_value)
    with pytest.raises(TypeError, match="reference and X mixes paths and arrays"):
        case.decide(X=asked)


def with_first(images, others):
    return np.concatenate([others[:1], images[1:]])


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        (
            lambda c: {"reference": with_first(c.aside, c.real)},
            r"1 of 120 images of reference are also in fit, reference\[0\] first; .* Keep some "
            "not-used patients from fit",
        ),
        (lambda c: {"X": with_first(c.asked, c.real)}, r"1 of 30 images of X are also in fit"),
        (lambda c: {"X": with_first(c.asked, c.aside)}, "of X are also in reference"),
        (
            lambda c: {"reference": np.concatenate([c.aside[:-1], c.aside[:1]])},
            r"reference\[0\] and reference\[119\] are one image, and count as of two patients",
        ),
        (lambda c: {"groups": c.of_asked + 35}, "5 patients have images both in X and in refer"),
        (lambda c: {"fdr": 0.001}, "with 40 not-used patients held out"),
        (lambda c: {"fdr": 1}, "fdr=1"),
        (lambda c: {"method": "storey"}, "method='storey'"),
        (lambda c: {"groups": [1]}, "groups has 1 entries for 30 images"),
        (lambda c: {"reference_groups": [1]}, "reference_groups has 1 entries for 120 images"),
        (lambda c: {"X": (c.asked * 9).astype(np.uint8)}, "reference and X mixes bit depths"),
    ],
)
def test_what_cannot_be_decided_is_refused_before_an_image_is_described(
    case, changed, why, monkeypatch
):
    monkeypatch.setattr(GANISI, "predict_proba", lambda *_: pytest.fail("described"))
    with pytest.raises(ValueError, match=why):
        case.decide(**changed(case))


def test_too_few_patients_are_a_reason_of_their_own(case):
    with pytest.raises(TooFewError):
        case.decide(reference=case.aside[:9], reference_groups=case.whose[:9])


def test_a_model_that_is_not_fitted_decides_nothing(case):
    with pytest.raises(NotFittedError):
        GANISI().query_decisions(case.asked, case.aside)


def test_blank_images_are_nobodys():
    rng = np.random.default_rng(0)
    real, asked, aside = (patients(rng, n, 1)[0] for n in (20, 3, 40))
    real[0] = asked[0] = aside[0] = aside[1] = 0
    model = GANISI(
        Intensity(grid=SIDE, n_quantiles=1),
        pairer=CDFWassersteinPairer(grid=SIDE, n_quantiles=1),
        identifier=NearestGenerated(),
    ).fit(real, [0, 1] * 10, generated=(real[1::2],))
    assert len(model.image_keys_) == 19
    assert model.query_decisions(asked, aside).n_reference == 40


def test_a_fitted_model_keeps_digests_of_images_only(case):
    assert len(case.model.image_keys_) == len(case.real)
    assert {len(key) for key in case.model.image_keys_} == {64}


def test_a_model_that_was_told_to_forget_its_images_refuses_none(case):
    forgetful = Case().model
    forgetful.image_keys_ = frozenset()
    assert forgetful.query_decisions(case.real[:3], case.aside).n_reference == 120

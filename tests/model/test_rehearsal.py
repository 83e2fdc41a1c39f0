"""All stages are tried on a few made-up rows before the long work."""

import threading
import warnings

import numpy as np
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.neighbors import KNeighborsClassifier

from ganisi import (
    GANISI,
    CDFWassersteinPairer,
    ImagePairer,
    Intensity,
    ProfileIdentifier,
    SourceIdentifier,
    baselines,
    recommended,
)
from ganisi.audit import audit
from ganisi.model import _rehearsal

ROWS = _rehearsal._rows


def of(identifier):
    return GANISI(Intensity(grid=8, n_quantiles=1), identifier=identifier)


def fit(model, data):
    return model.fit(data.real, data.used, generated=(data.generated,), groups=data.groups)


def test_settings_that_need_many_images_are_not_refused_where_there_are_many(leaky):
    for identifier in (
        ProfileIdentifier(estimator=KNeighborsClassifier(25)),
        ProfileIdentifier(ranks=(50,)),
        baselines.NearestGenerated(k=40),
        SourceIdentifier(n_nearest=45, max_pairs=200),
    ):
        assert len(fit(of(identifier), leaky).predict(leaky.real)) == 40


class Warns(ClassifierMixin, BaseEstimator):
    """A classifier that warns of how many rows it is given, and keeps that."""

    seen = []  # noqa: RUF012

    def fit(self, X, y):
        self.seen.append(len(X))
        warnings.warn(f"{len(X)} rows", ConvergenceWarning, stacklevel=2)
        self.classes_ = np.unique(y)
        return self

    def predict_proba(self, X):
        return np.full((len(X), 2), 0.5)

    def predict(self, X):
        return np.zeros(len(X))


def test_a_rehearsal_is_small_and_warns_of_nothing(leaky):
    Warns.seen.clear()
    with pytest.warns(ConvergenceWarning) as warned:
        fit(of(ProfileIdentifier(estimator=Warns())), leaky)
    assert max(Warns.seen[:5]) <= 2 * _rehearsal._PATIENTS
    assert {str(one.message) for one in warned} == {"32 rows", "40 rows"}


def test_filters_of_warnings_are_as_before_whatever_threads_rehearse(tiny):
    before = list(warnings.filters)
    threads = [
        threading.Thread(target=fit, args=(of(baselines.NearestGenerated()), tiny))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert warnings.filters == before


def test_random_numbers_of_the_user_are_not_used_up(tiny):
    rng, same = np.random.RandomState(0), np.random.RandomState(0)
    fit(of(SourceIdentifier(max_pairs=30, random_state=rng)), tiny)
    again = fit(of(SourceIdentifier(max_pairs=30, random_state=same)), tiny)
    assert again is not None
    assert rng.randint(10**6) == same.randint(10**6)


def test_a_descriptor_without_names_describes_one_image(tiny):
    shown = []

    class Nameless(BaseEstimator):
        def fit(self, X, y=None):
            return self

        def transform(self, X):
            shown.append(len(X))
            return np.array([[np.mean(image)] for image in X])

    pairer = CDFWassersteinPairer(n_quantiles=1)
    with pytest.raises(ValueError, match="k=99"):
        fit(GANISI(Nameless(), pairer=pairer, identifier=baselines.NearestGenerated(99)), tiny)
    assert shown == [1]


def test_the_recommended_attack_can_be_rehearsed_on_large_sets_at_once(monkeypatch):
    sizes = []
    monkeypatch.setattr(
        _rehearsal, "_rows", lambda n, *rest, **named: sizes.append(n) or ROWS(n, *rest, **named)
    )
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (2, 64, 64), dtype=np.uint8)
    descriptor, pairer, identifier = recommended().stages()
    descriptor.fit(images)
    used = np.arange(3000) % 2
    many = np.broadcast_to(images[0], (3000, 64, 64))
    _rehearsal.Rehearsal(descriptor, pairer, many, 9000, pairer.n_views, None, used).identify(
        identifier
    )
    assert max(sizes) <= _rehearsal._GENERATED


def test_a_pairer_that_is_only_fitted_needs_no_second_patient(tiny):
    pairer = CDFWassersteinPairer(n_quantiles=1, grid=8, relative=True)
    images = ImagePairer(Intensity(grid=8, n_quantiles=1), pairer=pairer)
    patients = {"generated": (tiny.generated,), "groups": np.zeros(20)}
    assert images.fit(tiny.real, **patients).transform(tiny.real).shape == (20, 6, 1)
    with pytest.raises(ValueError, match="at least 2 groups"):
        images.fit_transform(tiny.real, **patients)


class Groupless(ClassifierMixin, BaseEstimator):
    """A classifier of distances that takes no patients."""

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        return self

    def predict_proba(self, X):
        nearest = X.mean(axis=2).min(axis=1)
        return np.stack([nearest, 1 - nearest], axis=1)


def test_an_audit_gives_patients_to_whoever_wants_them_and_a_model_to_all(leaky):
    dials = {"baselines": {}, "n_permutations": 19, "groups": leaky.groups}
    report = audit(of(Groupless()), leaky.real, leaky.used, generated=(leaky.generated,), **dials)
    assert len(report.attack.probability) == 40
    with pytest.raises(TypeError, match="groups"):
        fit(of(Groupless()), leaky)

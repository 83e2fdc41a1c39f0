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
from ganisi.distances import Pairer, ReferencePairer
from ganisi.identification import SimilarityRules
from ganisi.model import _rehearsal


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


class Histograms(BaseEstimator):
    """Shares of grey levels in four bins; keeps how many images it was shown."""

    shown = []  # noqa: RUF012

    def fit(self, X, y=None):
        self.fitted_ = True
        return self

    def transform(self, X):
        self.shown.append(len(X))
        return np.array([np.histogram(image, 4, (0, 256))[0] / np.size(image) for image in X])


class NamedHistograms(Histograms):
    def get_feature_names_out(self, input_features=None):
        return np.array(["darkest", "dark", "bright", "brightest"])


class OfShares(Pairer):
    """A pairer that refuses what are no shares."""

    def __init__(self, relative=False, n_views=1, n_jobs=None):
        self.relative = relative
        self.n_views = n_views
        self.n_jobs = n_jobs

    def _count_maps(self, n_features):
        return 1

    def _check_rows(self, rows, name):
        if not np.allclose(rows.sum(axis=1), 1):
            raise ValueError(f"{name} holds no shares")

    def _compare(self, queries, generated, distances):
        for query, written in zip(queries, distances, strict=True):
            written[:, 0] = abs(generated - query).sum(axis=1)


@pytest.mark.parametrize("views", [None, "mirrors"])
@pytest.mark.parametrize("descriptor", [Histograms(), NamedHistograms()])
@pytest.mark.parametrize("pairer", [OfShares(), ReferencePairer(OfShares())])
def test_a_few_images_are_described_for_stages_of_others(leaky, descriptor, pairer, views):
    identifier = SimilarityRules() if isinstance(pairer, ReferencePairer) else None
    good = baselines.NearestGenerated(45) if identifier is None else identifier
    bad = baselines.NearestGenerated(99) if identifier is None else SimilarityRules(pos_label="no")
    if isinstance(pairer, ReferencePairer) and views is not None:
        pytest.skip("references have no views")
    model = GANISI(descriptor, pairer=pairer, identifier=good, views=views)
    assert fit(model, leaky).predict(leaky.real).shape == (40,)
    Histograms.shown.clear()
    with pytest.raises(ValueError, match=r"k=99|pos_label"):
        fit(model.set_params(identifier=bad), leaky)
    assert Histograms.shown == [2 * _rehearsal._PATIENTS]


def test_a_descriptor_without_names_describes_a_few_images(leaky):
    Histograms.shown.clear()
    pairer = CDFWassersteinPairer(n_quantiles=1)
    identifier = baselines.NearestGenerated(99)
    with pytest.raises(ValueError, match="k=99"):
        fit(GANISI(Histograms(), pairer=pairer, identifier=identifier), leaky)
    assert Histograms.shown == [2 * _rehearsal._PATIENTS]


def test_the_recommended_attack_can_be_rehearsed_on_large_sets_at_once(monkeypatch):
    sizes = []

    def rows(n_columns, n_rows, *rest):
        sizes.append(n_rows)
        return made_up(n_columns, n_rows, *rest)

    made_up = _rehearsal._made_up
    monkeypatch.setattr(_rehearsal, "_made_up", rows)
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (2, 64, 64), dtype=np.uint8)
    descriptor, pairer, identifier = recommended().stages()
    descriptor.fit(images)
    many, used = np.broadcast_to(images[0], (3000, 64, 64)), np.arange(3000) % 2
    tried = _rehearsal.Rehearsal(descriptor, pairer, many, 9000, pairer.n_views, None, used)
    tried.identify(identifier)
    assert sizes == [2 * _rehearsal._PATIENTS, _rehearsal._GENERATED]


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

"""The six usages of the design, as written there, and what reaches the stages by each route."""

import numpy as np
import sklearn
from sklearn.base import clone
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import GridSearchCV, GroupKFold, cross_validate
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from ganisi import (
    GANISI,
    CDFWassersteinPairer,
    GaborBank,
    Intensity,
    LocalStats,
    ProfileIdentifier,
    SourceIdentifier,
    classical_descriptors,
)


def test_usage_1_one_call(tiny):
    model = GANISI().fit(tiny.real, tiny.used, generated=tiny.generated)
    assert model.predict_proba(tiny.real).shape == (20, 2)
    assert model.classes_.tolist() == [0, 1]


def test_usage_2_the_papers_own_comparison(tiny):
    search = GridSearchCV(
        GANISI(identifier=SourceIdentifier()),
        {
            "descriptor": [GaborBank(), LocalStats(), classical_descriptors()],
            "identifier__estimator": [
                SVC(),
                LinearDiscriminantAnalysis(),
                HistGradientBoostingClassifier(max_iter=3),
                MLPClassifier((2,), tol=1.0),
            ],
            "identifier__fusion": ["mean", "median"],
        },
        cv=5,
    ).fit(tiny.real, tiny.used, generated=(tiny.generated,))
    assert len(search.cv_results_["params"]) == 24
    assert np.isfinite(search.cv_results_["mean_test_score"]).all()


def test_usage_3_describe_once_then_search(tiny):
    texture = classical_descriptors().fit(tiny.real)
    search = GridSearchCV(
        Pipeline([("pair", CDFWassersteinPairer()), ("identify", SourceIdentifier(SVC()))]),
        {"pair__relative": [False, True], "identify__estimator__C": [1, 10]},
    )
    search.fit(
        texture.transform(tiny.real),
        tiny.used,
        pair__generated=(texture.transform(tiny.generated),),
    )
    assert np.isfinite(search.cv_results_["mean_test_score"]).all()
    assert search.predict_proba(texture.transform(tiny.real)).shape == (20, 2)


def test_usages_4_and_5_one_pipeline_from_pixels_to_probabilities_and_searched(tiny):
    with sklearn.config_context(enable_metadata_routing=True):
        pipe = Pipeline(
            [
                ("texture", classical_descriptors()),
                ("pair", CDFWassersteinPairer()),
                ("identify", SourceIdentifier()),
            ],
            transform_input=["generated"],
        ).fit(tiny.real, tiny.used, generated=(tiny.generated,))
        search = GridSearchCV(
            clone(pipe),
            {"texture": [GaborBank(), LocalStats()], "identify__fusion": ["mean", "max"]},
        ).fit(tiny.real, tiny.used, generated=(tiny.generated,))
    np.testing.assert_allclose(
        pipe.predict_proba(tiny.real),
        GANISI().fit(tiny.real, tiny.used, generated=tiny.generated).predict_proba(tiny.real),
    )
    assert np.isfinite(search.cv_results_["mean_test_score"]).all()


def test_usage_6_a_descriptor_as_plain_texture_features(tiny):
    model = make_pipeline(GaborBank(), StandardScaler(), SVC()).fit(tiny.real, tiny.used)
    assert model.predict(tiny.real).shape == (20,)


def test_routing_delivers_groups_and_generated(tiny):
    with sklearn.config_context(enable_metadata_routing=True):
        scores = cross_validate(
            GANISI(GaborBank(), pairer=CDFWassersteinPairer(relative=True)),
            tiny.real,
            tiny.used,
            cv=GroupKFold(3),
            params={"groups": tiny.groups, "generated": (tiny.generated,)},
            error_score="raise",
        )
    assert len(scores["test_score"]) == 3


def test_without_routing_groups_are_sliced_with_x_and_the_generated_tuple_is_not(tiny):
    seen = []

    class Witness(CDFWassersteinPairer):
        def fit_transform(self, X, y=None, *, generated=None, groups=None):
            seen.append((len(generated[0]), len(X), set(groups)))
            return super().fit_transform(X, y, generated=generated, groups=groups)

    cross_validate(
        GANISI(Intensity(), pairer=Witness()),
        tiny.real,
        tiny.used,
        cv=GroupKFold(2),
        groups=tiny.groups,
        params={"groups": tiny.groups, "generated": (tiny.generated,)},
        error_score="raise",
    )
    seen = seen[1::2]  # Before each fit all is tried on made-up rows.
    assert [n_generated for n_generated, _, _ in seen] == [6, 6]
    assert sum(n_queries for _, n_queries, _ in seen) == 20
    assert not seen[0][2] & seen[1][2]


def test_groups_reach_the_pairer_and_the_identifier(tiny):
    class Witness(CDFWassersteinPairer):
        def fit_transform(self, X, y=None, *, generated=None, groups=None):
            Witness.groups = groups
            return super().fit_transform(X, y, generated=generated, groups=groups)

    class Listener(ProfileIdentifier):
        def fit(self, X, y, groups=None):
            Listener.groups = groups
            return super().fit(X, y, groups=groups)

    model = GANISI(Intensity(), pairer=Witness(), identifier=Listener())
    model.fit(tiny.real, tiny.used, generated=tiny.generated, groups=tiny.groups)
    np.testing.assert_array_equal(Witness.groups, tiny.groups)
    np.testing.assert_array_equal(Listener.groups, tiny.groups)

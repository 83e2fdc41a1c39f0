"""Whatever cannot be is refused before the first image is described, whichever stage it is of."""

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.svm import SVC

from ganisi import (
    GANISI,
    CDFWassersteinPairer,
    CorrelationPairer,
    GaborBank,
    ImagePairer,
    Intensity,
    LocalStats,
    MultiscaleHessian,
    ProfileIdentifier,
    SourceIdentifier,
    SSIMPairer,
    SteerableGaussian,
    baselines,
)
from ganisi.audit import CrossFit, audit
from ganisi.descriptors import TextureDescriptor
from ganisi.distances import PairerUnion, ReferencePairer
from ganisi.identification import SimilarityRules

CELLS = Intensity(grid=8, n_quantiles=1)


@pytest.fixture
def nothing_is_described(monkeypatch):
    """Fail where an image is described."""
    monkeypatch.setattr(TextureDescriptor, "transform", lambda *_: pytest.fail("described"))


first = pytest.mark.usefixtures("nothing_is_described")


def whole(stage):
    """Put a stage into a model that would do without it."""
    if isinstance(stage, GANISI):
        return stage
    if isinstance(stage, TextureDescriptor):
        return GANISI(stage, identifier=baselines.NearestGenerated())
    if hasattr(stage, "predict_proba"):
        if isinstance(stage, SimilarityRules):
            pairer = ReferencePairer(CDFWassersteinPairer(n_quantiles=1, grid=8))
            return GANISI(CELLS, pairer=pairer, identifier=stage)
        return GANISI(CELLS, identifier=stage)
    return GANISI(CELLS, pairer=stage, identifier=baselines.NearestGenerated())


def fit(model, data, **changes):
    named = {"generated": (data.generated,), "groups": data.groups, **changes}
    return model.fit(named.pop("X", data.real), named.pop("y", data.used), **named)


def audited(model, data, **changes):
    named = {"groups": data.groups, "n_permutations": 19, "baselines": {}, **changes}
    return audit(model, data.real, named.pop("y", data.used), generated=(data.generated,), **named)


class Nonsense:
    """A value that no parameter has."""

    def __repr__(self):
        return "nonsense"


STAGES = [
    Intensity(),
    GaborBank(),
    LocalStats(),
    MultiscaleHessian(),
    SteerableGaussian(),
    CDFWassersteinPairer(n_quantiles=1, grid=8),
    CorrelationPairer(8, max_shift=1),
    SSIMPairer(8),
    SourceIdentifier(SVC()),
    ProfileIdentifier(LogisticRegression()),
    SimilarityRules(),
    baselines.NearestGenerated(),
    baselines.CalibratedNearest(),
    baselines.MonteCarloMembership(),
    baselines.RankMembership(),
    baselines.RetrievalMembership(),
]
SETTINGS = [
    pytest.param(stage, name, id=f"{type(stage).__name__}-{name}")
    for stage in STAGES
    for name in stage.get_params()
]
#: What no classifier looks at, whatever it is.
_UNUSED = {"estimator__n_jobs", "estimator__decision_function_shape", "estimator__l1_ratio"}


@first
@pytest.mark.parametrize(("stage", "name"), SETTINGS)
def test_nonsense_is_refused_as_any_setting_of_any_stage(tiny, stage, name):
    if name in _UNUSED:
        pytest.skip("nobody looks at it")
    before = stage.get_params()[name]
    model = whole(stage)
    stage.set_params(**{name: Nonsense()})
    try:
        with pytest.raises((TypeError, ValueError)):
            fit(model, tiny)
        if name != "pos_label":  # An audit is told itself.
            with pytest.raises((TypeError, ValueError)):
                audited(model, tiny)
    finally:
        stage.set_params(**{name: before})


def source(**settings):
    return SourceIdentifier(**settings)


def profile(**settings):
    return ProfileIdentifier(**settings)


def relative(identifier):
    pairer = CDFWassersteinPairer(n_quantiles=1, grid=8, relative=True)
    return GANISI(CELLS, pairer=pairer, identifier=identifier)


OF_PAIRING = {
    "no workers": (Intensity(n_jobs=0), "n_jobs"),
    "no workers in a union": (
        GANISI(FeatureUnion([("a", Intensity()), ("b", GaborBank(n_jobs=0))])),
        "n_jobs",
    ),
    "no workers in a pairer": (CDFWassersteinPairer(1, 8, n_jobs=0), "n_jobs"),
    "too many cells": (Intensity(grid=99), "grid"),
    "coarse cells that divide nothing": (
        CDFWassersteinPairer(1, 8, view_grid=3, n_views=4),
        "n_views|view_grid",
    ),
    "coarse cells that divide nothing, under views": (
        GANISI(
            CELLS,
            pairer=CDFWassersteinPairer(1, 8, view_grid=3),
            identifier=baselines.NearestGenerated(),
            views="mirrors",
        ),
        "view_grid=3 does not divide",
    ),
    "shifts as far as the image": (CorrelationPairer(8, max_shift=8), "max_shift"),
    "a union of one pairer for two parts": (
        GANISI(
            FeatureUnion([("a", CELLS), ("b", CELLS)]),
            pairer=PairerUnion([("a", CDFWassersteinPairer(1, 8))]),
        ),
        "union",
    ),
    "relative distances to references": (
        GANISI(
            CELLS,
            pairer=ReferencePairer(CDFWassersteinPairer(1, 8, relative=True)),
            identifier=SimilarityRules(),
        ),
        "relative",
    ),
}
BAD = OF_PAIRING | {
    "no workers in an identifier": (source(n_jobs=0), "n_jobs"),
    "no workers in a profile": (profile(n_jobs=0), "n_jobs"),
    "a fusion that is none": (source(fusion="middle"), "fusion"),
    "a fusion of none": (source(fusion=("top-k", 0)), "top-k"),
    "a fusion that gives too much": (source(fusion=lambda p: p), "fusion"),
    "more nearest than there are": (source(n_nearest=7), "n_nearest=7"),
    "no nearest": (source(n_nearest=0), "n_nearest"),
    "a classifier that scores nothing": (source(estimator=LinearRegression()), "neither"),
    "a classifier with a bad setting": (source(estimator=SVC(C=-1.0)), "C"),
    "settings of a classifier that contradict each other": (
        profile(estimator=LogisticRegression(solver="lbfgs", penalty="l1")),
        "lbfgs",
    ),
    "a classifier of more features than there are": (
        profile(estimator=make_pipeline(PCA(5), LogisticRegression())),
        "n_components",
    ),
    "a classifier of more neighbours than there are": (
        profile(estimator=KNeighborsClassifier(40)),
        "n_neighbors",
    ),
    "a rank that is too large": (profile(ranks=(7,)), "ranks"),
    "no rank": (profile(ranks=()), "ranks"),
    "a rank of 0": (profile(ranks=(0,)), "ranks"),
    "a rank that is no number": (profile(ranks=("first",)), "ranks"),
    "groups of maps that leave some out": (profile(pool_maps=[slice(1, 2)]), "pool_maps"),
    "ranks of more groups than there are": (
        profile(pool_maps=[slice(None)], ranks=[(1,), (2,)]),
        "ranks",
    ),
    "rivals that help": (profile(rivals=-1.0), "rivals"),
    "a label that is none": (profile(pos_label="used"), "pos_label='used'"),
    "k of too many": (baselines.NearestGenerated(k=7), "k=7"),
    "a ratio of relative distances": (
        relative(baselines.CalibratedNearest(compare="ratio")),
        "compare='ratio'",
    ),
    "rules without references": (GANISI(CELLS, identifier=SimilarityRules()), "ReferencePairer"),
}
#: What an audit is told anyway, or has no part in.
_OF_FIT_ALONE = {"a label that is none"}


@first
@pytest.mark.parametrize("what", BAD)
def test_settings_that_cannot_be_are_refused(tiny, what):
    stage, message = BAD[what]
    with pytest.raises((TypeError, ValueError), match=message):
        fit(whole(stage), tiny)


@first
@pytest.mark.parametrize("what", BAD.keys() - _OF_FIT_ALONE)
def test_an_audit_refuses_them_too(tiny, what):
    stage, message = BAD[what]
    with pytest.raises((TypeError, ValueError), match=message):
        audited(whole(stage), tiny)


@first
@pytest.mark.parametrize("what", BAD.keys() - _OF_FIT_ALONE)
def test_an_audit_refuses_them_of_its_baselines_too(tiny, what):
    stage, message = BAD[what]
    with pytest.raises((TypeError, ValueError), match=message):
        audited(whole(baselines.NearestGenerated()), tiny, baselines={"mine": whole(stage)})


@first
@pytest.mark.parametrize("what", BAD.keys() - _OF_FIT_ALONE)
def test_a_cross_validation_of_images_refuses_them_too(tiny, what):
    stage, message = BAD[what]
    with pytest.raises((TypeError, ValueError), match=message):
        CrossFit.from_images(
            whole(stage), tiny.real, tiny.used, generated=(tiny.generated,), groups=tiny.groups
        )


@first
@pytest.mark.parametrize(
    ("dials", "message"),
    [
        ({"y": np.ones(20)}, "one class"),
        ({"y": np.arange(20) % 2 + 1}, "pos_label"),
        ({"pos_label": "used"}, "pos_label='used'"),
        ({"groups": [1, 2]}, "groups has 2 entries"),
        ({"groups": np.zeros(20)}, "at least 2"),
    ],
)
def test_a_cross_validation_of_images_refuses_labels_that_cannot_be(tiny, dials, message):
    named = {"y": tiny.used, "groups": tiny.groups, "generated": (tiny.generated,), **dials}
    with pytest.raises(ValueError, match=message):
        CrossFit.from_images(whole(source()), tiny.real, **named)


@first
@pytest.mark.parametrize("what", OF_PAIRING)
def test_an_image_pairer_refuses_those_of_its_stages(tiny, what):
    stage, message = BAD[what]
    model = whole(stage)
    pairer = ImagePairer(model.descriptor, pairer=model.pairer, views=model.views)
    for method in (pairer.fit, pairer.fit_transform):
        with pytest.raises((TypeError, ValueError), match=message):
            method(tiny.real, generated=(tiny.generated,), groups=tiny.groups)


LABELS = {
    "words whose order says nothing": (lambda d: np.where(d.used, "in", "out"), "pos_label"),
    "numbers whose order says nothing": (lambda d: d.used + 1, "pos_label"),
    "one image of a label": (lambda d: np.arange(20) < 1, "at least 2"),
    "one label": (lambda d: np.ones(20), "one class"),
    "no label": (lambda d: None, "None"),
}


@first
@pytest.mark.parametrize("what", LABELS)
@pytest.mark.parametrize(
    "identifier", [source(fusion="max"), baselines.NearestGenerated(), baselines.RankMembership()]
)
def test_labels_that_nobody_can_learn_from_are_refused(tiny, what, identifier):
    spoil, message = LABELS[what]
    if what == "one image of a label" and not isinstance(identifier, SourceIdentifier):
        pytest.skip("a threshold can be placed")
    with pytest.raises((TypeError, ValueError), match=message):
        fit(whole(identifier), tiny, y=spoil(tiny))


@first
@pytest.mark.parametrize("identifier", [source(), profile()])
def test_one_patient_of_a_label_is_too_few(tiny, identifier):
    for groups in (np.where(tiny.used, 0, np.arange(20)), tiny.used):
        with pytest.raises(ValueError, match="at least 2 groups"):
            fit(whole(identifier), tiny, groups=groups)
        with pytest.raises(ValueError, match="at least 2 groups"):
            audited(whole(identifier), tiny, groups=groups)


@first
def test_one_patient_is_too_few_where_others_are_asked_for(tiny):
    for model in (
        whole(source()),
        relative(baselines.NearestGenerated()),
        whole(baselines.RankMembership()),
    ):
        with pytest.raises(ValueError, match="group"):
            fit(model, tiny, groups=np.zeros(20))


DIALS = {
    "cv": (0, 1, 2.5),
    "n_permutations": (0, 5, 19.5),
    "alpha": (0, 0.5, "x"),
    "max_auc": (0.5, 1.1, "x"),
    "max_share": (0, 1.1, "x"),
    "prevalence": (0, 1, "x"),
    "n_jobs": (0, 1.5, "x"),
    "random_state": ("x", -1),
    "names": ("all", None),
    "pos_label": ("used",),
    "groups": ([1, 2], 7),
    "baselines": ([baselines.NearestGenerated()], {"a": baselines.NearestGenerated}, {1: source()}),
    "queries": ([], 7),
    "verbose": ("x", -1),
}


@first
@pytest.mark.parametrize(
    ("dial", "value"),
    [(dial, value) for dial, values in DIALS.items() for value in (*values, Nonsense())],
)
def test_an_audit_refuses_dials_that_cannot_be(tiny, dial, value):
    with pytest.raises((TypeError, ValueError), match=f"{dial}|entr|query|images"):
        audited(whole(baselines.NearestGenerated()), tiny, **{dial: value})

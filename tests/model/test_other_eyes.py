"""Pairers of images in the place of CDFWassersteinPairer."""

import numpy as np
import pytest
import sklearn
from sklearn.base import clone
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline

from ganisi import (
    GANISI,
    CDFWassersteinPairer,
    CorrelationPairer,
    GaborBank,
    Intensity,
    ProfileIdentifier,
    SSIMPairer,
)
from ganisi.audit import CrossFit
from ganisi.baselines import NearestGenerated

GRID = 16
PIXELS = Intensity(grid=GRID, n_quantiles=1)
PAIRERS = [
    CDFWassersteinPairer(n_quantiles=1, grid=GRID, relative=True),
    CorrelationPairer(GRID),
    SSIMPairer(GRID),
]
EYES = PAIRERS[1:]


def test_correlation_sees_moved_mirrored_copies_and_the_others_do_not(leaky):
    moved = np.roll(leaky.generated[:, :, ::-1], (4, -4), axis=(1, 2))
    aucs = []
    for pairer in PAIRERS:
        model = GANISI(PIXELS, pairer=pairer, identifier=NearestGenerated())
        model.fit(leaky.real, leaky.used, generated=moved, groups=leaky.groups)
        aucs.append(roc_auc_score(leaky.used, model.decision_function(leaky.real)))
    assert aucs[1] > 0.9
    assert max(aucs[0], aucs[2]) < 0.8


@pytest.mark.parametrize("pairer", EYES, ids=repr)
def test_every_eye_sees_copies_in_place(leaky, pairer):
    model = GANISI(PIXELS, pairer=pairer, identifier=ProfileIdentifier(pool_maps=True))
    model.fit(leaky.real, leaky.used, generated=leaky.generated, groups=leaky.groups)
    assert roc_auc_score(leaky.used, model.predict_proba(leaky.real)[:, 1]) > 0.9
    index = model.evidence(leaky.real[:3], n_nearest=2).index
    z = model.pairer_.transform(model.descriptor_.transform(leaky.real[:3]))[:, :, 0]
    np.testing.assert_array_equal(index, np.argsort(z, axis=1)[:, :2])


def test_searches_go_over_eyes_by_every_route(tiny):
    rows = PIXELS.fit(tiny.real)
    stages = [("pair", PAIRERS[0]), ("identify", ProfileIdentifier())]
    described = GridSearchCV(Pipeline(stages), {"pair": PAIRERS}).fit(
        rows.transform(tiny.real), tiny.used, pair__generated=(rows.transform(tiny.generated),)
    )
    images = GridSearchCV(GANISI(PIXELS, identifier=ProfileIdentifier()), {"pairer": PAIRERS})
    images.fit(tiny.real, tiny.used, generated=(tiny.generated,))
    with sklearn.config_context(enable_metadata_routing=True):
        pipe = Pipeline([("pixels", PIXELS), *stages], transform_input=["generated"])
        piped = GridSearchCV(pipe, {"pair": PAIRERS})
        piped.fit(tiny.real, tiny.used, generated=(tiny.generated,))
    scores = [s.cv_results_["mean_test_score"] for s in (described, images, piped)]
    assert np.isfinite(scores).all()
    np.testing.assert_array_equal(scores[0], scores[1])
    np.testing.assert_array_equal(scores[0], scores[2])


@pytest.mark.parametrize("pairer", EYES, ids=repr)
def test_patients_are_left_out_of_their_own_scale_in_cross_fitting(leaky, pairer):
    rows = PIXELS.fit(leaky.real)
    X, G = rows.transform(leaky.real), rows.transform(leaky.generated)
    fit = CrossFit(pairer, NearestGenerated(), X, leaky.used, generated=(G,), groups=leaky.groups)
    train, distances, new = fit._inputs[0]
    test = np.setdiff1d(np.arange(len(X)), train)
    one = clone(pairer)
    expected = one.fit_transform(X[train], generated=(G,), groups=leaky.groups[train])
    np.testing.assert_array_equal(distances, expected)
    np.testing.assert_array_equal(new, one.transform(X[test]))


@pytest.mark.parametrize(
    ("descriptor", "pairer", "message"),
    [
        (
            Intensity(grid=GRID),
            CorrelationPairer(GRID),
            r"pairer has n_quantiles=1 .* n_quantiles=64; .*descriptor=Intensity\(n_quantiles=1\)",
        ),
        (PIXELS, SSIMPairer(), r"pairer has grid=64 and .* grid=16; .*SSIMPairer\(grid=16\)"),
        (PIXELS, CorrelationPairer(GRID, max_shift=8), "max_shift=8; .* use at most 7"),
        (Intensity(grid=4, n_quantiles=1), SSIMPairer(4), "4 cells, .* windows of 7 x 7"),
        (PIXELS, SSIMPairer(GRID, data_range="8 bit"), "'data_range' parameter of SSIMPairer"),
    ],
    ids=["quantiles", "grid", "shift", "window", "parameter"],
)
def test_what_does_not_fit_is_refused_before_an_image_is_described(
    tiny, descriptor, pairer, message, monkeypatch
):
    monkeypatch.setattr(Intensity, "_maps", None)
    with pytest.raises(ValueError, match=message):
        GANISI(descriptor, pairer=pairer).fit(tiny.real, tiny.used, generated=tiny.generated)


def test_several_maps_are_refused_and_told_what_to_type(tiny):
    model = GANISI(GaborBank(n_quantiles=1, grid=GRID), pairer=CorrelationPairer(GRID))
    with pytest.raises(ValueError, match=r"Intensity\(grid=16, n_quantiles=1\)"):
        model.fit(tiny.real, tiny.used, generated=tiny.generated)

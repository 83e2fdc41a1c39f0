"""Images that compete for each generated one: through the whole model, from images."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GridSearchCV, StratifiedGroupKFold, cross_validate

from ganisi import GANISI, CDFWassersteinPairer, Intensity, ProfileIdentifier, recommended
from ganisi.audit import CrossFit
from ganisi.datasets import load_phantom_diffusion, make_source_identification
from ganisi.model import _ganisi
from ganisi.model._describing import described

CELLS = {"n_quantiles": 1, "grid": 16}
PIXELS = GANISI(
    Intensity(**CELLS),
    pairer=CDFWassersteinPairer(**CELLS, relative=True),
    identifier=ProfileIdentifier(LogisticRegression(), ranks=(1, 3), rivals=True),
)


def fitted(data, some=slice(None), model=PIXELS):
    named = {"generated": (data.generated,), "groups": data.groups[some]}
    return clone(model).fit(data.real[some], data.used[some], **named)


def test_the_model_tells_its_identifier_which_images_are_the_same(leaky):
    queries = np.concatenate([leaky.real[25:], leaky.real[:5], leaky.real[[30]]])
    keys = [*range(25, 40), *range(5), 30]
    model = fitted(leaky, slice(25))
    descriptor, pairer, identifier = PIXELS.stages()
    rows = descriptor.fit_transform(leaky.real)
    generated = (descriptor.transform(leaky.generated),)
    groups, used = leaky.groups[:25], leaky.used[:25]
    distances = pairer.fit_transform(rows[:25], generated=generated, groups=groups)
    identifier.fit(distances, used, groups=groups, keys=range(25))
    expected = identifier.predict_proba(pairer.transform(rows[keys]), keys=keys)
    np.testing.assert_allclose(model.predict_proba(queries), expected, atol=1e-6)
    assert (model.predict(queries) == expected.argmax(axis=1)).all()
    others = identifier.predict_proba(pairer.transform(rows[keys]), keys=range(100, 121))
    assert abs(others - expected).max() > 0.01


@pytest.mark.parametrize("pairs", [1, 7 * 60, 2**19])
def test_queries_of_all_blocks_compete(leaky, monkeypatch, pairs):
    model = fitted(leaky, slice(25))
    expected = model.predict_proba(leaky.real[25:])
    monkeypatch.setattr(_ganisi, "_PAIRS_PER_BLOCK", pairs)
    np.testing.assert_allclose(model.predict_proba(leaky.real[25:]), expected, atol=1e-6)
    alone = model.predict_proba(leaky.real[25:26])
    assert alone[0, 1] >= expected[0, 1]


def test_an_identifier_with_rivals_hidden_in_another_is_refused_before_long_work(leaky):
    hidden = CalibratedClassifierCV(ProfileIdentifier(rivals=True))
    with pytest.raises(ValueError, match="estimator of CalibratedClassifierCV is an identifier"):
        fitted(leaky, model=GANISI(Intensity(), identifier=hidden))


def test_cross_validation_and_search_need_nothing_more_than_without_rivals(leaky):
    folds = StratifiedGroupKFold(3)
    params = {"groups": leaky.groups, "generated": (leaky.generated,)}
    data = leaky.real, leaky.used
    named = {"groups": leaky.groups, "cv": folds, "scoring": "roc_auc"}
    scores = cross_validate(PIXELS, *data, params=params, error_score="raise", **named)
    assert scores["test_score"].mean() > 0.9
    search = GridSearchCV(
        PIXELS, {"identifier__rivals": [False, 1.0, True]}, cv=folds, error_score="raise"
    )
    search.fit(*data, groups=leaky.groups, generated=(leaky.generated,))
    assert np.isfinite(search.cv_results_["mean_test_score"]).all()


def slices_told_apart(data, rivals):
    """ROC AUC of used slices against unused ones of the same patients, out of fold."""
    model = recommended(rivals=rivals)
    descriptor, pairer, identifier = model.stages()
    descriptor.fit(data.real)
    real, siblings = (
        described(descriptor, images, views=model.views)
        for images in (data.real, data.unused_slices)
    )
    fit = CrossFit(
        pairer,
        identifier,
        real,
        data.used,
        generated=(descriptor.transform(data.generated),),
        groups=data.groups,
        cv=3,
    )
    used, unused = [], []
    for k, (_, test) in enumerate(fit.folds):
        mine = np.isin(data.unused_groups, data.groups[test])
        new, left_out = fit.score_beside(siblings[mine], k)
        used, unused = [*used, *left_out[data.used[test] == 1]], [*unused, *new]
    return roc_auc_score(np.repeat([1, 0], [len(used), len(unused)]), used + unused)


def test_slices_of_one_patient_are_told_apart_better_with_rivals():
    data = load_phantom_diffusion()
    without, with_rivals = (slices_told_apart(data, rivals) for rivals in (False, True))
    assert with_rivals > without + 0.1


def test_without_a_leak_rivals_find_nothing():
    aucs = []
    for seed in range(5):
        data = make_source_identification(20, 20, 40, size=32, leakage=0, random_state=seed)
        model = recommended(grid=16, rivals=True)
        descriptor, pairer, identifier = model.stages()
        fit = CrossFit(
            pairer,
            identifier,
            described(descriptor.fit(data.real), data.real, views=model.views),
            data.used,
            generated=(descriptor.transform(data.generated),),
            groups=data.groups,
        )
        aucs.append(fit.roc_auc(fit.out_of_fold()))
    assert abs(np.mean(aucs) - 0.5) < 3 * np.std(aucs, ddof=1) / np.sqrt(len(aucs))

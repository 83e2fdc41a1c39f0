"""One dial moves the whole chain, and stages that are not given can be set."""

import numpy as np
import pytest
from audited_searches import OF_USERS
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, StratifiedGroupKFold
from sklearn.pipeline import FeatureUnion

from ganisi import (
    GANISI,
    CDFWassersteinPairer,
    CorrelationPairer,
    GaborBank,
    ImagePairer,
    Intensity,
    LocalStats,
    SteerableGaussian,
    recommended,
)
from ganisi.datasets import make_source_identification
from ganisi.distances import PairerUnion
from ganisi.distances._pairer import _ALONE


@pytest.fixture(scope="module")
def large():
    """Images that have pixels for all cells of `recommended`."""
    return make_source_identification(6, 6, 8, size=64, leakage=1.0, random_state=0)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("name", "n_candidates"), [("descriptors", 3), ("one grid", 2), ("missing stages", 8)]
)
def test_what_a_user_would_search_is_searched(large, name, n_candidates):
    model, grid = OF_USERS[name]
    search = GridSearchCV(
        model, grid, cv=StratifiedGroupKFold(2), scoring="roc_auc", error_score="raise"
    )
    search.fit(large.real, large.used, groups=large.groups, generated=(large.generated,))
    scores = search.cv_results_["mean_test_score"]
    assert scores.shape == (n_candidates,)
    assert np.isfinite(scores).all()


@pytest.mark.parametrize("grid", [16, 32])
def test_one_grid_moves_descriptors_and_pairer(grid):
    model = recommended().set_params(descriptor__gabor__grid=grid)
    descriptor, pairer, _ = model.stages()
    textures, image = (part for _, part in descriptor.transformer_list)
    assert [part.grid for _, part in textures.transformer_list] == [grid, grid]
    assert dict(pairer.pairers)["textures"].grid == grid
    assert image.grid == dict(pairer.pairers)["image"].grid == 64
    # The model itself is as it was.
    assert model.get_params()["descriptor__steerable__grid"] is None


def test_a_pairer_has_the_settings_of_the_descriptor_where_it_has_none(tiny):
    model = GANISI(GaborBank(grid=16, n_quantiles=1), pairer=CDFWassersteinPairer(relative=True))
    given = model.fit(tiny.real, tiny.used, generated=(tiny.generated,)).predict_proba(tiny.real)
    explicit = CDFWassersteinPairer(n_quantiles=1, grid=16, relative=True)
    model = clone(model).set_params(pairer=explicit)
    model.fit(tiny.real, tiny.used, generated=(tiny.generated,))
    np.testing.assert_array_equal(given, model.predict_proba(tiny.real))


def test_a_pairer_alone_has_the_defaults_of_a_descriptor_and_refuses_other_rows(tiny):
    for descriptor in (GaborBank(), LocalStats(), SteerableGaussian()):
        assert (descriptor.n_quantiles, descriptor.grid, descriptor.steps) == _ALONE
    rows = LocalStats().fit_transform(tiny.real)
    alone = CDFWassersteinPairer().fit_transform(rows, generated=(rows[:3],))
    assert alone.shape == (20, 3, 3)
    rows = GaborBank(n_quantiles=1, grid=8).fit_transform(tiny.real)
    with pytest.raises(ValueError, match=r"CDFWassersteinPairer\(n_quantiles=1, grid=16\)"):
        CDFWassersteinPairer().fit(rows, generated=(rows[:3],))


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("n_quantiles", "a whole number"),
        ("grid", "a whole number"),
        ("steps", "'tails' or 'equal'"),
    ],
)
def test_a_descriptor_that_follows_others_is_refused_alone(tiny, name, what):
    with pytest.raises(ValueError, match=f"{name} of GaborBank is None.*give {what}"):
        GaborBank(**{name: None}).fit(tiny.real)
    with pytest.raises(ValueError, match=f"{name} of LocalStats is None"):
        LocalStats(**{name: None}).get_feature_names_out()


def test_the_image_stands_beside_any_descriptor_of_two_eyes(tmp_path):
    model = recommended(n_jobs=2, memory=tmp_path).set_params(descriptor=LocalStats(n_jobs=3))
    (first, textures), (second, image) = model.stages()[0].transformer_list
    assert (first, second) == ("textures", "image")
    assert isinstance(textures, LocalStats)
    assert image.get_params() == Intensity(grid=64, n_quantiles=1, n_jobs=3).get_params()
    image = recommended(n_jobs=2, memory=tmp_path).stages()[0].transformer_list[1][1]
    assert (image.n_jobs, image.memory) == (2, tmp_path)


def test_two_pairers_of_rows_of_any_size_want_their_parts_named():
    two = PairerUnion([("a", CDFWassersteinPairer()), ("b", CDFWassersteinPairer())])
    with pytest.raises(ValueError, match=r"\['a', 'b'\] and the descriptor's parts \[\]; give a"):
        ImagePairer(GaborBank(), pairer=two).stages()
    mixed = FeatureUnion([("image", Intensity(n_quantiles=1)), ("textures", GaborBank())])
    eyes = PairerUnion([("textures", CDFWassersteinPairer()), ("image", CorrelationPairer())])
    with pytest.raises(ValueError, match="the names and the order"):
        ImagePairer(mixed, pairer=eyes).stages()


@pytest.mark.parametrize("estimator", [GANISI(), ImagePairer()])
def test_a_missing_stage_is_made_where_it_is_set(estimator):
    set_ = clone(estimator).set_params(pairer__relative=True, descriptor__gabor__aspect_ratio=0.7)
    assert set_.pairer.relative
    assert dict(set_.descriptor.transformer_list)["gabor"].aspect_ratio == 0.7
    assert estimator.pairer is None
    # One that is given in the same call is not replaced.
    own = CorrelationPairer(grid=16)
    assert clone(estimator).set_params(pairer=own, pairer__relative=True).pairer is own
    with pytest.raises(ValueError, match="Invalid parameter 'wrong'"):
        clone(estimator).set_params(pairer__wrong=1)

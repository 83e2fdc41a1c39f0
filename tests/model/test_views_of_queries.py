"""What views promise from images to probabilities, whatever the descriptor."""

import itertools
from collections import Counter

import joblib
import numpy as np
import pytest
import sklearn
from skimage.io import imsave
from sklearn.base import BaseEstimator, TransformerMixin, clone
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GridSearchCV, GroupKFold, cross_validate
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline
from sklearn.utils import Bunch

from ganisi import (
    GANISI,
    CDFWassersteinPairer,
    GaborBank,
    ImagePairer,
    Intensity,
    LocalStats,
    MultiscaleHessian,
    ProfileIdentifier,
    SteerableGaussian,
    Views,
    recommended,
)
from ganisi.baselines import NearestGenerated
from ganisi.distances import wasserstein_distances
from ganisi.images._identity import image_key
from ganisi.model import _describing

CELLS = {"n_quantiles": 2, "grid": 4}
RELATIVE = CDFWassersteinPairer(**CELLS, relative=True)
SEVERAL = Views(mirrors=True, shifts=[(2, 0)], zooms=[1.2], rotations=[6])
DESCRIPTORS = {
    "gabor": GaborBank(**CELLS),
    "gaussian": SteerableGaussian(**CELLS),
    "hessian": MultiscaleHessian(**CELLS),
    "local": LocalStats(**CELLS),
    "pixels": Intensity(**CELLS),
    "union": FeatureUnion([("gabor", GaborBank(**CELLS)), ("pixels", Intensity(**CELLS))]),
}


def make_model(descriptor="pixels", views=None, **params):
    params = {"pairer": RELATIVE, "identifier": NearestGenerated(), **params}
    return clone(GANISI(DESCRIPTORS[descriptor], views=views, **params))


def fit(model, data, real=None, generated=None):
    return model.fit(
        data.real if real is None else real,
        data.used,
        generated=(data.generated if generated is None else generated,),
    )


def answers(model, queries):
    evidence = model.evidence(queries, n_nearest=4)
    return model.predict_proba(queries), evidence.index, evidence.z


def assert_same(some, others):
    for one, other in zip(some, others, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.fixture(scope="module")
def few(tiny):
    """Eight real images: as few as will do."""
    some = [0, 2, 5, 7, 10, 12, 15, 17]
    parts = {name: tiny[name][some] for name in ("real", "used", "groups")}
    return Bunch(generated=tiny.generated, **parts)


class Counting(TransformerMixin, BaseEstimator):
    """Pixels, and how often each image was looked at."""

    seen = Counter()  # noqa: RUF012  Of all clones together.

    def fit(self, X, y=None):
        self.descriptor_ = Intensity(**CELLS).fit(X)
        return self

    def transform(self, X):
        self.seen.update(image_key(image) for image in X)
        return self.descriptor_.transform(X)

    def get_feature_names_out(self, input_features=None):
        return self.descriptor_.get_feature_names_out()


@pytest.mark.parametrize("descriptor", DESCRIPTORS)
@pytest.mark.parametrize(
    ("views", "size"),
    [("mirrors", (31, 27)), (SEVERAL, (32, 32)), (SEVERAL, (28, 31))],
    ids=["mirrors", "several", "several, odd"],
)
def test_a_mirrored_query_scores_the_same_to_the_last_bit(few, descriptor, views, size):
    real, generated = (
        np.ascontiguousarray(images[:, : size[0], : size[1]])
        for images in (few.real, few.generated)
    )
    model = fit(make_model(descriptor, views), few, real, generated)
    expected = answers(model, real[:3])
    for mirrored in (real[:3, :, ::-1], real[:3, ::-1], real[:3, ::-1, ::-1]):
        assert_same(answers(model, mirrored), expected)
    plain = fit(make_model(descriptor), few, real, generated)
    assert (plain.predict_proba(real[:3, :, ::-1]) != plain.predict_proba(real[:3])).any()


@pytest.mark.parametrize("descriptor", ["gabor", "pixels"])
def test_a_turned_query_scores_the_same_under_all_eight_views_of_a_square(tiny, descriptor):
    model = fit(make_model(descriptor, "dihedral"), tiny)
    expected = answers(model, tiny.real[:2])
    for turned in zip(*(Views.of("dihedral").apply(image) for image in tiny.real[:2]), strict=True):
        assert_same(answers(model, list(turned)), expected)


def test_the_recommended_model_under_mirrors_is_invariant_too(tiny):
    model = (
        recommended(grid=16)
        .set_params(views="mirrors")
        .fit(tiny.real, tiny.used, generated=(tiny.generated,), groups=tiny.groups)
    )
    assert_same(answers(model, tiny.real[:2, :, ::-1]), answers(model, tiny.real[:2]))


@pytest.mark.parametrize("relative", [False, True])
def test_no_views_are_the_stages_one_after_another(tiny, relative):
    """To the bit, whichever way it is said that there are none."""
    pairer = CDFWassersteinPairer(**CELLS, relative=relative)
    descriptor = clone(DESCRIPTORS["gabor"])
    rows, fakes = descriptor.fit_transform(tiny.real), descriptor.transform(tiny.generated)
    distances = clone(pairer).fit_transform(rows, generated=(fakes,))
    identifier = NearestGenerated().fit(distances, tiny.used)
    expected = identifier.predict_proba(
        clone(pairer).fit(rows, generated=(fakes,)).transform(rows[:4])
    )
    for views in (None, Views()):
        model = fit(make_model("gabor", views, pairer=pairer), tiny)
        np.testing.assert_array_equal(model.predict_proba(tiny.real[:4]), expected)
        assert not model.evidence(tiny.real[:4]).view.any()


def test_a_larger_set_of_views_moves_no_pair_further_apart(tiny):
    sets = [None, "mirrors", "dihedral", Views(mirrors=True, turns=True, shifts=[(1, 1)])]
    rows = Intensity(**CELLS).fit_transform(tiny.real)
    fakes = Intensity(**CELLS).transform(tiny.generated)
    plain = wasserstein_distances(rows, fakes, 1, n_quantiles=1)
    means = [
        ImagePairer(Intensity(**CELLS), views=views).fit_transform(
            tiny.real, generated=(tiny.generated,)
        )
        for views in sets
    ]
    np.testing.assert_array_equal(means[0], plain)
    for fewer, more in itertools.pairwise(means):
        assert (more <= fewer).all()
    for fewer, more in (means[:2], means[1::2]):
        assert (more < fewer).any()


def test_generated_images_are_looked_at_once_and_queries_once_under_each_view(tiny):
    Counting.seen.clear()
    views = Views(mirrors=True, shifts=[(3, 0)])
    model = GANISI(Counting(), pairer=RELATIVE, identifier=NearestGenerated(), views=views)
    model.fit(tiny.real[4:], tiny.used[4:], generated=(tiny.generated[:3], tiny.generated[3:]))
    expected = Counter(image_key(image) for image in tiny.generated)
    expected.update(image_key(view) for image in tiny.real[4:] for view in views.apply(image))
    assert Counting.seen == expected
    assert Counting.seen.total() == 6 + 16 * 8
    Counting.seen.clear()
    model.predict_proba(tiny.real[:4])
    assert Counting.seen.total() == 4 * 8


def test_blocks_and_workers_change_no_bit(few, monkeypatch):
    expected = answers(fit(make_model("gabor", SEVERAL), few), few.real[:6])
    workers = make_model("gabor", SEVERAL).set_params(descriptor__n_jobs=2, pairer__n_jobs=3)
    with joblib.parallel_config("threading"):
        assert_same(answers(fit(workers, few), few.real[:6]), expected)
    monkeypatch.setattr(_describing, "_IMAGES_PER_BLOCK", 9)
    monkeypatch.setattr(_describing, "_IMAGES_PER_WORKER", 0)
    monkeypatch.setattr("ganisi.distances._views_of_queries._DISTANCES_PER_BLOCK", 100)
    monkeypatch.setattr("ganisi.model._ganisi._PAIRS_PER_BLOCK", 30)
    assert_same(answers(fit(make_model("gabor", SEVERAL), few), few.real[:6]), expected)


def test_a_cache_knows_a_view_by_its_content(tiny, tmp_path, monkeypatch):
    looked = []
    maps = Intensity._maps
    monkeypatch.setattr(Intensity, "_maps", lambda self, one: looked.append(1) or maps(self, one))
    expected = answers(fit(make_model(views="mirrors"), tiny), tiny.real)
    model = make_model(views="mirrors").set_params(descriptor__memory=str(tmp_path))
    looked.clear()
    assert_same(answers(fit(model, tiny), tiny.real[:, ::-1]), expected)
    assert len(looked) == 20 * 4 + 6


def test_files_are_looked_at_as_their_images_are(tiny, tmp_path):
    paths = [tmp_path / f"{i}.png" for i in range(20)]
    for path, image in zip(paths, tiny.real, strict=True):
        imsave(path, image, check_contrast=False)
    expected = answers(fit(make_model(views=SEVERAL), tiny), tiny.real)
    assert_same(answers(fit(make_model(views=SEVERAL), tiny, real=paths), paths), expected)


@pytest.mark.parametrize("turn", [lambda x: x[:, :, ::-1], lambda x: np.rot90(x, axes=(1, 2))])
def test_a_turned_leak_is_found_under_views_that_hold_the_turn(leaky, turn):
    turned = np.ascontiguousarray(turn(leaky.generated))

    def auc(views):
        model = GANISI(
            Intensity(n_quantiles=1, grid=32), identifier=NearestGenerated(), views=views
        ).fit(leaky.real[:20], leaky.used[:20], generated=(turned,))
        return roc_auc_score(leaky.used[20:], model.predict_proba(leaky.real[20:])[:, 1])

    assert auc("dihedral") > 0.9 > auc(None)


def test_evidence_names_the_view_in_which_a_copy_was_found(leaky):
    generated, queries = leaky.generated.copy(), leaky.real[36:]
    views = Views(mirrors=True, turns=True, shifts=[(4, -4)])
    which = [9, 2, 15, 0]
    generated[:4] = [
        list(views.apply(image))[view] for image, view in zip(queries, which, strict=True)
    ]
    model = make_model(views=views).fit(leaky.real[:36], leaky.used[:36], generated=(generated,))
    evidence = model.evidence(queries, n_nearest=2)
    np.testing.assert_array_equal(evidence.index[:, 0], [0, 1, 2, 3])
    np.testing.assert_array_equal(evidence.view[:, 0], which)
    assert list(evidence.view_names[:, 0]) == [views.names[view] for view in which]
    best = model.pairer_.best_views(model.image_pairer_.describe(queries))
    np.testing.assert_array_equal(np.take_along_axis(best, evidence.index, axis=1), evidence.view)
    frame = evidence.to_frame()
    assert list(frame["view"][frame["rank"] == 1]) == [views.names[view] for view in which]


def test_a_pipeline_from_images_is_the_model_to_the_bit(tiny):
    identifier = ProfileIdentifier()
    model = make_model("gabor", "mirrors", identifier=identifier).fit(
        tiny.real, tiny.used, generated=(tiny.generated,), groups=tiny.groups
    )
    expected = model.predict_proba(tiny.real)
    pairing = ImagePairer(DESCRIPTORS["gabor"], pairer=RELATIVE, views="mirrors")
    plain = make_pipeline(pairing, identifier).fit(
        tiny.real,
        tiny.used,
        imagepairer__generated=(tiny.generated,),
        imagepairer__groups=tiny.groups,
        profileidentifier__groups=tiny.groups,
    )
    np.testing.assert_array_equal(plain.predict_proba(tiny.real), expected)
    with sklearn.config_context(enable_metadata_routing=True):
        routed = clone(plain).fit(
            tiny.real, tiny.used, generated=(tiny.generated,), groups=tiny.groups
        )
    np.testing.assert_array_equal(routed.predict_proba(tiny.real), expected)
    alone = clone(pairing).fit(tiny.real, generated=(tiny.generated,), groups=tiny.groups)
    np.testing.assert_array_equal(alone.transform(tiny.real), plain[:-1].transform(tiny.real))


def test_views_are_searched_and_cross_validated_like_any_parameter(tiny):
    search = GridSearchCV(
        make_model(), {"views": [None, "mirrors", Views(shifts=[(1, 0)])]}, cv=2
    ).fit(tiny.real, tiny.used, generated=(tiny.generated,))
    assert np.isfinite(search.cv_results_["mean_test_score"]).all()
    pipe = Pipeline(
        [("pair", ImagePairer(DESCRIPTORS["pixels"])), ("identify", NearestGenerated())]
    )
    with sklearn.config_context(enable_metadata_routing=True):
        scores = cross_validate(
            clone(pipe).set_params(pair__views="mirrors"),
            tiny.real,
            tiny.used,
            cv=GroupKFold(2),
            params={"groups": tiny.groups, "generated": (tiny.generated,)},
            error_score="raise",
        )
    assert len(scores["test_score"]) == 2


class Blind(TransformerMixin, BaseEstimator):
    """A pairer that knows no views."""

    def fit_transform(self, X, y=None, *, generated=None, groups=None):
        return self.transform(X)

    def transform(self, X):
        return np.zeros((len(X), 6, 1))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"views": "mirror"}, "The 'views' parameter of GANISI must be"),
        ({"views": "mirrors", "pairer": Blind()}, "Blind has no n_views; use a pairer that"),
        (
            {"views": "mirrors", "pairer": CDFWassersteinPairer(**CELLS, n_views=3)},
            "n_views=3, and the views asked for are 4; leave n_views",
        ),
        ({"pairer": CDFWassersteinPairer(**CELLS, n_views=3)}, "n_views=3, and the views .* are 1"),
        ({"views": Views(shifts=[(40, 0)])}, r"X has 32 x 32 pixels, and a shift by \(40, 0\)"),
    ],
)
def test_views_that_do_not_fit_are_refused_before_any_image_is_described(
    tiny, change, message, monkeypatch
):
    monkeypatch.setattr(Intensity, "_maps", None)
    with pytest.raises(ValueError, match=message):
        fit(make_model().set_params(**change), tiny)


def test_images_that_are_not_square_cannot_be_turned(tiny):
    model, wide = make_model(views="dihedral"), tiny.real[:, :24]
    with pytest.raises(ValueError, match="X has 24 x 32 pixels, and a quarter turn needs a square"):
        fit(model, tiny, real=wide)
    fit(model, tiny, generated=tiny.generated)
    with pytest.raises(ValueError, match="X has 24 x 32 pixels, and a quarter turn needs a square"):
        model.predict_proba(wide)
    # Generated images are not turned.
    with pytest.warns(UserWarning, match="pixels"):
        fit(model, tiny, generated=tiny.generated[:, :24])


def test_a_pairer_without_views_goes_on_working(tiny):
    model = make_model(pairer=Blind())
    assert fit(model, tiny).predict_proba(tiny.real).shape == (20, 2)

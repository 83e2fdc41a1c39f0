import pickle
import re
import warnings

import numpy as np
import pytest
import sklearn
from skimage.io import imsave
from sklearn.base import clone
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GridSearchCV, GroupKFold, cross_validate
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from ganisi import (
    GANISI,
    CDFWassersteinPairer,
    GaborBank,
    Intensity,
    LocalStats,
    MultiscaleHessian,
    ProfileIdentifier,
    SourceIdentifier,
    classical_descriptors,
    recommended,
)
from ganisi.audit import CrossFit, audit
from ganisi.baselines import NearestGenerated
from ganisi.datasets import make_source_identification
from ganisi.images._survey import check_sets


@pytest.fixture(scope="module")
def tiny():
    """Enough to run everything; nothing is concluded from it."""
    return make_source_identification(10, 10, 6, size=32, leakage=1.0, random_state=0)


def pixels(**params):
    return GANISI(Intensity(grid=32, n_quantiles=1), identifier=NearestGenerated(), **params)


# The six usages of the design, as written there.


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


def test_a_leak_is_found_and_its_absence_is_not(leaky):
    """The whole method, pixels in: images held out, by patient."""
    model = pixels().fit(leaky.real[:20], leaky.used[:20], generated=leaky.generated)
    found = roc_auc_score(leaky.used[20:], model.predict_proba(leaky.real[20:])[:, 1])
    assert found > 0.9


def test_one_fit_of_the_model_is_its_stages_one_after_another(leaky):
    descriptor, pairer, identifier = GANISI(identifier=ProfileIdentifier()).stages()
    model = GANISI(identifier=ProfileIdentifier()).fit(
        leaky.real, leaky.used, generated=leaky.generated, groups=leaky.groups
    )
    quantiles = descriptor.fit_transform(leaky.real)
    distances = pairer.fit_transform(
        quantiles, generated=(descriptor.transform(leaky.generated),), groups=leaky.groups
    )
    identifier.fit(distances, leaky.used, groups=leaky.groups)
    np.testing.assert_allclose(
        model.predict_proba(leaky.real),
        identifier.predict_proba(pairer.transform(quantiles)),
        atol=1e-12,
    )


def test_fit_leaves_the_stages_of_the_caller_as_they_were(leaky):
    given = GaborBank(), CDFWassersteinPairer(relative=True), ProfileIdentifier()
    before = [vars(stage).copy() for stage in given]
    descriptor, pairer, identifier = given
    model = GANISI(descriptor, pairer=pairer, identifier=identifier)
    model.fit(leaky.real, leaky.used, generated=leaky.generated)
    assert [vars(stage) for stage in given] == before
    assert hasattr(model.descriptor_, "depth_")


def test_models_that_share_their_stages_do_not_disturb_each_other(leaky):
    descriptor, identifier = GaborBank(grid=4), NearestGenerated()
    bytes_, floats = (GANISI(descriptor, identifier=identifier) for _ in range(2))
    bytes_.fit(leaky.real, leaky.used, generated=leaky.generated)
    expected = bytes_.predict_proba(leaky.real)
    floats.fit(leaky.real[20:] / 255, leaky.used[20:], generated=leaky.generated[:9] / 255)
    np.testing.assert_array_equal(bytes_.predict_proba(leaky.real), expected)
    assert floats.predict_proba(leaky.real / 255).shape == (40, 2)


@pytest.mark.parametrize(
    "identifier", [SourceIdentifier(), ProfileIdentifier(), NearestGenerated()], ids=repr
)
def test_blocks_and_company_change_no_score(leaky, identifier, monkeypatch):
    model = GANISI(
        GaborBank(), pairer=CDFWassersteinPairer(relative=True), identifier=identifier, verbose=0
    ).fit(leaky.real, leaky.used, generated=leaky.generated)
    together = model.predict_proba(leaky.real)
    monkeypatch.setattr("ganisi.model._ganisi._PAIRS_PER_BLOCK", 100)
    monkeypatch.setattr("ganisi.model._describing._IMAGES_PER_BLOCK", 3)
    monkeypatch.setattr("ganisi.model._describing._IMAGES_PER_WORKER", 0)
    np.testing.assert_allclose(model.predict_proba(leaky.real), together, atol=1e-6)
    np.testing.assert_allclose(model.predict_proba(leaky.real[4:5]), together[4:5], atol=1e-6)


def test_sets_of_several_generators_are_one_after_another(leaky):
    whole = pixels().fit(leaky.real, leaky.used, generated=(leaky.generated,))
    parts = pixels().fit(
        leaky.real, leaky.used, generated=(leaky.generated[:9], leaky.generated[9:])
    )
    assert whole.n_generated_ == parts.n_generated_ == 50
    np.testing.assert_allclose(parts.predict_proba(leaky.real), whole.predict_proba(leaky.real))


def test_files_give_the_probabilities_of_arrays(leaky, tmp_path):
    paths = [tmp_path / f"{i}.png" for i in range(40)]
    for path, image in zip(paths, leaky.real, strict=True):
        imsave(path, image, check_contrast=False)
    arrays = pixels().fit(leaky.real, leaky.used, generated=leaky.generated)
    files = pixels().fit(paths, leaky.used, generated=leaky.generated)
    np.testing.assert_array_equal(files.predict_proba(paths), arrays.predict_proba(leaky.real))


def test_methods_of_the_identifier_are_there_only_where_it_has_them(leaky):
    model = GANISI(GaborBank()).fit(leaky.real, leaky.used, generated=leaky.generated)
    assert model.predict_pair_proba(leaky.real[:2]).shape == (2, 50, 2)
    assert not hasattr(model, "decision_function")
    nearest = pixels().fit(leaky.real, leaky.used, generated=leaky.generated)
    assert nearest.decision_function(leaky.real).shape == (40,)
    assert not hasattr(nearest, "predict_pair_proba")


def test_the_pairer_gets_the_quantiles_and_grid_of_the_descriptor():
    _, pairer, _ = GANISI(classical_descriptors(n_quantiles=8, grid=2)).stages()
    assert (pairer.n_quantiles, pairer.grid) == (8, 2)


@pytest.mark.parametrize(
    ("descriptor", "pairer", "message"),
    [
        (
            FeatureUnion([("a", GaborBank(n_quantiles=8)), ("b", LocalStats())]),
            None,
            r"different n_quantiles: \[8, 64\]",
        ),
        (
            GaborBank(grid=4),
            CDFWassersteinPairer(),
            "pairer has grid=1 and the descriptor grid=4",
        ),
    ],
)
def test_stages_that_disagree_are_refused(tiny, descriptor, pairer, message):
    with pytest.raises(ValueError, match=message):
        GANISI(descriptor, pairer=pairer).fit(tiny.real, tiny.used, generated=tiny.generated)


BAD_FIT = [
    ("X", lambda d: d.real[0], ValueError, r"X has shape \(32, 32\)"),
    ("X", lambda d: np.stack([d.real] * 3, axis=-1), ValueError, "colour"),
    ("X", lambda d: d.real / np.nan, ValueError, r"X\[0\] holds NaN"),
    ("X", lambda d: d.real[:0], ValueError, "holds no image"),
    ("X", lambda d: d.real[:-1], ValueError, "inconsistent numbers of samples"),
    ("X", lambda d: d.real / 255, ValueError, "X is float and generated is uint8"),
    ("y", lambda d: np.ones(20), ValueError, "only one class"),
    ("y", lambda d: np.arange(20), ValueError, "binary"),
    ("y", lambda d: None, ValueError, "target y is None"),
    ("groups", lambda d: d.groups[:-1], ValueError, "groups has 19 entries"),
    ("generated", lambda d: None, TypeError, "generated is missing"),
    ("generated", lambda d: d.real, ValueError, r"as many images as X \(20\)"),
    ("generated", lambda d: d.generated[:0], ValueError, "empty set"),
    ("generated", lambda d: (d.generated, d.generated[0]), ValueError, "generated has shape"),
    ("generated", lambda d: d.generated * np.nan, ValueError, "generated.0. holds NaN"),
    ("generated", lambda d: d.generated.astype(np.uint16), ValueError, "generated is uint16"),
    ("generated", lambda d: d.generated[:, :3], ValueError, "generated has an image of 3 pixels"),
    ("generated", lambda d: ("a.png",), TypeError, "tuple that holds the path"),
    ("generated", lambda d: ["a.png"], ValueError, "'a.png', which does not exist"),
]


@pytest.mark.parametrize(("name", "spoil", "error", "message"), BAD_FIT)
def test_bad_input_is_refused_before_any_image_is_described(
    tiny, name, spoil, error, message, monkeypatch
):
    def refuse(self, image):
        raise AssertionError("long work has begun")

    monkeypatch.setattr(MultiscaleHessian, "_maps", refuse)
    arguments = {"X": tiny.real, "y": tiny.used, "generated": tiny.generated, "groups": None}
    arguments[name] = spoil(tiny)
    with pytest.raises(error, match=message):
        GANISI(MultiscaleHessian(grid=4, n_quantiles=1)).fit(**arguments)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda X: X / 255, "X is float, the images of fit were uint8"),
        (lambda X: X[0], "expected"),
        (lambda X: [], "holds no image"),
    ],
)
def test_bad_queries_are_refused(leaky, spoil, message):
    model = pixels().fit(leaky.real, leaky.used, generated=leaky.generated)
    with pytest.raises(ValueError, match=message):
        model.predict_proba(spoil(leaky.real))


def test_queries_of_another_size_are_compared_where_the_maps_allow(leaky):
    model = GANISI(GaborBank([3.0, 6.0])).fit(leaky.real, leaky.used, generated=leaky.generated)
    with pytest.warns(UserWarning, match="of fit have 32 x 32 pixels, those of X 24 x 32"):
        assert model.predict_proba(leaky.real[:, :24]).shape == (40, 2)


# Grey levels of different scales, and images of different sizes.


@pytest.fixture(scope="module")
def subtle():
    return make_source_identification(40, 40, 80, size=32, leakage=0.55, random_state=3)


def _as_uint16(images, bits):
    return images.astype(np.uint16) * ((2**bits - 1) // 255)


SCALES = [
    (lambda x: x / 255, lambda x: x.astype(float)),
    (lambda x: _as_uint16(x, 12), lambda x: _as_uint16(x, 16)),
    (lambda x: x.astype(np.float32), lambda x: (x / 255).astype(np.float32)),
]


@pytest.mark.parametrize(("scale", "other"), SCALES)
def test_grey_levels_of_different_scales_are_refused_and_of_one_scale_are_not(
    subtle, scale, other, monkeypatch
):
    real, generated = scale(subtle.real), (other(subtle.generated),)
    message = r"of X typically span [\d.]+ grey level\(s\), those of generated .*one scale"
    with monkeypatch.context() as patch:
        patch.setattr(Intensity, "_maps", None)  # Nothing is described before.
        with pytest.raises(ValueError, match=message):
            pixels().fit(real, subtle.used, generated=generated)
        with pytest.raises(ValueError, match=message):
            audit(pixels(), real, subtle.used, generated=generated)
    for both in (scale, other):
        real, generated = both(subtle.real), (both(subtle.generated),)
        model = pixels().fit(real, subtle.used, generated=generated)
        assert roc_auc_score(subtle.used, model.predict_proba(real)[:, 1]) > 0.6


def test_a_different_scale_is_refused_from_files_too(leaky, tmp_path):
    paths = [tmp_path / f"{i}.tif" for i in range(40)]
    for path, image in zip(paths, leaky.real / 255, strict=True):
        imsave(path, image.astype(np.float32), check_contrast=False)
    with pytest.raises(ValueError, match="typically span"):
        pixels().fit(paths, leaky.used, generated=leaky.generated.astype(np.float32))


def test_scales_of_several_generators_are_compared_with_each_other(leaky):
    real, generated = leaky.real.astype(float), leaky.generated.astype(float)
    with pytest.raises(ValueError, match=r"of X typically .* those of generated\[1\] "):
        pixels().fit(real, leaky.used, generated=(generated, generated / 9))
    with pytest.raises(ValueError, match=r"of generated\[0\] typically .* of generated\[1\] "):
        pixels().fit(real, leaky.used, generated=(generated / 3, 3 * generated))


def test_blank_and_marked_images_do_not_move_the_scale(leaky):
    real = leaky.real / 255
    real[:9] = 0
    real[9:18, 0, 0] = 255
    model = pixels().fit(real, leaky.used, generated=leaky.generated / 255)
    assert 0.5 < model.grey_span_ <= 1
    assert model.grey_span_ == np.median(np.ptp(real, axis=(1, 2)))
    blank = pixels().fit(0 * real, leaky.used, generated=leaky.generated / 255)
    assert blank.grey_span_ == 0
    assert blank.predict(255 * real).shape == (40,)


def test_darker_images_of_less_contrast_are_accepted(leaky):
    model = pixels().fit(leaky.real // 3, leaky.used, generated=leaky.generated)
    assert model.predict(leaky.real).shape == (40,)


@pytest.mark.parametrize("factor", [1 / 255, 255])
def test_queries_of_another_scale_are_scored_with_a_warning(leaky, factor):
    real = leaky.real.astype(float)
    model = pixels().fit(real, leaky.used, generated=leaky.generated.astype(float))
    with pytest.warns(UserWarning, match="of fit typically span .* those of X .*one scale first"):
        assert model.predict(real[:5] * factor).shape == (5,)
    with pytest.warns(UserWarning, match="typically span"):
        model.evidence(real[:5] * factor)


def test_a_blank_query_is_scored_without_a_word_and_a_dark_one_with_one(leaky):
    model = pixels().fit(leaky.real, leaky.used, generated=leaky.generated)
    assert model.predict_proba(np.zeros_like(leaky.real[:1])).shape == (1, 2)
    with pytest.warns(UserWarning, match="typically span"):
        assert model.predict_proba(leaky.real[:1] // 64).shape == (1, 2)


def test_queries_of_an_audit_are_only_warned_about(leaky):
    sets = [
        ("X", leaky.real),
        ("generated", leaky.generated),
        ("queries", leaky.real[:1] // 64),
    ]
    with pytest.warns(UserWarning, match="of X typically span .* those of queries"):
        facts = check_sets(sets, CDFWassersteinPairer())
    assert facts.depth == "uint8"
    with pytest.warns(UserWarning, match="of X have 32 x 32 pixels, those of queries 32 x 20;"):
        check_sets([*sets[:2], ("queries", leaky.real[:, :, :20])], CDFWassersteinPairer())


def test_sets_without_a_size_in_common_are_warned_about(leaky):
    smaller = leaky.generated[:, ::2, ::2]
    model = GANISI(Intensity())
    message = "X have 32 x 32 pixels, those of generated 16 x 16; .*one size first"
    with pytest.warns(UserWarning, match=message):
        model.fit(leaky.real, leaky.used, generated=smaller)
    assert model.shapes_ == {(32, 32)}
    with pytest.warns(UserWarning, match="fit have 32 x 32 pixels, those of X 16 x 16;"):
        model.predict(leaky.real[:3, ::2, ::2])


def test_one_size_in_common_is_enough(leaky):
    real = [image[: 32 - i % 5] for i, image in enumerate(leaky.real)]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model = GANISI(Intensity()).fit(real, leaky.used, generated=leaky.generated)
        model.predict(leaky.real[:2])
    with pytest.warns(UserWarning, match=r"fit have 28 x 32, 29 x 32, 30 x 32, \.\.\. pixels"):
        model.predict(leaky.real[:2, :9])


def test_too_small_images_are_refused_with_the_grid_that_they_allow(tiny):
    real, generated = tiny.real[:, ::2, ::2], tiny.generated[:, ::2, ::2]
    message = "an image of 16 pixels a side.* use grid <= 16, the same in every descriptor"
    with pytest.raises(ValueError, match=message):
        recommended().fit(real, tiny.used, generated=generated)


def test_what_recommended_advises_for_small_images_suits_them(tiny):
    real, generated = tiny.real[:, ::2, ::2], tiny.generated[:, ::2, ::2]
    advised = re.search(r"``(\.set_params\(.*?\))``", recommended.__doc__, re.DOTALL)[1]
    model = eval(f"recommended(){advised}").fit(real, tiny.used, generated=generated)
    assert model.predict(real).shape == (20,)


@pytest.mark.parametrize("make", [GANISI, recommended])
def test_data_frames_as_the_global_output_change_nothing(leaky, make):
    pytest.importorskip("pandas")

    def proba():
        model = make().fit(leaky.real, leaky.used, generated=leaky.generated)
        return model.predict_proba(leaky.real)

    expected = proba()
    with sklearn.config_context(transform_output="pandas"):
        np.testing.assert_allclose(proba(), expected)


def test_a_fitted_model_survives_pickling(leaky):
    model = recommended().fit(leaky.real, leaky.used, generated=leaky.generated)
    copy = pickle.loads(pickle.dumps(model))
    np.testing.assert_array_equal(copy.predict_proba(leaky.real), model.predict_proba(leaky.real))


def test_an_unfitted_model_says_so(tiny):
    with pytest.raises(sklearn.exceptions.NotFittedError):
        GANISI().predict_proba(tiny.real)


@pytest.mark.parametrize("with_tqdm", [True, False])
def test_progress_is_shown_when_asked(leaky, capsys, monkeypatch, with_tqdm):
    if with_tqdm:
        pytest.importorskip("tqdm")
    else:
        monkeypatch.setitem(__import__("sys").modules, "tqdm.auto", None)
    model = pixels(verbose=1).fit(leaky.real, leaky.used, generated=leaky.generated)
    model.predict_proba(leaky.real)
    shown = capsys.readouterr().err
    for task in ("describing real images", "describing generated images", "scoring queries"):
        assert task in shown
    pixels().fit(leaky.real, leaky.used, generated=leaky.generated)
    assert capsys.readouterr().err == ""


def test_labels_shuffled_by_patient_leave_the_cross_validated_auc_at_chance():
    """Any query or patient shared between fitting and scoring would show here."""
    data = make_source_identification(24, 24, 20, size=32, leakage=0.9, random_state=0)
    descriptor = GaborBank(n_quantiles=8, grid=2).fit(data.real)
    quantiles, generated = descriptor.transform(data.real), descriptor.transform(data.generated)
    patients, rng, aucs = np.unique(data.groups), np.random.default_rng(0), []
    for seed in range(24):
        used = np.isin(data.groups, rng.permutation(patients)[::2]).astype(int)
        identifier = [
            SourceIdentifier(LinearDiscriminantAnalysis(), n_nearest=3, calibration="query"),
            ProfileIdentifier(),
        ][seed % 2]
        fit = CrossFit(
            CDFWassersteinPairer(8, grid=2, relative=True),
            identifier,
            quantiles,
            used,
            generated=generated,
            groups=data.groups,
        )
        aucs.append(fit.roc_auc(fit.out_of_fold()))
    assert abs(np.mean(aucs) - 0.5) < 3 * np.std(aucs) / np.sqrt(len(aucs))

import pickle
from functools import partial

import numpy as np
import pytest
import sklearn
from skimage.io import imsave
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import FeatureUnion

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
from ganisi.audit import CrossFit
from ganisi.baselines import NearestGenerated
from ganisi.datasets import make_source_identification


def pixels(**params):
    return GANISI(Intensity(grid=32, n_quantiles=1), identifier=NearestGenerated(), **params)


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
            CDFWassersteinPairer(grid=1),
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


@pytest.mark.parametrize("make", [GANISI, partial(recommended, grid=16)], ids=["paper", "best"])
def test_data_frames_as_the_global_output_change_nothing(leaky, make):
    pytest.importorskip("pandas")

    def proba():
        model = make().fit(leaky.real, leaky.used, generated=leaky.generated)
        return model.predict_proba(leaky.real)

    expected = proba()
    with sklearn.config_context(transform_output="pandas"):
        np.testing.assert_allclose(proba(), expected)


def test_a_fitted_model_survives_pickling(leaky):
    model = recommended(grid=16).fit(leaky.real, leaky.used, generated=leaky.generated)
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

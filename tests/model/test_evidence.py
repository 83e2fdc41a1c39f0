import pickle
import sys

import numpy as np
import pytest
from PIL import Image
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.exceptions import NotFittedError
from sklearn.pipeline import FeatureUnion

from ganisi import (
    GANISI,
    CDFWassersteinPairer,
    GaborBank,
    ImageFile,
    Intensity,
    LocalStats,
    MultiscaleHessian,
    SteerableGaussian,
    classical_descriptors,
    recommended,
)
from ganisi.baselines import NearestGenerated
from ganisi.descriptors._map_info import MapInfo, infos_of_maps
from ganisi.model._evidence import closest

CELLS = {"n_quantiles": 2, "grid": 4}


def make_model(descriptor, **params):
    return GANISI(descriptor, identifier=NearestGenerated(), **params)


@pytest.fixture(scope="module")
def planted(leaky):
    """30 generated images of which the first three are copies of images never seen in `fit`."""
    real, generated = leaky.real[:36], leaky.generated[:30].copy()
    generated[:3] = leaky.real[36:39]
    return real, leaky.used[:36], generated, leaky.real[36:]


@pytest.mark.parametrize(
    "model",
    [
        make_model(classical_descriptors(**CELLS)),
        make_model(GaborBank(**CELLS)),
        make_model(Intensity(n_quantiles=1, grid=16)),
        make_model(LocalStats(), pairer=CDFWassersteinPairer(relative=True)),
        recommended(grid=16),
    ],
    ids=["classical", "gabor", "pixels", "relative", "recommended"],
)
def test_planted_copies_are_found_in_every_texture(model, planted):
    real, used, generated, queries = planted
    evidence = model.fit(real, used, generated=generated).evidence(queries, n_nearest=2)
    n_maps = len(evidence.map_names)
    assert evidence.index.shape == (4, 2)
    assert evidence.z.shape == (4, 2, n_maps)
    np.testing.assert_array_equal(evidence.index[:3, 0], [0, 1, 2])
    assert (evidence.z[:3, 0] < -3).all()
    assert (np.diff(evidence.mean_z, axis=1) >= 0).all()
    # The fourth query has no copy.
    assert evidence.mean_z[3, 0] > evidence.mean_z[:3, 0].max()


def test_distances_are_judged_as_a_relative_pairer_judges_them(leaky):
    plain, relative = (
        make_model(
            classical_descriptors(**CELLS),
            pairer=CDFWassersteinPairer(**CELLS, relative=relative),
        ).fit(leaky.real[4:], leaky.used[4:], generated=leaky.generated)
        for relative in (False, True)
    )
    expected, evidence = relative.evidence(leaky.real[:4]), plain.evidence(leaky.real[:4])
    np.testing.assert_array_equal(evidence.index, expected.index)
    np.testing.assert_allclose(evidence.z, expected.z, atol=1e-4)


def test_block_sizes_change_nothing(monkeypatch, leaky):
    model = make_model(GaborBank(**CELLS))
    whole = model.fit(leaky.real, leaky.used, generated=leaky.generated).evidence(leaky.real)
    monkeypatch.setattr("ganisi.distances._relative._PAIRS_PER_BLOCK", 100)
    monkeypatch.setattr("ganisi.model._ganisi._PAIRS_PER_BLOCK", 200)
    parts = model.fit(leaky.real, leaky.used, generated=leaky.generated).evidence(leaky.real)
    np.testing.assert_array_equal(parts.index, whole.index)
    np.testing.assert_allclose(parts.z, whole.z, atol=1e-5)


def test_evidence_of_one_query_does_not_depend_on_the_others(planted):
    real, used, generated, queries = planted
    model = make_model(GaborBank(**CELLS)).fit(real, used, generated=generated)
    together = model.evidence(queries)
    for i, query in enumerate(queries):
        alone = model.evidence(query[None])
        np.testing.assert_array_equal(alone.index[0], together.index[i])
        np.testing.assert_allclose(alone.z[0], together.z[i], atol=1e-5)


def test_labels_do_not_enter_the_evidence(planted):
    real, used, generated, queries = planted
    model = make_model(GaborBank(**CELLS))
    expected = model.fit(real, used, generated=generated).evidence(queries)
    turned = model.fit(real, 1 - used, generated=generated).evidence(queries)
    np.testing.assert_array_equal(turned.z, expected.z)


def test_no_image_of_fit_is_kept_in_the_fitted_model(planted):
    """A model is passed on more easily than the scans it was fitted on."""
    real, used, generated, _ = planted
    model = make_model(Intensity(n_quantiles=1, grid=32)).fit(real, used, generated=generated)
    stored = pickle.dumps(model)
    row = Intensity(n_quantiles=1, grid=32).transform(generated[:1])[0].tobytes()
    assert row in stored
    for row in Intensity(n_quantiles=1, grid=32).transform(real):
        assert row.tobytes() not in stored


def test_the_closest_images_are_so_over_all_maps_and_not_in_one():
    z = np.array([[[-9.0, 4.0, 8.0], [-1.0, -1.0, -1.0], [0.0, 0.0, 0.0]]])
    index, selected = closest(z, np.full(3, 1 / 3), 2)
    np.testing.assert_array_equal(index, [[1, 2]])
    np.testing.assert_array_equal(selected, z[:, 1:])


def test_all_images_come_in_the_order_of_their_mean_over_maps(planted):
    real, used, generated, queries = planted
    model = make_model(GaborBank(**CELLS)).fit(real, used, generated=generated)
    evidence = model.evidence(queries, n_nearest=30)
    assert (np.diff(evidence.mean_z, axis=1) >= 0).all()
    assert not (np.diff(evidence.z.min(axis=2), axis=1) >= 0).all()


def test_equally_close_images_come_in_their_order():
    index, z = closest(np.zeros((2, 4, 3)), np.full(3, 1 / 3), 3)
    np.testing.assert_array_equal(index, [[0, 1, 2], [0, 1, 2]])
    assert z.shape == (2, 3, 3)


@pytest.mark.parametrize("grid", [1, 2])
@pytest.mark.parametrize("n_quantiles", [1, 12])
def test_maps_are_those_of_the_descriptors(grid, n_quantiles):
    shared = {"grid": grid, "n_quantiles": n_quantiles}
    images = np.zeros((2, 32, 32), np.uint8)
    union = classical_descriptors(**shared).fit(images)
    expected = [info for _, child in union.transformer_list for info in child.map_info_]
    assert infos_of_maps(union, len(expected)) == expected
    for descriptor in (LocalStats(**shared), MultiscaleHessian(**shared), Intensity(**shared)):
        infos = descriptor.fit(images).map_info_
        assert infos_of_maps(descriptor, len(infos)) == infos


@pytest.mark.parametrize("verbose", [True, False])
def test_maps_of_a_union_have_the_names_of_its_columns(verbose):
    inner = FeatureUnion([("gabor", GaborBank()), ("pixels", Intensity())])
    union = FeatureUnion(
        [("all", inner), ("none", "drop"), ("local", LocalStats())],
        verbose_feature_names_out=verbose,
    ).fit(np.zeros((2, 32, 32), np.uint8))
    infos = infos_of_maps(union, 12 + 1 + 3)
    columns = union.get_feature_names_out()
    assert [f"{info.name} tails q00" for info in infos] == list(columns[::64])
    assert infos[0].family == ("all__gabor__gabor" if verbose else "gabor__gabor")


def test_a_union_that_names_its_parts_keeps_their_names():
    union = FeatureUnion([("a", Intensity(grid=2)), ("b", Intensity(grid=2))])
    infos = infos_of_maps(union.fit(np.zeros((2, 8, 8))), 2)
    assert [info.name for info in infos] == ["a__intensity", "b__intensity"]
    assert [info.family for info in infos] == ["a__intensity", "b__intensity"]


class Mute(TransformerMixin, BaseEstimator):
    """Two maps of 32 values that nobody says anything of."""

    def fit(self, X, y=None):
        self.fitted_ = True
        return self

    def transform(self, X):
        maps = np.asarray(X, float).reshape(len(X), 2, -1)[:, :, ::16]
        return np.sort(maps, axis=2).reshape(len(X), -1)


def test_a_descriptor_that_says_nothing_of_its_maps_has_numbered_ones(leaky):
    model = make_model(Mute(), pairer=CDFWassersteinPairer(n_quantiles=32))
    model.fit(leaky.real, leaky.used, generated=leaky.generated)
    evidence = model.evidence(leaky.real[:2])
    assert evidence.map_names == ["map 0", "map 1"]
    assert {info.unit for info in evidence.maps} == {"units of the map"}
    assert np.isnan([(info.scale, info.orientation) for info in evidence.maps]).all()


def test_the_one_member_of_a_union_that_says_nothing_has_the_maps_that_are_left():
    mute = FeatureUnion([("local", LocalStats()), ("mute", Mute())])
    names = [info.name for info in infos_of_maps(mute, 5)]
    assert names[2:] == ["local__local entropy", "mute__map 0", "mute__map 1"]
    two = FeatureUnion([("local", LocalStats()), ("a", Mute()), ("b", Mute())])
    assert [info.name for info in infos_of_maps(two, 7)] == [f"map {m}" for m in range(7)]


@pytest.mark.parametrize(
    ("descriptor", "name", "texture"),
    [
        (GaborBank(), "gabor wavelength=5.66 orientation=45", ("gabor", 5.66, 45)),
        (SteerableGaussian(), "gaussian order=2 orientation=135", ("gaussian", np.nan, 135)),
        (
            MultiscaleHessian(),
            "hessian sigma=0.75 second eigenvalue",
            ("hessian", 0.75, np.nan),
        ),
        (LocalStats(), "local entropy", ("local entropy", np.nan, np.nan)),
        (Intensity(), "intensity", ("intensity", np.nan, np.nan)),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_a_map_knows_its_family_scale_and_orientation(descriptor, name, texture):
    infos = descriptor.fit(np.zeros((1, 32, 32))).map_info_
    (info,) = [info for info in infos if info.name == name]
    assert isinstance(info, MapInfo)
    assert info.family == texture[0]
    np.testing.assert_equal((info.scale, info.orientation), texture[1:])


def test_the_table_has_a_row_for_each_query_image_and_map(planted):
    pd = pytest.importorskip("pandas")
    real, used, generated, queries = planted
    model = make_model(classical_descriptors(**CELLS)).fit(real, used, generated=generated)
    evidence = model.evidence(queries, n_nearest=3)
    frame = evidence.to_frame()
    assert list(frame.columns) == [
        "query",
        "rank",
        "generated",
        "generated_name",
        "view",
        "mean_z",
        "map",
        "family",
        "scale",
        "orientation",
        "z",
    ]
    assert len(frame) == 4 * 3 * len(evidence.map_names)
    rng = np.random.default_rng(0)
    for _ in range(20):
        i, j, m = (int(rng.integers(n)) for n in evidence.z.shape)
        info = evidence.maps[m]
        (row,) = frame[
            (frame["query"] == i) & (frame["rank"] == j + 1) & (frame["map"] == info.name)
        ].to_dict("records")
        assert row["generated"] == evidence.index[i, j]
        assert row["z"] == evidence.z[i, j, m]
        assert row["mean_z"] == pytest.approx(evidence.mean_z[i, j])
        for key in ("family", "scale", "orientation"):
            np.testing.assert_equal(row[key], getattr(info, key))
    for _, pair in frame.groupby(["query", "rank"]):
        assert pair["z"].is_monotonic_increasing
    closest_families = frame[frame["rank"] == 1].groupby(["query", "family"])["z"].mean()
    assert isinstance(closest_families, pd.Series)
    assert len(closest_families) == 4 * 6


def test_without_pandas_the_table_says_what_to_do(planted, monkeypatch):
    real, used, generated, queries = planted
    model = make_model(GaborBank(**CELLS)).fit(real, used, generated=generated)
    evidence = model.evidence(queries)
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match=r"to_frame needs pandas; install it .* or read the arr"):
        evidence.to_frame()


@pytest.mark.parametrize("n_nearest", [0, 31, 1.5])
def test_impossible_numbers_of_nearest_images_are_refused(n_nearest, planted):
    real, used, generated, queries = planted
    model = make_model(GaborBank(**CELLS)).fit(real, used, generated=generated)
    with pytest.raises(ValueError, match=r"from 1 to the 30 generated images"):
        model.evidence(queries, n_nearest=n_nearest)


def test_queries_of_another_bit_depth_and_unfitted_models_are_refused(planted):
    real, used, generated, queries = planted
    model = make_model(GaborBank(**CELLS))
    with pytest.raises(NotFittedError):
        model.evidence(queries)
    model.fit(real, used, generated=generated)
    with pytest.raises(ValueError, match="Convert the queries to the depth of fit"):
        model.evidence(queries.astype(np.uint16))


def test_generated_images_keep_the_names_of_their_files(leaky, tmp_path):
    arrays, stack, folder = leaky.generated[:3], leaky.generated[10:50], tmp_path / "mrs-miller"
    folder.mkdir()
    paths = []
    for i, image in enumerate(leaky.generated[3:10]):
        paths.append(folder / f"generated_{i:04d}.png")
        Image.fromarray(image).save(paths[-1])
    np.save(folder / "stack.npy", stack)
    files = [*paths, *(ImageFile(folder / "stack.npy", index=i) for i in range(len(stack)))]
    model = GANISI(Intensity(grid=4, n_quantiles=1))
    model.fit(leaky.real, leaky.used, generated=(arrays, files, arrays[:2]))
    names = [f"generated {i}" for i in range(3)] + [f"generated_{i:04d}.png" for i in range(7)]
    names += [f"stack.npy[{i}]" for i in range(40)] + ["generated 50", "generated 51"]
    assert model.generated_names_.tolist() == names
    found = model.evidence(leaky.real[:4], n_nearest=3)
    assert found.generated_names.tolist() == [[names[i] for i in row] for row in found.index]
    frame = found.to_frame()
    assert frame["generated_name"].tolist() == found.generated_names.ravel().tolist()
    assert frame["query"].tolist() == np.repeat(range(4), 3).tolist()
    assert "mrs-miller" not in frame.to_csv()


def test_queries_have_names_in_a_table_only_if_they_are_given(leaky):
    model = GANISI(Intensity(grid=4, n_quantiles=1))
    model.fit(leaky.real, leaky.used, generated=leaky.generated)
    found = model.evidence(leaky.real[:2], n_nearest=2)
    assert found.to_frame(["a.png", "b.png"])["query"].tolist() == ["a.png"] * 2 + ["b.png"] * 2
    with pytest.raises(ValueError, match="query_names has 1 entries for 2 queries"):
        found.to_frame(["a.png"])

"""Rows of a table in the descriptor's place: what is looked up, and what has no row."""

import pickle

import numpy as np
import pytest
from skimage.io import imsave
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import FeatureUnion
from sklearn.preprocessing import FunctionTransformer

from ganisi import (
    GANISI,
    CDFWassersteinPairer,
    CorrelationPairer,
    GaborBank,
    ImagePairer,
    Intensity,
)
from ganisi.audit import CrossFit
from ganisi.baselines import NearestGenerated
from ganisi.descriptors import Precomputed
from ganisi.distances import FeaturePairer, PairerUnion, ReferencePairer
from ganisi.testing._laws import parameters_are_scikit_learns

CELLS = Intensity(grid=4, n_quantiles=1)
MAPS = {"top": list(range(8)), "bottom": list(range(8, 16))}


@pytest.fixture
def images(leaky):
    return [*leaky.real, *leaky.generated]


@pytest.fixture
def rows(images):
    return CELLS.fit_transform(images)


@pytest.fixture
def table(rows, images):
    return Precomputed.from_images(rows, images)


def attack(descriptor, pairer=None, **params):
    return GANISI(descriptor, pairer=pairer, identifier=NearestGenerated(), **params)


def fitted(model, leaky):
    return model.fit(leaky.real, leaky.used, generated=(leaky.generated,), groups=leaky.groups)


def test_it_is_as_if_the_rows_were_computed(leaky, table):
    found, computed = (
        fitted(attack(one, FeaturePairer(MAPS, relative=True)), leaky) for one in (table, CELLS)
    )
    new = leaky.real[::-3]
    np.testing.assert_array_equal(found.predict_proba(new), computed.predict_proba(new))
    assert found.evidence(new).map_names == ["top", "bottom"]


def test_files_moved_and_renamed_are_the_same_images(leaky, table, tmp_path):
    paths = [tmp_path / f"{i}.png" for i in range(5)]
    for path, image in zip(paths, leaky.real[5:], strict=False):
        imsave(path, image, check_contrast=False)
    np.testing.assert_array_equal(table.transform(paths), table.transform(leaky.real[5:10]))
    of_files = Precomputed.from_images(table.transform(paths), paths)
    np.testing.assert_array_equal(of_files.transform(leaky.real[7:8]), table.transform(paths[2:3]))


def test_a_pairer_of_features_is_there_by_default_and_can_be_searched(leaky, table):
    model = attack(table).set_params(pairer__relative=True)
    assert isinstance(model.pairer, FeaturePairer)
    assert isinstance(attack(table).stages()[1], FeaturePairer)
    assert isinstance(ImagePairer(table).stages()[1], FeaturePairer)
    assert isinstance(attack(table, ReferencePairer()).stages()[1].pairer, FeaturePairer)
    assert isinstance(
        attack(None).set_params(descriptor=table, pairer__n_jobs=1).pairer, FeaturePairer
    )
    grid = {"descriptor": [table, GaborBank()], "identifier": [NearestGenerated()]}
    search = GridSearchCV(GANISI(), grid, cv=2, error_score="raise")
    search.fit(leaky.real, leaky.used, generated=(leaky.generated,))
    grid = {"pairer__metric": ["euclidean", "cosine"], "pairer__maps": [None, MAPS]}
    search = GridSearchCV(attack(table), grid, cv=2, error_score="raise")
    search.fit(leaky.real, leaky.used, generated=(leaky.generated,))
    assert len(search.cv_results_["params"]) == 4
    with pytest.raises(ValueError, match=r"use pairer=ganisi.distances.FeaturePairer\(\), or CDF"):
        fitted(attack(table, CDFWassersteinPairer()), leaky)
    fitted(attack(table, CDFWassersteinPairer(n_quantiles=1)), leaky)


def test_names_of_columns_reach_the_pairer(leaky, rows, images):
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame(rows, columns=[f"cell {i}" for i in range(16)])
    named = {name: [f"cell {i}" for i in places] for name, places in MAPS.items()}
    table = Precomputed.from_images(frame, images)
    model = fitted(attack(table, FeaturePairer(named)), leaky)
    assert model.pairer_.maps == MAPS
    assert model.pairer.maps == named
    with pytest.raises(ValueError, match="columns that the rows have not: 'cell x'"):
        fitted(attack(table, FeaturePairer({"a": ["cell x"]})), leaky)
    # Names of a union have its prefixes.
    both = FeatureUnion([("a", table), ("b", table)])
    maps = {"both": ["a__cell 1", "b__cell 1"]}
    assert fitted(attack(both, FeaturePairer(maps)), leaky).pairer_.maps == {"both": [1, 17]}
    with pytest.raises(ValueError, match="rows have no names"):
        fitted(attack(FunctionTransformer(table.transform), FeaturePairer({"a": ["b"]})), leaky)


def test_it_stands_beside_the_image_itself(leaky, rows, images):
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame(rows, columns=[f"cell {i}" for i in range(16)])
    pairers = [("table", FeaturePairer({"top": ["cell 1"]})), ("image", CorrelationPairer(32))]
    model = attack(Precomputed.from_images(frame, images), PairerUnion(pairers))
    assert fitted(model, leaky).predict_proba(leaky.real).shape == (40, 2)
    assert model.pairer_.pairers_[0][1].maps == {"top": [1]}


def test_all_images_without_a_row_are_found_before_any_work(leaky, rows, images, monkeypatch):
    def describe(self, images):
        raise AssertionError("described")

    monkeypatch.setattr(Precomputed, "transform", describe)
    short = Precomputed.from_images(rows[:-1], images[:-1])
    message = r"1 of 50 images of generated have no row .*, such as generated\[49\]; give"
    for model in (attack(short), attack(FeatureUnion([("a", short)]), FeaturePairer())):
        with pytest.raises(ValueError, match=message):
            fitted(model, leaky)
        with pytest.raises(ValueError, match=message):
            CrossFit.from_images(model, leaky.real, leaky.used, generated=(leaky.generated,))
    with pytest.raises(ValueError, match=r"40 of 40 images of X have no row .*such as X\[0\]"):
        short.fit(leaky.real // 2)


def test_queries_without_a_row_are_told_by_the_name_of_the_file(leaky, table, tmp_path):
    path = tmp_path / "new.png"
    imsave(path, leaky.real[0] // 2, check_contrast=False)
    with pytest.raises(ValueError, match=r"1 of 1 images of X have no row .*, such as .*new\.png"):
        table.transform([path])


def test_views_need_rows_of_views(leaky, rows, images):
    table = Precomputed.from_images(rows, images)
    with pytest.raises(
        ValueError, match=r"3 of 4 images of the views of X\[0\] have no row .* as "
    ):
        fitted(attack(table, views="mirrors"), leaky)
    flips = (1, -1)
    seen = [image[::i, ::j] for image in images for i in flips for j in flips]
    table = Precomputed.from_images(CELLS.fit_transform(seen), seen)
    model = fitted(attack(table, views="mirrors"), leaky)
    assert model.predict_proba(leaky.real).shape == (40, 2)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (
            lambda rows: rows[1:],
            ValueError,
            "rows has 89 rows and images 90 images; give the imag",
        ),
        (lambda rows: rows[:, 0], ValueError, r"rows has shape \(90,\); expected"),
        (lambda rows: np.where(rows == rows[3, 2], np.nan, rows), ValueError, "column 'feature 2'"),
        (lambda rows: rows.astype(float) * 1e38, ValueError, "what float32 cannot hold in 90 of"),
        (
            lambda rows: np.char.add(rows.astype(str), "x"),
            TypeError,
            "rows holds what is no number",
        ),
    ],
)
def test_what_is_no_table_is_refused(rows, images, change, error, message):
    with pytest.raises(error, match=message):
        Precomputed.from_images(change(rows), images)


def test_one_image_has_one_row(rows, images):
    Precomputed.from_images(rows[[0, 0]], [images[0], images[0]])
    with pytest.raises(ValueError, match=r"images\[0\] and images\[1\] are the same image"):
        Precomputed.from_images(rows[:2], [images[0], images[0].copy()])
    with pytest.raises(TypeError, match="ndarray; write Precomputed"):
        Precomputed(rows).fit(images)


def test_clones_share_the_table_and_pickles_hold_no_image(table, images):
    assert clone(table).table is table.table
    assert clone(attack(table)).descriptor.table is table.table
    again = pickle.loads(pickle.dumps(table))
    np.testing.assert_array_equal(again.transform(images), table.transform(images))
    assert len(pickle.dumps(table)) < sum(image.nbytes for image in images) / 2
    assert repr(table) == "Precomputed(table=<90 rows of 16 features>)"
    assert table.get_feature_names_out()[3] == "feature 3"


def test_parameters_are_as_scikit_learn_wants_them(table):
    parameters_are_scikit_learns(table)


def test_a_table_without_images_is_told_where_to_go(leaky, rows):
    with pytest.raises(ValueError, match="table of features goes, without images, to a"):
        attack(None).fit(rows, leaky.used, generated=(leaky.generated,))

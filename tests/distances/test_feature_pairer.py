"""Distances of groups of columns: their definition, names, errors that say what to do."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from sklearn.metrics.pairwise import cosine_distances

from ganisi.distances import FeaturePairer

MAPS = {"shape": [0, 3], "texture": [1]}
COLUMNS = ["area", "contrast", "unused", "roundness"]


def rows(n_images, seed):
    scale = np.array([1000.0, 0.01, 1.0, 3.0])
    return np.random.default_rng(seed).normal(5, 1, (n_images, 4)) * scale


QUERIES, FAKES = rows(12, 0), rows(9, 1)


@pytest.mark.parametrize("metric", ["euclidean", "cityblock"])
def test_a_map_is_the_distance_of_its_standardised_columns(metric):
    distances = FeaturePairer(MAPS, metric=metric).fit_transform(QUERIES, generated=(FAKES,))
    unit = FAKES.std(axis=0)
    expected = [
        cdist(QUERIES[:, c] / unit[c], FAKES[:, c] / unit[c], metric) for c in ([0, 3], [1])
    ]
    np.testing.assert_allclose(distances, np.stack(expected, axis=2), rtol=1e-3, atol=1e-4)


def test_angles_are_those_about_the_mean_of_the_generated_images():
    pairer = FeaturePairer(metric="cosine")
    distances = pairer.fit_transform(QUERIES, generated=(FAKES,))
    about = [(some - FAKES.mean(axis=0)) / FAKES.std(axis=0) for some in (QUERIES, FAKES)]
    np.testing.assert_allclose(distances[:, :, 0], cosine_distances(*about), rtol=1e-3, atol=1e-4)
    raw = FeaturePairer(metric="cosine", standardise=False)
    raw = raw.fit_transform(np.zeros((2, 4)), generated=(FAKES, np.zeros((1, 4))))
    assert (raw == 1).all()


def test_without_standardising_columns_count_in_their_units():
    distances = FeaturePairer(standardise=False).fit_transform(QUERIES, generated=(FAKES,))
    np.testing.assert_allclose(distances[:, :, 0], cdist(QUERIES, FAKES), rtol=1e-5)


def test_nothing_is_learned_from_queries():
    one, other = (FeaturePairer().fit(some, generated=(FAKES,)) for some in (QUERIES, 9 * QUERIES))
    np.testing.assert_array_equal(one.transform(QUERIES), other.transform(QUERIES))


def test_a_column_that_is_constant_among_generated_images_has_the_unit_1():
    fakes = FAKES.copy()
    fakes[:, 0] = 7
    distances = FeaturePairer({"area": [0]}).fit_transform(QUERIES, generated=(fakes,))
    np.testing.assert_allclose(distances[:, 0, 0], abs(QUERIES[:, 0] - 7), rtol=1e-5)


def test_columns_of_tables_are_found_by_name_in_any_order():
    pd = pytest.importorskip("pandas")
    real, fake = (pd.DataFrame(some, columns=COLUMNS) for some in (QUERIES, FAKES))
    named = FeaturePairer({"shape": ["area", "roundness"], "texture": ["contrast"]})
    expected = FeaturePairer(MAPS).fit_transform(QUERIES, generated=(FAKES,))
    found = named.fit_transform(real, generated=(fake[COLUMNS[::-1]],))
    np.testing.assert_array_equal(found, expected)
    assert [info.name for info in named.map_info_] == ["shape", "texture"]
    with pytest.raises(ValueError, match="only one of them has 'other', 'unused'; give tables"):
        named.fit(real, generated=(fake.rename(columns={"unused": "other"}),))
    with pytest.raises(ValueError, match="feature names"):
        named.transform(real[COLUMNS[::-1]])


@pytest.mark.parametrize(
    ("maps", "error", "message"),
    [
        ({}, ValueError, "maps is empty; name at least one group"),
        ({"a": []}, ValueError, r"maps\['a'\] has no column"),
        ({1: [0]}, TypeError, "maps has the name 1, a int; give text"),
        ({"a": [0, 4]}, ValueError, r"maps\['a'\] has 4; expected .* places from 0 to 3"),
        ({"a": [-1]}, ValueError, r"has -1; expected"),
        ({"a": [0, "b"]}, ValueError, r"has 'b'; expected names of columns, or places"),
        ({"a": [2, 2]}, ValueError, r"names a column twice"),
        ({"a": ["b"]}, ValueError, "rows have no names; give places, from 0, or rows with names"),
        ("ab", ValueError, "maps"),
    ],
)
def test_what_are_no_maps_is_refused(maps, error, message):
    with pytest.raises(error, match=message):
        FeaturePairer(maps).fit(QUERIES, generated=(FAKES,))


def test_words_of_a_report_name_the_groups():
    assert FeaturePairer(MAPS).in_plain_words() == "group by group (shape, texture)"
    assert FeaturePairer().in_plain_words() == "all of them together"

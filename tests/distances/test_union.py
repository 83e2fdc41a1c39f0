"""Several pairers side by side: each sees its own columns, and nothing of the others."""

import numpy as np
import pytest
from sklearn.base import clone

from ganisi import CDFWassersteinPairer, CorrelationPairer, SSIMPairer
from ganisi.distances import PairerUnion

SIDE, N_MAPS, N_TEXTURE, N_VIEWS = 8, 3, 12, 3
RNG = np.random.default_rng(0)


def columns(n_images, n_views=1):
    """Texture columns of positive numbers and images, view by view."""
    textures = np.sort(RNG.gamma(2, size=(n_images, n_views, N_MAPS, 4)), axis=3)
    images = RNG.normal(size=(n_images, n_views, SIDE**2))
    return (
        textures.reshape(n_images, n_views, -1).astype(np.float32),
        images.astype(np.float32),
    )


def side_by_side(textures, images, order=(0, 1)):
    parts = [textures, images]
    return np.concatenate([parts[k] for k in order], axis=2).reshape(len(textures), -1)


REAL, FAKES, NEW = columns(10, N_VIEWS), columns(7), columns(4, N_VIEWS)
TEXTURES = CDFWassersteinPairer(4, relative=True)
IMAGE = CorrelationPairer(SIDE, max_shift=2)


def union(order=(0, 1), **dials):
    pairers = [("textures", TEXTURES), ("image", IMAGE)]
    return PairerUnion([pairers[k] for k in order], n_views=N_VIEWS, **dials)


def alone(pairer, part, n_views):
    """Distances of `fit` and of new queries by one pairer that sees nothing else."""
    pairer = clone(pairer).set_params(n_views=n_views)
    real, new = (rows[part][:, :n_views].reshape(len(rows[part]), -1) for rows in (REAL, NEW))
    groups = np.arange(10) // 2
    first = pairer.fit_transform(real, generated=(FAKES[part][:, 0],), groups=groups)
    return first, pairer.transform(new), pairer.best_views(new)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize("views_for", [None, ["textures"], ["image"], []])
def test_each_pairer_gives_what_it_gives_alone(order, views_for):
    seen = {
        name: N_VIEWS if views_for is None or name in views_for else 1
        for name in ("textures", "image")
    }
    parts = [alone(TEXTURES, 0, seen["textures"]), alone(IMAGE, 1, seen["image"])]
    pairer = union(order, views_for=views_for)
    generated = (side_by_side(*FAKES, order)[:3], side_by_side(*FAKES, order)[3:])
    real, new = side_by_side(*REAL, order), side_by_side(*NEW, order)
    groups = np.arange(10) // 2
    for given, k in (
        (pairer.fit_transform(real, generated=generated, groups=groups), 0),
        (pairer.transform(new), 1),
        (clone(pairer).fit(real, generated=generated, groups=groups).transform(new), 1),
    ):
        expected = np.concatenate([parts[one][k] for one in order], axis=2)
        np.testing.assert_array_equal(given, expected)
    looks = [one for one in order if list(seen.values())[one] > 1]
    views = parts[looks[0]][2] if looks else np.zeros((4, 7), int)
    np.testing.assert_array_equal(pairer.best_views(new), views)
    assert pairer.n_generated_ == 7
    assert pairer.n_maps_ == N_MAPS + 1


def test_each_pairer_counts_the_same_and_relative_maps_are_known():
    pairer = union().fit(side_by_side(*REAL), generated=(side_by_side(*FAKES),))
    np.testing.assert_allclose(pairer.map_weights_, [1 / 6, 1 / 6, 1 / 6, 1 / 2])
    np.testing.assert_array_equal(pairer.relative_maps_, [True, True, True, False])


def test_what_was_given_is_not_changed_and_parameters_have_names():
    pairer = union().set_params(image__max_shift=1, textures__relative=False)
    assert pairer.get_params()["image__max_shift"] == 1
    pairer.fit(side_by_side(*REAL), generated=(side_by_side(*FAKES),))
    assert [one.n_views for _, one in pairer.pairers] == [1, 1]
    assert not pairer.relative_maps_.any()
    assert pairer.grid == SIDE
    twin = clone(pairer)
    assert twin.get_params()["image__max_shift"] == 1
    assert not hasattr(twin, "pairers_")


def test_words_name_each_pairer():
    words = union().in_plain_words()
    assert "textures wherever in the image they are; image in 8 x 8 cells" in words


@pytest.mark.parametrize(
    ("pairers", "dials", "message"),
    [
        ([], {}, "pairers is empty"),
        ([("a", TEXTURES), ("a", IMAGE)], {}, "unique"),
        ([("a", TEXTURES), ("b", TEXTURES)], {}, "'a' and 'b' read any number of columns"),
        ([("a", TEXTURES)], {"views_for": ["b"]}, "views_for names 'b', and the pairers are 'a'"),
        ([("a", CorrelationPairer(8, max_shift=4))], {}, "max_shift"),
        ([("a", IMAGE), ("b", SSIMPairer(8))], {"n_views": 0}, "n_views"),
    ],
)
def test_settings_that_contradict_each_other_are_refused(pairers, dials, message):
    with pytest.raises(ValueError, match=message):
        PairerUnion(pairers, **dials).check_settings()


def test_columns_that_are_not_those_of_the_pairers_are_refused():
    real, fakes = side_by_side(*REAL), side_by_side(*FAKES)
    with pytest.raises(ValueError, match=r"X has 76 columns a view.* read 64, 64"):
        PairerUnion([("a", IMAGE), ("b", SSIMPairer(8))], n_views=N_VIEWS).fit(
            real, generated=(fakes,)
        )
    with pytest.raises(ValueError, match="not a multiple of n_views=3"):
        union().fit(real[:, 1:], generated=(fakes,))
    with pytest.raises(ValueError, match="generated has 75 columns and X has 76 a view"):
        union().fit(real, generated=(fakes[:, 1:],))
    fitted = union().fit(real, generated=(fakes,))
    with pytest.raises(ValueError, match="expecting 228 features"):
        fitted.transform(real[:, :76])


def test_generated_rows_are_not_copied_and_those_of_fit_stay_as_they_are(monkeypatch):
    fakes = side_by_side(*FAKES)
    monkeypatch.setattr("ganisi.distances._views_of_queries._ROWS_PER_COPY", 3)
    pairer = union().fit(side_by_side(*REAL), generated=(fakes,))
    for _, one in pairer.pairers_:
        (rows,) = one.generated_rows_
        assert np.shares_memory(rows, fakes)
        assert not rows.flags.writeable
    expected = union().fit(side_by_side(*REAL), generated=(fakes.copy(),))
    new = side_by_side(*NEW)
    np.testing.assert_array_equal(pairer.transform(new), expected.transform(new))

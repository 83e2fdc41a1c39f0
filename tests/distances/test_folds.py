"""Folds share what does not depend on them, and nothing else."""

import numpy as np
import pytest
from sklearn.base import BaseEstimator, TransformerMixin, clone

from ganisi import CDFWassersteinPairer, CorrelationPairer, SSIMPairer
from ganisi.distances import PairerUnion
from ganisi.distances._folds import pair_folds, pair_more, pair_others

GRID, N_VIEWS, N_REAL = 8, 3, 12
GROUPS = np.arange(N_REAL) // 2
#: Folds that overlap, leave somebody out, and are not in order.
FOLDS = [
    (np.array([0, 1, 2, 3, 6, 7]), np.array([4, 5])),
    (np.array([11, 10, 5, 4, 3, 2, 9, 8]), np.array([0, 7, 6])),
    (np.arange(4, 12), np.arange(4)),
]
TEXTURES = CDFWassersteinPairer(n_quantiles=1, grid=GRID, relative=True, n_views=N_VIEWS)
IMAGE = CorrelationPairer(GRID, max_shift=2)
PAIRERS = {
    "as the paper": CDFWassersteinPairer(n_quantiles=1, grid=GRID),
    "relative": CDFWassersteinPairer(n_quantiles=1, grid=GRID, relative=True),
    "views": TEXTURES,
    "views, by threads": clone(TEXTURES).set_params(n_jobs=2),
    "views, coarsely": clone(TEXTURES).set_params(view_grid=2),
    "correlation": clone(IMAGE).set_params(n_views=N_VIEWS, relative=True),
    "SSIM": SSIMPairer(GRID, n_views=N_VIEWS),
    "two eyes": PairerUnion(
        [("textures", TEXTURES), ("image", IMAGE)], views_for=["textures"], n_views=N_VIEWS
    ),
}


def rows_of(name):
    """Queries under views whose size differs by patient, and two sets of generated images."""
    rng = np.random.default_rng(0)
    n_features = GRID**2 * {"two eyes": 3, "correlation": 1, "SSIM": 1}.get(name, 2)
    n_views = N_VIEWS if getattr(PAIRERS[name], "n_views", 1) > 1 else 1
    queries = rng.gamma(2, size=(N_REAL, n_views * n_features)) * (1 + GROUPS[:, None])
    sets = tuple(rng.gamma(3, size=(n, n_features)).astype(np.float32) for n in (5, 2))
    return queries.astype(np.float32), sets


@pytest.mark.parametrize("groups", [None, GROUPS], ids=["images", "patients"])
@pytest.mark.parametrize("name", PAIRERS)
def test_the_folds_have_the_bits_of_a_fit_of_their_own(name, groups):
    queries, sets = rows_of(name)
    given = pair_folds(PAIRERS[name], queries, FOLDS, generated=sets, groups=groups)
    for (fitted, *distances), (train, test) in zip(given, FOLDS, strict=True):
        alone = clone(PAIRERS[name])
        of_train = None if groups is None else groups[train]
        expected = alone.fit_transform(queries[train], generated=sets, groups=of_train)
        np.testing.assert_array_equal(distances[0], expected)
        np.testing.assert_array_equal(distances[1], alone.transform(queries[test]))
        # Who is asked about later meets the same fit.
        np.testing.assert_array_equal(fitted.transform(queries), alone.transform(queries))
        np.testing.assert_array_equal(fitted.best_views(queries), alone.best_views(queries))


@pytest.mark.parametrize("name", ["views", "two eyes", "correlation"])
def test_no_pair_is_compared_again_for_another_fold(name, monkeypatch):
    seen = []
    for kind in (CDFWassersteinPairer, CorrelationPairer):
        compare = kind._compare

        def counted(self, queries, generated, distances, compare=compare):
            seen.append(len(queries) * len(generated))
            compare(self, queries, generated, distances)

        monkeypatch.setattr(kind, "_compare", counted)
    queries, sets = rows_of(name)
    pair_folds(PAIRERS[name], queries, FOLDS, generated=sets)
    n_compared = {"views": N_VIEWS, "two eyes": N_VIEWS + 1, "correlation": N_VIEWS}[name]
    assert sum(seen) == n_compared * len(queries) * 7


class Foreign(TransformerMixin, BaseEstimator):
    """Somebody's transformer, which knows no folds."""

    def fit(self, X, y=None, *, generated, groups=None):
        self.mean_ = X.mean() + (0 if groups is None else len(np.unique(groups)))
        return self

    def transform(self, X):
        return X - self.mean_


def test_any_other_transformer_is_fitted_in_each_fold():
    queries, sets = rows_of("relative")
    given = pair_folds(Foreign(), queries, FOLDS, generated=sets, groups=GROUPS)
    for (fitted, of_train, of_test), (train, test) in zip(given, FOLDS, strict=True):
        mean = queries[train].mean() + len(np.unique(GROUPS[train]))
        np.testing.assert_array_equal(of_train, queries[train] - mean)
        np.testing.assert_array_equal(of_test, queries[test] - mean)
        np.testing.assert_array_equal(fitted.transform(queries), queries - mean)


@pytest.mark.parametrize("name", ["views", "two eyes", "foreign"])
def test_the_caller_keeps_an_unfitted_pairer(name):
    queries, sets = rows_of("views" if name == "foreign" else name)
    pairer = Foreign() if name == "foreign" else clone(PAIRERS[name])
    before = dict(vars(pairer))
    pair_folds(pairer, queries, FOLDS, generated=sets)
    assert vars(pairer) == before


@pytest.mark.parametrize("method", ["fit_transform", "transform"])
def test_a_child_that_fits_otherwise_is_asked_itself(method):
    class Doubled(CDFWassersteinPairer):
        pass

    def doubled(self, X, *args, **kwargs):
        return 2 * getattr(super(Doubled, self), method)(X, *args, **kwargs)

    setattr(Doubled, method, doubled)
    queries, sets = rows_of("as the paper")
    settings = PAIRERS["as the paper"].get_params()
    once, twice = (
        pair_folds(kind(**settings), queries, FOLDS, generated=sets)
        for kind in (CDFWassersteinPairer, Doubled)
    )
    place = {"fit_transform": 1, "transform": 2}[method]
    for ours, theirs in zip(once, twice, strict=True):
        np.testing.assert_array_equal(theirs[place], 2 * ours[place])


def test_a_child_in_a_union_that_fits_otherwise_is_asked_itself():
    class Doubled(CDFWassersteinPairer):
        def fit_transform(self, X, y=None, *, generated=None, groups=None):
            return 2 * super().fit_transform(X, y, generated=generated, groups=groups)

    queries, sets = rows_of("two eyes")
    ours = clone(PAIRERS["two eyes"])
    theirs = clone(ours).set_params(textures=Doubled(**TEXTURES.get_params()))
    once, twice = (pair_folds(one, queries, FOLDS, generated=sets) for one in (ours, theirs))
    for (_, train, _), (_, doubled, _) in zip(once, twice, strict=True):
        np.testing.assert_array_equal(doubled[..., :-1], 2 * train[..., :-1])
        np.testing.assert_array_equal(doubled[..., -1], train[..., -1])


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("as the paper", {"relative": "yes"}),
        ("correlation", {"n_views": 0}),
        ("two eyes", {"n_views": 0}),
        ("two eyes", {"image__mirrors": 3}),
    ],
)
def test_settings_are_checked_as_in_a_fit(name, wrong):
    queries, sets = rows_of(name)
    pairer = clone(PAIRERS[name]).set_params(**wrong)
    parameter = next(iter(wrong)).split("__")[-1]
    with pytest.raises(ValueError, match=f"The '{parameter}' parameter of"):
        pair_folds(pairer, queries, FOLDS, generated=sets)


COLUMNS = [np.random.default_rng(k).permutation(7)[: 3 + k % 2] for k in range(len(FOLDS))]


@pytest.mark.parametrize("groups", [None, GROUPS], ids=["images", "patients"])
@pytest.mark.parametrize("name", PAIRERS)
def test_others_in_place_of_the_generated_images_are_those_of_the_fold_alone(name, groups):
    queries, sets = rows_of(name)
    pairer, others = PAIRERS[name], rows_of(name)[0][:7, : sets[0].shape[1]]
    fitted = [one for one, *_ in pair_folds(pairer, queries, FOLDS, generated=sets, groups=groups)]
    dials = {"groups": groups}
    paired = pair_others(pairer, fitted, queries, FOLDS, others=others, columns=COLUMNS, **dials)
    for k, (own, *ours) in enumerate(paired):
        train, test = FOLDS[k]
        of_train = None if groups is None else groups[train]
        alone = pair_others(
            pairer, fitted[k : k + 1], queries, FOLDS[k : k + 1], others=others[COLUMNS[k]], **dials
        )
        for distances, expected in zip(ours, alone[0][1:], strict=True):
            np.testing.assert_array_equal(distances, expected)
        np.testing.assert_array_equal(own.transform(queries[test]), ours[1])
        if name in ("as the paper", "relative"):  # Nothing is learned from the generated images.
            refitted = clone(pairer)
            again = refitted.fit_transform(
                queries[train], generated=(others[COLUMNS[k]],), groups=of_train
            )
            np.testing.assert_allclose(ours[0], again, rtol=1e-5, atol=1e-5)
        # The pairer of the fold is as it was.
        assert fitted[k].n_generated_ == 7


@pytest.mark.parametrize("groups", [None, GROUPS], ids=["images", "patients"])
@pytest.mark.parametrize("name", PAIRERS)
def test_more_images_stand_behind_the_others_whatever_else_is_added(name, groups):
    queries, sets = rows_of(name)
    known, more = sets
    pairer = PAIRERS[name]
    paired = pair_folds(pairer, queries, FOLDS, generated=(known,), groups=groups)
    given = {"generated": (known,), "groups": groups}
    added = pair_more(pairer, paired, queries, FOLDS, more=more, **given)
    one = pair_more(pairer, paired, queries, FOLDS, more=more[:1], **given)
    for (_, *before), both, first in zip(paired, added, one, strict=True):
        for distances, with_more, with_first in zip(before, both, first, strict=True):
            assert with_more.shape == (len(distances), 7, distances.shape[2])
            np.testing.assert_array_equal(with_more[:, :5], distances)
            np.testing.assert_allclose(with_more[:, 5], with_first[:, 5], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", ["as the paper", "relative", "views"])
def test_what_is_added_has_the_distances_of_a_fit_on_all(name):
    # One generated image looks like the next here, so that the scale of the views stays.
    queries, (known, more) = rows_of(name)
    known[:], more[:] = known[0], known[0]
    paired = pair_folds(PAIRERS[name], queries, FOLDS, generated=(known,), groups=GROUPS)
    added = pair_more(
        PAIRERS[name], paired, queries, FOLDS, generated=(known,), more=more, groups=GROUPS
    )
    again = pair_folds(PAIRERS[name], queries, FOLDS, generated=(known, more), groups=GROUPS)
    for ours, (_, *expected) in zip(added, again, strict=True):
        for one, other in zip(ours, expected, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-5)


def test_more_images_of_any_other_transformer_are_fitted_with_the_others():
    queries, (known, more) = rows_of("relative")

    class Counts(Foreign):
        def fit_transform(self, X, y=None, *, generated, groups=None):
            self.mean_ = sum(map(len, generated))
            return self.transform(X)

    paired = pair_folds(Counts(), queries, FOLDS, generated=(known,))
    added = pair_more(Counts(), paired, queries, FOLDS, generated=(known,), more=more)
    for (of_train, of_test), (train, test) in zip(added, FOLDS, strict=True):
        np.testing.assert_array_equal(of_train, queries[train] - 7)
        np.testing.assert_array_equal(of_test, queries[test] - 7)

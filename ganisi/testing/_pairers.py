"""The laws of pairers. A law takes a pairer, and rows of queries, generated images and others."""

from __future__ import annotations

import pickle
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator, clone
from sklearn.utils import check_array

from ..distances import Pairer
from ._laws import adding_to, bind, parameters_are_scikit_learns, refused, run

_SIZES = 12, 9, 5
#: Columns that are tried where a pairer does not say how many a row has.
_MOST_COLUMNS = 200
LAWS = [parameters_are_scikit_learns]
law = adding_to(LAWS)


def pairer_checks(pairer: BaseEstimator, rows: ArrayLike | None = None) -> list[Callable[[], None]]:
    """List the laws of pairers as functions, to run them one by one.

    Parameters
    ----------
    pairer : Pairer
        What is checked; it is cloned, and stays as it is.
    rows : array of shape (n_images, n_features) or None, default=None
        Rows of at least 26 images, all different, of one view each. None makes some that grow from
        left to right, as quantile functions do, of the smallest number of columns that the pairer
        takes.

    Returns
    -------
    checks : list of function
        Each takes no argument, is called as its law, and raises AssertionError where the pairer
        does not obey.

    Raises
    ------
    TypeError
        If `pairer` is no `Pairer`, or a class in place of an object.
    ValueError
        If there are too few `rows`, or none are given and no number of columns up to 200 is taken.

    Examples
    --------
    >>> from ganisi import CDFWassersteinPairer
    >>> from ganisi.testing import pairer_checks
    >>> checks = pairer_checks(CDFWassersteinPairer(n_quantiles=4))
    >>> {check.__name__: check for check in checks}["threads_change_no_bit"]()
    """
    if not isinstance(pairer, Pairer):
        raise TypeError(
            f"pairer is {pairer!r}; expected an object whose class is derived from "
            "ganisi.distances.Pairer, such as CDFWassersteinPairer()."
        )
    if rows is None:
        rows = _made_up(pairer)
    rows = check_array(rows, dtype=np.float32, input_name="rows")
    if len(rows) < sum(_SIZES):
        raise ValueError(f"rows has {len(rows)} images; expected at least {sum(_SIZES)}.")
    parts = np.split(rows[: sum(_SIZES)], np.cumsum(_SIZES)[:-1])
    return bind(LAWS, clone(pairer).set_params(n_views=1), parts)


def check_pairer(pairer: BaseEstimator, rows: ArrayLike | None = None) -> None:
    """Check that a pairer obeys all laws that those of this package do.

    A distance is of its own query and generated image; several sets are one set; threads, the
    data type and the order in memory of rows change nothing; arrays of the caller stay as they are;
    rows that are no rows are refused; folds give what fits of each fold give; of several views the
    nearest counts.

    Parameters
    ----------
    pairer : Pairer
        What is checked, as it is and with `relative` turned; it is cloned, and stays as it is.
    rows : array of shape (n_images, n_features) or None, default=None
        Rows of at least 26 images, all different, of one view each. None makes some that grow from
        left to right, as quantile functions do, of the smallest number of columns that the pairer
        takes.

    Raises
    ------
    AssertionError
        If it does not obey; the message begins with the class and the law.
    TypeError, ValueError
        If `pairer` is no `Pairer`, or there are no rows for it.

    See Also
    --------
    pairer_checks : The same laws one by one.

    Examples
    --------
    >>> from ganisi import SSIMPairer
    >>> from ganisi.testing import check_pairer
    >>> check_pairer(SSIMPairer(grid=9))
    """
    run(pairer_checks(pairer, rows))


def _made_up(pairer):
    """Rows that grow from left to right, of the smallest number of columns that is taken."""
    rng = np.random.default_rng(0)
    every = rng.gamma(2, size=(sum(_SIZES), pairer.n_columns or _MOST_COLUMNS))
    for n_columns in [pairer.n_columns] if pairer.n_columns else range(2, _MOST_COLUMNS + 1):
        rows = np.sort(every[:, :n_columns].astype(np.float32))
        try:
            clone(pairer).set_params(n_views=1).fit(rows, generated=(rows[:9],))
        except ValueError:
            continue
        return rows
    raise ValueError(
        f"{type(pairer).__name__} takes no made-up rows of "
        f"{pairer.n_columns or f'2 to {_MOST_COLUMNS}'} columns; give rows= of at least "
        f"{sum(_SIZES)} images."
    )


def _both(pairer):
    """The pairer with distances as they are, and relative ones."""
    return [clone(pairer).set_params(relative=relative) for relative in (False, True)]


@law
def distances_have_a_row_a_query_and_are_finite_float32(pairer, rows):
    """The shape is (n_queries, n_generated, n_maps); fit_transform is fit, then transform."""
    queries, generated, new = rows
    for one in _both(pairer):
        distances = one.fit_transform(queries, generated=(generated,))
        assert distances.shape == (len(queries), len(generated), one.n_maps_)
        assert one.n_generated_ == len(generated)
        assert distances.dtype == one.transform(new).dtype == np.float32
        assert np.isfinite(distances).all()
        assert np.isfinite(one.transform(new)).all()
    plain = clone(pairer).set_params(relative=False)
    distances = plain.fit_transform(queries, generated=(generated,))
    np.testing.assert_array_equal(distances, plain.transform(queries))


@law
def an_image_is_at_least_as_near_to_itself_as_to_others(pairer, rows):
    """Distances of a generated row to all generated ones are smallest at itself."""
    _, generated, _ = rows
    plain = clone(pairer).set_params(relative=False).fit(rows[0], generated=(generated,))
    distances = plain.transform(generated)
    own = distances[np.arange(len(generated)), np.arange(len(generated))]
    assert (own <= distances.min(axis=1) + 1e-5 * (1 + abs(own))).all()


@law
def several_sets_are_the_same_sets_put_end_to_end(pairer, rows):
    """To the bit."""
    queries, generated, new = rows
    for one in _both(pairer):
        whole = one.fit_transform(queries, generated=(generated,)), one.transform(new)
        sets = generated[:4], generated[4:]
        parts = one.fit_transform(queries, generated=sets), one.transform(new)
        for a, b in zip(whole, parts, strict=True):
            np.testing.assert_array_equal(a, b)


@law
def rows_of_any_type_and_order_in_memory_give_the_same_bits(pairer, rows):
    """Fortran order, float64, read-only, and seen backwards."""
    queries, generated, _ = rows
    expected = clone(pairer).fit_transform(queries, generated=(generated,))
    read_only = generated.copy()
    read_only.flags.writeable = False
    backwards = generated[::-1].copy()[::-1]
    for other in (np.asfortranarray(generated), generated.astype(float), read_only, backwards):
        found = clone(pairer).fit_transform(queries, generated=(other,))
        np.testing.assert_array_equal(found, expected)


@law
def a_fitted_one_survives_pickling(pairer, rows):
    """And gives the same distances."""
    queries, generated, new = rows
    for one in _both(pairer):
        one.fit(queries, generated=(generated,))
        again = pickle.loads(pickle.dumps(one))
        np.testing.assert_array_equal(again.transform(new), one.transform(new))


@law
def a_row_depends_on_its_own_query_only(pairer, rows):
    """To the bit."""
    queries, generated, new = rows
    for one in _both(pairer):
        one.fit(queries, generated=(generated,))
        alone = np.concatenate([one.transform(row[None]) for row in new])
        np.testing.assert_array_equal(one.transform(new), alone)


@law
def order_and_repetition_of_generated_images_only_reorder_and_repeat(pairer, rows):
    """Within 1e-4 of a distance, or 1e-5."""
    queries, generated, _ = rows
    order = np.random.default_rng(0).permutation(len(generated))
    for one in _both(pairer):
        distances = one.fit_transform(queries, generated=(generated,))
        moved = clone(one).fit_transform(queries, generated=(generated[order],))
        np.testing.assert_allclose(moved, distances[:, order], rtol=1e-4, atol=1e-5)
        twice = clone(one).fit_transform(queries, generated=(generated, generated))
        repeated = np.concatenate([distances, distances], axis=1)
        np.testing.assert_allclose(twice, repeated, rtol=1e-4, atol=1e-5)


@law
def threads_change_no_bit(pairer, rows):
    """Three of them."""
    queries, generated, new = rows
    for one in _both(pairer):
        one.set_params(n_jobs=None)
        expected = one.fit_transform(queries, generated=(generated,)), one.transform(new)
        one.set_params(n_jobs=3)
        threaded = one.fit_transform(queries, generated=(generated,)), one.transform(new)
        for a, b in zip(expected, threaded, strict=True):
            np.testing.assert_array_equal(a, b)


@law
def folds_give_what_fits_of_each_fold_give(pairer, rows):
    """To the bit, the patients of train queries known."""
    queries, generated, _ = rows
    groups = np.arange(len(queries)) // 2
    places = np.arange(len(queries))
    folds = [(places[4:], places[:4]), (places[:8], places[8:])]
    for one in _both(pairer):
        found = one.fit_transform_folds(queries, folds, generated=(generated,), groups=groups)
        for (train, test), (fitted, of_train, of_test) in zip(folds, found, strict=True):
            alone = clone(one)
            expected = alone.fit_transform(
                queries[train], generated=(generated,), groups=groups[train]
            )
            np.testing.assert_array_equal(of_train, expected)
            np.testing.assert_array_equal(of_test, alone.transform(queries[test]))
            np.testing.assert_array_equal(fitted.transform(queries), alone.transform(queries))


@law
def of_several_views_the_nearest_counts(pairer, rows):
    """A query seen as itself and as another has at each pair the distances of one of the two."""
    queries, generated, _ = rows
    plain = clone(pairer).set_params(relative=False)
    other = np.roll(queries, 1, axis=0)
    seen = [clone(plain).fit_transform(some, generated=(generated,)) for some in (queries, other)]
    both = plain.set_params(n_views=2).fit(np.hstack([queries, other]), generated=(generated,))
    distances = both.transform(np.hstack([queries, other]))
    nearest = both.best_views(np.hstack([queries, other]))[:, :, None]
    np.testing.assert_array_equal(distances, np.where(nearest == 0, *seen))
    scaled = [(one / both.view_scale_).mean(axis=2) for one in seen]
    chosen = np.where(nearest[:, :, 0] == 0, *scaled)
    np.testing.assert_allclose(chosen, np.minimum(*scaled), rtol=1e-4, atol=1e-5)


@law
def what_are_no_rows_is_refused(pairer, rows):
    """NaN, another number of columns, and no generated images."""
    queries, generated, _ = rows
    bad = queries.copy()
    bad[1, 1] = np.nan
    with refused("NaN"):
        clone(pairer).fit(bad, generated=(generated,))
    with refused("NaN"):
        clone(pairer).fit(queries, generated=(np.full_like(generated, np.nan),))
    with refused("generated has .* columns and X has"):
        clone(pairer).fit(queries, generated=(np.hstack([generated, generated]),))
    with refused("features"):
        fitted = clone(pairer).fit(queries, generated=(generated,))
        fitted.transform(np.hstack([queries, queries]))
    with refused("generated", TypeError, ValueError):
        clone(pairer).fit(queries)


@law
def the_callers_arrays_are_left_alone(pairer, rows):
    """Those of fit and of transform."""
    copies = [some.copy() for some in rows]
    for one in _both(pairer):
        one.fit_transform(copies[0], generated=(copies[1],))
        one.transform(copies[2])
        for some, kept in zip(rows, copies, strict=True):
            np.testing.assert_array_equal(some, kept)

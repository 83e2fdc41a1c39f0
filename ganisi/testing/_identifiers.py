"""The laws of identifiers, baselines among them. A law takes an identifier."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from inspect import signature

import numpy as np
from sklearn.base import BaseEstimator, clone, is_classifier
from sklearn.metrics import roc_auc_score

from ..identification._base import predicts_jointly
from ._laws import adding_to, bind, parameters_are_scikit_learns, refused, run

USED = np.tile([0, 1], 20)
_N_GENERATED, _N_MAPS = 60, 3
#: Leaks that are planted: generated images that remember a used query.
_LEAKS = 3, 30
LAWS = [parameters_are_scikit_learns]
law = adding_to(LAWS)


def identifier_checks(identifier: BaseEstimator) -> list[Callable[[], None]]:
    """List the laws of identifiers as functions, to run them one by one.

    Parameters
    ----------
    identifier : classifier on distances (n_queries, n_generated, n_maps)
        What is checked; it is cloned, and stays as it is.

    Returns
    -------
    checks : list of function
        Each takes no argument, is called as its law, and raises AssertionError where the
        identifier does not obey.

    Raises
    ------
    TypeError
        If `identifier` is no classifier with `predict_proba`, or a class in place of an object.

    Examples
    --------
    >>> from ganisi.baselines import NearestGenerated
    >>> from ganisi.testing import identifier_checks
    >>> checks = {check.__name__: check for check in identifier_checks(NearestGenerated())}
    >>> checks["a_planted_leak_is_found_in_new_queries"]()
    """
    known = not isinstance(identifier, type) and hasattr(identifier, "predict_proba")
    if not known or not is_classifier(identifier):
        raise TypeError(
            f"identifier is {identifier!r}; expected a classifier with predict_proba of distances "
            "(n_queries, n_generated, n_maps), such as ProfileIdentifier() or "
            "ganisi.baselines.NearestGenerated()."
        )
    return bind(LAWS, clone(identifier))


def check_identifier(identifier: BaseEstimator) -> None:
    """Check that an identifier, or a baseline on distances, obeys all laws that ours do.

    Probabilities are probabilities; a planted leak is found, and where there is none new queries
    are scored at chance; a prediction does not depend on the order of the generated images, nor on
    other queries unless the identifier says `predicts_jointly`; labels may be text; what cannot be
    learned from is refused.

    Parameters
    ----------
    identifier : classifier on distances (n_queries, n_generated, n_maps)
        What is checked, on 40 queries, 60 generated images and 3 maps; it is cloned, and stays as
        it is.

    Raises
    ------
    AssertionError
        If it does not obey; the message begins with the class and the law.
    TypeError
        If `identifier` is no classifier with `predict_proba`, or a class in place of an object.

    See Also
    --------
    identifier_checks : The same laws one by one.

    Examples
    --------
    >>> from ganisi.baselines import NearestGenerated
    >>> from ganisi.testing import check_identifier
    >>> check_identifier(NearestGenerated())
    """
    run(identifier_checks(identifier))


def draw_distances(seed=0, used=USED, effect=0.8, n_leaked=_LEAKS[1], patients=1):
    """Distances; those of a used query to the images that remember it are smaller by `effect`."""
    rng = np.random.default_rng(seed)
    distances = rng.gamma(8.0, size=(len(used), _N_GENERATED, _N_MAPS))
    # Some queries and some generated images are nearer to everything.
    distances *= rng.uniform(0.98, 1.02, (len(used), 1, 1)) * patients
    distances *= rng.uniform(0.8, 1.2, (1, _N_GENERATED, 1))
    own = rng.random((len(used), _N_GENERATED)).argsort(axis=1)[:, :n_leaked]
    for i in np.flatnonzero(used):
        distances[i, own[i]] *= 1 - effect
    return distances


def _fixed(identifier):
    """A clone, with what would be random in it fixed."""
    identifier = clone(identifier)
    names = [n for n in identifier.get_params() if n.split("__")[-1] == "random_state"]
    return identifier.set_params(**dict.fromkeys(names, 0))


def _positive(fitted, distances, of=1):
    """Probability of a label."""
    return fitted.predict_proba(distances)[:, list(fitted.classes_).index(of)]


def _takes_groups(identifier):
    """Tell whether `fit` wants to know patients."""
    return "groups" in signature(identifier.fit).parameters


@law
def probabilities_are_in_the_order_of_the_classes_and_sum_to_one(identifier):
    """And `predict` says the class of the larger one."""
    fitted = _fixed(identifier).fit(draw_distances(), USED)
    probabilities = fitted.predict_proba(draw_distances(seed=1))
    assert fitted.classes_.tolist() == [0, 1]
    assert probabilities.shape == (len(USED), 2)
    assert ((probabilities >= 0) & (probabilities <= 1)).all()
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    predicted = fitted.predict(draw_distances(seed=1))
    certain = abs(probabilities[:, 1] - 0.5) > 1e-6
    assert (predicted == (probabilities[:, 1] >= 0.5))[certain].all()


@law
def a_planted_leak_is_found_in_new_queries(identifier):
    """Three generated images remember a used query, or half of them do: a ROC AUC above 0.8."""
    found = []
    for n_leaked in _LEAKS:
        fitted = _fixed(identifier).fit(draw_distances(n_leaked=n_leaked), USED)
        new = draw_distances(seed=1, n_leaked=n_leaked)
        found.append(roc_auc_score(USED, _positive(fitted, new)))
    assert max(found) > 0.8, f"ROC AUC {found[0]:.2f} and {found[1]:.2f}"


@law
def without_a_leak_new_queries_are_scored_at_chance(identifier):
    """Within 3 standard errors of 1/2; labels are by patient, whose queries are alike."""
    aucs, used = [], np.tile([0, 0, 1, 1], 20)
    for seed in range(20):
        patients = np.random.default_rng(seed).normal(1, 0.1, (40, 1, 1)).repeat(2, axis=0)
        distances = draw_distances(seed, np.zeros(80), patients=patients)
        fitted = _fixed(identifier)
        groups = {"groups": np.arange(40) // 2} if _takes_groups(identifier) else {}
        fitted.fit(distances[:40], used[:40], **groups)
        aucs.append(roc_auc_score(used[40:], _positive(fitted, distances[40:])))
    error = np.std(aucs, ddof=1) / np.sqrt(len(aucs))
    assert abs(np.mean(aucs) - 0.5) <= 3 * error, f"mean ROC AUC {np.mean(aucs):.3f} +- {error:.3f}"


@law
def the_same_fit_twice_is_the_same_to_the_bit_and_survives_pickling(identifier):
    """Where every `random_state` is given."""
    new = draw_distances(seed=1)
    one, other = (_fixed(identifier).fit(draw_distances(), USED) for _ in range(2))
    expected = one.predict_proba(new)
    np.testing.assert_array_equal(other.predict_proba(new), expected)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(one)).predict_proba(new), expected)


@law
def a_row_depends_on_its_own_query_only(identifier):
    """Unless it says `predicts_jointly`."""
    if predicts_jointly(identifier):
        return
    fitted = _fixed(identifier).fit(draw_distances(), USED)
    new = draw_distances(seed=1)
    alone = np.concatenate([fitted.predict_proba(row[None]) for row in new])
    np.testing.assert_allclose(fitted.predict_proba(new), alone, atol=1e-9)


@law
def the_order_of_generated_images_changes_nothing(identifier):
    """Within 0.001, at which some classifiers stop."""
    order = np.random.default_rng(0).permutation(_N_GENERATED)
    distances, new = draw_distances(), draw_distances(seed=1)
    expected = _fixed(identifier).fit(distances, USED).predict_proba(new)
    moved = _fixed(identifier).fit(distances[:, order], USED).predict_proba(new[:, order])
    np.testing.assert_allclose(moved, expected, atol=1e-3)


@law
def labels_that_are_text_survive(identifier):
    """With `pos_label`, where there is one, saying which means used."""
    text = np.where(USED, "in", "out")
    named = _fixed(identifier)
    if "pos_label" in named.get_params():
        named.set_params(pos_label="in")
    named.fit(draw_distances(), text)
    assert named.classes_.tolist() == ["in", "out"]
    new = draw_distances(seed=1)
    assert set(named.predict(new)) <= {"in", "out"}
    plain = _fixed(identifier).fit(draw_distances(), USED)
    np.testing.assert_allclose(_positive(named, new, "in"), _positive(plain, new), atol=1e-3)


@law
def the_callers_arrays_are_left_alone(identifier):
    """Those of fit and of predict_proba."""
    distances, used = draw_distances(), USED.copy()
    fitted = _fixed(identifier).fit(distances, used)
    fitted.predict_proba(distances)
    np.testing.assert_array_equal(distances, draw_distances())
    np.testing.assert_array_equal(used, USED)


@law
def what_cannot_be_learned_from_is_refused(identifier):
    """Two dimensions, NaN, one class, and labels of another number of queries."""
    bad = draw_distances()
    bad[3, 2, 1] = np.nan
    for X, y in (
        (bad[:, 0], USED),
        (bad, USED),
        (draw_distances(), np.ones(len(USED))),
        (draw_distances(), USED[:-1]),
    ):
        with refused(""):
            _fixed(identifier).fit(X, y)

"""A search inside the folds of an audit: it chooses from what a fold is fitted on, by patient."""

from collections.abc import Mapping
from numbers import Integral

import sklearn
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.model_selection import (
    GridSearchCV,
    ParameterGrid,
    ParameterSampler,
    RandomizedSearchCV,
)
from sklearn.pipeline import Pipeline
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted, has_fit_parameter

from .._compat._threads import one_blas_thread
from ..identification._base import predicts_jointly
from ..identification._folds import query_folds
from ._ways import OfOneWay
from .report._names import one_line
from .report._seen import attack_meaning

#: The step that takes the distances of one way out of those of all.
_WAY = "way to look"


def _search_has(method):
    return lambda attack: hasattr(getattr(attack, "search_", attack.search), method)


class SearchedAttack(ClassifierMixin, BaseEstimator):
    """A classifier on distances that is chosen anew wherever it is fitted.

    `search` is a scikit-learn search over what begins with distances. Its folds are by patient and
    stratified by label, `n_splits` of them or as many as there can be, whatever its own `cv` is.
    Since labels reach it by `fit` alone, a refit with permuted labels chooses by these.

    Where candidates look at images in different ways, the distances of all ways stand side by side,
    `n_maps` of each, and `ways` says which is each candidate's.
    """

    # Saves the user set_fit_request where scikit-learn routes metadata.
    __metadata_request__fit = {"groups": True}  # noqa: RUF012

    def __init__(self, search, n_splits=5, ways=None, n_maps=None):
        self.search = search
        self.n_splits = n_splits
        self.ways = ways
        self.n_maps = n_maps

    @classmethod
    def of(cls, search, behind, ways=None):
        """Return the search over `behind`, the part of its estimator that sees distances."""
        check_dials(search)
        n_splits = _n_splits(search.cv)
        # A candidate that fails must not lose the search in silence, and workers have their task.
        dials = {"error_score": "raise", "cv": None, "n_jobs": None, "verbose": 0}
        attack = cls(clone(search).set_params(estimator=clone(behind), **dials), n_splits, ways)
        # The labels are known here, whatever they were called.
        for one in (attack.search.estimator, *attack.candidates().values()):
            names = (name for name in one.get_params() if name.split("__")[-1] == "pos_label")
            one.set_params(**dict.fromkeys(names))
            if predicts_jointly(one):
                raise ValueError(
                    f"{type(one).__name__} has rivals, and cannot be searched over inside an "
                    "audit; give it as an attack of its own, in `baselines`."
                )
        return attack

    def candidates(self):
        """Return the estimators on distances that are candidates for a parameter, by its place."""
        before = moved_before(self.search, self.search.estimator)
        return {
            f"{name} {i}" + (f" of grid {k}" if k else ""): value
            for k, grid in enumerate(_grids(self.search))
            for name, values in grid.items()
            if name not in before and not hasattr(values, "rvs")
            for i, value in enumerate(values)
            if hasattr(value, "get_params") and not isinstance(value, type)
        }

    def in_plain_words(self):
        """Say what is looked at, to somebody who reads a report and no code."""
        inner = self.search.estimator
        last = inner.steps[-1][1] if isinstance(inner, Pipeline) else inner
        return f"{attack_meaning(last)}, by a search made again in every fold"

    def fit(self, X, y, groups=None):
        """Search by cross-validation of these images alone, and fit the winner on all of them."""
        search = self.search if self.ways is None else self._among_ways()
        self.search_ = clone(search).set_params(cv=query_folds(y, groups, self.n_splits))
        with sklearn.config_context(enable_metadata_routing=True):
            known = {} if groups is None or not self._wants_groups() else {"groups": groups}
            self.search_.fit(X, y, **known)
        self.classes_ = self.search_.classes_
        return self

    def _among_ways(self):
        """Return the search with the way of each candidate in place of what makes that way."""
        before = moved_before(self.search, self.search.estimator)
        grid = [
            {name: [value] for name, value in candidate.items() if name not in before}
            | {f"{_WAY}__way": [way]}
            for candidate, way in zip(candidates_of(self.search), self.ways, strict=True)
        ]
        steps = [(_WAY, OfOneWay(self.n_maps)), *self.search.estimator.steps]
        dials = self.search.get_params(deep=False)
        kept = {name: dials[name] for name in ("scoring", "refit", "error_score")}
        return GridSearchCV(Pipeline(steps), grid, **kept)

    def _wants_groups(self):
        inner = self.search.estimator
        steps = [step for _, step in inner.steps] if isinstance(inner, Pipeline) else [inner]
        return any(has_fit_parameter(step, "groups") for step in steps)

    def predict_proba(self, X):
        """Return the winner's probabilities."""
        check_is_fitted(self)
        return self.search_.predict_proba(X)

    def predict(self, X):
        """Return the winner's labels."""
        check_is_fitted(self)
        return self.search_.predict(X)

    @available_if(_search_has("decision_function"))
    def decision_function(self, X):
        """Return the winner's scores."""
        check_is_fitted(self)
        return self.search_.decision_function(X)

    def winner(self):
        """Return the parameters that were chosen, in one line."""
        chosen = self.search_.best_params_
        if self.ways is not None:
            chosen = candidates_of(self.search)[self.search_.best_index_]
        return ", ".join(f"{name}={one_line(chosen[name])}" for name in sorted(chosen))


def winners_of(fit):
    """Return what the search of a `CrossFit` chooses in each fold; None where it has none."""
    if not isinstance(fit.identifier, SearchedAttack):
        return None
    with one_blas_thread():
        return [fit._fit(train, rows, fit.used).winner() for train, rows, _ in fit._rows]


def _grids(search):
    """Return what is searched over, as a list of dictionaries."""
    grid = getattr(search, "param_grid", None) or getattr(search, "param_distributions", None)
    return [grid] if isinstance(grid, Mapping) else list(grid or ())


def candidates_of(search):
    """Return the parameters of every candidate, in the order in which they are tried."""
    if isinstance(search, RandomizedSearchCV):
        grid, n_iter, seed = search.param_distributions, search.n_iter, search.random_state
        return list(ParameterSampler(grid, n_iter, random_state=seed))
    return list(ParameterGrid(search.param_grid))


def moved_before(search, behind):
    """Return which of the parameters that are searched over come before the distances."""
    known = behind.get_params()
    names = {name for grid in _grids(search) for name in grid}
    return {name for name in names if name.split("__")[0] not in known}


def check_dials(search):
    """Refuse a search that leaves no winner, or whose candidates cannot be nested."""
    if search.refit is False:
        raise ValueError("the search has refit=False, so that nothing wins; leave refit=True.")
    names = {name for grid in _grids(search) for name in grid}
    with_rivals = sorted(name for name in names if name.split("__")[-1] == "rivals")
    if with_rivals:
        raise ValueError(
            f"the search moves {', '.join(with_rivals)}; with rivals all queries are asked about "
            "together. Give a model with rivals as an attack of its own, in `baselines`."
        )


def _n_splits(cv):
    """Return the number of folds that a search asks for."""
    n_splits = 5 if cv is None else getattr(cv, "n_splits", cv)
    if not isinstance(n_splits, Integral) or n_splits < 2:
        raise ValueError(
            f"cv={cv!r} of the search has no number of folds; inside an audit its folds are made "
            "by patient from the images that a fold of the audit is fitted on, so give a number, "
            "cv=5."
        )
    return int(n_splits)

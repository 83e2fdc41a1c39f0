"""Distances in the folds of a cross-validation."""

import numpy as np
from sklearn.base import clone

from ._base import in_folds
from ._union import PairerUnion


def pair_folds(pairer, X, folds, *, generated, groups=None):
    """Return the fitted pairer of each fold, and the distances of its train and test queries.

    A pairer that knows folds computes once what they share; any other transformer is fitted in
    each of them.
    """
    if _knows_folds(type(pairer)):
        return clone(pairer).fit_transform_folds(X, folds, generated=generated, groups=groups)
    fitted = []
    for train, test in folds:
        of_fold = clone(pairer)
        of_train = None if groups is None else groups[train]
        distances = of_fold.fit_transform(X[train], generated=generated, groups=of_train)
        fitted.append((of_fold, distances, of_fold.transform(X[test])))
    return fitted


def pair_more(pairer, paired, X, folds, *, generated, more, groups=None):
    """Return the distances of the train and test queries of each fold to more images too.

    `paired` is what `pair_folds` gave. A pairer that knows folds pairs the new images alone: what
    it learned from all generated images together stays, so that nothing depends on what else is
    added. Any other transformer is fitted again.
    """
    if not _knows_folds(type(pairer)):
        again = pair_folds(pairer, X, folds, generated=(*generated, more), groups=groups)
        return [distances for _, *distances in again]
    new = _to_more([fitted for fitted, *_ in paired], X, folds, more, groups)
    return [
        [np.concatenate(both, axis=1) for both in zip(known, added, strict=True)]
        for (_, *known), added in zip(paired, new, strict=True)
    ]


def _to_more(fitted, X, folds, more, groups):
    """Distances of train and test queries to more images, by pairers fitted in each fold."""
    first = fitted[0]
    if not isinstance(first, PairerUnion):
        queries = first._check_queries(X, reset=False)
        others = [one._with_generated((more,)) for one in fitted]
        distances = others[0]._first_view(queries)
        return [part for _, *part in in_folds(others, queries, distances, folds, groups)]
    by_pairer = [
        _to_more([union.pairers_[k][1] for union in fitted], part, folds, more[:, columns], groups)
        for k, (part, columns) in enumerate(first.parts_of(X))
    ]
    return [
        [np.concatenate(part, axis=2) for part in zip(*of_fold, strict=True)]
        for of_fold in zip(*by_pairer, strict=True)
    ]


def _knows_folds(kind):
    """Tell whether `fit_transform_folds` speaks for the class: a child may fit otherwise."""
    methods = ("fit_transform_folds", "fit_transform", "transform")
    heirs = [next((one for one in kind.__mro__ if name in vars(one)), None) for name in methods]
    of_folds, *others = heirs
    return of_folds is not None and all(issubclass(of_folds, one) for one in others)

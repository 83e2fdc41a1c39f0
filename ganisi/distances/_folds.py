"""Distances in the folds of a cross-validation."""

import numpy as np
from sklearn.base import clone

from ..images._patients import check_groups


def pair_folds(pairer, X, folds, *, generated, groups=None):
    """Return the fitted pairer of each fold, and the distances of its train and test queries.

    A pairer that knows folds computes once what they share; any other transformer is fitted in
    each of them.
    """
    if _knows_folds(type(pairer)):
        return pairer.fit_transform_folds(X, folds, generated=generated, groups=groups)
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
    it learned of maps and views from the generated images stays, so that nothing depends on what
    else is added. Any other transformer is fitted again.
    """
    if not _pairs_more(pairer):
        again = pair_folds(pairer, X, folds, generated=(*generated, more), groups=groups)
        return [distances for _, *distances in again]
    fitted = [of_fold for of_fold, *_ in paired]
    new = fitted[0]._pair_more_in_folds(fitted, X, folds, more, check_groups(groups, len(X)))
    return [
        [np.concatenate(both, axis=1) for both in zip(known, added, strict=True)]
        for (_, *known), added in zip(paired, new, strict=True)
    ]


def _pairs_more(pairer):
    """Tell whether a pairer, and all of a union, know folds."""
    children = [child for _, child in getattr(pairer, "pairers", ())]
    return _knows_folds(type(pairer)) and all(map(_pairs_more, children))


def _knows_folds(kind):
    """Tell whether `fit_transform_folds` speaks for the class: a child may fit otherwise."""
    methods = ("fit_transform_folds", "fit_transform", "transform")
    heirs = [next((one for one in kind.__mro__ if name in vars(one)), None) for name in methods]
    of_folds, *others = heirs
    return of_folds is not None and all(issubclass(of_folds, one) for one in others)

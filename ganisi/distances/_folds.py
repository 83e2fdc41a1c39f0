"""Distances in the folds of a cross-validation."""

from sklearn.base import clone

from ..images._patients import check_groups
from ._large import side_by_side


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


def pair_others(pairer, fitted, X, folds, *, others, columns=None, groups=None):
    """Return what `pair_folds` does, with other images in place of the generated ones.

    `fitted` are the pairers of the folds, as `pair_folds` gave them, and `columns` the places of
    the others that are those of each fold, if not all. A pairer that knows folds compares each
    pair once: what it learned of maps and views from the generated images stays, so that nothing
    depends on which others there are. Any other transformer is fitted again.
    """
    columns = [slice(None)] * len(folds) if columns is None else columns
    if _pairs_others(pairer):
        patients = check_groups(groups, len(X))
        return fitted[0]._pair_others(fitted, X, folds, others, columns, patients)
    paired = []
    for fold, some in zip(folds, columns, strict=True):
        paired += pair_folds(pairer, X, [fold], generated=(others[some],), groups=groups)
    return paired


def pair_more(pairer, paired, X, folds, *, generated, more, groups=None):
    """Return the distances of the train and test queries of each fold to more images too.

    `paired` is what `pair_folds` gave; the new images are paired as `pair_others` does it. What
    consists of pairers of all kinds has a method of its own.
    """
    if hasattr(pairer, "pair_more"):
        given = {"generated": generated, "more": more, "groups": groups}
        return pairer.pair_more(paired, X, folds, **given)
    if not _pairs_others(pairer):
        again = pair_folds(pairer, X, folds, generated=(*generated, more), groups=groups)
        return [distances for _, *distances in again]
    fitted = [of_fold for of_fold, *_ in paired]
    new = pair_others(pairer, fitted, X, folds, others=more, groups=groups)
    return [
        [side_by_side(both, axis=1) for both in zip(known, added, strict=True)]
        for (_, *known), (_, *added) in zip(paired, new, strict=True)
    ]


def _pairs_others(pairer):
    """Tell whether a pairer, and all of a union, know folds."""
    children = [child for _, child in getattr(pairer, "pairers", ())]
    return _knows_folds(type(pairer)) and all(map(_pairs_others, children))


def _knows_folds(kind):
    """Tell whether `fit_transform_folds` speaks for the class: a child may fit otherwise."""
    methods = ("fit_transform_folds", "fit_transform", "transform")
    heirs = [next((one for one in kind.__mro__ if name in vars(one)), None) for name in methods]
    of_folds, *others = heirs
    return of_folds is not None and all(issubclass(of_folds, one) for one in others)

"""Distances in the folds of a cross-validation."""

from sklearn.base import clone


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


def _knows_folds(kind):
    """Tell whether `fit_transform_folds` speaks for the class: a child may fit otherwise."""
    methods = ("fit_transform_folds", "fit_transform", "transform")
    heirs = [next((one for one in kind.__mro__ if name in vars(one)), None) for name in methods]
    of_folds, *others = heirs
    return of_folds is not None and all(issubclass(of_folds, one) for one in others)

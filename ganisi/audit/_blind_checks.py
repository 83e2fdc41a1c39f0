"""What the two groups of real images tell apart without any trace of training."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils import check_random_state

from .._compat._hints import Seed
from ..distances._folds import pair_others
from ..images._patients import TooFewError, check_groups
from ._cross_fitting import CrossFit

#: Distances held at a time where several choices of patients share them: 512 MB.
_DISTANCES_AT_ONCE = 2**27
#: Principal components that the classifier of textures sees, at most.
_N_COMPONENTS = 30


def first_view(rows, pairer):
    """Return the columns of queries as they are, where rows hold them under the pairer's views."""
    return rows[:, : rows.shape[1] // getattr(pairer, "n_views", 1)]


def textures_alone(cross_fit: CrossFit, X: NDArray[Any]) -> CrossFit:
    """Blind check 1: a classifier that sees the real images and no generated one.

    A logistic regression on the first principal components of the standardised quantile functions
    (30, or a third of the images fitted on), in the same folds as the attack [1]_.

    Parameters
    ----------
    cross_fit : CrossFit
        Of the attack.
    X : array of shape (n_images, n_features)
        Quantile functions of the real images as they are, under no other view.

    Returns
    -------
    blind : CrossFit
        On the same images, labels and folds.

    References
    ----------
    .. [1] Das, D., Zhang, J., Tramer, F. (2024). Blind baselines beat membership inference
       attacks for foundation models. arXiv:2406.16201.
    """
    inputs, transformers = [], []
    for train, test in cross_fit.folds:
        reduce = make_pipeline(
            StandardScaler(),
            PCA(min(_N_COMPONENTS, len(train) // 3, X.shape[1]), svd_solver="full"),
            StandardScaler(),
        ).set_output(transform="default")
        # Rows that are all equal have no variance to share among components.
        with np.errstate(invalid="ignore"):
            inputs.append((train, reduce.fit_transform(X[train]), reduce.transform(X[test])))
        transformers.append(reduce)
    return cross_fit.with_inputs(LogisticRegression(C=0.1), inputs, transformers)


def stand_in_generator(
    cross_fit: CrossFit,
    pairer: BaseEstimator,
    identifier: BaseEstimator,
    X: NDArray[Any],
    random_state: Seed = None,
) -> CrossFit:
    """Blind check 2: the attack, with real images in place of the generated ones.

    In every fold, up to half of the not-used patients that would be fitted on are set aside, and
    their images stand in for the generated set: images of patients neither fitted nor scored. They
    are seen as the attack sees generated images: what its pairer learned from these stays.

    Parameters
    ----------
    cross_fit : CrossFit
        Of the attack.
    pairer, identifier : estimators
        The attack's.
    X : array of shape (n_images, n_views * n_features)
        Quantile functions of the real images, under the pairer's views; those that stand in do so
        as they are, as generated images do.
    random_state : int, RandomState instance or None, default=None
        For the choice of patients.

    Returns
    -------
    blind : CrossFit
        On the same images, labels and folds.

    Raises
    ------
    ValueError
        If a fold has too few not-used patients to set some aside.
    """
    (blind,) = stand_in_generators(cross_fit, pairer, identifier, X, 1, random_state)
    return blind


def stand_in_generators(cross_fit, pairer, identifier, X, n_draws, random_state=None):
    """Yield `stand_in_generator` for several choices of patients, which share what is compared."""
    rng, groups = check_random_state(random_state), check_groups(cross_fit.groups, len(X))
    # A patient with a used image cannot stand in.
    candidates = np.flatnonzero(~np.isin(groups, groups[cross_fit.used]))
    stand_ins, draws = first_view(X[candidates], pairer), []
    for _ in range(n_draws):
        aside = [_set_aside(cross_fit.used, groups, train, rng) for train, _ in cross_fit.folds]
        draws.append(aside)
    n_at_once = 1
    while draws:
        some, draws = draws[:n_at_once], draws[n_at_once:]
        aside = [patients for draw in some for patients in draw]
        folds = [
            (train[~np.isin(groups[train], patients)], test)
            for (train, test), patients in zip(cross_fit.folds * len(some), aside, strict=True)
        ]
        paired = pair_others(
            pairer,
            list(cross_fit._transformers) * len(some),
            X,
            folds,
            others=stand_ins,
            groups=None if cross_fit.groups is None else groups,
            columns=[np.flatnonzero(np.isin(groups[candidates], patients)) for patients in aside],
        )
        # Every fold of every draw has a copy of all distances while their views are chosen.
        size = len(cross_fit.folds) * len(X) * len(candidates) * paired[0][1].shape[2]
        n_at_once = max(1, _DISTANCES_AT_ONCE // size)
        for k in range(0, len(folds), len(cross_fit.folds)):
            of_draw = slice(k, k + len(cross_fit.folds))
            transformers = [fitted for fitted, *_ in paired[of_draw]]
            inputs = [
                (rest, *distances)
                for (rest, _), (_, *distances) in zip(folds[of_draw], paired[of_draw], strict=True)
            ]
            yield cross_fit.with_inputs(identifier, inputs, transformers)


def _set_aside(used, groups, train, rng):
    """Choose not-used patients of those to fit on, up to half of them."""
    ever_used = np.unique(groups[train][used[train]])
    patients = rng.permutation(np.setdiff1d(groups[train], ever_used))
    if len(patients) < 4:
        raise TooFewError(
            f"a fold has {len(patients)} not-used patients to fit on, too few to set half of "
            "them aside; give more not-used patients."
        )
    # However labels are permuted later, at least two used patients must be left.
    return patients[: min(len(patients) // 2, max(1, len(ever_used) - 2))]

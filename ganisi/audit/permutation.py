"""Could this have been chance? Labels are permuted and everything is fitted again."""

from dataclasses import dataclass
from math import comb

import numpy as np
from joblib import Parallel, delayed
from sklearn.utils import check_random_state

from ..progress import progress_bar
from ..splitting import check_groups


@dataclass(frozen=True)
class PermutationResult:
    """What a permutation test found.

    Attributes
    ----------
    roc_auc : float
        Cross-validated, with the true labels.
    null : ndarray of shape (n_permutations,)
        The same with permuted labels.
    p_value : float
        ``(1 + number of null values >= roc_auc) / (1 + n_permutations)``.
    n_distinct : int
        Number of different labellings that the permutations are drawn from.
    probability : ndarray of shape (n_images,)
        Out-of-fold, with the true labels.
    """

    roc_auc: float
    null: np.ndarray
    p_value: float
    n_distinct: int
    probability: np.ndarray


def permutation_test(cross_fit, *, n_permutations=199, random_state=None, n_jobs=None, verbose=0):
    """Test whether a model tells used from not-used images better than chance.

    The labels are permuted, the classifier is fitted again in every fold, and the cross-validated
    ROC AUC is compared with that of the true labels [1]_. Labels belong to patients: they are
    permuted between the patients that have one label, and within patients that have both. They
    stay in their fold, so that every refit has the same folds, distances and balance of classes.

    Parameters
    ----------
    cross_fit : CrossFit
        The model's distances in every fold.
    n_permutations : int, default=199
        Number of refits; the smallest p-value possible is ``1 / (1 + n_permutations)``.
    random_state : int, RandomState instance or None, default=None
        For the permutations.
    n_jobs : int or None, default=None
        Workers of joblib; None means 1. The result does not depend on it.
    verbose : int, default=0
        If positive, show progress.

    Returns
    -------
    result : PermutationResult
        The AUC, its null distribution and the p-value.

    Notes
    -----
    The p-value is one-sided and counts the true labelling among the permuted ones, so it is never
    0 and is valid for any number of permutations [2]_. scikit-learn's
    ``permutation_test_score(groups=)`` shuffles within groups only, which changes nothing where a
    patient has one label.

    References
    ----------
    .. [1] Ojala, M., Garriga, G. C. (2010). Permutation tests for studying classifier performance.
       Journal of Machine Learning Research, 11, 1833-1863.
    .. [2] Phipson, B., Smyth, G. K. (2010). Permutation P-values should never be zero.
       Statistical Applications in Genetics and Molecular Biology, 9(1).

    Examples
    --------
    >>> from ganisi import GANISI, Intensity
    >>> from ganisi.audit import CrossFit, permutation_test
    >>> from ganisi.baselines import NearestGenerated
    >>> from ganisi.datasets import make_source_identification
    >>> data = make_source_identification(20, 20, 60, size=32, leakage=1.0, random_state=0)
    >>> pixels = GANISI(Intensity(grid=32, n_quantiles=1), identifier=NearestGenerated())
    >>> descriptor, pairer, identifier = pixels.stages()
    >>> fit = CrossFit(
    ...     pairer,
    ...     identifier,
    ...     descriptor.fit_transform(data.real),
    ...     data.used,
    ...     generated=descriptor.transform(data.generated),
    ...     groups=data.groups,
    ... )
    >>> permutation_test(fit, n_permutations=19, random_state=0).p_value
    0.05
    """
    rng = check_random_state(random_state)
    units = _exchangeable_units(cross_fit)
    labellings = [_permute(cross_fit.used, units, rng) for _ in range(n_permutations)]
    probability = cross_fit.out_of_fold()
    roc_auc = cross_fit.roc_auc(probability)
    null = np.array(
        Parallel(n_jobs=n_jobs)(
            delayed(_refit)(cross_fit, used)
            for used in progress_bar(labellings, "permuting labels", verbose)
        )
    )
    # Equal up to rounding counts as equal: AUCs are ratios of counts.
    n_as_high = int((null >= roc_auc - 1e-12).sum())
    return PermutationResult(
        roc_auc=roc_auc,
        null=null,
        p_value=(1 + n_as_high) / (1 + n_permutations),
        n_distinct=_count(cross_fit.used, units),
        probability=probability,
    )


def _refit(cross_fit, used):
    return cross_fit.roc_auc(cross_fit.out_of_fold(used), used)


def _exchangeable_units(cross_fit):
    """Sets of blocks of images among which labels may be permuted.

    Each set is a list of index arrays; the label of a block moves as one.
    """
    groups = check_groups(cross_fit.groups, len(cross_fit.used))
    sets = []
    for _, test in cross_fit.folds:
        whole = []
        for group in np.unique(groups[test]):
            members = test[groups[test] == group]
            if len(np.unique(cross_fit.used[members])) == 1:
                whole.append(members)
            else:
                sets.append([members[[i]] for i in range(len(members))])
        sets.append(whole)
    return sets


def _permute(used, units, rng):
    permuted = used.copy()
    for blocks in units:
        labels = np.array([used[block[0]] for block in blocks], dtype=bool)
        for block, label in zip(blocks, rng.permutation(labels), strict=True):
            permuted[block] = label
    return permuted


def _count(used, units):
    total = 1
    for blocks in units:
        total *= comb(len(blocks), sum(bool(used[block[0]]) for block in blocks))
    return total

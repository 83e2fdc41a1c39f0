"""Could this have been chance? Labels are permuted and everything is fitted again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import ArrayLike, NDArray
from sklearn.utils import check_random_state

from .._compat._brief import Brief
from .._compat._hints import Seed
from .._compat._progress import progress_bar
from ._cross_fitting import CrossFit
from ._exchangeable import count_labellings, exchangeable_units, permute
from ._tail import Ranking, tail_statistic

#: Refits are handed to workers in this many parcels.
_N_TASKS = 20


@dataclass(frozen=True, repr=False)
class PermutationResult(Brief):
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
    score : ndarray of shape (n_images,)
        What the ROC AUC is of: out-of-fold, with the true labels, before it is made a probability.
    tail : float or None
        How surprising the patients that stand out most are: ``-log10`` of the chance that as many
        of the k most extreme ones are used, with the k for which it is largest. It sees a few that
        an average over all does not.
    tail_null : ndarray of shape (n_permutations,) or None
        The same with permuted labels.
    """

    roc_auc: float
    null: np.ndarray
    p_value: float
    n_distinct: int
    probability: np.ndarray
    score: np.ndarray
    tail: float | None = None
    tail_null: np.ndarray | None = None

    def _main_figures(self):
        return {
            "roc_auc": self.roc_auc,
            "p_value": self.p_value,
            "n_permutations": len(self.null),
            "n_distinct": self.n_distinct,
            "n_images": len(self.score),
        }


def permutation_test(
    cross_fit: CrossFit,
    *,
    n_permutations: int = 199,
    labellings: ArrayLike | None = None,
    random_state: Seed = None,
    n_jobs: int | None = None,
    verbose: int = 0,
) -> PermutationResult:
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
    labellings : array of shape (n_permutations, n_images), bool, or None, default=None
        From `permuted_labels`, to fit several models on the same permutations; the number of
        refits is then theirs.
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
    if labellings is None:
        labellings = permuted_labels(cross_fit, n_permutations, random_state)
    score = cross_fit.raw_scores()
    roc_auc = cross_fit.roc_auc(score)
    # Few tasks, since each carries the distances to its worker.
    blocks = np.array_split(labellings, min(len(labellings), _N_TASKS))
    lean = cross_fit.without_inputs()
    # Only results that come one by one can be counted when they are done, not when handed out.
    work = Parallel(n_jobs=n_jobs, return_as="generator" if verbose else "list")
    parts = work(delayed(_refit)(lean, block) for block in blocks)
    sizes = [len(block) for block in blocks]
    figures = np.concatenate(list(progress_bar(parts, "permuting labels", verbose, sizes)))
    null, tail_null = figures.T
    return PermutationResult(
        roc_auc=roc_auc,
        null=null,
        p_value=permutation_p_value(roc_auc, null),
        n_distinct=count_labellings(cross_fit.used, exchangeable_units(cross_fit)),
        probability=cross_fit.out_of_fold(),
        score=score,
        tail=tail_statistic(Ranking.of(score, cross_fit.groups, cross_fit.folds), cross_fit.used),
        tail_null=tail_null,
    )


def permuted_labels(
    cross_fit: CrossFit, n_permutations: int, random_state: Seed = None
) -> NDArray[np.bool_]:
    """Draw permutations of the labels of patients, as `permutation_test` describes them.

    Parameters
    ----------
    cross_fit : CrossFit
        Its labels, patients and folds are used.
    n_permutations : int
        How many.
    random_state : int, RandomState instance or None, default=None
        For the permutations.

    Returns
    -------
    labellings : ndarray of shape (n_permutations, n_images), bool
        Which images are taken for used.
    """
    rng = check_random_state(random_state)
    units = exchangeable_units(cross_fit)
    return np.array([permute(cross_fit.used, units, rng) for _ in range(n_permutations)])


def mean_of(results):
    """Return the mean AUC of several random draws of one check, tested on the same labellings.

    Scores are those of the draw whose AUC is nearest to the mean: what is averaged are AUCs, since
    averaged scores would be those of a better model.
    """
    if len(results) == 1:
        return results[0]
    aucs = [result.roc_auc for result in results]
    mean, null = float(np.mean(aucs)), np.mean([result.null for result in results], axis=0)
    return replace(
        results[int(np.argmin(np.abs(np.array(aucs) - mean)))],
        roc_auc=mean,
        null=null,
        p_value=permutation_p_value(mean, null),
        tail=None,
        tail_null=None,
    )


def fewest_permutations(alpha):
    """Return how many permutations it takes for any p-value to be as low as alpha."""
    return int(np.ceil(1 / alpha - 1 - 1e-9))


def permutation_p_value(statistic, null):
    """Return the share of labellings, the true one counted among them, that do as well."""
    # Equal up to rounding counts as equal: AUCs are ratios of counts.
    n_as_high = int((np.asarray(null) >= statistic - 1e-12).sum())
    return (1 + n_as_high) / (1 + len(null))


def best_of(results: Mapping[str, PermutationResult]) -> tuple[str, float, NDArray[np.float64]]:
    """Return the attack with the largest AUC, and the p-value of that being the largest of all.

    For each permutation the largest AUC of all attacks is taken, as it was for the true labels.
    So trying many attacks costs what it should, and no more where they agree [1]_.

    Parameters
    ----------
    results : dict of str to PermutationResult
        All from the same `labellings`.

    Returns
    -------
    name : str
        The attack with the largest AUC; the first of those equal.
    p_value : float
        Adjusted for the choice.
    null : ndarray of shape (n_permutations,)
        Largest AUC of each permutation.

    References
    ----------
    .. [1] Westfall, P. H., Young, S. S. (1993). Resampling-based multiple testing. Wiley.

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi.audit._permutation import PermutationResult, best_of
    >>> low = PermutationResult(0.6, np.array([0.4, 0.5, 0.9]), 0.5, 20, None, None)
    >>> high = PermutationResult(0.8, np.array([0.5, 0.4, 0.6]), 0.25, 20, None, None)
    >>> name, p_value, null = best_of({"low": low, "high": high})
    >>> name, p_value
    ('high', 0.5)
    """
    name = max(results, key=lambda name: results[name].roc_auc)
    null = np.max([result.null for result in results.values()], axis=0)
    return name, permutation_p_value(results[name].roc_auc, null), null


def lowest_of(results: Mapping[str, PermutationResult]) -> tuple[str, float]:
    """Return the attack with the smallest AUC, and the p-value of that being the smallest of all.

    An attack whose direction is known cannot be worse than chance, unless the labels are exchanged
    or the two groups differ in themselves.

    Parameters
    ----------
    results : dict of str to PermutationResult
        All from the same `labellings`.

    Returns
    -------
    name : str
        The attack with the smallest AUC; the first of those equal.
    p_value : float
        Adjusted for the choice, as that of `best_of`.

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi.audit import PermutationResult, lowest_of
    >>> low = PermutationResult(0.2, np.array([0.4, 0.5, 0.3]), 1.0, 20, None, None)
    >>> high = PermutationResult(0.8, np.array([0.5, 0.1, 0.6]), 0.25, 20, None, None)
    >>> lowest_of({"high": high, "low": low})
    ('low', 0.5)
    """
    name = min(results, key=lambda name: results[name].roc_auc)
    null = np.min([result.null for result in results.values()], axis=0)
    return name, permutation_p_value(-results[name].roc_auc, -null)


def furthest_of(results: Mapping[str, PermutationResult]) -> tuple[str, float]:
    """Return the check that is furthest from its own chance, to either side, and its p-value.

    Distances are in standard deviations of each check's AUCs over all labellings, the true one
    counted among them; the largest of all checks is taken for each.

    Parameters
    ----------
    results : dict of str to PermutationResult
        All from the same `labellings`.

    Returns
    -------
    name : str
        The check that is furthest; the first of those equal.
    p_value : float
        Adjusted for the choice, and for both sides.

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi.audit import PermutationResult, furthest_of
    >>> low = PermutationResult(0.1, np.array([0.4, 0.5, 0.6]), 1.0, 20, None, None)
    >>> high = PermutationResult(0.6, np.array([0.6, 0.4, 0.5]), 0.5, 20, None, None)
    >>> furthest_of({"high": high, "low": low})
    ('low', 0.25)
    """
    aucs = np.array([np.r_[result.roc_auc, result.null] for result in results.values()])
    away = np.abs(aucs - aucs.mean(axis=1, keepdims=True))
    spread = aucs.std(axis=1, keepdims=True)
    # A check that says the same of every labelling is nowhere away from chance.
    away = np.divide(away, spread, out=np.zeros_like(away), where=spread > 1e-12)
    name = list(results)[int(np.argmax(away[:, 0]))]
    largest = away.max(axis=0)
    return name, permutation_p_value(largest[0], largest[1:])


def standing_out(
    results: Mapping[str, PermutationResult],
) -> tuple[str, float, NDArray[np.float64]]:
    """Return the attack before which a few patients stand out most, p, and the null of the largest.

    Parameters
    ----------
    results : dict of str to PermutationResult
        All from the same `labellings`.

    Returns
    -------
    name : str
        The first of those with the largest statistic.
    p_value : float
        Adjusted for the choice, as that of `best_of`.
    null : ndarray of shape (n_permutations,)
        Largest statistic of each permutation.

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi.audit import PermutationResult, standing_out
    >>> calm, loud = (
    ...     PermutationResult(0.5, np.full(3, 0.5), 1.0, 20, None, None, tail, np.arange(3) - 0.5)
    ...     for tail in (0.5, 1.5)
    ... )
    >>> name, p_value, null = standing_out({"calm": calm, "loud": loud})
    >>> name, p_value
    ('loud', 0.5)
    """
    name = max(results, key=lambda name: results[name].tail)  # type: ignore[return-value]
    null = np.max([result.tail_null for result in results.values()], axis=0)
    return name, permutation_p_value(results[name].tail, null), null


def _refit(cross_fit, labellings):
    """Return the ROC AUC and the tail statistic of each labelling, ``(n_labellings, 2)``."""
    figures = []
    for used in labellings:
        score = cross_fit.raw_scores(used)
        ranking = Ranking.of(score, cross_fit.groups, cross_fit.folds)
        figures.append((cross_fit.roc_auc(score, used), tail_statistic(ranking, used)))
    return np.array(figures)

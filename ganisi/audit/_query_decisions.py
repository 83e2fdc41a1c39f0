"""Which queries were used, with a known rate of false accusations among them."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.utils import check_random_state

from .._compat._hints import Keys, Seed
from ..identification._query_decisions import QueryDecisions, check_enough_patients, decide
from ..images._patients import check_groups
from ._cross_fitting import CrossFit
from ._tail import patients_used


def query_decisions(
    cross_fit: CrossFit,
    X: NDArray[Any],
    *,
    groups: ArrayLike | None = None,
    keys: Keys | None = None,
    fdr: float = 0.1,
    method: Literal["bh", "by"] = "bh",
    random_state: Seed = None,
) -> QueryDecisions:
    r"""Name the queries that were used, at a bounded rate of false discoveries among patients.

    A query is compared with not-used patients that the model has not seen (conformal p-values
    [1]_), and the patients of all queries are decided about together, one hypothesis a patient:
    that none of its images was used.

    Parameters
    ----------
    cross_fit : CrossFit
        Of the attack. The patients that its folds leave out, and that have no used image, are
        the reference; a single fold, by `reference_split`, is the one whose rate is proven.
    X : array of shape (n_queries, n_features)
        Quantile functions of the queries, as `cross_fit` was given those of the real images; none
        of their patients in `cross_fit`.
    groups : array of shape (n_queries,) or None, default=None
        Patient of each query; None counts each query as a patient of its own, which is wrong
        where it is not so: images of one patient are recognised together, by chance too.
    keys : sequence of n_queries hashables, or None, default=None
        What each query is known by; see `CrossFit`.
    fdr : float, default=0.1
        False discovery rate, above 0 and below 1.
    method : {"bh", "by"}, default="bh"
        Benjamini-Hochberg, or Benjamini-Yekutieli, which holds however the p-values depend on each
        other, and finds less.
    random_state : int, RandomState instance or None, default=None
        Which images of a not-used patient count where it has more than the query's patient.

    Returns
    -------
    decisions : QueryDecisions
        One answer a query.

    Raises
    ------
    TooFewError
        If no answer could be "used", whatever the queries show. It is a ValueError.
    ValueError
        If a patient is left out by more than one fold, or `fdr` or `method` is none.

    Notes
    -----
    Of n held-out not-used patients, with models k that each have not seen the patients i of part k,

    .. math:: p = \frac{1 + \sum_k \#\{i \in \text{part } k: s_k(i) \ge s_k(\text{query})\}}{1 + n}

    where :math:`s_k(i)` is the largest score of as many images of patient i as the query's patient
    has. So images of one patient need not be exchangeable, nor are they counted as if they
    were patients. Each model scores query and reference alike, with `rivals` beside each other;
    no scores of different models are compared. A patient with more images than not-used
    ones have is cut into blocks (as Bonferroni would).

    With one fold p is exact: at most alpha with a probability up to alpha, where the query's
    patient is exchangeable with the reference. P-values of several patients share the reference,
    and depend on each other positively, so that Benjamini-Hochberg holds [2]_. With several folds
    all not-used patients are the reference, and each of the models has seen more; then
    :math:`P(p \le \alpha)` is about alpha, and is proven to be below :math:`2 \alpha` and
    a remainder only [3]_.

    What is bounded is the share of patients who are called used and were not. That a used patient's
    image is called used, of whom another was, does not count as false.

    References
    ----------
    .. [1] Vovk, V., Gammerman, A., Shafer, G. (2005). Algorithmic learning in a random world.
       Springer.
    .. [2] Bates, S., Candes, E., Lei, L., Romano, Y., Sesia, M. (2023). Testing for outliers with
       conformal p-values. Annals of Statistics 51(1), 149-178.
    .. [3] Barber, R. F., Candes, E. J., Ramdas, A., Tibshirani, R. J. (2021). Predictive inference
       with the jackknife+. Annals of Statistics 49(1), 486-507.

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi import CDFWassersteinPairer
    >>> from ganisi.audit import CrossFit, query_decisions, reference_split
    >>> from ganisi.baselines import NearestGenerated
    >>> rng = np.random.default_rng(0)
    >>> used, not_used = rng.normal(size=(40, 3)), rng.normal(size=(60, 3))
    >>> fit = CrossFit(
    ...     CDFWassersteinPairer(n_quantiles=1),
    ...     NearestGenerated(),
    ...     np.concatenate([used[:30], not_used[:58]]),
    ...     np.repeat([1, 0], [30, 58]),
    ...     generated=(used + 0.01,),
    ...     cv=reference_split(np.repeat([True, False], [30, 58]), random_state=0),
    ... )
    >>> found = query_decisions(fit, np.concatenate([used[30:], not_used[58:]]))
    >>> found.decision[[0, -1]].tolist()
    ['used', 'not distinguishable']
    """
    patients = check_groups(groups, len(X))
    rng = check_random_state(random_state)
    # Before any work: how many can be found depends on no score.
    aside, whose = check_can_decide(
        cross_fit.used, cross_fit.groups, cross_fit.folds, patients, fdr, method, rng
    )
    scores, reference = zip(
        *(cross_fit.score_beside(X, k, keys, which) for k, which in aside), strict=True
    )
    return decide(scores, patients, reference, whose, fdr, method, rng)


def check_can_decide(used, groups, folds, patients, fdr, method="bh", rng=None):
    """Refuse where nothing could be found; return who is held out, by fold, and whose they are.

    `patients` are those of the queries, by number.
    """
    known = check_groups(groups, len(used))
    aside = _held_out(used, folds, known)
    whose = [known[folds[k][1][which]] for k, which in aside]
    check_enough_patients(whose, patients, fdr, method, rng)
    return aside, whose


def _held_out(used, folds, known):
    """Return of each fold which of the images left out are of patients without a used one."""
    not_used = ~patients_used(used, known)[known]
    aside = [(k, np.flatnonzero(not_used[test])) for k, (_, test) in enumerate(folds)]
    aside = [(k, which) for k, which in aside if len(which)]
    left_out = [np.unique(known[folds[k][1][which]]) for k, which in aside]
    if not left_out:
        raise ValueError(
            "no fold leaves out a patient without used images; give some as the test part of a "
            "fold, as reference_split does."
        )
    names, n_folds = np.unique(np.concatenate(left_out), return_counts=True)
    if n_folds.max() > 1:
        raise ValueError(
            f"{np.count_nonzero(n_folds > 1)} of {len(names)} not-used patients are left out by "
            "more than one fold, and would be counted more than once; let the folds leave each "
            "patient out once."
        )
    return aside

"""Do the images of a set, taken together, look more used than images known not to be?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.utils import check_random_state

from .._compat._brief import Brief
from .._compat._hints import Keys, Seed
from ..images._patients import TooFewError, check_groups
from ._blind_checks import first_view, textures_alone
from ._cross_fitting import CrossFit
from ._permutation import permutation_p_value
from ._query_decisions import query_decisions
from .report._sections import Decisions, SetLevel


@dataclass(frozen=True, repr=False)
class SetResult(Brief):
    """What a set of images of unknown status shows as a whole.

    Attributes
    ----------
    roc_auc : float
        How often an image of the set scores higher than an image known not to be used; 1/2 where
        none of the set was used.
    p_value : float
        One-sided.
    probability : ndarray of shape (n_queries,)
        Of each image: the mean of those that the models of the folds give it.
    images_per_patient : int
        As many images of each patient were compared; the least of all folds.
    n_patients_left_out : int
        Patients of the set that have fewer images, and so do not count; the most of all folds.
    """

    roc_auc: float
    p_value: float
    probability: np.ndarray
    images_per_patient: int
    n_patients_left_out: int

    def _main_figures(self):
        return {
            "roc_auc": self.roc_auc,
            "p_value": self.p_value,
            "n_queries": len(self.probability),
            "images_per_patient": self.images_per_patient,
            "n_patients_left_out": self.n_patients_left_out,
        }


def reference_split(
    used: ArrayLike, groups: ArrayLike | None = None, random_state: Seed = None
) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Set half of the not-used patients aside, for `set_level_test`.

    Parameters
    ----------
    used : array of shape (n_images,), bool
        Which images were used to train the generator.
    groups : array of shape (n_images,) or None, default=None
        Patient of each image; None counts each as a patient of its own.
    random_state : int, RandomState instance or None, default=None
        For the choice. Patients that have used images too are never set aside.

    Returns
    -------
    split : list of one (train, test)
        What `CrossFit` takes as `cv`: all other images, and those set aside.

    Raises
    ------
    ValueError
        If there are fewer than four not-used patients.

    Examples
    --------
    >>> from ganisi.audit import reference_split
    >>> [(train, test)] = reference_split([True] * 4 + [False] * 4, random_state=0)
    >>> len(train), len(test)
    (6, 2)
    """
    used = np.asarray(used, dtype=bool)
    patients = check_groups(groups, len(used))
    candidates = np.setdiff1d(patients, patients[used])
    if len(candidates) < 4:
        raise TooFewError(
            f"{len(candidates)} patients have not-used images only; at least 4 are needed to set "
            "half of them aside."
        )
    chosen = check_random_state(random_state).permutation(candidates)[: len(candidates) // 2]
    aside = np.isin(patients, chosen)
    return [(np.flatnonzero(~aside), np.flatnonzero(aside))]


def set_level_test(
    cross_fit: CrossFit,
    X: NDArray[Any],
    *,
    groups: ArrayLike | None = None,
    keys: Keys | None = None,
    n_permutations: int = 1999,
    random_state: Seed = None,
) -> SetResult:
    """Test whether images of unknown status rank above held-out not-used ones.

    The model of each fold scores the set and the not-used images that it was not fitted on, as many
    images of each patient; patients weigh alike. Its p-value is that of the ROC AUC under moving
    whole patients between the set and those not-used ones. The folds share most of the images that
    they were fitted on, so their p-values are combined by a rule that holds however they depend on
    each other [2]_: of K, K / k times the k-th smallest, with k half of K. A set with a few used
    images among many shows in its ranks although no single image can be told [1]_.

    Parameters
    ----------
    cross_fit : CrossFit
        Of the attack, or of a blind check. A single fold, by `reference_split`, loses nothing to
        the combination of several, and is what :func:`audit` takes.
    X : array of shape (n_queries, n_features)
        Quantile functions of the set, as `cross_fit` was given those of the real images; none of
        its patients in `cross_fit`.
    groups : array of shape (n_queries,) or None, default=None
        Patient of each image of the set; None counts each image as a patient of its own, which
        makes p too small where it is not so.
    keys : sequence of n_queries hashables, or None, default=None
        What each image of the set is known by; see `CrossFit`.
    n_permutations : int, default=1999
        In each fold. Nothing is fitted again for them.
    random_state : int, RandomState instance or None, default=None
        For the permutations, and for the images that count where a patient has more than others.

    Returns
    -------
    result : SetResult
        The mean of the ROC AUC of the folds, the p-value, and the probability of each image.

    Notes
    -----
    The mean of a patient's ranks varies the less the more images the patient has, so patients with
    many may not change places with patients with few: the p-value would be too small where one
    group has more of them (p <= 0.05 in up to 20 % of simulations). So each patient counts with m
    images drawn at random, and those with fewer not at all. Of all m, the one that
    maximises ``n_set n_reference / (n_set + n_reference) * m / (m + 1)`` is taken, where n counts
    patients with at least m images: what would be known if images of one patient differed as much
    as patients do. No score is looked at for it, so the p-value is exact where none of the set was
    used, patients of set and reference come from one population, and the images of a patient are
    exchangeable.

    A single image among 8 not-used patients cannot have a p-value below 1/9: a small set needs many
    not-used patients to show anything.

    References
    ----------
    .. [1] Dubinski, J., Kowalczuk, A., Boenisch, F., Dziedzic, A. (2025). CDI: Copyrighted data
       identification in diffusion models. CVPR.
    .. [2] Vovk, V., Wang, R. (2020). Combining p-values via averaging. Biometrika 107(4), 791-808;
       the rule is Rueger's of 1978.
    """
    # Which images count moves no permutation.
    seeds = check_random_state(random_state).randint(np.iinfo(np.int32).max, size=2)
    thinning, rng = (check_random_state(seed) for seed in seeds)
    patients = check_groups(groups, len(X))
    known = check_groups(cross_fit.groups, len(cross_fit.used))
    statistics, p_values, scores, thinned = [], [], [], []
    for k, (_, test) in enumerate(cross_fit.folds):
        not_used = np.flatnonzero(~cross_fit.used[test])
        mine, theirs = equal_numbers(patients, known[test[not_used]], thinning)
        # With rivals all compete with all, so that set and reference are treated alike.
        probability, left_out = cross_fit.score_beside(
            X[mine], k, None if keys is None else [keys[i] for i in mine], not_used[theirs]
        )
        names, ranks = _ranks_of_patients(
            np.concatenate([probability, left_out]),
            np.concatenate([patients[mine], -1 - known[test[not_used[theirs]]]]),
        )
        in_set = names >= 0
        null = [_roc_auc(ranks, rng.permutation(in_set)) for _ in range(n_permutations)]
        statistics.append(_roc_auc(ranks, in_set))
        p_values.append(permutation_p_value(statistics[k], null))
        n_counted = np.count_nonzero(in_set)
        thinned.append((len(mine) // n_counted, len(np.unique(patients)) - n_counted))
        everything = len(mine) == len(X)
        scores.append(probability if everything else cross_fit.score_beside(X, k, keys)[0])
    per_patient, left_out = zip(*thinned, strict=True)
    return SetResult(
        roc_auc=float(np.mean(statistics)),
        p_value=_combine(np.array(p_values)),
        probability=np.mean(scores, axis=0),
        images_per_patient=min(per_patient),
        n_patients_left_out=max(left_out),
    )


def equal_numbers(patients, others, random_state=None):
    """Choose as many images of each patient, of two groups, so that patients may change places.

    Parameters
    ----------
    patients, others : arrays of shape (n_images,) and (n_other_images,)
        Patient of each image.
    random_state : int, RandomState instance or None, default=None
        Which images of a patient with more are chosen.

    Returns
    -------
    which, which_others : ndarrays of int
        Indices, in order. Patients with fewer images are left out.
    """
    rng = check_random_state(random_state)
    members = [np.unique(group, return_inverse=True)[1] for group in (patients, others)]
    sizes = [np.bincount(member) for member in members]

    def known_by(m):
        n, n_others = (np.count_nonzero(size >= m) for size in sizes)
        return n * n_others / (n + n_others) * m / (m + 1)

    common = range(1, min(size.max() for size in sizes) + 1)
    m = max(common, key=known_by)
    return tuple(_draw_of_each(*both, m, rng) for both in zip(members, sizes, strict=True))


def _draw_of_each(member, size, m, rng):
    """Draw `m` images of each patient that has them."""
    # Sorted by patient, at random within each: the first m of every run are drawn.
    order = np.lexsort([rng.random_sample(len(member)), member])
    turn = np.arange(len(member)) - np.repeat(np.cumsum(size) - size, size)
    return np.sort(order[(turn < m) & (size[member[order]] >= m)])


def _combine(p_values):
    """Combine p-values that may depend on each other in any way."""
    n = len(p_values)
    k = (n + 1) // 2
    return float(min(1, n / k * np.sort(p_values)[k - 1]))


def _ranks_of_patients(scores, patients):
    """Rank patients by how many others they beat, all images of a patient weighing as one."""
    names, member, size = np.unique(patients, return_inverse=True, return_counts=True)
    weights = 1 / size[member]
    order = np.argsort(scores)
    below = np.concatenate([[0], np.cumsum(weights[order])])
    first, last = (np.searchsorted(scores[order], scores, side) for side in ("left", "right"))
    # A tie is half a win.
    wins = (below[first] + below[last]) / 2
    return names, np.bincount(member, weights * wins)


def _roc_auc(ranks, in_set):
    """How often a patient of the set beats one who is not of the set."""
    n = np.count_nonzero(in_set)
    # Among themselves the patients of the set win half of the time.
    return (ranks[in_set].sum() - n * n / 2) / (n * (len(ranks) - n))


def set_level_section(design, rows):
    """Test the queries as one set, by the attack and by the blind check, or say why not."""
    grouped = design.query_groups is not None
    try:
        # Patients set aside: models of several folds would share what they were fitted on.
        split = reference_split(design.used, design.groups, design.seeds.of("reference patients"))
        fit = CrossFit(
            design.eye.pairer,
            design.eye.attack,
            rows.real,
            design.used,
            generated=rows.generated,
            groups=design.groups,
            cv=split,
            keys=rows.real_keys,
        )
        dials = {
            "groups": design.query_groups,
            "keys": rows.query_keys,
            "random_state": design.seeds.of("set-level permutations"),
        }
        real, queries = (first_view(each, design.eye.pairer) for each in (rows.real, rows.queries))
        found, blind = (
            set_level_test(one, asked, **dials)
            for one, asked in ((fit, rows.queries), (textures_alone(fit, real), queries))
        )
    except TooFewError as error:
        return SetLevel(reason=str(error), grouped=grouped)
    return SetLevel(
        reason=None,
        grouped=grouped,
        roc_auc=found.roc_auc,
        p_value=found.p_value,
        blind_roc_auc=blind.roc_auc,
        blind_p_value=blind.p_value,
        images_per_patient=found.images_per_patient,
        n_patients_left_out=found.n_patients_left_out,
        decisions=_decisions(design, rows, fit, blind),
    )


def _decisions(design, rows, fit, blind):
    """Decide about each query at the rate asked for, or say why not."""
    if blind.p_value <= design.alpha:
        return Decisions(
            "textures alone, which cannot see training, tell them from the not-used images, so "
            "that they may merely come from another source.",
            design.fdr,
        )
    try:
        found = query_decisions(
            fit,
            rows.queries,
            groups=design.query_groups,
            keys=rows.query_keys,
            fdr=design.fdr,
            random_state=design.seeds.of("query decisions"),
        )
    except TooFewError as error:
        return Decisions(str(error), design.fdr)
    return Decisions(
        None, found.fdr, found.n_reference, found.p_value, found.q_value, found.decision
    )

"""Do the images of a set, taken together, look more used than images known not to be?"""

from dataclasses import dataclass

import numpy as np
from sklearn.utils import check_random_state

from ..splitting import check_groups
from .permutation import permutation_p_value


@dataclass(frozen=True)
class SetResult:
    """What a set of images of unknown status shows as a whole.

    Attributes
    ----------
    roc_auc : float
        How often an image of the set scores higher than an image known not to be used; 1/2 where
        none of the set was used.
    p_value : float
        One-sided.
    probability : ndarray of shape (n_queries,)
        Of each image, by the model of one fold.
    """

    roc_auc: float
    p_value: float
    probability: np.ndarray


def set_level_test(
    cross_fit, probability, X, *, groups=None, n_permutations=1999, random_state=None
):
    """Test whether images of unknown status rank above held-out not-used ones.

    The patients of the set are dealt to the folds. Within a fold, one model scores them and the
    not-used images that it was not fitted on; patients weigh alike. The statistic is the mean over
    folds of the ROC AUC, its null distribution that of moving whole patients between the set and
    the not-used ones within folds. A set with a few used images among many shows in its ranks
    although no single image can be told [1]_.

    Parameters
    ----------
    cross_fit : CrossFit
        Of the attack, or of a blind check.
    probability : array of shape (n_images,)
        Its `out_of_fold`.
    X : array of shape (n_queries, n_features)
        Quantile functions of the set.
    groups : array of shape (n_queries,) or None, default=None
        Patient of each image of the set; None counts each image as a patient of its own, which
        makes p too small where it is not so.
    n_permutations : int, default=1999
        Nothing is fitted again for them.
    random_state : int, RandomState instance or None, default=None
        For the dealing and the permutations.

    Returns
    -------
    result : SetResult
        Statistic, p-value, and the probability of each image.

    Raises
    ------
    ValueError
        If the set has fewer patients than there are folds.

    References
    ----------
    .. [1] Dubinski, J., Kowalczuk, A., Boenisch, F., Dziedzic, A. (2025). CDI: Copyrighted data
       identification in diffusion models. CVPR.
    """
    rng = check_random_state(random_state)
    patients = check_groups(groups, len(X))
    n_patients, n_folds = patients.max() + 1, len(cross_fit.folds)
    if n_patients < n_folds:
        raise ValueError(
            f"queries has {n_patients} patients for {n_folds} folds; give more queries or set cv="
            f"{max(2, n_patients)}."
        )
    part = rng.permutation(np.arange(n_patients) % n_folds)[patients]
    scores = cross_fit.score_new(X, part)
    known = check_groups(cross_fit.groups, len(cross_fit.used))
    statistic, null = 0.0, np.zeros(n_permutations)
    for k, (_, test) in enumerate(cross_fit.folds):
        others = test[~cross_fit.used[test]]
        wins, in_set = _wins_of_patients(
            scores[part == k], patients[part == k], probability[others], known[others]
        )
        statistic += _mean_win(wins, in_set[None])[0] / n_folds
        draws = np.array([rng.permutation(in_set) for _ in range(n_permutations)])
        null += _mean_win(wins, draws) / n_folds
    return SetResult(float(statistic), permutation_p_value(statistic, null), scores)


def _wins_of_patients(set_scores, set_patients, other_scores, other_patients):
    """How often an image of one patient scores above one of another, and who is in the set."""
    scores = np.concatenate([set_scores, other_scores])
    units = np.concatenate([set_patients, -1 - other_patients])
    names, member = np.unique(units, return_inverse=True)
    belongs = (member == np.arange(len(names))[:, None]).astype(float)
    belongs /= belongs.sum(axis=1, keepdims=True)
    difference = scores[:, None] - scores[None, :]
    wins = belongs @ ((difference > 0) + 0.5 * (difference == 0)) @ belongs.T
    return wins, names >= 0


def _mean_win(wins, in_set):
    inside, outside = in_set.astype(float), (~in_set).astype(float)
    return ((inside @ wins) * outside).sum(axis=1) / (inside.sum(axis=1) * outside.sum(axis=1))

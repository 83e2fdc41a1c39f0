"""Would this attack have found a leak, had there been one?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator
from sklearn.utils import check_random_state

from .._compat._hints import Keys, RowSets, Seed
from ..distances._folds import pair_more
from ..images._patients import TooFewError, check_groups
from ._cross_fitting import CrossFit
from ._degradation import meaning_of
from ._permutation import fewest_permutations, permutation_p_value, permutation_test
from .report._sections import ControlResult, Controls

#: Refits of the null control, or more where the level is so low that these could find nothing.
N_PERMUTATIONS = 39


def choose_planted(
    n_images: int, groups: ArrayLike | None = None, random_state: Seed = None
) -> NDArray[np.bool_]:
    """Choose by patient which half of the not-used images is planted.

    Parameters
    ----------
    n_images : int
        Number of images known not to be used.
    groups : array of shape (n_images,) or None, default=None
        Patient of each.
    random_state : int, RandomState instance or None, default=None
        For the choice.

    Returns
    -------
    planted : ndarray of shape (n_images,), bool
        Half of the patients with about half of the images.

    Examples
    --------
    >>> from ganisi.audit._positive_control import choose_planted
    >>> int(choose_planted(6, ["a", "a", "b", "b", "c", "d"], random_state=0).sum())
    3
    """
    groups = check_groups(groups, n_images)
    sizes = np.bincount(groups)
    order = check_random_state(random_state).permutation(len(sizes))
    in_planted, totals = np.zeros(len(sizes), dtype=bool), [0, 0]
    # The largest patients first, each to the smaller side.
    for patient in order[np.argsort(-sizes[order], kind="stable")]:
        side = int(totals[1] < totals[0])
        totals[side] += sizes[patient]
        in_planted[patient] = side
    return in_planted[groups]


def positive_control(
    pairer: BaseEstimator,
    identifier: BaseEstimator,
    X: ArrayLike,
    planted: ArrayLike,
    copies: Mapping[str, NDArray[Any]],
    *,
    generated: RowSets,
    groups: ArrayLike | None = None,
    keys: Keys | None = None,
    cv: int = 5,
    n_permutations: int = 39,
    random_state: Seed = None,
    n_jobs: int | None = None,
) -> list[ControlResult]:
    """Plant copies of images known not to be used, and see whether the attack finds them.

    The copies of one half of the not-used images are added to a copy of the generated set, and the
    whole attack is cross-validated on that half against the other. It needs no leak: planting for
    an attack that was fitted where there is none would tell nothing. The null control plants
    nothing, so its AUC is chance; permuting its labels gives the null distribution of all.

    Parameters
    ----------
    pairer, identifier : estimators
        The attack's.
    X : array of shape (n_images, n_features)
        Quantile functions of images known not to be used, under the views that the pairer has.
    planted : array of shape (n_images,), bool
        From `choose_planted`.
    copies : dict of str to array of shape (n_copies, n_features)
        Quantile functions of the copies, by what was done to them.
    generated : array of shape (n_generated, n_features), or tuple of these
        Quantile functions of the generated images.
    groups : array of shape (n_images,) or None, default=None
        Patient of each image.
    keys : sequence of n_images hashables, or None, default=None
        What each image is known by; see `CrossFit`.
    cv : int, default=5
        Number of folds.
    n_permutations : int, default=39
        Refits of the null control.
    random_state : int, RandomState instance or None, default=None
        For the permutations.
    n_jobs : int or None, default=None
        Workers of joblib.

    Returns
    -------
    results : list of ControlResult
        The null control first, then in the order of `copies`.

    Raises
    ------
    ValueError
        If the two halves have fewer than two patients each.
    """
    if not isinstance(generated, tuple):
        generated = (generated,)

    fit = CrossFit(
        pairer, identifier, X, planted, generated=generated, groups=groups, keys=keys, cv=cv
    )
    null = permutation_test(
        fit, n_permutations=n_permutations, random_state=random_state, n_jobs=n_jobs
    )
    results = [ControlResult("nothing", 0, null.roc_auc, null.p_value)]
    for name, rows in copies.items():
        roc_auc = _auc_with(fit, pairer, X, generated, rows)
        p_value = permutation_p_value(roc_auc, null.null)
        results.append(ControlResult(name, len(rows), roc_auc, p_value))
    return results


def _auc_with(fit, pairer, X, generated, copies):
    """Return the ROC AUC where copies stand beside the generated images of a fit."""
    known = [
        (fitted, *distances)
        for fitted, (_, *distances) in zip(fit._transformers, fit._inputs, strict=True)
    ]
    pairs = pair_more(
        pairer, known, X, fit.folds, generated=generated, more=copies, groups=fit.groups
    )
    inputs = [(train, *distances) for (train, _), distances in zip(fit.folds, pairs, strict=True)]
    planted = fit.with_inputs(fit.identifier, inputs)
    return planted.roc_auc(planted.raw_scores())


def control_section(design, rows):
    """Plant copies and look for them, or say why that cannot be done."""
    design.teller.say("planting copies")
    reason = None
    try:
        results = positive_control(
            design.eye.pairer,
            design.eye.attack,
            rows.real[design.not_used],
            design.planted,
            rows.copies,
            generated=rows.generated,
            groups=design.groups_of_not_used,
            keys=None if rows.real_keys is None else rows.real_keys[design.not_used],
            cv=design.cv,
            n_permutations=max(N_PERMUTATIONS, fewest_permutations(design.alpha)),
            random_state=design.seeds.of("control permutations"),
            n_jobs=design.n_jobs,
        )
        if rows.copies_without_rows:
            reason = "since the table of features has no rows of them"
    except TooFewError as error:
        results, reason = None, str(error)
    found = None if results is None else not missed(results, design.required_kinds, design.alpha)
    return Controls(results, found, reason, design.required_kinds)


def missed(results, required, alpha):
    """Return the required kinds of copies that were not found, or could not be made."""
    return [name for name in required if name not in were_found(results, alpha)]


def were_found(results, alpha):
    """Return the kinds of copies that were found: as far from guessing as chance rarely is."""
    return [one.name for one in results[1:] if one.p_value <= alpha]


def planted_text(controls, alpha):
    """Say which kinds of copies were found, which were not, and which could not be made."""
    planted = [one.name for one in controls.results[1:]]
    found = were_found(controls.results, alpha)
    others = [name for name in planted if name not in found]
    not_made = [name for name in controls.required if name not in planted]
    parts = [f"were found ({meaning_of(*found)})" if found else "were not found"]
    if found and others:
        parts.append(f"were not found ({meaning_of(*others)})")
    if not_made:
        why = controls.reason or "in images of this size"
        parts.append(f"could not be planted {why} ({meaning_of(*not_made)})")
    return f"copies planted on purpose {' and '.join(parts)}"

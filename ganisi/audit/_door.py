"""What an audit is given: all of it is checked before the first image is described."""

from dataclasses import dataclass
from itertools import chain
from numbers import Integral, Real

import numpy as np
from sklearn.utils import check_random_state

from ..descriptors._precomputed import check_known
from ..distances._generated import generated_sets
from ..images._checks import check_images
from ..images._patients import check_groups, patient_ids
from ..images._survey import check_cells_and_views, check_sets, smallest_side
from ..metrics._proportions import check_between
from ..model._row_files import check_store
from ._attacks import blaming, gather_eyes
from ._copies import Identities, check_contradictions, check_queries_unknown
from ._degradation import DEGRADATIONS, REQUIRED
from ._design import DESIGNS, AuditDesign, Seeds
from ._permutation import fewest_permutations
from ._rehearsing import labels_and_folds, rehearse
from ._searched import SearchedAttack
from ._taken import store_of


@dataclass(frozen=True)
class AuditInput:
    """The images of an audit, and what they are known by."""

    images: object
    sets: list
    queries: object
    identities: Identities
    store: object = None  # folder for what would not fit into memory
    half: bool = False  # whether rows there have half the size

    @property
    def n_generated(self):
        """Number of generated images of all sets."""
        return sum(len(images) for images in self.sets)


def check_input(estimator, X, y, generated, groups, queries, query_groups, pos_label, dials):
    """Check everything; return the images, and the design of the audit."""
    _check_dials(dials)
    seeds = Seeds(_as_seed(dials.pop("random_state")))
    images = check_images(X)
    sets = [check_images(set_, "generated") for set_ in generated_sets(generated, len(images))]
    unknown = None if queries is None else check_images(queries, "queries")
    dials["fdr"] = _as_fdr(dials["fdr"], dials["alpha"], unknown)
    used, patients, folds = labels_and_folds(images, y, groups, dials["cv"], pos_label)
    query_patients = _check_query_groups(unknown, query_groups)

    named = [("X", images), *(("generated", set_) for set_ in sets)]
    named += [] if unknown is None else [("queries", unknown)]
    eye, others = gather_eyes(estimator, dials.pop("baselines"), smallest_side(named))
    check_known(eye.descriptor, named, eye.views)
    check_sets(named, eye.pairer, eye.views, labels=np.where(used, "used", "not used"))
    for other in others:
        with blaming(other.name):
            check_known(other.descriptor, named, other.views)
            check_cells_and_views(named, other.pairer, other.views)
    identities = Identities.of(images, chain(*sets), unknown)
    check_contradictions(identities, used)
    check_queries_unknown(identities)
    images, sets, unknown = identities.files_of(images, sets, unknown)
    if groups is not None and query_groups is not None:
        check_apart(
            patient_ids(groups, len(images)),
            patient_ids(query_groups, len(unknown), "query_groups"),
        )

    n_generated = sum(map(len, sets))
    required_kinds = _as_required(dials.pop("required_kinds"))
    _settle_all(eye, "", seeds, dials["n_jobs"])
    _rehearse(eye, images, n_generated, used, patients, folds)
    for other in others:
        _settle_all(other, f" of {other.name}", seeds, dials["n_jobs"])
        with blaming(other.name):
            _rehearse(other, images, n_generated, used, patients, folds)
    design = AuditDesign(
        used=used,
        groups=patients,
        query_groups=query_patients,
        folds=folds,
        eye=eye,
        other_eyes=tuple(others),
        seeds=seeds,
        required_kinds=required_kinds,
        **dials,
    )
    store, half = store_of(estimator)
    for each in (eye, *others):
        check_store(store, each.descriptor, half)
    return AuditInput(images, sets, unknown, identities, store, half), design


def _check_dials(dials):
    alpha, n_permutations = dials["alpha"], dials["n_permutations"]
    if not (isinstance(alpha, Real) and 0 < alpha < 0.5):
        raise ValueError(f"alpha={alpha!r}; expected a number between 0 and 0.5, such as 0.05.")
    if not isinstance(n_permutations, Integral) or n_permutations < fewest_permutations(alpha):
        raise ValueError(
            f"n_permutations={n_permutations!r} cannot give p <= alpha={alpha:g}; use a whole "
            f"number, at least {fewest_permutations(alpha)}."
        )
    if dials["design"] not in DESIGNS:
        raise ValueError(
            f"design={dials['design']!r}; expected 'observed', or 'randomised' where lots decided "
            "who was used."
        )
    max_auc, prevalence, cv = dials["max_auc"], dials["prevalence"], dials["cv"]
    if max_auc is not None and not (isinstance(max_auc, Real) and 0.5 < max_auc <= 1):
        raise ValueError(f"max_auc={max_auc!r}; expected a ROC AUC above 0.5 and at most 1.")
    max_share = dials["max_share"]
    if max_share is not None and not (isinstance(max_share, Real) and 0 < max_share <= 1):
        raise ValueError(
            f"max_share={max_share!r}; expected a share of patients above 0 and at most 1."
        )
    if prevalence is not None and not (isinstance(prevalence, Real) and 0 < prevalence < 1):
        raise ValueError(f"prevalence={prevalence!r}; expected a share between 0 and 1.")
    _check_disclosure(dials["max_disclosure_risk"], prevalence)
    n_jobs = dials["n_jobs"]
    if n_jobs is not None and not (isinstance(n_jobs, Integral) and n_jobs != 0):
        raise ValueError(
            f"n_jobs={n_jobs!r}; expected a number of workers, -1 for all cores, or None for 1."
        )
    verbose = dials["teller"].verbose
    if not (isinstance(verbose, (Integral, np.bool_)) and verbose >= 0):
        raise ValueError(f"verbose={verbose!r}; expected 0 for silence, or 1.")
    if not isinstance(cv, Integral) or cv < 2:
        raise ValueError(f"cv={cv!r}; expected a whole number of folds, at least 2.")


def _check_disclosure(most, prevalence):
    if most is None:
        return
    if prevalence is None:
        raise ValueError(
            f"max_disclosure_risk={most!r} is given without prevalence, the share of used images "
            "among those that will be asked about; how often 'used' is right depends on it, so "
            "give both."
        )
    if not (isinstance(most, Real) and prevalence < most < 1):
        raise ValueError(
            f"max_disclosure_risk={most!r}; expected a share above the prevalence, "
            f"{prevalence:g}, and below 1: whoever calls every image used, without looking at "
            "any, is right as often as the prevalence says."
        )


def _as_fdr(fdr, alpha, queries):
    """Return at which rate queries are decided about; None where there are none."""
    if fdr is None:
        return None if queries is None else alpha
    check_between("fdr", fdr)
    if queries is None:
        raise ValueError(
            f"fdr={fdr!r} is of the decisions about queries, and there are none; give queries, or "
            "leave fdr out."
        )
    return fdr


def _as_required(kinds):
    """Return the kinds of copies that must be found; refuse what is planted nowhere."""
    if kinds is None:
        return REQUIRED
    of_all = isinstance(kinds, (list, tuple)) and all(kind in list(DEGRADATIONS) for kind in kinds)
    if not of_all or not kinds:
        raise ValueError(
            f"required_kinds={kinds!r}; expected a list of at least one of: "
            f"{', '.join(DEGRADATIONS)}."
        )
    return tuple(dict.fromkeys(kinds))


def _check_query_groups(queries, groups):
    if groups is None:
        return None
    if queries is None:
        raise ValueError("query_groups is given without queries; give both or neither.")
    return check_groups(groups, len(queries), "query_groups")


def check_apart(known, asked):
    """Refuse queries of patients that the attack would be fitted on."""
    shared = sorted(set(known) & set(asked))
    if shared:
        raise ValueError(
            f"{len(shared)} patients of the queries also have images of known status, such as "
            f"{shared[0]!r}; the attack would be fitted on them, so leave their images out of one "
            "or the other."
        )


def _as_seed(random_state):
    if isinstance(random_state, Integral) and random_state >= 0:
        return int(random_state)
    try:
        return int(check_random_state(random_state).randint(np.iinfo(np.int32).max))
    except ValueError:
        raise ValueError(
            f"random_state={random_state!r}; expected a whole number, a RandomState, or None."
        ) from None


def _settle_all(eye, of_whom, seeds, n_jobs):
    """Settle the stages of an eye and the attacks before it."""
    for name in ("descriptor", "pairer", "attack"):
        _settle(getattr(eye, name), name + of_whom, seeds, n_jobs)
    for name, baseline in eye.baselines.items():
        _settle(baseline, f"baseline {name}", seeds, n_jobs)
    for name, attack in (("attack" + of_whom, eye.attack), *eye.baselines.items()):
        if isinstance(attack, SearchedAttack):
            for place, candidate in attack.candidates().items():
                _settle(candidate, f"candidate {place} of {name}", seeds, n_jobs)


def _rehearse(eye, images, n_generated, used, patients, folds):
    """Try all stages of an eye."""
    try_attack = rehearse(
        eye.descriptor, eye.pairer, len(eye.views), images, n_generated, used, patients, folds
    )
    try_attack(eye.attack)
    for name, baseline in eye.baselines.items():
        with blaming(name):
            try_attack(baseline)


def _settle(stage, name, seeds, n_jobs):
    """Fix what would be random, and hand on the workers, where the user left both open."""
    for parameter, value in sorted(stage.get_params().items()):
        last = parameter.split("__")[-1]
        if value is None and last == "random_state":
            stage.set_params(**{parameter: seeds.of(f"{name} {parameter}")})
        elif value is None and last == "n_jobs" and hasattr(stage, "transform"):
            stage.set_params(**{parameter: n_jobs})

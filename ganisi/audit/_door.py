"""What an audit is given: all of it is checked before the first image is described."""

from dataclasses import dataclass
from itertools import chain
from numbers import Integral, Real

import numpy as np
from sklearn.base import clone
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_consistent_length

from ..distances._generated import generated_sets
from ..identification import baselines as our_baselines
from ..identification._folds import query_folds
from ..images._checks import check_images
from ..images._patients import check_groups, patient_ids
from ..images._survey import check_sets
from ..metrics._labels import encode_labels, positive_class
from ._copies import Identities, check_contradictions, check_queries_unknown
from ._design import AuditDesign, Seeds
from .report._report import MAIN_ATTACK


@dataclass(frozen=True)
class AuditInput:
    """The images of an audit, and what they are known by."""

    images: object
    sets: list
    queries: object
    identities: Identities
    descriptor: object

    @property
    def n_generated(self):
        """Number of generated images of all sets."""
        return sum(len(images) for images in self.sets)


def check_input(estimator, X, y, generated, groups, queries, query_groups, pos_label, dials):
    """Check everything; return the images, and the design of the audit."""
    if not hasattr(estimator, "stages"):
        raise TypeError(
            f"estimator is a {type(estimator).__name__}, which has no stages(); give a GANISI, "
            "such as ganisi.recommended()."
        )
    _check_dials(dials)
    images = check_images(X)
    sets = [check_images(set_, "generated") for set_ in generated_sets(generated, len(images))]
    unknown = None if queries is None else check_images(queries, "queries")
    used = _which_are_used(images, y, pos_label)
    patients = None if groups is None else check_groups(groups, len(images))
    query_patients = _check_query_groups(unknown, query_groups)
    query_folds(used, patients, dials["cv"])
    descriptor, pairer, identifier = estimator.stages()
    baselines = _other_attacks(dials.pop("baselines"), identifier)

    named = [("X", images), *(("generated", set_) for set_ in sets)]
    named += [] if unknown is None else [("queries", unknown)]
    check_sets(named, pairer, labels=np.where(used, "used", "not used"))
    identities = Identities.of(images, chain(*sets), unknown)
    check_contradictions(identities, used)
    check_queries_unknown(identities)
    if groups is not None and query_groups is not None:
        _check_apart(
            patient_ids(groups, len(images)),
            patient_ids(query_groups, len(unknown), "query_groups"),
        )

    seeds = Seeds(_as_seed(dials.pop("random_state")))
    for name, stage in (("descriptor", descriptor), ("pairer", pairer), ("attack", identifier)):
        _settle(stage, name, seeds, dials["n_jobs"])
    for name, baseline in baselines.items():
        _settle(baseline, f"baseline {name}", seeds, dials["n_jobs"])
    design = AuditDesign(
        used=used,
        groups=patients,
        query_groups=query_patients,
        pairer=pairer,
        attack=identifier,
        baselines=baselines,
        seeds=seeds,
        **dials,
    )
    return AuditInput(images, sets, unknown, identities, descriptor), design


def _check_dials(dials):
    alpha, n_permutations = dials["alpha"], dials["n_permutations"]
    if not (isinstance(alpha, Real) and 0 < alpha < 0.5):
        raise ValueError(f"alpha={alpha!r}; expected a number between 0 and 0.5, such as 0.05.")
    if not isinstance(n_permutations, Integral) or n_permutations < 1 / alpha - 1 - 1e-9:
        raise ValueError(
            f"n_permutations={n_permutations!r} cannot give p <= alpha={alpha:g}; use a whole "
            f"number, at least {int(np.ceil(1 / alpha - 1 - 1e-9))}."
        )
    max_auc, prevalence, cv = dials["max_auc"], dials["prevalence"], dials["cv"]
    if max_auc is not None and not 0.5 < max_auc <= 1:
        raise ValueError(f"max_auc={max_auc!r}; expected a ROC AUC above 0.5 and at most 1.")
    if prevalence is not None and not 0 < prevalence < 1:
        raise ValueError(f"prevalence={prevalence!r}; expected a share between 0 and 1.")
    if not isinstance(cv, Integral) or cv < 2:
        raise ValueError(f"cv={cv!r}; expected a whole number of folds, at least 2.")


def _which_are_used(images, y, pos_label):
    classes, encoded = encode_labels(y)
    check_consistent_length(images, encoded)
    return encoded == positive_class(classes, pos_label)


def _check_query_groups(queries, groups):
    if groups is None:
        return None
    if queries is None:
        raise ValueError("query_groups is given without queries; give both or neither.")
    return check_groups(groups, len(queries), "query_groups")


def _check_apart(known, asked):
    """Refuse queries of patients that the attack would be fitted on."""
    shared = sorted(set(known) & set(asked))
    if shared:
        raise ValueError(
            f"{len(shared)} patients of the queries also have images of known status, such as "
            f"{shared[0]!r}; the attack would be fitted on them, so leave their images out of one "
            "or the other."
        )


def _other_attacks(baselines, identifier):
    """Return the attacks beside the one under audit: the user's, or all of ours but that one."""
    if baselines is None:
        ours = [getattr(our_baselines, name) for name in our_baselines.__all__]
        return {make.__name__: make() for make in ours if not _is_default(identifier, make)}
    if MAIN_ATTACK in baselines:
        raise ValueError(
            f"baselines has the name {MAIN_ATTACK!r}, which the report gives to the estimator "
            "under audit; give the baseline another name."
        )
    for name, baseline in baselines.items():
        if not isinstance(name, str):
            raise TypeError(
                f"baselines has the name {name!r}, a {type(name).__name__}; give each a name that "
                "is text."
            )
        if isinstance(baseline, type) or not hasattr(baseline, "predict_proba"):
            raise TypeError(
                f"baselines[{name!r}] is {baseline!r}; expected a classifier on distances, such "
                "as ganisi.baselines.NearestGenerated()."
            )
    # Clones: what would be random in them is fixed, and the user's stay as they are.
    return {name: clone(baseline) for name, baseline in baselines.items()}


def _is_default(identifier, make):
    """Tell whether an identifier is a baseline with its defaults, whatever its labels are."""
    if type(identifier) is not make:
        return False
    mine, default = identifier.get_params(deep=False), make().get_params(deep=False)
    return all(mine[name] == value for name, value in default.items() if name != "pos_label")


def _as_seed(random_state):
    if isinstance(random_state, Integral):
        return int(random_state)
    return int(check_random_state(random_state).randint(np.iinfo(np.int32).max))


def _settle(stage, name, seeds, n_jobs):
    """Fix what would be random, and hand on the workers, where the user left both open."""
    for parameter, value in sorted(stage.get_params().items()):
        last = parameter.split("__")[-1]
        if value is None and last == "random_state":
            stage.set_params(**{parameter: seeds.of(f"{name} {parameter}")})
        elif value is None and last == "n_jobs" and hasattr(stage, "transform"):
            stage.set_params(**{parameter: n_jobs})

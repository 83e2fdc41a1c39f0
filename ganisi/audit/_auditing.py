"""Everything that stands between a score and evidence, in one call."""

import sys
import time
from itertools import chain
from numbers import Real

import joblib
import numpy as np
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_consistent_length

from .._compat._threads import one_blas_thread
from ..distances._generated import generated_sets
from ..identification import baselines as baselines_module
from ..identification._folds import query_folds
from ..images._checks import check_images, image_name, read_image
from ..images._grey_levels import grey_span
from ..images._patients import check_groups, patient_ids
from ..images._survey import check_sets
from ..metrics import all_scores, naive_answers
from ..metrics._labels import encode_labels, positive_class
from ._blind_checks import stand_in_generator, textures_alone
from ._cross_fitting import CrossFit
from ._degradation import DEGRADATIONS, degrade
from ._intervals import auc_interval, excess_interval
from ._permutation import best_of, permutation_test, permuted_labels
from ._positive_control import choose_planted, positive_control
from ._power import minimum_detectable_auc
from ._provenance import hash_array, hash_images, hash_set, software_versions
from ._set_level import reference_split, set_level_test
from ._verdict import decide
from .report._report import AuditReport
from .report._words import attack_meaning

#: Power at which the minimum detectable AUC is given.
_POWER = 0.8
#: Refits of the null control.
_CONTROL_PERMUTATIONS = 39
#: An estimate of the time is printed, verbose or not, where it is longer than this, in seconds.
_LONG = 600
#: What the estimator under audit is called among the attacks.
ATTACK = "main attack"


def audit(
    estimator,
    X,
    y,
    *,
    generated,
    groups=None,
    queries=None,
    query_groups=None,
    cv=5,
    n_permutations=199,
    prevalence=None,
    max_auc=None,
    alpha=0.05,
    baselines=None,
    pos_label=None,
    random_state=None,
    n_jobs=None,
    verbose=0,
):
    """Say whether a generator leaked its training images, how sure that is, and on what evidence.

    Every image is described once. The attack and simple baselines are cross-validated by patient
    on the same folds; labels are permuted and everything is fitted again; checks that cannot see
    training at all are subtracted; copies are planted to see whether the attack would find them.

    Parameters
    ----------
    estimator : GANISI
        The attack, unfitted; anything that has `stages`.
    X : array of shape (n_images, height, width), list of arrays, or list of paths
        Real images known to be used, and others known not to be.
    y : array of shape (n_images,)
        Two labels, usually 1 for used and 0 for not used.
    generated : images as `X`, or tuple of these
        Images from the generator.
    groups : array of shape (n_images,) or None, default=None
        Patient of each real image. None counts each image as a patient of its own, which makes
        every figure too good where it is not so.
    queries : images as `X`, or None, default=None
        Images of unknown status, tested as one set; see `set_level_test`.
    query_groups : array of shape (n_queries,) or None, default=None
        Patient of each query.
    cv : int, default=5
        Number of folds; fewer where a class has fewer patients.
    n_permutations : int, default=199
        Refits with permuted labels; p is never below ``1 / (1 + n_permutations)``.
    prevalence : float or None, default=None
        Share of used images among those that will be asked about; the report then gives the share
        of right answers among "used" ones (PPV) and F1 for it.
    max_auc : float or None, default=None
        The largest ROC AUC of an attack that you would tolerate, between 0.5 and 1. Without it
        the verdict is never that no leakage was detected: silence alone is no evidence.
    alpha : float, default=0.05
        Level of the verdict; intervals have confidence ``1 - alpha``.
    baselines : dict of str to classifier on distances, or None, default=None
        Attacks beside the estimator's. None means all of `ganisi.baselines` with their defaults.
    pos_label : label or None, default=None
        The label that means "used"; None means 1 or True.
    random_state : int, RandomState instance or None, default=None
        Determines all random numbers; the seed is in the report.
    n_jobs : int or None, default=None
        Workers of joblib; None means 1. The report does not depend on it.
    verbose : int, default=0
        If positive, say on standard error what is being done and how long it will take. The
        estimate is printed anyway where it exceeds 10 minutes.

    Returns
    -------
    report : AuditReport
        ``print(report)`` to read it.

    Raises
    ------
    TypeError, ValueError
        If something does not fit together. All of it is checked before the first image is
        described.

    See Also
    --------
    permutation_test, auc_interval, positive_control, set_level_test : The parts, on their own.

    Notes
    -----
    *Verdict.* "leakage detected": used images or queries are among the generated ones bit for bit;
    or the p-value of the largest AUC of all attacks is at most `alpha`, and the lower bound of the
    best attack's excess over the blind checks is above 0. "no leakage detected at this power": p is
    above `alpha`, planted exact copies were found, the minimum detectable AUC is below `max_auc`,
    and no patient has used and not-used images. Otherwise "cannot say", with the reason.

    *ROC AUC* is the mean over folds of the AUC within each. The other scores pool all folds and
    say "used" where the out-of-fold probability is at least 1/2.

    How often each of these errs is measured by ``examples/benchmarks/audit_simulations.py``.

    Examples
    --------
    >>> from ganisi import GANISI, Intensity
    >>> from ganisi.audit import audit
    >>> from ganisi.baselines import NearestGenerated
    >>> from ganisi.datasets import make_source_identification
    >>> data = make_source_identification(20, 20, 60, size=32, leakage=1.0, random_state=0)
    >>> pixels = GANISI(Intensity(grid=32, n_quantiles=1), identifier=NearestGenerated())
    >>> report = audit(
    ...     pixels,
    ...     data.real,
    ...     data.used,
    ...     generated=(data.generated,),
    ...     groups=data.groups,
    ...     n_permutations=19,
    ...     baselines={},
    ...     random_state=0,
    ... )
    >>> report.verdict
    'leakage detected'
    """
    if not hasattr(estimator, "stages"):
        raise TypeError(
            f"estimator is a {type(estimator).__name__}, which has no stages(); give a GANISI, "
            "such as ganisi.recommended()."
        )
    _check_dials(alpha, n_permutations, max_auc, prevalence)
    images = check_images(X)
    sets = [check_images(set_, "generated") for set_ in generated_sets(generated, len(images))]
    unknown = None if queries is None else check_images(queries, "queries")
    classes, encoded = encode_labels(y)
    check_consistent_length(images, encoded)
    used = encoded == positive_class(classes, pos_label)
    patients, query_patients = groups, query_groups
    if groups is not None:
        groups = check_groups(groups, len(images))
    if query_groups is not None:
        if unknown is None:
            raise ValueError("query_groups is given without queries; give both or neither.")
        query_groups = check_groups(query_groups, len(unknown))
    query_folds(used, groups, cv)
    descriptor, pairer, identifier = estimator.stages()
    everything = [("X", images), *(("generated", set_) for set_ in sets)]
    if unknown is not None:
        everything.append(("queries", unknown))
    check_sets(everything, pairer)
    hashes = {"real": hash_images(images), "generated": hash_images(chain(*sets))}
    hashes["queries"] = [] if unknown is None else hash_images(unknown)
    _check_contradictions(images, hashes["real"], used)
    if unknown is not None:
        _check_apart(images, unknown, hashes, patients, query_patients)
    copied = {
        "used": _copies(images, hashes["real"], hashes["generated"], used),
        "not_used": _copies(images, hashes["real"], hashes["generated"], ~used),
        "queries": _copies(
            [] if unknown is None else unknown, hashes["queries"], hashes["generated"]
        ),
    }
    n_copied = {kind: len(names) for kind, names in copied.items()}
    n_mixed = 0 if groups is None else len(np.intersect1d(groups[used], groups[~used]))

    seed = _as_seed(random_state)
    seeds = iter(np.random.RandomState(seed).randint(np.iinfo(np.int32).max, size=100).tolist())
    for stage in (descriptor, pairer, identifier):
        _settle(stage, seeds, n_jobs)
    attacks = {ATTACK: identifier, **_other_attacks(baselines, identifier)}
    say = _Teller(verbose)

    with one_blas_thread():
        say(f"describing {len(images)} real and {len(hashes['generated'])} generated images")
        real = np.asarray(descriptor.fit(images).transform(images))
        fakes = np.concatenate([np.asarray(descriptor.transform(set_)) for set_ in sets])
        hidden = ~used
        not_used = [images[i] for i in np.flatnonzero(hidden)]
        own_groups = None if groups is None else groups[hidden]
        planted = choose_planted(len(not_used), own_groups, next(seeds))
        copies = _describe_copies(descriptor, not_used, planted, sets[0], next(seeds))

        say("cross-validating")
        fit = CrossFit(pairer, identifier, real, used, generated=(fakes,), groups=groups, cv=cv)
        fits = {name: fit.with_identifier(attack) for name, attack in attacks.items()}
        checks, blind_reason = _blind_checks(fit, pairer, identifier, real, next(seeds))
        labellings = permuted_labels(fit, n_permutations, next(seeds))
        say.estimate([*fits.values(), *checks.values()], labellings, n_jobs)

        def test(name, one):
            say(f"{name}: refitting {n_permutations} permutations")
            return permutation_test(one, labellings=labellings, n_jobs=n_jobs)

        results = {name: test(name, one) for name, one in fits.items()}
        blinds = [test(name, one) for name, one in checks.items()]

        resampling = next(seeds)
        dials = {"confidence": 1 - alpha, "random_state": resampling}
        best, p_value, null = best_of(results)
        rows = {}
        for name, result in results.items():
            scores = all_scores(used, result.probability, prevalence=prevalence)
            scores["roc_auc"] = result.roc_auc
            excess, low, high = excess_interval(fit, result, blinds, **dials)
            rows[name] = {
                "scores": scores,
                "interval": auc_interval(fit, result, **dials),
                "p_value": result.p_value,
                "excess": excess if len(checks) == 2 else None,
                "excess_interval": (low, high) if len(checks) == 2 else None,
            }
        spread = results[ATTACK].null.std(ddof=1)
        detectable = minimum_detectable_auc(null, spread, alpha=alpha, power=_POWER)

        say("planting copies")
        controls, control_reason = _controls(
            pairer, identifier, real[hidden], planted, copies, fakes, own_groups, cv, seeds, n_jobs
        )
        found = None if controls is None else controls[1]["p_value"] <= alpha
        if unknown is None:
            set_level, query_probability = None, None
        else:
            say(f"scoring {len(unknown)} queries")
            quantiles = np.asarray(descriptor.transform(unknown))
            folds = [np.full(len(quantiles), k) for k in range(len(fit.folds))]
            query_probability = np.mean(
                [fit.score_new(quantiles, k) for k in folds], axis=0
            ).tolist()
            set_level = _set_level(
                pairer, identifier, real, used, fakes, groups, quantiles, query_groups, seeds
            )

    excess_interval_ = rows[best]["excess_interval"]
    verdict, reason = decide(
        best=best,
        p_value=p_value,
        excess_low=None if excess_interval_ is None else excess_interval_[0],
        alpha=alpha,
        max_auc=max_auc,
        minimum_detectable=detectable,
        control_found=found,
        copies=n_copied,
        n_mixed_patients=n_mixed,
    )
    return AuditReport(
        verdict=verdict,
        reason=reason,
        counts={
            "used": int(used.sum()),
            "not_used": int(hidden.sum()),
            "generated": len(hashes["generated"]),
            "queries": len(hashes["queries"]),
            "patients": None if groups is None else len(np.unique(groups)),
            "folds": len(fit.folds),
            "mixed_patients": n_mixed,
            **{f"exact_copies_of_{kind}": number for kind, number in n_copied.items()},
        },
        attacks=rows,
        best={"name": best, "p_value": p_value, "n_distinct": results[best].n_distinct},
        naive=naive_answers(used, prevalence=prevalence),
        blind_checks={
            "reason": blind_reason,
            "checks": {
                name: {"roc_auc": blind.roc_auc, "interval": auc_interval(fit, blind, **dials)}
                for name, blind in zip(checks, blinds, strict=True)
            },
        },
        controls={"reason": control_reason, "found": found, "results": controls},
        power={"minimum_detectable_auc": detectable, "power": _POWER, "null_spread": float(spread)},
        set_level=set_level,
        images={
            "used": used.tolist(),
            "probability": {name: r.probability.tolist() for name, r in results.items()},
            "blind_probability": {
                name: blind.probability.tolist() for name, blind in zip(checks, blinds, strict=True)
            },
            "query_name": None if unknown is None else _names(unknown, "queries"),
            "query_probability": query_probability,
            "exact_copies": copied,
        },
        settings={
            "alpha": alpha,
            "max_auc": max_auc,
            "prevalence": prevalence,
            "cv": cv,
            "n_permutations": n_permutations,
            "seed": seed,
            "estimator": _one_line(estimator),
            "baselines": {name: _one_line(attacks[name]) for name in attacks if name != ATTACK},
            "meanings": {name: attack_meaning(attack) for name, attack in attacks.items()},
        },
        provenance={
            "versions": software_versions(),
            "sha256": {name: hash_set(digests) for name, digests in hashes.items() if digests},
            "sha256_of_labels": hash_array(used),
            "sha256_of_groups": None if groups is None else hash_array(groups),
        },
    )


def _other_attacks(baselines, identifier):
    """Return the attacks beside the one under audit: the user's, or all of ours but that one."""
    if baselines is None:
        ours = [getattr(baselines_module, name) for name in baselines_module.__all__]
        return {make.__name__: make() for make in ours if not _is_default(identifier, make)}
    if ATTACK in baselines:
        raise ValueError(
            f"baselines has the name {ATTACK!r}, which the report gives to the estimator under "
            "audit; give the baseline another name."
        )
    return dict(baselines)


def _is_default(identifier, make):
    """Tell whether an identifier is a baseline with its defaults, whatever its labels are."""
    if type(identifier) is not make:
        return False
    mine, default = identifier.get_params(deep=False), make().get_params(deep=False)
    return all(mine[name] == value for name, value in default.items() if name != "pos_label")


def _check_dials(alpha, n_permutations, max_auc, prevalence):
    if not (isinstance(alpha, Real) and 0 < alpha < 0.5):
        raise ValueError(f"alpha={alpha!r}; expected a number between 0 and 0.5, such as 0.05.")
    if n_permutations < 1 / alpha - 1 - 1e-9:
        raise ValueError(
            f"n_permutations={n_permutations} cannot give p <= alpha={alpha:g}; use at least "
            f"{int(np.ceil(1 / alpha - 1 - 1e-9))}."
        )
    if max_auc is not None and not 0.5 < max_auc <= 1:
        raise ValueError(f"max_auc={max_auc!r}; expected a ROC AUC above 0.5 and at most 1.")
    if prevalence is not None and not 0 < prevalence < 1:
        raise ValueError(f"prevalence={prevalence!r}; expected a share between 0 and 1.")


def _names(images, name):
    """Say what each image is called: a file by its path."""
    return [image_name(image, f"{name}[{i}]") for i, image in enumerate(images)]


def _copies(images, digests, generated_digests, which=None):
    """Name the images that are among the generated ones bit for bit.

    An image of a single grey level says nothing: a blank slice is like any other.
    """
    generated = set(generated_digests)
    names = _names(images, "X" if which is not None else "queries")
    return [
        name
        for i, (image, digest, name) in enumerate(zip(images, digests, names, strict=True))
        if digest in generated and (which is None or which[i]) and grey_span(read_image(image)) > 0
    ]


def _check_contradictions(images, digests, used):
    names, labels = _names(images, "X"), {}
    for i, (digest, label) in enumerate(zip(digests, used.tolist(), strict=True)):
        first, other = labels.setdefault(digest, (i, label))
        if other != label:
            raise ValueError(
                f"{names[first]} and {names[i]} are the same image, one labelled used and one not "
                "used; find out which is true and leave the other out."
            )


def _check_apart(images, queries, hashes, patients, query_patients):
    """Refuse queries that the attack would be fitted on, or whose patients it would be."""
    known = dict(zip(hashes["real"], _names(images, "X"), strict=True))
    for query, digest, name in zip(
        queries, hashes["queries"], _names(queries, "queries"), strict=True
    ):
        if digest in known and grey_span(read_image(query)) > 0:
            raise ValueError(
                f"{name} and {known[digest]} are the same image, whose status is known; leave it "
                "out of the queries."
            )
    if patients is not None and query_patients is not None:
        known = patient_ids(patients, len(images))
        asked = patient_ids(query_patients, len(queries), "query_groups")
        shared = sorted(set(known) & set(asked))
        if shared:
            raise ValueError(
                f"{len(shared)} patients of the queries also have images of known status, such as "
                f"{shared[0]!r}; the attack would be fitted on them, so leave their images out of "
                "one or the other."
            )


def _as_seed(random_state):
    if isinstance(random_state, (int, np.integer)):
        return int(random_state)
    return int(check_random_state(random_state).randint(np.iinfo(np.int32).max))


def _settle(stage, seeds, n_jobs):
    """Fix what would be random, and hand on the workers, where the user left both open."""
    for name, value in sorted(stage.get_params().items()):
        if value is None and name.split("__")[-1] == "random_state":
            stage.set_params(**{name: next(seeds)})
        elif value is None and name.split("__")[-1] == "n_jobs" and hasattr(stage, "transform"):
            stage.set_params(**{name: n_jobs})


def _describe_copies(descriptor, not_used, planted, others, seed):
    """Quantile functions of degraded copies of the images to be planted."""
    if not planted.any():
        return {}
    rng = np.random.RandomState(seed)
    images = [read_image(not_used[i]) for i in np.flatnonzero(planted)]
    blended = [read_image(others[i]) for i in rng.randint(len(others), size=len(images))]
    copies = {}
    for name, (kind, strength) in DEGRADATIONS.items():
        degraded = [
            degrade(image, kind, strength, other, rng)
            for image, other in zip(images, blended, strict=True)
        ]
        copies[name] = np.asarray(descriptor.transform(degraded))
    return copies


def _blind_checks(fit, pairer, identifier, real, seed):
    """Make the blind checks, or say why there are not both."""
    checks = {"textures alone": textures_alone(fit, real)}
    try:
        stand_in = stand_in_generator(fit, pairer, identifier, real, seed)
        # Whether the identifier can be fitted on so few shows only when it is.
        stand_in.out_of_fold()
    except ValueError as error:
        return checks, str(error)
    return {**checks, "real images as generated": stand_in}, None


def _controls(pairer, identifier, real, planted, copies, fakes, groups, cv, seeds, n_jobs):
    """Make the positive control, or say why it cannot be made."""
    try:
        results = positive_control(
            pairer,
            identifier,
            real,
            planted,
            copies,
            generated=fakes,
            groups=groups,
            cv=cv,
            n_permutations=_CONTROL_PERMUTATIONS,
            random_state=next(seeds),
            n_jobs=n_jobs,
        )
    except ValueError as error:
        return None, str(error)
    return [vars(result) for result in results], None


def _set_level(pairer, identifier, real, used, fakes, groups, queries, query_groups, seeds):
    """Test the queries as one set, by the attack and by the blind check, or say why not."""
    try:
        split = reference_split(used, groups, next(seeds))
        fit = CrossFit(pairer, identifier, real, used, generated=(fakes,), groups=groups, cv=split)
        dials = {"groups": query_groups, "random_state": next(seeds)}
        found, blind = (
            set_level_test(one, one.out_of_fold(), queries, **dials)
            for one in (fit, textures_alone(fit, real))
        )
    except ValueError as error:
        return {"reason": str(error)}
    return {
        "reason": None,
        "roc_auc": found.roc_auc,
        "p_value": found.p_value,
        "blind_roc_auc": blind.roc_auc,
        "blind_p_value": blind.p_value,
        "grouped": query_groups is not None,
    }


def _one_line(estimator):
    # repr() leaves parameters out where they are many.
    return " ".join(estimator.__repr__(N_CHAR_MAX=10**6).split())


class _Teller:
    """Says on standard error what is being done."""

    def __init__(self, verbose):
        self.verbose = verbose

    def __call__(self, message):
        if self.verbose:
            print(f"audit: {message}", file=sys.stderr, flush=True)

    def estimate(self, fits, labellings, n_jobs):
        """Time one refit of everything; say how long the permutations will take."""
        start = time.perf_counter()
        for fit in fits:
            fit.out_of_fold(labellings[0])
        refit = time.perf_counter() - start
        seconds = refit * (len(labellings) + _CONTROL_PERMUTATIONS)
        seconds /= min(len(labellings), joblib.effective_n_jobs(n_jobs))
        if self.verbose or seconds > _LONG:
            print(
                f"audit: one refit takes {refit:.2g} s, so the permutations will take about "
                f"{seconds / 60:.1f} minutes",
                file=sys.stderr,
                flush=True,
            )

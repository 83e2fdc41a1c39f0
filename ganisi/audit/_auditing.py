"""Everything that stands between a score and evidence, in one call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator

from .._compat._hints import ImageSet, ImageSets, Seed
from .._compat._progress import Teller
from .._compat._threads import one_blas_thread
from ..descriptors._precomputed import NoRowError
from ..distances._large import large_distances_in
from ..images._identity import as_keys
from ..metrics import naive_answers
from ..model import _describing as describing
from ..model._row_files import described_sets
from ._alike import alike_patients
from ._attacks import blaming
from ._contest import (
    best_attack,
    enter,
    furthest_blind_check,
    lowest_attack,
    patients_standing_out,
    run_permutations,
    sections_of_eyes,
)
from ._copies import find_copies
from ._degenerate import empty_sets
from ._degradation import degraded_copies
from ._design import Rows
from ._disclosure import disclosure_section
from ._door import check_input
from ._image_itself import image_itself
from ._near_copies import find_near_copies
from ._positive_control import control_section
from ._power import power_section
from ._provenance import provenance_section
from ._query_probabilities import mean_over_folds, of_queries
from ._set_level import set_level_section
from ._verdict import Evidence, decide
from .report._names import check_names, one_line
from .report._report import MAIN_ATTACK, AuditReport
from .report._sections import Counts, Images, Settings


def audit(
    estimator: BaseEstimator,
    X: ImageSet,
    y: ArrayLike,
    *,
    generated: ImageSets,
    groups: ArrayLike | None = None,
    queries: ImageSet | None = None,
    query_groups: ArrayLike | None = None,
    cv: int = 5,
    n_permutations: int = 199,
    prevalence: float | None = None,
    max_auc: float | None = None,
    max_share: float | None = None,
    max_disclosure_risk: float | None = None,
    design: Literal["observed", "randomised"] = "observed",
    required_kinds: Sequence[str] | None = None,
    alpha: float = 0.05,
    fdr: float | None = None,
    baselines: Mapping[str, BaseEstimator] | None = None,
    pos_label: object = None,
    random_state: Seed = None,
    n_jobs: int | None = None,
    verbose: int = 0,
    names: Literal["none", "short", "full"] = "none",
) -> AuditReport:
    """Say whether a generator leaked its training images, how sure that is, and on what evidence.

    Every image is described once for each eye, real ones under each of its views. The attack and
    simple baselines are cross-validated by patient on the same folds; labels are permuted and
    everything is fitted again; checks that cannot see training at all are subtracted; copies are
    planted to see whether the attack would find them.

    Parameters
    ----------
    estimator : GANISI, Pipeline, GridSearchCV or RandomizedSearchCV
        The attack, unfitted, from images on. A search is made again in every fold and for every
        permutation, by patient, in as many folds as its `cv` says; the report says what won.
    X : array of shape (n_images, height, width), list of arrays, or list of paths
        Real images known to be used, and others known not to be.
    y : array of shape (n_images,)
        Two labels, usually 1 for used and 0 for not used.
    generated : images as `X`, or tuple of these
        Images from the generator.
    groups : array of shape (n_images,) or None, default=None
        Patient of each real image. None counts each image as a patient of its own, which makes
        every figure too good where it is not so. Real images that are nearly the same and count as
        of different patients are named, and make the verdict "cannot say"; of images of fewer than
        16 pixels a side nobody looks for them.
    queries : images as `X`, or None, default=None
        Images of unknown status, tested as one set and one by one at a false discovery rate of
        `fdr`; see `set_level_test` and `query_decisions`.
    query_groups : array of shape (n_queries,) or None, default=None
        Patient of each query.
    cv : int, default=5
        Number of folds; fewer where a class has fewer patients.
    n_permutations : int, default=199
        Refits with permuted labels; p is never below ``1 / (1 + n_permutations)``.
    prevalence : float or None, default=None
        Share of used images among those that will be asked about; the report then gives the share
        of right answers among "used" ones (PPV), F1 and the risk of disclosure for it.
    max_auc : float or None, default=None
        The largest ROC AUC of an attack that you would tolerate, between 0.5 and 1. It is an
        average over patients: where a share f of the used ones is recognised for sure and the
        others not at all, it is about ``0.5 + f / 2``. None takes that of `max_share`; without
        either the verdict is never that no leakage was detected: silence alone is no evidence.
    max_share : float or None, default=None
        The largest share of used patients, above 0 and at most 1, of whom you would tolerate that
        each is recognised for sure. None takes that of `max_auc`, ``2 * max_auc - 1``.
    max_disclosure_risk : float or None, default=None
        The largest risk of disclosure that you would tolerate at `prevalence`, above that and below
        1: how often "used" is right, by any of the attacks, also where it is said of the surest
        images only. Where it may be larger the verdict is never that no leakage was detected; below
        it is by itself no reason for that. Needs `prevalence`.
    design : {"observed", "randomised"}, default="observed"
        How used and not-used patients came about. "randomised": lots decided, as for a hold-out,
        so that any difference between the two groups is chance, and the permutations alone say how
        large that may be. "observed": in any other way. Then the two may be patients of different
        kinds, which the generator knows although it kept no image; what blind checks find, or
        cannot exclude, forbids verdicts.
    required_kinds : list of str or None, default=None
        The kinds of copies, planted on purpose, that must be found before the verdict may be that
        no leakage was detected, such as ``["exact", "noise 0.25", "mirrored"]``; all that there
        are stand in ``report.controls``. None is exact copies, noise, blur, JPEG, both mirrors,
        moves to 8 pixels, turns to 10 degrees and zooms to 1.1.
    alpha : float, default=0.05
        Level of the verdict; intervals have confidence ``1 - alpha``.
    fdr : float or None, default=None
        Of the decisions about `queries`, which it needs: the expected share, at most, of patients
        who were not used among those called used. None takes `alpha`.
    baselines : dict of str to classifier on distances or GANISI, or None, default=None
        Attacks beside the estimator's. A classifier sees the estimator's distances. A GANISI has an
        eye of its own: it describes and pairs the images itself, in the same folds. (Beside a
        search over ways to look, a classifier sees the distances of all of them.) None means all
        of `ganisi.baselines` that see distances, with their defaults, and two eyes:
        :func:`ganisi.baselines.pixels` and :func:`ganisi.baselines.correlation`.
    pos_label : label or None, default=None
        The label that means "used"; None means 1 or True.
    random_state : int, RandomState instance or None, default=None
        Determines all random numbers; the seed is in the report.
    n_jobs : int or None, default=None
        Workers of joblib; None means 1. The report does not depend on it.
    verbose : int, default=0
        If positive, say on standard error what is being done and how long it will take. The
        estimate is printed anyway where it exceeds 10 minutes.
    names : {"none", "short", "full"}, default="none"
        What the report calls images that are files. "none": their place in `X` or `queries`, so
        that the report holds no name of a file or folder; "short": the last part of the name;
        "full": the whole path. Errors name files in any case.

    Returns
    -------
    report : AuditReport
        ``print(report)`` to read it.

    Raises
    ------
    TypeError, ValueError
        If something does not fit together, or a file holds another image when it is described than
        when it was looked at. All else is checked before the first image is described, but for an
        attack that is also fitted on half of the not-used patients: too few for some settings.

    See Also
    --------
    permutation_test, auc_interval, positive_control, set_level_test : The parts, on their own.

    Notes
    -----
    *Verdict.* "leakage detected": used images or queries are among the generated ones pixel for
    pixel, or nearly; or the p-value of the largest AUC of all attacks is at most `alpha`, and,
    unless `design` is "randomised", the lower bound of the best attack's excess over the blind
    checks is above 0, and used images are nearer to generated ones than these are to each other
    (p at most `alpha`; the excess may be 0 where it is at most a fifth of that). "no leakage
    detected at this power": p is above `alpha`, and nothing forbids a clearance; the page on
    evidence has the list. Otherwise "cannot say", with the reason; so it is where the smallest AUC
    of all attacks is below 1/2 with a p-value of at most `alpha`, since labels may be swapped.

    *Eyes.* Attacks whose descriptor, pairer and views are equal share rows and distances. Each eye
    has blind checks of its own, and an excess is over those of the attack's eye. Positive control,
    minimum detectable AUC and set level are of the attack under audit.

    *ROC AUC* is the mean over folds of the AUC within each, of the scores before they are made
    probabilities. The other scores pool all folds and say "used" where the out-of-fold probability
    is at least 1/2.

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
    check_names(names)
    given, design = check_input(
        estimator,
        X,
        y,
        generated,
        groups,
        queries,
        query_groups,
        pos_label,
        {
            "cv": cv,
            "n_permutations": n_permutations,
            "prevalence": prevalence,
            "max_auc": max_auc,
            "max_share": max_share,
            "max_disclosure_risk": max_disclosure_risk,
            "design": design,
            "required_kinds": required_kinds,
            "alpha": alpha,
            "fdr": fdr,
            "baselines": baselines,
            "random_state": random_state,
            "n_jobs": n_jobs,
            "teller": Teller("audit", verbose),
        },
    )
    known = given.identities.called(names)
    copies = find_copies(known, design.used)
    alike = alike_patients(given.images, known.real_names, design.groups)
    near_copies = find_near_copies(replace(given, identities=known), design, copies)
    itself = image_itself(given, design)
    with one_blas_thread(), large_distances_in(given.store):
        rows = describe(given, design, design.eye)
        asked = rows.queries is not None
        contest = enter(design, design.eye, rows)
        of_each = mean_over_folds(contest.attack, rows) if asked else None
        # From here on no step needs the distances of all folds, nor the rows of other eyes.
        contests = [contest.without_inputs()]
        del contest
        for eye in design.other_eyes:
            with blaming(eye.name):
                seen = enter(design, eye, describe(given, design, eye))
            contests.append(seen.without_inputs())
            del seen
        outcomes = run_permutations(design, contests)
        attack, others, eye, other_eyes = sections_of_eyes(design, contests, outcomes)
        best, null = best_attack(outcomes)
        lowest = lowest_attack(outcomes)
        furthest_blind = furthest_blind_check(outcomes)
        apart, tail_null = patients_standing_out(design, outcomes)
        power = power_section(design, null, outcomes[0].attack, tail_null)
        controls = control_section(design, rows)
        set_level = set_level_section(design, rows) if asked else None
    attacks = {MAIN_ATTACK: attack, **others}
    disclosure = disclosure_section(design, attacks)

    verdict, reason = decide(
        Evidence(
            design=design,
            empty_sets=empty_sets(given.identities, design.used),
            alike=alike,
            copies=copies,
            near_copies=near_copies,
            best=best,
            lowest=lowest,
            furthest_blind=furthest_blind,
            standing_out=apart,
            attacks=attacks,
            disclosure=disclosure,
            controls=controls,
            power=power,
            image_itself=itself,
        )
    )
    return AuditReport(
        verdict=verdict,
        reason=reason,
        counts=_counts(given, design, copies),
        attack=attack,
        baselines=others,
        best=best,
        lowest=lowest,
        furthest_blind=furthest_blind,
        standing_out=apart,
        image_itself=itself,
        disclosure=disclosure,
        naive=naive_answers(design.used, prevalence=design.prevalence),
        eye=eye,
        other_eyes=other_eyes,
        controls=controls,
        power=power,
        set_level=set_level,
        images=Images(
            used=design.used,
            query_name=known.query_names if asked else None,
            **of_queries(of_each),
            exact_copies=copies,
            alike=alike,
            near_copies=near_copies,
        ),
        settings=Settings(
            alpha=design.alpha,
            design=design.design,
            max_auc=design.max_auc,
            max_share=design.max_share,
            max_disclosure_risk=design.max_disclosure_risk,
            prevalence=design.prevalence,
            fdr=design.fdr,
            cv=design.cv,
            n_permutations=design.n_permutations,
            seed=design.seeds.root,
            estimator=one_line(estimator),
            names=names,
        ),
        provenance=provenance_section(given, design),
    )


def describe(given, design, eye):
    """Describe every image once through an eye: real ones under every view, generated as they are.

    The attack under audit also needs the queries, and copies of the images to be planted.
    """
    under = f", the real ones under {len(eye.views)} views" if len(eye.views) > 1 else ""
    n_ways = getattr(eye.pairer, "n_ways", 1)
    choice = f", for a choice among {n_ways} ways to look at them" if n_ways > 1 else ""
    design.teller.say(
        f"{eye.name}: describing {len(given.images)} real and {given.n_generated} generated "
        f"images{under}{choice}"
    )
    described = partial(describing.described, verbose=design.teller.verbose)
    rows = Rows(
        real=described(eye.descriptor, given.images, views=eye.views),
        generated=described_sets(
            eye.descriptor,
            given.sets,
            given.store,
            half=given.half,
            verbose=design.teller.verbose,
        ),
        real_keys=as_keys(given.identities.real, len(given.images)),
    )
    if eye is not design.eye:
        return rows
    queries = given.queries
    if queries is not None:
        queries = described(eye.descriptor, queries, views=eye.views)
    copies, n_without = {}, 0
    for name, images in degraded_copies(given, design).items():
        try:
            copies[name] = described(eye.descriptor, images)
        except NoRowError:
            n_without += 1
    return replace(
        rows,
        queries=queries,
        copies=copies,
        copies_without_rows=n_without > 0,
        query_keys=None if given.queries is None else given.identities.queries,
    )


def _counts(given, design, copies):
    return Counts(
        used=design.used.sum(),
        used_patients=design.n_used_patients,
        not_used=design.not_used.sum(),
        generated=given.n_generated,
        queries=len(given.identities.queries),
        patients=None if design.groups is None else len(np.unique(design.groups)),
        folds=len(design.folds),
        mixed_patients=design.n_mixed_patients,
        exact_copies_of_used=len(copies.used),
        exact_copies_of_not_used=len(copies.not_used),
        exact_copies_of_queries=len(copies.queries),
    )

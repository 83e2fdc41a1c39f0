"""Attacks and blind checks on the same folds, and against the same permutations of labels."""

import math
import time
from dataclasses import dataclass, replace
from itertools import chain

import joblib

from ..images._patients import TooFewError
from ..metrics import all_scores, epsilon_lower_bound, rate_intervals
from ._blind_checks import first_view, stand_in_generators, textures_alone
from ._cross_fitting import CrossFit
from ._intervals import auc_interval, excess_interval
from ._permutation import (
    PermutationResult,
    best_of,
    furthest_of,
    lowest_of,
    mean_of,
    permutation_test,
    permuted_labels,
    standing_out,
)
from ._searched import winners_of
from ._tail import Ranking, patients_used
from .report._names import one_line
from .report._report import MAIN_ATTACK
from .report._sections import Attack, Best, BlindCheck, BlindChecks, Extreme, SeenBy, StandingOut
from .report._seen import attack_meaning, eye_meaning

TEXTURES_ALONE, STAND_IN = "textures alone", "real images as generated"
#: An estimate of the time is printed, asked for or not, where it is longer than this, in seconds.
_LONG = 600
#: Numbers of labellings are exact up to here.
_LARGEST_COUNT = 10**18


@dataclass(frozen=True)
class Contest:
    """What takes part before one eye: its attack, and names of the user in `baselines`.

    Each of the `blinds` is one fit, or several whose mean counts.
    """

    eye: str
    attack: CrossFit
    baselines: dict
    blinds: dict
    blind_reason: str | None

    def all(self):
        """Return every fit, as (name, fit)."""
        checks = ((name, fit) for name, fits in self.blinds.items() for fit in fits)
        return [*self.attacks(), *checks]

    def attacks(self):
        """Return the fits of all attacks, as (name, fit)."""
        return [(self.eye, self.attack), *self.baselines.items()]

    def without_inputs(self):
        """Return a copy that can be fitted to other labels, but holds no distances for it."""
        return replace(
            self,
            attack=self.attack.without_inputs(),
            baselines={name: fit.without_inputs() for name, fit in self.baselines.items()},
            blinds={
                name: [fit.without_inputs() for fit in fits] for name, fits in self.blinds.items()
            },
        )


@dataclass(frozen=True)
class Outcomes:
    """What the permutation tests of a contest gave, under the same names."""

    eye: str
    attack: PermutationResult
    baselines: dict
    blinds: dict

    def attacks(self):
        """Return the results of all attacks, as (name, result)."""
        return [(self.eye, self.attack), *self.baselines.items()]


def enter(design, eye, rows):
    """Compute the distances of every fold once, for all attacks of an eye and both its checks."""
    design.teller.say(f"{eye.name}: cross-validating")
    fit = CrossFit(
        eye.pairer,
        eye.attack,
        rows.real,
        design.used,
        generated=rows.generated,
        groups=design.groups,
        cv=design.folds,
        keys=rows.real_keys,
    )
    baselines = {name: fit.with_identifier(one) for name, one in eye.baselines.items()}
    blinds, reason = _enter_blind_checks(design, eye, rows, fit)
    return Contest(eye.name, fit, baselines, blinds, reason)


def _enter_blind_checks(design, eye, rows, fit):
    """Make both checks, or one and the reason why not the other."""
    blinds = {TEXTURES_ALONE: [textures_alone(fit, first_view(rows.real, eye.pairer))]}
    n_draws, seed = n_stand_ins(design.n_patients), design.seeds.of("stand-in patients")
    try:
        drawn = stand_in_generators(fit, eye.pairer, eye.attack, rows.real, n_draws, seed)
        # Their distances are not needed any more.
        stand_ins = [one.without_inputs() for one in drawn]
        # Whether the attack can be fitted on so few shows only when it is.
        stand_ins[0].out_of_fold()
    except TooFewError as error:
        return blinds, str(error)
    return {**blinds, STAND_IN: stand_ins}, None


def n_stand_ins(n_patients):
    """Return how often it is chosen at random who stands in, since one choice says little.

    From 40 patients on the mean ROC AUC varies over seeds by 0.02 or less (standard deviation).
    """
    return min(max(4, math.ceil(800 / n_patients)), 20)


def run_permutations(design, contests):
    """Test everything, before every eye, against the same permuted labels."""
    labellings = permuted_labels(
        contests[0].attack, design.n_permutations, design.seeds.of("permutations")
    )
    _estimate(design, contests, labellings)

    def test(name, *fits):
        design.teller.say(f"{name}: refitting {len(labellings)} permutations")
        return mean_of(
            [permutation_test(fit, labellings=labellings, n_jobs=design.n_jobs) for fit in fits]
        )

    return [
        Outcomes(
            eye=contest.eye,
            attack=test(contest.eye, contest.attack),
            baselines={name: test(name, fit) for name, fit in contest.baselines.items()},
            blinds={
                name: test(f"{name} ({contest.eye})", *fits)
                for name, fits in contest.blinds.items()
            },
        )
        for contest in contests
    ]


def _estimate(design, contests, labellings):
    """Time one refit of everything; say how long the permutations will take."""
    start = time.perf_counter()
    for _, fit in chain(*(contest.all() for contest in contests)):
        fit.raw_scores(labellings[0])
    refit = time.perf_counter() - start
    seconds = refit * len(labellings)
    seconds /= min(len(labellings), joblib.effective_n_jobs(design.n_jobs))
    design.teller.say(
        f"one refit takes {refit:.2g} s, so the permutations will take about "
        f"{seconds / 60:.1f} minutes",
        always=seconds > _LONG,
    )


def best_attack(outcomes):
    """Return the section of the best attack, and the null distribution of the largest AUC."""
    names, results = _all_attacks(outcomes)
    best, p_value, null = best_of(dict(enumerate(results)))
    n_distinct = results[best].n_distinct
    section = Best(
        name=names[best],
        p_value=p_value,
        n_distinct=n_distinct if n_distinct < _LARGEST_COUNT else None,
        log10_n_distinct=math.log10(n_distinct),
    )
    return section, null


def _all_attacks(outcomes):
    """Return the names of all attacks, before any eye, and their results."""
    return zip(*chain(*(one.attacks() for one in outcomes)), strict=True)


def lowest_attack(outcomes):
    """Return the section of the attack that is furthest below guessing."""
    names, results = _all_attacks(outcomes)
    lowest, p_value = lowest_of(dict(enumerate(results)))
    return Extreme(name=names[lowest], roc_auc=results[lowest].roc_auc, p_value=p_value)


def patients_standing_out(design, outcomes):
    """Return the section of the attack before which a few patients stand out most, and the null."""
    names, results = _all_attacks(outcomes)
    which, p_value, null = standing_out(dict(enumerate(results)))
    ranking = Ranking.of(results[which].score, design.groups, design.folds)
    n_extreme, n_used = ranking.most_extreme(design.used)
    section = StandingOut(name=names[which], p_value=p_value, n_patients=n_extreme, n_used=n_used)
    return section, null


def furthest_blind_check(outcomes):
    """Return the section of the blind check that is furthest from guessing, to either side."""
    checks = {
        name if one.eye == MAIN_ATTACK else f"{name} ({one.eye})": result
        for one in outcomes
        for name, result in one.blinds.items()
    }
    name, p_value = furthest_of(checks)
    return Extreme(name=name, roc_auc=checks[name].roc_auc, p_value=p_value)


def _resampling(design):
    """Return level and random numbers of the intervals, the same for all that are compared."""
    return {"confidence": 1 - design.alpha, "random_state": design.seeds.of("resamples")}


def attack_sections(design, eye, contest, outcomes):
    """Return the section of the attack that brings an eye, and those of the others by name."""
    blinds = list(outcomes.blinds.values())
    dials = _resampling(design)

    def section(identifier, result, fit):
        scores = all_scores(design.used, result.probability, prevalence=design.prevalence)
        scores["roc_auc"] = result.roc_auc
        excess = ends = None
        if STAND_IN in outcomes.blinds:
            excess, *ends = excess_interval(contest.attack, result, blinds, **dials)
        return Attack(
            eye=eye.name,
            meaning=attack_meaning(identifier),
            settings=one_line(identifier),
            scores=scores,
            interval=auc_interval(contest.attack, result, **dials),
            rate_intervals=rate_intervals(
                design.used,
                result.probability,
                groups=design.groups,
                prevalence=design.prevalence,
                confidence=1 - design.alpha,
            ),
            epsilon_lower_bound=_epsilon(design, result.probability),
            p_value=result.p_value,
            excess=excess,
            excess_interval=ends,
            probability=result.probability,
            score=result.score,
            winners=winners_of(fit),
        )

    others = {
        name: section(eye.baselines[name], result, contest.baselines[name])
        for name, result in outcomes.baselines.items()
    }
    return section(eye.attack, outcomes.attack, contest.attack), others


def _epsilon(design, probability):
    """Return the lower bound on epsilon; None where no patient was not used."""
    if patients_used(design.used, design.groups).all():
        return None
    return epsilon_lower_bound(
        design.used, probability, groups=design.groups, confidence=1 - design.alpha
    )


def eye_section(design, eye, contest, outcomes):
    """Return the section of an eye: what it sees, and what its blind checks reach."""
    dials = _resampling(design)
    checks = BlindChecks(
        checks={
            name: BlindCheck(
                roc_auc=result.roc_auc,
                interval=auc_interval(contest.attack, result, **dials),
                probability=result.probability,
                score=result.score,
            )
            for name, result in outcomes.blinds.items()
        },
        reason=contest.blind_reason,
    )
    return SeenBy(
        meaning=eye_meaning(eye.descriptor, eye.pairer, eye.views),
        settings=", ".join(
            one_line(one, but="n_jobs") for one in (eye.descriptor, eye.pairer, eye.views)
        ),
        blind_checks=checks,
    )


def sections_of_eyes(design, contests, outcomes):
    """Return the sections of the attack under audit, of all others, of its eye, of other eyes."""
    main, *rest = zip((design.eye, *design.other_eyes), contests, outcomes, strict=True)
    attack, others = attack_sections(design, *main)
    other_eyes = {}
    for one in rest:
        brings, shares = attack_sections(design, *one)
        others |= {one[0].name: brings, **shares}
        other_eyes[one[0].name] = eye_section(design, *one)
    return attack, others, eye_section(design, *main), other_eyes

"""Attacks and blind checks on the same folds, and against the same permutations of labels."""

import math
import time
from dataclasses import dataclass

import joblib

from ..images._patients import TooFewError
from ..metrics import all_scores
from ._blind_checks import first_view, stand_in_generator, textures_alone
from ._cross_fitting import CrossFit
from ._intervals import auc_interval, excess_interval
from ._permutation import PermutationResult, best_of, permutation_test, permuted_labels
from .report._report import MAIN_ATTACK
from .report._sections import Attack, Best, BlindCheck, BlindChecks
from .report._words import attack_meaning

TEXTURES_ALONE, STAND_IN = "textures alone", "real images as generated"
#: An estimate of the time is printed, asked for or not, where it is longer than this, in seconds.
_LONG = 600
#: Numbers of labellings are exact up to here.
_LARGEST_COUNT = 10**18


@dataclass(frozen=True)
class Contest:
    """What takes part: names of the user in `baselines`, ours in `blinds`."""

    attack: CrossFit
    baselines: dict
    blinds: dict
    blind_reason: str | None

    def all(self):
        """Return every fit, as (name, fit)."""
        return [(MAIN_ATTACK, self.attack), *self.baselines.items(), *self.blinds.items()]


@dataclass(frozen=True)
class Outcomes:
    """What the permutation tests of a contest gave, under the same names."""

    attack: PermutationResult
    baselines: dict
    blinds: dict

    def attacks(self):
        """Return the results of all attacks, as (name, result)."""
        return [(MAIN_ATTACK, self.attack), *self.baselines.items()]


def enter(design, rows):
    """Compute the distances of every fold once, for the attack, its baselines and both checks."""
    fit = CrossFit(
        design.pairer,
        design.attack,
        rows.real,
        design.used,
        generated=rows.generated,
        groups=design.groups,
        cv=design.folds,
    )
    baselines = {name: fit.with_identifier(one) for name, one in design.baselines.items()}
    blinds, reason = _enter_blind_checks(design, rows, fit)
    return Contest(fit, baselines, blinds, reason)


def _enter_blind_checks(design, rows, fit):
    """Make both checks, or one and the reason why not the other."""
    blinds = {TEXTURES_ALONE: textures_alone(fit, first_view(rows.real, design.pairer))}
    try:
        stand_in = stand_in_generator(
            fit, design.pairer, design.attack, rows.real, design.seeds.of("stand-in patients")
        )
        # Whether the attack can be fitted on so few shows only when it is.
        stand_in.out_of_fold()
    except TooFewError as error:
        return blinds, str(error)
    return {**blinds, STAND_IN: stand_in}, None


def run_permutations(design, contest):
    """Test everything against the same permuted labels."""
    labellings = permuted_labels(
        contest.attack, design.n_permutations, design.seeds.of("permutations")
    )
    _estimate(design, contest, labellings)

    def test(name, fit):
        design.teller.say(f"{name}: refitting {len(labellings)} permutations")
        return permutation_test(fit, labellings=labellings, n_jobs=design.n_jobs)

    return Outcomes(
        attack=test(MAIN_ATTACK, contest.attack),
        baselines={name: test(name, fit) for name, fit in contest.baselines.items()},
        blinds={name: test(name, fit) for name, fit in contest.blinds.items()},
    )


def _estimate(design, contest, labellings):
    """Time one refit of everything; say how long the permutations will take."""
    start = time.perf_counter()
    for _, fit in contest.all():
        fit.out_of_fold(labellings[0])
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
    names, results = zip(*outcomes.attacks(), strict=True)
    best, p_value, null = best_of(dict(enumerate(results)))
    n_distinct = results[best].n_distinct
    section = Best(
        name=names[best],
        p_value=p_value,
        n_distinct=n_distinct if n_distinct < _LARGEST_COUNT else None,
        log10_n_distinct=math.log10(n_distinct),
    )
    return section, null


def _resampling(design):
    """Return level and random numbers of the intervals, the same for all that are compared."""
    return {"confidence": 1 - design.alpha, "random_state": design.seeds.of("resamples")}


def attack_sections(design, contest, outcomes):
    """Return the section of the attack under audit, and those of its baselines by name."""
    blinds = list(outcomes.blinds.values())
    dials = _resampling(design)

    def section(identifier, result):
        scores = all_scores(design.used, result.probability, prevalence=design.prevalence)
        scores["roc_auc"] = result.roc_auc
        excess = ends = None
        if STAND_IN in outcomes.blinds:
            excess, *ends = excess_interval(contest.attack, result, blinds, **dials)
        return Attack(
            meaning=attack_meaning(identifier),
            settings=one_line(identifier),
            scores=scores,
            interval=auc_interval(contest.attack, result, **dials),
            p_value=result.p_value,
            excess=excess,
            excess_interval=ends,
            probability=result.probability,
        )

    others = {
        name: section(design.baselines[name], result) for name, result in outcomes.baselines.items()
    }
    return section(design.attack, outcomes.attack), others


def blind_section(design, contest, outcomes):
    """Return the section of the blind checks."""
    dials = _resampling(design)
    return BlindChecks(
        checks={
            name: BlindCheck(
                roc_auc=result.roc_auc,
                interval=auc_interval(contest.attack, result, **dials),
                probability=result.probability,
            )
            for name, result in outcomes.blinds.items()
        },
        reason=contest.blind_reason,
    )


def one_line(estimator):
    """Write an estimator with all its parameters; repr() leaves some out where they are many."""
    return " ".join(estimator.__repr__(N_CHAR_MAX=10**6).split())

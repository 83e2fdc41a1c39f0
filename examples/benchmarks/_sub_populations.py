"""Patients of several kinds: does an audit take a kind for an image? Studies of
`audit_simulations.py`."""

import numpy as np
from _audit_points import audit_of, draw, many, rate

ACCUSED = "leakage detected"
N_SIDE, N_GENERATED, N_NUMBERS = 40, 200, 20


def draw_kinds(seed, kinds, *, copied=0.0, noise=0.0, seen=True, spread=0.3):
    """Images of 20 numbers of 40 used and 40 not-used patients, and generated ones.

    Kinds are centres 1 apart in each number, images of a kind `spread`. Used and not-used patients
    come from two mixtures, each drawn from a flat Dirichlet distribution. The generator draws
    fresh images of the kinds that used patients have, as often as they have them, or, unless
    `seen`, from their mixture; `noise` is added, in units of `spread`. Then the share `copied` of
    the used images takes the place of others, 0.05 apart from what it was.
    """
    rng = np.random.default_rng([seed, kinds])
    centres = rng.normal(size=(kinds, N_NUMBERS))
    mixtures = rng.dirichlet(np.ones(kinds), size=2)

    def of(which):
        return centres[which] + spread * rng.normal(size=(len(which), N_NUMBERS))

    kind_of_used, kind_of_others = (rng.choice(kinds, N_SIDE, p=mixture) for mixture in mixtures)
    used, others = of(kind_of_used), of(kind_of_others)
    drawn = kind_of_used if seen else kinds
    fakes = of(rng.choice(drawn, N_GENERATED, p=None if seen else mixtures[0]))
    fakes += noise * spread * rng.normal(size=fakes.shape)
    n_copied = round(copied * N_SIDE)
    fakes[:n_copied] = used[:n_copied] + 0.05 * rng.normal(size=(n_copied, N_NUMBERS))
    return np.concatenate([used, others]), np.repeat([1, 0], N_SIDE), fakes


def verdict_on_kinds(seed, kinds, **data):
    """Whether the audit accuses, and what it needs for that."""
    real, used, fakes = draw_kinds(seed, kinds, **data)
    return _needed(audit_of(seed, real, used, fakes, np.arange(len(used))))


def _needed(report):
    excess = report.attacks[report.best.name].excess_interval
    apart = report.best.p_value <= report.settings.alpha
    itself = report.image_itself.p_value <= report.settings.alpha
    return report.verdict == ACCUSED, apart, apart and excess[0] > 0, itself


def kinds_of_patients(n, n_jobs, kinds=(3, 10, 30, 100), cases=({}, {"copied": 0.5})):
    """Used and not-used patients of other kinds: accused without a copy, and with copies.

    Where some were copied the answer is clearer, and a third of the draws is enough.
    """
    answers = {}
    for number in kinds:
        for data in cases:
            words = ", ".join(f"{name} {value:g}" for name, value in data.items()) or "none copied"
            n_draws = max(1, n // 3) if data.get("copied") else n
            rows = many(verdict_on_kinds, n_draws, n_jobs, kinds=number, **data)
            rows = zip(*rows, strict=True)
            answers |= _named(f"{number} kinds, {words}: ", rows)
    return answers


def _named(at, rows):
    accused, apart, excess, itself = map(rate, rows)
    return {
        at + "p <= alpha": apart,
        at + "and excess above 0": excess,
        at + "the image itself, p <= alpha": itself,
        at + ACCUSED: accused,
    }


def other_generators(n, n_jobs):
    """30 kinds and none copied: the mixture itself, and images noisier than real ones."""
    cases = ({"seen": False}, {"noise": 0.1}, {"noise": 0.3}, {"noise": 1.0})
    return kinds_of_patients(n, n_jobs, kinds=(30,), cases=cases)


def _with_and_without(seed, n_side, **data):
    real, used, fakes, groups = draw(seed, n_patients=2 * n_side, **data)
    return _needed(audit_of(seed, real, used, fakes, groups))


def power_by_size(n, n_jobs, sides=(20, 40, 100), effects=(0.0, 0.3, 0.6, 1.0)):
    """Points in the plane, a share of the used ones copied: what is found with so many patients."""
    answers = {}
    for n_side in sides:
        for effect in effects:
            rows = zip(
                *many(_with_and_without, n, n_jobs, n_side=n_side, effect=effect), strict=True
            )
            answers |= _named(f"{n_side} a side, {effect:.0%} copied: ", rows)
    return answers


STUDIES = {study.__name__: study for study in (kinds_of_patients, other_generators, power_by_size)}
#: Draws of each study: at length, and quick.
DRAWS = {"kinds_of_patients": (400, 20), "other_generators": (400, 20), "power_by_size": (100, 10)}

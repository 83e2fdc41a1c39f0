"""Patients of several kinds: does an audit take a kind for an image? Studies of
`audit_simulations.py`."""

from types import SimpleNamespace

import numpy as np
from _audit_points import ALPHA, as_images, audit_of, draw, many, rate
from scipy import ndimage

from ganisi.audit._design import AuditDesign, Seeds
from ganisi.audit._image_itself import image_itself

ACCUSED = "leakage detected"
#: What randomised groups need; what others needed before images were asked about; the verdict.
NEEDED = ("p <= alpha", "and excess above 0", ACCUSED)
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
    """Whether used images are nearer than their kind explains, and whether the audit accuses."""
    real, used, fakes = draw_kinds(seed, kinds, **data)
    nearer = _nearer(seed, real, used, fakes)
    # What does not hold forbids it, so the rest need not be computed.
    accused = nearer and audit_of(seed, real, used, fakes, np.arange(len(used))).verdict == ACCUSED
    return nearer, accused


def _nearer(seed, real, used, fakes):
    return _asked(seed, as_images(real), as_images(fakes), used == 1)


def _asked(seed, real, fakes, used):
    design = AuditDesign(used, np.arange(len(used)), None, [], None, (), Seeds(seed))
    return image_itself(SimpleNamespace(images=real, sets=[fakes]), design).p_value <= ALPHA


def kinds_of_patients(n, n_jobs, kinds=(3, 10, 30, 100), cases=({}, {"copied": 0.5})):
    """Used and not-used patients of other kinds: accused without a copy, and with copies.

    Where some were copied the answer is clearer, and a fifth of the draws is enough.
    """
    answers = {}
    for number in kinds:
        for data in cases:
            words = ", ".join(f"{name} {value:g}" for name, value in data.items()) or "none copied"
            n_draws = max(1, n // 5) if data.get("copied") else n
            rows = many(verdict_on_kinds, n_draws, n_jobs, kinds=number, **data)
            nearer, accused = map(rate, zip(*rows, strict=True))
            answers[f"{number} kinds, {words}: the image itself, p <= alpha"] = nearer
            answers[f"{number} kinds, {words}: {ACCUSED}"] = accused
    return answers


def other_generators(n, n_jobs):
    """30 kinds and none copied: the mixture itself, and images noisier than real ones."""
    cases = ({"seen": False}, {"noise": 0.1}, {"noise": 0.3}, {"noise": 1.0})
    return kinds_of_patients(n, n_jobs, kinds=(30,), cases=cases)


def draw_images_of_kinds(seed, kinds, copied=0.0, moved=0):
    """Used and generated images of 64 x 64 pixels, smooth ones of several kinds, none twice placed.

    An image is its kind's and, half as strong, its own, moved by up to 3 pixels. Then the share
    `copied` of the used ones takes the place of generated ones, nearly as they were, and all
    generated images are moved by so many pixels down and right.
    """
    rng = np.random.default_rng([seed, kinds])

    def fields(n):
        made = ndimage.gaussian_filter(rng.normal(size=(n, 64, 64)), (0, 3, 3), mode="wrap")
        return made / made.std()

    centres, mixture = fields(kinds), rng.dirichlet(np.ones(kinds))

    def of(which):
        own = centres[which] + 0.5 * fields(len(which))
        return np.stack([np.roll(one, rng.integers(-3, 4, size=2), (0, 1)) for one in own])

    kind = rng.choice(kinds, N_SIDE, p=mixture)
    used, fakes = of(kind), of(rng.choice(kind, N_GENERATED))
    n_copied = round(copied * N_SIDE)
    if n_copied:
        fakes[:n_copied] = used[:n_copied] + 0.1 * fields(n_copied)
    return used, np.roll(fakes, (moved, moved), (1, 2))


def _nearer_images(seed, **data):
    used, fakes = draw_images_of_kinds(seed, **data)
    return _asked(seed, used, fakes, np.ones(len(used), dtype=bool))


def kinds_of_images(n, n_jobs, kinds=(3, 30), cases=((0.0, 0), (0.5, 0), (0.5, 1), (0.5, 2))):
    """The image itself where images are smooth and placed anyhow: none copied, half, and moved."""
    answers = {}
    for number in kinds:
        for copied, moved in cases:
            flags = many(_nearer_images, n, n_jobs, kinds=number, copied=copied, moved=moved)
            answers[f"{number} kinds, {copied:.0%} copied, moved {moved}: p <= alpha"] = rate(flags)
    return answers


def _with_and_without(seed, n_side, **data):
    real, used, fakes, groups = draw(seed, n_patients=2 * n_side, **data)
    report = audit_of(seed, real, used, fakes, groups)
    apart = report.best.p_value <= ALPHA
    before = apart and report.attacks[report.best.name].excess_interval[0] > 0
    return apart, before, report.verdict == ACCUSED


def power_by_size(n, n_jobs, sides=(20, 40, 100), effects=(0.3, 0.6, 1.0)):
    """Points in the plane, a share of the used ones copied: what is found with so many patients."""
    answers = {}
    for side in sides:
        for effect in effects:
            rows = many(_with_and_without, n, n_jobs, n_side=side, effect=effect)
            for name, column in zip(NEEDED, zip(*rows, strict=True), strict=True):
                answers[f"{side} a side, {effect:.0%} copied: {name}"] = rate(column)
    return answers


STUDIES = {
    study.__name__: study
    for study in (kinds_of_patients, other_generators, kinds_of_images, power_by_size)
}
#: Draws of each study: at length, and quick.
DRAWS = {
    "kinds_of_patients": (400, 20),
    "other_generators": (400, 20),
    "kinds_of_images": (100, 5),
    "power_by_size": (100, 10),
}

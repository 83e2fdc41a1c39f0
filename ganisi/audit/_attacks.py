"""Which attacks take part, and which of them see with the same eye."""

from collections.abc import Mapping
from contextlib import contextmanager

from .._compat._sklearn import check_params
from ..identification import baselines as our_baselines
from ..model._eyes import default_eyes
from ._design import Eye
from ._taken import from_images, on_distances, taken_apart
from ._ways import WORK, same
from .report._report import MAIN_ATTACK


def gather_eyes(estimator, baselines, smallest_side):
    """Return the eye of the attack under audit and a list of the others, with all their attacks.

    Whatever is given is cloned: what would be random in it is fixed, and the user's stay as they
    are. `smallest_side`, in pixels, is what the eyes that are there by default must do with.
    """
    eye = Eye(MAIN_ATTACK, *from_images(estimator))
    eyes = [eye]
    if baselines is None:
        for name, attack in _default_attacks(smallest_side).items():
            _seat(eyes, name, attack, twice=False)
    else:
        _check_names(baselines)
        for name, attack in baselines.items():
            _check_attack(name, attack)
            _seat(eyes, name, attack)
    return eyes[0], eyes[1:]


def _default_attacks(smallest_side):
    """All of ours: those on the estimator's distances, and those with an eye of their own."""
    on_distances = [getattr(our_baselines, name) for name in our_baselines.__all__]
    return {make.__name__: make() for make in on_distances} | default_eyes(smallest_side)


def _seat(eyes, name, attack, *, twice=True):
    """Put an attack before its eye, which may be a new one; or leave it out if it sits there."""
    with blaming(name):
        own = _eye_of(name, attack)
        for stage in () if own is None else (own.descriptor, own.pairer):
            # Those of another may do their work, and what is wrong would go unsaid.
            check_params(stage)
    if own is None:
        eye, identifier = eyes[0], on_distances(attack)
    else:
        eye, identifier = next((one for one in eyes if _see_alike(one, own)), None), own.attack
        if eye is None:
            eyes.append(own)
            return
    there = [eye.attack, *eye.baselines.values()]
    # The labels are known here, whatever they were called.
    if twice or not any(same(identifier, one, WORK | {"pos_label"}) for one in there):
        eye.baselines[name] = identifier


@contextmanager
def blaming(name):
    """Say of which baseline it is that something is wrong."""
    try:
        yield
    except ValueError as error:
        raise ValueError(f"baselines[{name!r}]: {error}") from error


def _eye_of(name, attack):
    """Return the eye that an attack brings, None where it begins with distances."""
    taken = taken_apart(attack)
    return None if taken is None else Eye(name, *taken)


def _see_alike(one, other):
    return all(
        same(getattr(one, name), getattr(other, name)) for name in ("descriptor", "pairer", "views")
    )


def _check_names(baselines):
    if not isinstance(baselines, Mapping):
        raise TypeError(
            f"baselines is a {type(baselines).__name__}; expected a dict of attacks by name, {{}} "
            "for none, or None for all of ours."
        )
    if MAIN_ATTACK in baselines:
        raise ValueError(
            f"baselines has the name {MAIN_ATTACK!r}, which the report gives to the estimator "
            "under audit; give the baseline another name."
        )
    for name in baselines:
        if not isinstance(name, str):
            raise TypeError(
                f"baselines has the name {name!r}, a {type(name).__name__}; give each a name that "
                "is text."
            )


def _check_attack(name, attack):
    if isinstance(attack, type) or not hasattr(attack, "predict_proba"):
        raise TypeError(
            f"baselines[{name!r}] is {attack!r}; expected a classifier on distances, such as "
            "ganisi.baselines.NearestGenerated(), or a GANISI with an eye of its own, such as "
            "ganisi.baselines.pixels()."
        )

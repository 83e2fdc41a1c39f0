"""What an audit takes, taken apart: from images to distances, and what sees these."""

from numbers import Integral
from typing import NamedTuple

from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, RandomizedSearchCV
from sklearn.pipeline import Pipeline
from sklearn.utils.validation import has_fit_parameter

from ..images._views import Views
from ..model import ImagePairer
from ..model._matching import matching_stages
from ._searched import SearchedAttack, candidates_of, check_dials, moved_before
from ._ways import side_by_side


class Taken(NamedTuple):
    """Unfitted stages, defaults filled in."""

    descriptor: object
    pairer: object
    views: Views
    identifier: object


def taken_apart(attack):
    """Return the stages of an attack that begins with images; None where it begins otherwise.

    A `GANISI`, or what has its `stages`; a Pipeline that begins with an `ImagePairer`, or with a
    descriptor and a pairer, or holds a `GANISI` alone; or a search over one of these.
    """
    if isinstance(attack, (GridSearchCV, RandomizedSearchCV)):
        return _of_search(attack)
    if isinstance(attack, Pipeline):
        return _of_pipeline(attack)
    stages = attack.stages() if hasattr(attack, "stages") else ()
    if len(stages) != 3:
        return None
    descriptor, pairer, identifier = stages
    return Taken(descriptor, pairer, Views.of(getattr(attack, "views", None)), identifier)


def from_images(attack):
    """Return the stages of an attack that must begin with images."""
    taken = taken_apart(attack)
    if taken is None:
        raise TypeError(
            f"estimator is a {type(attack).__name__}, which has no stages() from images to "
            "probabilities; give a GANISI, such as ganisi.recommended(), a Pipeline that begins "
            "with an ImagePairer or with a descriptor and a pairer, or a GridSearchCV over one."
        )
    return taken


def store_of(attack):
    """Return where an attack keeps the rows of generated images, and whether at half the size.

    It may say so itself, or one of the estimators that it is made of, such as an `ImagePairer`.
    """
    parts = (attack, *attack.get_params().values())
    said = [
        (one.store, one.half) for one in parts if hasattr(one, "store") and hasattr(one, "half")
    ]
    return next((one for one in said if one[0] is not None), said[0] if said else (None, False))


def on_distances(attack):
    """Return a clone of an attack that begins with distances; of a search the nested one."""
    if isinstance(attack, (GridSearchCV, RandomizedSearchCV)):
        return SearchedAttack.of(attack, attack.estimator)
    return clone(attack)


def _of_pipeline(pipeline):
    steps = [(name, step) for name, step in pipeline.steps if step not in (None, "passthrough")]
    if len(steps) == 1:
        return taken_apart(steps[0][1])
    eye = _eye(steps)
    if eye is None:
        return None
    rest = _behind(pipeline)
    # An identifier alone is seen as what it is, and may be taken apart in turn.
    identifier = rest.steps[0][1] if len(rest.steps) == 1 else rest
    return Taken(*eye, identifier)


def _eye(steps):
    """Return descriptor, pairer and views of the steps that are before the identifier."""
    first = steps[0][1]
    if isinstance(first, ImagePairer):
        return *first.stages(), Views.of(first.views)
    if len(steps) > 2 and has_fit_parameter(steps[1][1], "generated"):
        alone = Views.of(None)
        return *matching_stages(first, steps[1][1], alone), alone
    return None


def _behind(pipeline):
    """Return the steps of a Pipeline that see distances, under their names."""
    steps = [(name, step) for name, step in pipeline.steps if step not in (None, "passthrough")]
    n_before = 1 if isinstance(steps[0][1], ImagePairer) else 2
    return Pipeline([(name, clone(step)) for name, step in steps[n_before:]])


def _of_search(search):
    within = search.estimator
    taken = taken_apart(within)
    if taken is None:
        return None
    behind = _behind_of(within, taken)
    if behind is None:
        raise TypeError(
            "a search over a Pipeline of one step cannot be taken apart; search over the step "
            "itself."
        )
    check_dials(search)
    before = moved_before(search, behind)
    if not before:
        attack = SearchedAttack.of(search, behind)
        return Taken(taken.descriptor, taken.pairer, taken.views, attack)
    seed = getattr(search, "random_state", 0)
    if not isinstance(seed, Integral):
        raise ValueError(
            f"the search has random_state={seed!r} and moves {', '.join(sorted(before))}: which "
            "candidates it draws must be known before images are described; give it a whole "
            "number, random_state=0."
        )
    looks = []
    for candidate in candidates_of(search):
        looks.append(_look(within, {n: v for n, v in candidate.items() if n in before}, behind))
    eye, ways = side_by_side(looks)
    return Taken(*eye, SearchedAttack.of(search, behind, ways))


def _behind_of(within, taken):
    """Return what of the model in a search sees distances, as a Pipeline; None where none can."""
    if isinstance(within, Pipeline):
        return _behind(within) if len(within.steps) > 1 else None
    return Pipeline([("identifier", taken.identifier)])


def _look(within, moved, behind):
    """Return descriptor, pairer and views of a candidate of a search."""
    model = clone(within).set_params(**{n: clone(v, safe=False) for n, v in moved.items()})
    said = f"the candidate {', '.join(f'{name}={moved[name]!r}' for name in sorted(moved))}"
    try:
        taken = taken_apart(model)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{said} of the search: {error}") from error
    rest = None if taken is None else _behind_of(model, taken)
    if rest is None or [name for name, _ in rest.steps] != [name for name, _ in behind.steps]:
        raise ValueError(
            f"{said} of the search has other steps behind the distances than the rest; search over "
            "it apart."
        )
    return taken[:3]

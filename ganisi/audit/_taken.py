"""What an audit takes, taken apart: from images to distances, and what sees these."""

from typing import NamedTuple

from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, RandomizedSearchCV
from sklearn.pipeline import Pipeline
from sklearn.utils.validation import has_fit_parameter

from ..images._views import Views
from ..model import ImagePairer
from ..model._matching import matching_stages
from ._searched import SearchedAttack


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
    if isinstance(within, Pipeline):
        behind = _behind(within) if len(within.steps) > 1 else None
    else:
        behind = Pipeline([("identifier", taken.identifier)])
    if behind is None:
        raise TypeError(
            "a search over a Pipeline of one step cannot be taken apart; search over the step "
            "itself."
        )
    attack = SearchedAttack.of(search, behind)
    return Taken(taken.descriptor, taken.pairer, taken.views, attack)

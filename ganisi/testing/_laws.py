"""A law is a function that raises AssertionError; it is told to somebody by its name."""

import re
from contextlib import contextmanager
from functools import partial, wraps

from sklearn.utils import estimator_checks

#: scikit-learn's own checks that need no data.
_WITHOUT_DATA = (
    estimator_checks.check_estimator_cloneable,
    estimator_checks.check_estimator_repr,
    estimator_checks.check_get_params_invariance,
    estimator_checks.check_mixin_order,
    estimator_checks.check_no_attributes_set_in_init,
    estimator_checks.check_set_params,
)


def adding_to(laws):
    """Return a decorator that puts a law on a list."""

    def law(function):
        laws.append(function)
        return function

    return law


def parameters_are_scikit_learns(estimator, *_):
    """Parameters are stored by ``__init__`` as they are, cloned and printed."""
    for check in _WITHOUT_DATA:
        check(type(estimator).__name__, estimator)


def bind(laws, estimator, *given):
    """Return a function of no argument for each law, which says whose law was broken."""
    return [_named(law, partial(law, estimator, *given), type(estimator)) for law in laws]


def run(checks):
    """Run all, and stop at the first that fails."""
    for check in checks:
        check()


def _named(law, bound, kind):
    told = law.__name__.replace("_", " ")

    @wraps(law)
    def check():
        try:
            bound()
        except Exception as error:
            raise AssertionError(
                f"{kind.__name__} does not obey the law {told!r}: {type(error).__name__}: {error}"
            ) from error

    # What is wrapped has other arguments, which pytest would look for.
    del check.__wrapped__
    return check


@contextmanager
def refused(match, *kinds):
    """Expect an error of one of the kinds (ValueError if none are given) whose text matches."""
    kinds = kinds or (ValueError,)
    said = None
    try:
        yield
    except kinds as error:
        said = f"{type(error).__name__}: {error}"
    if said is None:
        raise AssertionError(f"was not refused; expected {' or '.join(k.__name__ for k in kinds)}")
    if not re.search(match, said):
        raise AssertionError(f"the error does not say {match!r}, but: {said}")

"""Loops compiled by numba, where it is installed and works; imported when first asked for."""

from functools import cache
from types import FunctionType

#: Sums in any order, so that the compiler may spread them over vector lanes.
_OPTIONS = {"nogil": True, "fastmath": {"reassoc"}}


@cache
def compiled(function):
    """Return a function of this package compiled by numba, or None without a numba that works.

    The functions of its own module that it calls are compiled into it.
    """
    try:
        from numba import njit

        _let_be_called(function)
    except Exception:  # One that does not fit its own libraries raises whatever it likes.
        return None
    try:
        return njit(cache=True, **_OPTIONS)(function)
    except RuntimeError:  # Nowhere to keep what is compiled: compile it anew in each process.
        return njit(**_OPTIONS)(function)


@cache
def _let_be_called(function):
    """Tell numba of the helpers of a function; as plain Python they stay what they are."""
    from numba.extending import register_jitable

    for name in function.__code__.co_names:
        helper = function.__globals__.get(name)
        if isinstance(helper, FunctionType) and helper.__module__ == function.__module__:
            register_jitable(**_OPTIONS)(helper)
            _let_be_called(helper)

"""Loops compiled by numba, where it is installed and works; imported when first asked for."""

from functools import cache


@cache
def compiled(function):
    """Return a function of this module compiled by numba, or None without a numba that works."""
    try:
        from numba import njit
    except Exception:  # One that does not fit its own libraries raises whatever it likes.
        return None
    # Sums in any order, so that the compiler may spread them over vector lanes.
    options = {"nogil": True, "fastmath": {"reassoc"}}
    try:
        return njit(cache=True, **options)(function)
    except RuntimeError:  # Nowhere to keep what is compiled: compile it anew in each process.
        return njit(**options)(function)

"""Loops compiled by numba, where it is installed and works; imported when first asked for."""

import warnings
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
        kept = njit(cache=True, **_OPTIONS)(function)
    except RuntimeError:  # Nowhere to keep what is compiled: compile it anew in each process.
        return njit(**_OPTIONS)(function)
    # numba asks this object and no other, and lets through whatever reading a damaged file raises.
    kept._cache = _Kept(kept._cache)
    return kept


class _Kept:
    """numba's cache of one function; where it cannot be read or written, the code is made anew."""

    def __init__(self, kept):
        self._kept = kept

    def __getattr__(self, name):
        return getattr(self._kept, name)

    def load_overload(self, *what):
        """Return compiled code, or None where there is none that can be read."""
        try:
            return self._kept.load_overload(*what)
        except Exception as error:  # Reading a damaged pickle raises whatever it likes.
            self._begin_again()
            _warn(self._kept.cache_path, error)
            return None

    def save_overload(self, *what):
        """Keep compiled code where that can be done."""
        try:
            self._kept.save_overload(*what)
        except Exception as error:  # The index is read before it is written.
            # It may name a file by now that holds other code.
            self._begin_again()
            self._kept.disable()
            _warn(self._kept.cache_path, error)

    def _begin_again(self):
        try:
            self._kept.flush()
        except OSError:  # Nobody may write there.
            self._kept.disable()


_told = set()


def _warn(folder, error):
    """Warn once, whatever the number of functions and of folders that they are in."""
    if not _told:
        _told.add(folder)
        warnings.warn(
            f"compiled code in {folder} cannot be read or kept ({type(error).__name__}: {error}); "
            "it is compiled anew, which takes some seconds and changes no figure. If this comes "
            "again, remove the files *.nbi and *.nbc there and in the folders of other code of "
            "ganisi, and see whether there is room.",
            UserWarning,
            stacklevel=4,
        )


@cache
def _let_be_called(function):
    """Tell numba of the helpers of a function; as plain Python they stay what they are."""
    from numba.extending import register_jitable

    for name in function.__code__.co_names:
        helper = function.__globals__.get(name)
        if isinstance(helper, FunctionType) and helper.__module__ == function.__module__:
            register_jitable(**_OPTIONS)(helper)
            _let_be_called(helper)

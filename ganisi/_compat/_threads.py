"""One thread of BLAS, so that results do not depend on the number of cores."""

from contextlib import contextmanager
from functools import cache
from threading import Lock

from threadpoolctl import OpenBLASController, ThreadpoolController

_lock = Lock()
_inside = []


@cache
def _controller():
    # Looking for the libraries of a process takes milliseconds; using what was found does not.
    return ThreadpoolController()


@contextmanager
def one_blas_thread():
    """Let BLAS use one thread inside the block, in whatever threads of the process it is run.

    The limit is one of the whole process: the first block to begin sets it, the last to end
    lifts it.
    """
    with _lock:
        limiter = _inside[0] if _inside else _controller().limit(limits=1, user_api="blas")
        _inside.append(limiter)
    try:
        yield
    finally:
        with _lock:
            _inside.pop()
            if not _inside:
                _lift(limiter)


def _lift(limiter):
    # Newer versions of threadpoolctl heed only the thread that set a limit, which may not be the
    # last one to leave.
    if hasattr(OpenBLASController, "clear_controlling_thread"):
        OpenBLASController.clear_controlling_thread(force=True)
    limiter.restore_original_limits()

import threading

import numpy as np
import pytest
from threadpoolctl import ThreadpoolController

from ganisi._compat._threads import one_blas_thread


def blas_threads():
    return {library["num_threads"] for library in blas().info()}


def blas():
    # NumPy's BLAS is loaded by now.
    return ThreadpoolController().select(user_api="blas")


@pytest.fixture
def two_threads():
    np.eye(2) @ np.eye(2)
    if not blas().info():
        pytest.skip("threadpoolctl knows no BLAS here")
    with blas().limit(limits=2):
        if blas_threads() != {2}:
            pytest.skip("this BLAS cannot use two threads")
        yield


def test_blas_has_one_thread_inside_and_as_many_as_before_outside(two_threads):
    with one_blas_thread():
        assert blas_threads() == {1}
        with one_blas_thread():
            assert blas_threads() == {1}
        assert blas_threads() == {1}
    assert blas_threads() == {2}


def test_the_limit_holds_until_the_last_thread_has_left(two_threads):
    entered, leave = threading.Event(), threading.Event()

    def stay():
        with one_blas_thread():
            entered.set()
            leave.wait()

    thread = threading.Thread(target=stay)
    with one_blas_thread():
        thread.start()
        entered.wait()
    assert blas_threads() == {1}
    leave.set()
    thread.join()
    assert blas_threads() == {2}


def test_the_limit_is_lifted_after_an_error(two_threads):
    with pytest.raises(KeyboardInterrupt), one_blas_thread():
        raise KeyboardInterrupt
    assert blas_threads() == {2}

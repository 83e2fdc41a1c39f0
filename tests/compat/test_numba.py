"""Compiled code that was kept and is damaged is compiled anew, with one warning."""

import errno
import importlib.util
import warnings

import pytest

from ganisi._compat import _numba

#: Functions that take no time to compile.
FUNCTIONS = """
def double(x):
    return 2 * x

def triple(x):
    return 3 * x
"""


@pytest.fixture
def figures(tmp_path, monkeypatch):
    """What computes two figures by code that is kept in a folder, as a new process does."""
    numba = pytest.importorskip("numba")
    path = tmp_path / "functions.py"
    path.write_text(FUNCTIONS)
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path / "kept"))
    monkeypatch.setattr(_numba, "_told", set())

    def compute():
        spec = importlib.util.spec_from_file_location("functions", path)
        functions = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(functions)
        double, triple = (_numba.compiled(one) for one in (functions.double, functions.triple))
        if double is None:
            pytest.skip("numba cannot be used")
        return (double(3.0), triple(3.0)), (double, triple)

    assert compute()[0] == (6.0, 9.0)
    assert len(list(tmp_path.rglob("*.nbi"))) == len(list(tmp_path.rglob("*.nbc"))) == 2
    return compute


def truncated(data):
    return data[: len(data) // 2]


def empty(data):
    return b""


def other(data):
    return b"no pickle at all"


def compiled_anew(figures):
    """Tell how often code was not found among what is kept."""
    values, functions = figures()
    assert values == (6.0, 9.0)
    return sum(sum(one.stats.cache_misses.values()) for one in functions)


def test_what_is_kept_is_used(figures):
    assert compiled_anew(figures) == 0


@pytest.mark.parametrize("damage", [truncated, empty, other])
@pytest.mark.parametrize("files", ["*.nbi", "*.nbc"])
def test_a_damaged_cache_is_made_anew_with_one_warning(figures, tmp_path, files, damage):
    for file in tmp_path.rglob(files):
        file.write_bytes(damage(file.read_bytes()))
    with pytest.warns(UserWarning, match="compiled anew") as warned:
        assert compiled_anew(figures) == 2
    assert len(warned) == 1
    assert str(tmp_path) in str(warned[0].message)
    assert compiled_anew(figures) == 0


def test_damage_in_several_folders_is_told_once(monkeypatch):
    monkeypatch.setattr(_numba, "_told", set())
    with pytest.warns(UserWarning, match="code in one cannot be read or kept"):
        _numba._warn("one", EOFError("cut off"))
    # Warnings are errors.
    _numba._warn("another", EOFError("cut off"))


@pytest.mark.parametrize("what", ["_save_index", "_save_data"])
def test_where_nothing_can_be_written_a_damaged_cache_is_passed_by(
    figures, tmp_path, monkeypatch, what
):
    from numba.core.caching import IndexDataCacheFile

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    for file in tmp_path.rglob("*.nbi"):
        file.write_bytes(truncated(file.read_bytes()))
    monkeypatch.setattr(IndexDataCacheFile, what, full)
    with pytest.warns(UserWarning, match="see whether there is room") as warned:
        assert compiled_anew(figures) == 2
    assert len(warned) == 1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert compiled_anew(figures) == 2

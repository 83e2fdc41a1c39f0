"""Distances that may be too large for memory."""

import os

import numpy as np
import pytest

from ganisi import CDFWassersteinPairer
from ganisi.distances import PairerUnion
from ganisi.distances._folds import pair_folds, pair_more
from ganisi.distances._large import empty_distances, large_distances_in, queries_of, side_by_side

RNG = np.random.default_rng(0)
REAL, FAKE = RNG.random((8, 2 * 16), np.float32), RNG.random((5, 16), np.float32)
FOLDS = [(np.arange(5), np.arange(5, 8)), (np.arange(3, 8), np.arange(3))]
PAIRER = CDFWassersteinPairer(n_quantiles=1, grid=2, relative=True, n_views=2)
UNION = PairerUnion([("all", PAIRER)], n_views=2)


@pytest.fixture(autouse=True)
def all_are_large(monkeypatch):
    monkeypatch.setattr("ganisi.distances._large._SMALLEST_IN_FILE", 0)


def is_in_a_file(array):
    while isinstance(array.base, np.ndarray):
        array = array.base
    return isinstance(array, np.memmap)


def both(folder, work):
    """Return what is made in memory, and what in a folder."""
    in_memory = work()
    with large_distances_in(folder):
        return in_memory, work()


def assert_in_files(in_memory, in_files):
    assert len(in_memory) == len(in_files)
    for one, other in zip(in_memory, in_files, strict=True):
        assert is_in_a_file(other)
        assert not is_in_a_file(one)
        np.testing.assert_array_equal(one, other, strict=True)


@pytest.mark.parametrize("pairer", [PAIRER, UNION], ids=["one", "union"])
def test_all_that_grows_with_the_generated_images_is_in_files(tmp_path, pairer):
    def work():
        of_fit = pairer.fit_transform(REAL, generated=(FAKE,))
        paired = pair_folds(pairer, REAL, FOLDS, generated=(FAKE,))
        more = pair_more(pairer, paired, REAL, FOLDS, generated=(FAKE,), more=FAKE[:3] + 1)
        of_folds = [distances for _, *both in paired for distances in both]
        return of_fit, pairer.transform(REAL[:2]), *of_folds, *(d for both in more for d in both)

    assert_in_files(*both(tmp_path, work))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_distances_of_others_keep_their_precision_in_a_file(tmp_path, dtype):
    one, other = (RNG.random((4, 3, 2)).astype(dtype) for _ in range(2))

    def work():
        return side_by_side([one, other], axis=2), queries_of(one, np.array([2, 0]))

    in_memory, in_files = both(tmp_path, work)
    assert_in_files(in_memory, in_files)
    assert in_files[0].dtype == dtype


def test_files_have_no_name(tmp_path):
    with large_distances_in(tmp_path):
        kept = empty_distances((3, 4, 5))
    assert kept.shape == (3, 4, 5)
    assert list(tmp_path.iterdir()) == []
    kept[:] = 1
    assert kept.sum() == 60


def test_the_folder_is_named_for_a_while_only(tmp_path):
    with pytest.raises(KeyError), large_distances_in(tmp_path):
        raise KeyError
    assert not is_in_a_file(empty_distances((1, 1, 1)))


def test_none_is_memory_also_within_a_folder(tmp_path):
    with large_distances_in(tmp_path), large_distances_in(None):
        assert not is_in_a_file(empty_distances((1, 1, 1)))


def test_small_ones_are_held_in_memory(tmp_path, monkeypatch):
    monkeypatch.setattr("ganisi.distances._large._SMALLEST_IN_FILE", 4 * 6)
    with large_distances_in(tmp_path):
        assert not is_in_a_file(empty_distances((1, 5, 1)))
        assert is_in_a_file(empty_distances((1, 6, 1)))


@pytest.mark.skipif(os.name != "posix", reason="no such modes")
def test_a_file_is_for_nobody_else(tmp_path, monkeypatch):
    modes, memmap = [], np.memmap

    class Seen(memmap):
        def __new__(cls, file, *args, **dials):
            modes.append(os.fstat(file.fileno()).st_mode & 0o077)
            return memmap(file, *args, **dials)

    monkeypatch.setattr(np, "memmap", Seen)
    with large_distances_in(tmp_path):
        empty_distances((1, 1, 1))
    assert modes == [0]

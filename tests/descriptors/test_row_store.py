"""Rows that are kept are those of the image they are kept for, whole, and nobody else's."""

import os
import stat
import warnings

import joblib
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from ganisi import ImageFile, Intensity, SteerableGaussian
from ganisi._compat import _writing
from ganisi.descriptors._row_store import RowStore
from ganisi.images import _survey

IMAGES = np.random.default_rng(0).integers(0, 256, (4, 16, 20), dtype=np.uint8)
ROW = np.arange(5, dtype=np.float32)


def entries(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_a_row_comes_back_bit_for_bit_and_for_its_image_and_settings_only(tmp_path):
    row = np.array([-0.0, 1e-45, 3.4e38, 1 / 3], np.float32)
    RowStore(tmp_path, "a").save("image", row)
    assert RowStore(tmp_path, "a").load("image").tobytes() == row.tobytes()
    assert RowStore(tmp_path, "a").load("other") is None
    assert RowStore(tmp_path, "b").load("image") is None


def test_an_entry_holds_the_raw_numbers_and_no_pickle(tmp_path):
    RowStore(tmp_path, "a").save("image", ROW)
    (path,) = entries(tmp_path)
    entry = path.read_bytes()
    assert entry.endswith((20).to_bytes(8, "little") + ROW.astype("<f4").tobytes())
    assert len(entry) == len(b"ganisi row 1\n") + 32 + 8 + 20


def test_a_damaged_entry_is_none(tmp_path):
    store = RowStore(tmp_path, "a")
    store.save("image", ROW)
    (path,) = entries(tmp_path)
    whole = path.read_bytes()

    @settings(max_examples=60, deadline=None)
    @given(st.data())
    def law(data):
        at = data.draw(st.integers(0, len(whole) - 1))
        change = data.draw(st.sampled_from(["cut", "flip", "longer", "empty"]))
        flipped = whole[:at] + bytes([whole[at] ^ data.draw(st.integers(1, 255))]) + whole[at + 1 :]
        path.write_bytes(
            {"cut": whole[:at], "flip": flipped, "longer": whole + b"0", "empty": b""}[change]
        )
        assert store.load("image") is None

    law()
    store.save("image", ROW)
    np.testing.assert_array_equal(store.load("image"), ROW)


def test_an_entry_under_the_name_of_another_is_none(tmp_path):
    store = RowStore(tmp_path, "a")
    store.save("image", ROW)
    (first,) = entries(tmp_path)
    store.save("other", ROW + 1)
    (second,) = set(entries(tmp_path)) - {first}
    second.write_bytes(first.read_bytes())
    assert store.load("other") is None


@pytest.mark.skipif(os.name != "posix", reason="needs permissions")
def test_rows_are_for_their_owner(tmp_path):
    before = os.umask(0)
    try:
        Intensity(memory=tmp_path / "new").fit_transform(IMAGES)
    finally:
        os.umask(before)
    folders = [path for path in (tmp_path / "new").rglob("*") if path.is_dir()]
    assert folders
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in folders} == {0o700}


def test_a_path_is_a_folder_as_its_name_is(tmp_path):
    rows = Intensity(memory=tmp_path).fit_transform(IMAGES)
    kept = entries(tmp_path)
    assert len(kept) == len(IMAGES)
    np.testing.assert_array_equal(Intensity(memory=str(tmp_path)).fit_transform(IMAGES), rows)
    assert entries(tmp_path) == kept


def test_a_memory_of_joblib_is_refused_with_what_to_give(tmp_path):
    with pytest.raises(ValueError, match=r"'memory' .* must be an instance of 'str'.*PathLike"):
        Intensity(memory=joblib.Memory(tmp_path, verbose=0)).fit(IMAGES)


def test_a_file_swapped_after_it_was_looked_at_poisons_nothing(tmp_path, monkeypatch):
    path, cache = tmp_path / "a.png", tmp_path / "cache"
    Image.fromarray(IMAGES[0]).save(path)
    descriptor = Intensity(memory=cache).fit([path])
    facts_of, swapped = _survey.image_facts, []

    def swapping(item):
        facts = facts_of(item)
        if not swapped:
            swapped.append(Image.fromarray(IMAGES[1]).save(path))
        return facts

    monkeypatch.setattr("ganisi.descriptors._base.image_facts", swapping)
    plain = Intensity().fit_transform(IMAGES)
    np.testing.assert_array_equal(descriptor.transform([path])[0], plain[1])
    # Nothing of the second is kept under what the first is known by.
    np.testing.assert_array_equal(descriptor.transform(IMAGES[:2]), plain[:2])


def test_a_full_disk_is_warned_of_and_changes_no_row(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(_writing.os, "replace", full)
    with pytest.warns(UserWarning, match=r"rows are not kept.*No space left.*another folder"):
        rows = Intensity(memory=tmp_path).fit_transform(IMAGES)
    np.testing.assert_array_equal(rows, Intensity().fit_transform(IMAGES))
    assert entries(tmp_path) == []


def test_two_processes_share_a_folder(tmp_path):
    def describe():
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return SteerableGaussian(n_quantiles=4, memory=tmp_path).fit_transform(IMAGES)

    both = joblib.Parallel(n_jobs=2)(joblib.delayed(describe)() for _ in range(4))
    for rows in both[1:]:
        np.testing.assert_array_equal(rows, both[0])
    assert len(entries(tmp_path)) == len(IMAGES)


def test_more_files_than_65536_are_read_once(monkeypatch):
    reads = []
    monkeypatch.setattr(ImageFile, "version", lambda _: (0,))
    monkeypatch.setattr(_survey, "read_image", lambda file: reads.append(1) or IMAGES[0][:1, :1])
    files = [ImageFile(f"{i}.png") for i in range(2**16 + 1)]
    try:
        for _ in range(2):
            for file in files:
                _survey.image_facts(file)
    finally:
        _survey._file_facts.cache_clear()
    assert len(reads) == len(files)

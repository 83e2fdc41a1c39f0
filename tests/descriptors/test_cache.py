import os

import numpy as np
import pytest
from PIL import Image

from ganisi import (
    GaborBank,
    ImageFile,
    Intensity,
    MultiscaleHessian,
    SteerableGaussian,
    classical_descriptors,
)
from ganisi.images._survey import image_facts

IMAGES = np.random.default_rng(0).integers(0, 256, (6, 16, 20), dtype=np.uint8)


@pytest.fixture
def paths(tmp_path):
    paths = [str(tmp_path / f"{i}.png") for i in range(len(IMAGES))]
    for path, image in zip(paths, IMAGES, strict=True):
        Image.fromarray(image).save(path)
    return paths


def counted(monkeypatch, owner, name):
    """Calls of a method from now on."""
    calls, method = [], getattr(owner, name)

    def count(self, *args):
        calls.append(args)
        return method(self, *args)

    monkeypatch.setattr(owner, name, count)
    return calls


@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError])
def test_after_an_interruption_only_the_rest_is_described(error, tmp_path, monkeypatch):
    descriptor = SteerableGaussian(memory=str(tmp_path)).fit(IMAGES)
    maps_of = SteerableGaussian._maps
    n_described = 0

    def interrupted(self, image):
        nonlocal n_described
        n_described += 1
        if n_described == 3:
            raise error
        return maps_of(self, image)

    monkeypatch.setattr(SteerableGaussian, "_maps", interrupted)
    with pytest.raises(error):
        descriptor.transform(IMAGES)
    n_described = 10
    rows = descriptor.transform(IMAGES)
    assert n_described == 10 + 4
    np.testing.assert_array_equal(rows, SteerableGaussian().fit_transform(IMAGES))


def test_a_row_that_was_half_written_is_described_again(tmp_path):
    descriptor = SteerableGaussian(memory=str(tmp_path))
    rows = descriptor.fit_transform(IMAGES)
    broken = next(path for path in tmp_path.rglob("*") if path.is_file())
    whole = broken.read_bytes()
    broken.write_bytes(whole[:20])
    np.testing.assert_array_equal(descriptor.transform(IMAGES), rows)
    assert broken.read_bytes() == whole


def test_arrays_and_files_share_the_cache(paths, tmp_path, monkeypatch):
    descriptor = MultiscaleHessian(memory=str(tmp_path / "cache"))
    rows = descriptor.fit_transform(IMAGES)
    described = counted(monkeypatch, MultiscaleHessian, "_maps")
    np.testing.assert_array_equal(descriptor.fit_transform(paths), rows)
    assert described == []


def test_files_known_to_the_cache_are_read_once_for_all_descriptors(paths, tmp_path, monkeypatch):
    union = classical_descriptors(n_quantiles=4, memory=str(tmp_path / "cache"))
    rows = union.fit_transform(paths)
    image_facts.__globals__["_file_facts"].cache_clear()  # as in a new process
    reads = counted(monkeypatch, ImageFile, "read")
    np.testing.assert_array_equal(union.fit_transform(paths), rows)
    assert len(reads) == len(paths)


@pytest.mark.parametrize("memory", [False, True])
def test_a_file_that_changed_is_described_anew(memory, paths, tmp_path):
    descriptor = Intensity(memory=str(tmp_path / "cache") if memory else None)
    before = descriptor.fit_transform(paths)
    status = os.stat(paths[0])
    Image.fromarray(255 - IMAGES[0]).save(paths[0])
    os.utime(paths[0], ns=(status.st_atime_ns, status.st_mtime_ns + 10**9))
    after = descriptor.transform(paths)
    np.testing.assert_array_equal(after[1:], before[1:])
    np.testing.assert_array_equal(after[:1], Intensity().fit_transform(255 - IMAGES[:1]))


def test_a_cached_image_of_another_depth_is_refused_all_the_same(tmp_path):
    wide = IMAGES.astype(np.uint16)
    Intensity(memory=str(tmp_path)).fit_transform(wide)
    fitted = Intensity(memory=str(tmp_path)).fit(IMAGES)
    with pytest.raises(ValueError, match="the images before it are uint8"):
        fitted.transform(wide)


def test_workers_share_the_cache(tmp_path, monkeypatch):
    rows = SteerableGaussian(memory=str(tmp_path), n_jobs=2).fit_transform(IMAGES)
    described = counted(monkeypatch, SteerableGaussian, "_maps")
    again = SteerableGaussian(memory=str(tmp_path)).fit_transform(IMAGES)
    np.testing.assert_array_equal(again, rows)
    assert described == []


class WithoutSteps(Intensity):
    """A descriptor of somebody who knows of no steps."""

    def __init__(self, *, n_quantiles=8, grid=1, n_jobs=None, memory=None):
        self.n_quantiles, self.grid, self.n_jobs, self.memory = n_quantiles, grid, n_jobs, memory


def test_rows_of_other_steps_are_not_taken_for_ones_of_these(tmp_path, monkeypatch):
    kept = {
        steps: Intensity(n_quantiles=8, steps=steps, memory=tmp_path).fit_transform(IMAGES)
        for steps in ("tails", "equal")
    }
    assert (kept["tails"] != kept["equal"]).any()
    for steps, rows in kept.items():
        plain = Intensity(n_quantiles=8, steps=steps).fit_transform(IMAGES)
        np.testing.assert_array_equal(rows, plain)
    # Also where the default is what changes, and no parameter tells.
    rows = WithoutSteps(memory=tmp_path).fit_transform(IMAGES)
    np.testing.assert_array_equal(rows, kept["tails"])
    monkeypatch.setattr("ganisi.descriptors._base.steps_of", lambda descriptor: "equal")
    rows = WithoutSteps(memory=tmp_path).fit_transform(IMAGES)
    np.testing.assert_array_equal(rows, kept["equal"])


def test_a_row_of_other_wavelengths_is_not_taken_for_one_of_these(tmp_path):
    """Wavelengths that `fit` chose by the size of other images are part of what a row is."""
    banks = [GaborBank(n_quantiles=2, memory=str(tmp_path)) for _ in range(2)]
    for bank, side in zip(banks, (16, 48), strict=True):
        bank.fit(np.zeros((1, side, side), np.uint8))
    for bank in banks:
        plain = GaborBank(bank.wavelengths_, n_quantiles=2)
        np.testing.assert_array_equal(bank.transform(IMAGES), plain.fit_transform(IMAGES))

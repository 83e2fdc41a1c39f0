import numpy as np
import pytest
from sklearn.pipeline import make_union

from ganisi import GaborBank, Intensity
from ganisi._compat import _progress
from ganisi.model import _describing
from ganisi.model._describing import described


@pytest.fixture
def small_blocks(monkeypatch):
    monkeypatch.setattr(_describing, "_IMAGES_PER_BLOCK", 7)
    monkeypatch.setattr(_describing, "_IMAGES_PER_WORKER", 0)


@pytest.mark.parametrize(
    "descriptor",
    [Intensity(grid=4), make_union(Intensity(grid=2), GaborBank(grid=2))],
    ids=["one", "union"],
)
def test_rows_are_those_of_the_descriptor_whatever_the_block(leaky, descriptor, small_blocks):
    expected = descriptor.fit(leaky.real).transform(leaky.real)
    rows = described(descriptor, leaky.real)
    np.testing.assert_array_equal(rows, expected)
    assert rows.dtype == expected.dtype
    assert rows.flags.c_contiguous


def test_rows_may_not_be_written_to_and_the_descriptors_own_stay_writable(leaky):
    class Keeper(Intensity):
        def transform(self, X):
            self.rows_ = super().transform(X)
            return self.rows_

    descriptor = Keeper().fit(leaky.real)
    rows = described(descriptor, leaky.real)
    with pytest.raises(ValueError, match="read-only"):
        rows[0] = 0
    assert descriptor.rows_.flags.writeable


def test_images_are_counted_for_the_reader(leaky, small_blocks, capsys, monkeypatch):
    described(Intensity().fit(leaky.real), leaky.real, "describing real images", verbose=1)
    told = capsys.readouterr().err
    assert "describing real images" in told
    assert f"{len(leaky.real)}/{len(leaky.real)}" in told
    # After the first seven, and not only at the end; bars are drawn ten times a second at most.
    monkeypatch.setattr(_progress, "_tqdm", lambda: None)
    described(Intensity().fit(leaky.real), leaky.real[:8], "describing", verbose=1)
    assert "7/8" in capsys.readouterr().err

"""No image is described twice in one way while rows are kept."""

from pathlib import Path

import numpy as np
import pytest
from sklearn.pipeline import make_union
from sklearn.preprocessing import FunctionTransformer

from ganisi import GaborBank, Intensity
from ganisi.model import _describing
from ganisi.model._describing import described, keeping_rows


class Counting(Intensity):
    """Keeps how many images it was asked to describe, by all copies of it."""

    asked = []  # noqa: RUF012

    def transform(self, X):
        self.asked.append(len(X))
        return super().transform(X)


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    monkeypatch.setattr(_describing, "_IMAGES_PER_BLOCK", 7)
    monkeypatch.setattr(_describing, "_IMAGES_PER_WORKER", 0)
    monkeypatch.setattr(Counting, "asked", [])


@pytest.mark.parametrize("views", [None, "mirrors"])
def test_what_was_described_is_not_again_and_is_the_same(leaky, views):
    descriptor = Counting(grid=4).fit(leaky.real)
    some = leaky.real[::-2]
    expected = described(descriptor, some, views=views)
    Counting.asked.clear()
    per_image = 4 if views else 1
    with keeping_rows():
        described(descriptor, leaky.real[:20], views=views)
        assert sum(Counting.asked) == 20 * per_image
        rows = described(descriptor, some, views=views)
        assert sum(Counting.asked) == len(leaky.real[20:][::-2]) * per_image + 20 * per_image
        np.testing.assert_array_equal(described(descriptor, some, views=views), rows)
    np.testing.assert_array_equal(rows, expected)
    assert rows.dtype == expected.dtype
    assert not rows.flags.writeable


def test_workers_change_no_rows_and_other_settings_views_and_images_do(leaky):
    def n_described(descriptor, images=leaky.real, views=None):
        Counting.asked.clear()
        described(descriptor.fit(leaky.real), images, views=views)
        return sum(Counting.asked)

    n = len(leaky.real)
    with keeping_rows():
        assert n_described(Counting(grid=4)) == n
        assert n_described(Counting(grid=4, n_jobs=2)) == 0
        assert n_described(make_union(Counting(grid=4))) == n
        assert n_described(make_union(Counting(grid=4, n_jobs=2))) == 0
        assert n_described(Counting(grid=2)) == n
        assert n_described(Counting(grid=4), views="mirrors") == 4 * n
        assert n_described(Counting(grid=4), leaky.real[:, ::-1]) == n
    assert n_described(Counting(grid=4)) == n
    with keeping_rows():
        assert n_described(Counting(grid=4)) == n


def test_a_folder_of_rows_is_no_other_descriptor(leaky, tmp_path):
    with keeping_rows():
        described(Counting(grid=4).fit(leaky.real), leaky.real)
        described(Counting(grid=4, memory=Path(tmp_path)).fit(leaky.real), leaky.real)
    assert sum(Counting.asked) == len(leaky.real)


def test_what_cannot_be_known_again_is_described_again(leaky):
    calls = []
    first = FunctionTransformer(lambda X: calls.append(len(X)) or np.stack(X)[:, 0, :4])
    with keeping_rows():
        rows = [described(first.fit(leaky.real), leaky.real) for _ in range(2)]
    assert sum(calls) == 2 * len(leaky.real)
    np.testing.assert_array_equal(*rows)


def test_unions_of_several_are_kept_too(leaky):
    union = make_union(Counting(grid=2), GaborBank(grid=2)).fit(leaky.real[:9])
    with keeping_rows():
        first, again = (described(union, leaky.real[:9]) for _ in range(2))
    assert sum(Counting.asked) == 9
    np.testing.assert_array_equal(first, again)

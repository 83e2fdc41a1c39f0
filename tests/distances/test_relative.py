import numpy as np
import pytest

from ganisi import CDFWassersteinPairer
from ganisi.distances._relative import RelativeScale


def fitted(distances):
    return RelativeScale.fit(lambda columns: distances[:, columns], distances.shape[1])


def test_z_is_the_standardised_logarithm_of_the_distance():
    distances = np.random.default_rng(0).gamma(4, size=(20, 5, 3)).astype(np.float32)
    new = np.random.default_rng(1).gamma(4, size=(2, 5, 3)).astype(np.float32)
    offset = 1e-6 * np.median(distances, axis=(0, 1))
    logs = np.log(distances + offset)
    expected = (np.log(new + offset) - logs.mean(axis=0)) / logs.std(axis=0)
    z = fitted(distances).standardise(new)
    assert z.dtype == np.float32
    np.testing.assert_allclose(z, expected, rtol=1e-4)


def test_constant_and_slightly_negative_distances_divide_by_no_zero():
    distances = np.ones((4, 3, 2), np.float32)
    distances[0, 0, 0] = -1e-5
    z = fitted(distances).standardise(distances)
    assert np.isfinite(z).all()
    assert (z[:, 1:] == 0).all()


def test_distances_are_written_over_only_where_that_is_asked_for():
    distances = np.random.default_rng(0).gamma(4, size=(6, 5, 3)).astype(np.float32)
    before, scale = distances.copy(), fitted(distances)
    z = scale.standardise(distances)
    np.testing.assert_array_equal(distances, before)
    assert scale.standardise(distances, out=distances) is distances
    np.testing.assert_array_equal(distances, z)


@pytest.mark.parametrize("size", [1, 7, 60])
def test_the_size_of_a_block_changes_no_statistic(size, monkeypatch):
    distances = np.random.default_rng(0).gamma(4, size=(6, 50, 3)).astype(np.float32)
    whole = fitted(distances)
    monkeypatch.setattr("ganisi.distances._relative._PAIRS_PER_BLOCK", size)
    parts = fitted(distances)
    np.testing.assert_array_equal(parts.offset, whole.offset)
    np.testing.assert_allclose(parts.location, whole.location, rtol=1e-6)
    np.testing.assert_allclose(parts.scale, whole.scale, rtol=1e-6)


def test_one_group_is_refused_before_any_distance(monkeypatch):
    monkeypatch.setattr(CDFWassersteinPairer, "_compare", lambda *_: pytest.fail("compared"))
    rows = np.random.default_rng(0).random((4, 1))
    pairer = CDFWassersteinPairer(n_quantiles=1, relative=True)
    with pytest.raises(ValueError, match="at least 2 groups"):
        pairer.fit_transform(rows, generated=(rows[:3],), groups=np.zeros(4))

import numpy as np
import pytest

from ganisi.metrics._resampling import resampled_weights

# Patients with used images only, with others only, and with both; of one, two or three images.
USED = np.array([1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1, 0], dtype=bool)
GROUPS = np.array([0, 0, 1, 2, 3, 4, 4, 5, 5, 5, 6, 6])


@pytest.fixture(scope="module")
def weights():
    return resampled_weights(USED, GROUPS, 2000, np.random.RandomState(0))


def test_the_images_of_a_patient_come_together(weights):
    for patient in np.unique(GROUPS):
        own = weights[:, patient == GROUPS]
        assert (own == own[:, :1]).all()


@pytest.mark.parametrize("patients", [(0, 1, 2), (3, 4), (5, 6)])
def test_as_many_patients_of_each_kind_are_drawn_as_there_are(weights, patients):
    first = [np.flatnonzero(patient == GROUPS)[0] for patient in patients]
    assert (weights[:, first].sum(axis=1) == len(patients)).all()


def test_every_patient_is_drawn_once_in_the_mean(weights):
    # The standard deviation of a count is at most 1, so that of the mean is at most 0.023.
    np.testing.assert_allclose(weights.mean(axis=0), 1, atol=0.1)


def test_both_classes_are_in_every_resample(weights):
    assert (weights[:, USED].sum(axis=1) > 0).all()
    assert (weights[:, ~USED].sum(axis=1) > 0).all()


def test_the_patients_of_one_kind_and_one_image_each_are_a_plain_bootstrap():
    n = 8
    rng = np.random.RandomState(0)
    counts = resampled_weights(np.ones(n, bool), np.arange(n), 5, rng)
    expected = np.random.RandomState(0).multinomial(n, np.full(n, 1 / n), size=5)
    np.testing.assert_array_equal(counts, expected)

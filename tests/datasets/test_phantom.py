import hashlib

import numpy as np
import pytest
from sklearn.metrics import pairwise_distances

from ganisi.datasets._phantom import draw_chest

SIZE = 64


def draw(n_patients=24, n_slices=3, seed=0, **dials):
    rng = np.random.RandomState(seed)
    return np.stack([draw_chest(n_slices, SIZE, rng, **dials) for _ in range(n_patients)])


def rms(one, other):
    return np.sqrt(np.mean((one.astype(float) - other) ** 2, axis=(-1, -2)))


def between_patients(patients):
    rows = patients[:, 0].reshape(len(patients), -1).astype(float)
    distances = pairwise_distances(rows) / SIZE
    return distances[np.triu_indices(len(rows), 1)].mean()


def test_the_dials_at_rest_leave_every_bit_as_it_was():
    np.testing.assert_array_equal(draw(4), draw(4, variety=0.0, spacing=1.0))


def test_the_same_seed_gives_the_same_bits_with_variety_and_another_does_not():
    digests = [
        hashlib.sha256(draw(2, variety=1.0, seed=seed).tobytes()).hexdigest() for seed in (0, 0, 1)
    ]
    assert digests[0] == digests[1] != digests[2]


def test_more_variety_sets_patients_further_apart():
    means = [
        np.mean([between_patients(draw(seed=seed, variety=variety)) for seed in range(3)])
        for variety in (0.0, 0.5, 1.0)
    ]
    assert means[0] < means[1] < means[2]
    # As far as slices of different patients lie apart in a public CT set: 68 grey levels.
    assert means[2] == pytest.approx(68, rel=0.15)


def test_smaller_spacing_brings_slices_of_a_patient_together_and_none_makes_them_one_place():
    def neighbours(spacing):
        patients = draw(spacing=spacing)
        return rms(patients[:, 0], patients[:, 1]).mean()

    assert neighbours(0.1) < neighbours(0.4) < neighbours(1.0)
    # At one height only noise and grain differ.
    assert neighbours(0.0) < 8


def test_a_larger_field_of_view_draws_the_same_patient_smaller():
    patients = draw(40, 1, variety=1.0)[:, 0]
    body = (patients > 150).mean(axis=(1, 2))
    assert body.min() < 0.5 * body.max()
    assert body.min() > 0.02

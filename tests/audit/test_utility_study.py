"""What ``examples/benchmarks/_utility.py`` measures: known answers, and a short version."""

import numpy as np
import pytest

from ganisi.datasets import make_source_identification


@pytest.fixture
def study(simulations):
    return simulations._utility


@pytest.fixture(scope="module")
def phantoms():
    """Real phantoms of 60 patients, two slices each, in random order."""
    return make_source_identification(60, 60, 1, size=32, random_state=0)


def of(study, phantoms, shown):
    """Distances of sets of phantoms to those of the 30 patients who are in none of them."""
    real = phantoms.groups % 2 == 0
    utility = study.Utility(shown, phantoms.real[real], phantoms.groups[real])
    return lambda which: utility.distance(np.asarray(which), np.arange(real.sum()))


def test_the_distance_is_none_between_two_parts_of_one_population_however_many(study, phantoms):
    distance = of(study, phantoms, phantoms.real[phantoms.groups % 2 == 1])
    assert abs(distance(np.arange(60))) < 0.05
    few = [distance(np.random.default_rng(i).permutation(60)[:6]) for i in range(60)]
    assert abs(np.mean(few) - distance(np.arange(60))) < 0.03


def test_it_grows_with_noise_and_where_a_kind_is_missing(study, phantoms):
    shown = phantoms.real[phantoms.groups % 2 == 1]
    noise = np.random.default_rng(0).normal(0, 20, shown.shape)
    noisy = np.clip(shown + noise, 0, 255).astype(np.uint8)
    distance = of(study, phantoms, np.concatenate([shown, noisy]))
    assert (
        distance(np.arange(60, 120)) > distance(np.r_[:60, 60:90]) > distance(np.arange(60)) + 0.05
    )
    darkest = np.argsort(shown.mean(axis=(1, 2)))
    assert distance(darkest[:15]) > distance(np.arange(60)) + 0.05


def test_slices_of_one_patient_are_no_two_patients(study):
    patients = np.arange(20).repeat(2)
    rng = np.random.default_rng(0)
    centres = rng.integers(0, 256, (20, 32, 32)).astype(np.uint8)
    utility = study.Utility(centres[:4], centres[patients], patients)
    alone = study.Utility(centres[:4], centres, np.arange(20))
    four = np.arange(4)
    d = utility._distances
    # Two real images of different patients are 1 apart; that is the unit.
    expected = 2 * d[:4, 4:].mean() - d[:4, :4].sum() / 12 - 1
    assert utility.distance(four, np.arange(40)) == pytest.approx(expected, abs=1e-6)
    assert utility.distance(four, np.arange(40)) == pytest.approx(
        alone.distance(four, np.arange(20)), abs=1e-6
    )


def test_a_list_that_finds_noisy_copies_brings_the_rest_back_to_the_population(study):
    answers = study.utility(1, 1)
    at = "noise 0.25, correlation: "
    assert answers[at + "copies withheld"][0] > 0.9
    assert answers[at + "published to unseen images"][0] > 0.2
    assert answers[at + "as many by lot to unseen images"][0] > 0.2
    assert abs(answers[at + "kept to unseen images"][0]) < 0.05
    blind = "moved 2, pixels: "
    assert answers[blind + "copies withheld"][0] == 0
    assert answers[blind + "kept to used images"] == answers[blind + "published to used images"]

"""A lower bound on epsilon: by patient, and never above what was planted."""

import numpy as np
import pytest
from scipy.stats import beta

from ganisi.metrics import epsilon_lower_bound

USED = np.repeat([1, 0], 50)


def test_it_is_the_ratio_of_the_ends_of_the_exact_intervals():
    said = np.r_[np.arange(50) < 40, np.arange(50) < 5]
    tpr, fpr = beta.ppf(0.025, 40, 11), beta.ppf(0.975, 6, 45)
    tnr, fnr = beta.ppf(0.025, 45, 6), beta.ppf(0.975, 11, 40)
    right = max(np.log(tpr / fpr), np.log(tnr / fnr))
    assert epsilon_lower_bound(USED, said) == pytest.approx(right)
    relaxed = max(np.log((tpr - 0.1) / fpr), np.log((tnr - 0.1) / fnr))
    assert epsilon_lower_bound(USED, said, delta=0.1) == pytest.approx(relaxed)
    assert epsilon_lower_bound(USED, said, delta=0.99) == 0


def test_labels_and_answers_may_change_places():
    said = np.r_[np.arange(50) < 49, np.arange(50) < 20]
    there, back = (epsilon_lower_bound(*one) for one in ((USED, said), (1 - USED, ~said)))
    assert there == pytest.approx(back)


@pytest.mark.parametrize("n", [20, 50, 100])
def test_few_patients_show_no_more_than_they_can(n):
    share = 0.025 ** (1 / n)
    used = np.repeat([1, 0], n)
    assert epsilon_lower_bound(used, used) == pytest.approx(np.log(share / (1 - share)))


def test_a_patient_is_one_answer_however_many_images_it_has():
    said = np.r_[np.arange(50) < 45, np.arange(50) < 5].astype(float)
    once = epsilon_lower_bound(USED, said)
    often = [np.repeat(one, 6) for one in (USED, said, np.arange(100))]
    assert epsilon_lower_bound(*often[:2], groups=often[2]) == once
    assert epsilon_lower_bound(*often[:2]) > once
    # The mean decides, and one used image makes a used patient.
    doubt = epsilon_lower_bound([1, 1, 0, 0], [0.9, 0.2, 0.1, 0.1], groups=[0, 0, 1, 2])
    assert doubt == epsilon_lower_bound([1, 0, 0], [1, 0, 0])
    mixed = epsilon_lower_bound([1, 0, 0, 0], [0.9, 0.2, 0.1, 0.1], groups=[0, 0, 1, 2])
    assert mixed == doubt


def test_randomised_response_is_bounded_by_its_own_epsilon():
    rng = np.random.default_rng(0)
    epsilon = 1.0
    truth = np.exp(epsilon) / (1 + np.exp(epsilon))
    used = np.repeat([1, 0], 200)
    bounds = [
        epsilon_lower_bound(used, np.where(rng.random(400) < truth, used, 1 - used))
        for _ in range(300)
    ]
    assert np.mean(np.array(bounds) > epsilon) <= 0.05
    assert np.mean(bounds) > 0.5


def test_guessing_excludes_nothing():
    rng = np.random.default_rng(0)
    bounds = [epsilon_lower_bound(USED, rng.random(100)) for _ in range(200)]
    assert np.mean(np.array(bounds) > 0) <= 0.05


def test_what_cannot_be_is_refused():
    for options, why in [
        ({"delta": 1}, "delta=1"),
        ({"confidence": 1}, "confidence=1"),
        ({"groups": np.tile(np.arange(50), 2)}, "every patient has a used image"),
        ({"groups": [1]}, "inconsistent numbers"),
    ]:
        with pytest.raises(ValueError, match=why):
            epsilon_lower_bound(USED, USED, **options)

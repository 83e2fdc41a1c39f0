import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from ganisi.metrics import (
    all_scores,
    clopper_pearson_interval,
    ppv_at_prevalence,
    rate_intervals,
)


@st.composite
def answers(draw):
    """Labels, scores with ties, and patients of one label each."""
    sizes = draw(st.lists(st.integers(1, 5), min_size=4, max_size=16))
    patients = np.arange(len(sizes)).repeat(sizes)
    scores = draw(st.lists(st.integers(0, 8), min_size=len(patients), max_size=len(patients)))
    return patients % 2, np.array(scores) / 8, patients


@settings(deadline=None, max_examples=60)
@given(answers(), st.sampled_from([0.05, 0.1, 0.3, 0.5]), st.sampled_from([0.01, 0.3]))
def test_an_interval_holds_its_rate_and_is_the_wider_the_fewer_patients_or_the_surer(
    data, fpr, prevalence
):
    used, score, patients = data
    dials = {"fpr": (fpr,), "prevalence": prevalence}
    scores = all_scores(used, score, **dials)
    of_images = rate_intervals(used, score, **dials)
    of_patients = rate_intervals(used, score, groups=patients, **dials)
    surer = rate_intervals(used, score, groups=patients, confidence=0.99, **dials)
    possible = {"recall", "specificity", "ppv_at_prevalence", f"tpr_at_fpr={fpr:g}"}
    assert set(of_images) == {name for name in possible if not np.isnan(scores[name])}
    for name, (low, high) in of_patients.items():
        assert 0 <= low <= scores[name] + 1e-12
        assert scores[name] - 1e-12 <= high <= 1
        for wider, narrower in ((surer, of_patients), (of_patients, of_images)):
            if not name.startswith("tpr"):  # whole numbers of patients lie above its threshold
                assert wider[name][0] <= narrower[name][0] + 1e-9
                assert wider[name][1] >= narrower[name][1] - 1e-9


@pytest.mark.parametrize("n_right", [0, 3, 20])
def test_images_of_a_patient_each_have_the_exact_interval(n_right):
    used = np.repeat([1, 0], 20)
    said = np.r_[np.arange(20) < n_right, np.zeros(20)]
    assert rate_intervals(used, said)["recall"] == pytest.approx(
        clopper_pearson_interval(n_right, 20)
    )


def test_patients_of_equal_size_count_as_one_answer_each():
    used, patients = np.repeat([1, 0], 20), np.arange(40) // 4
    intervals = rate_intervals(used, used, groups=patients)
    assert intervals["recall"] == pytest.approx(clopper_pearson_interval(5, 5))
    # A patient with nearly all images is nearly alone.
    lone = np.r_[np.zeros(17, int), 1, 2, 3, patients[20:] + 4]
    assert rate_intervals(used, used, groups=lone)["recall"][0] < 0.1


def test_no_false_alarm_of_few_supports_no_great_share_of_right_accusations():
    used = np.repeat([1, 0], 20)
    low, high = rate_intervals(used, used, prevalence=0.01)["ppv_at_prevalence"]
    assert ppv_at_prevalence(1.0, 1.0, 0.01) == high == 1
    assert low < 0.05


def test_a_low_fpr_that_few_patients_cannot_show_has_no_lower_end():
    used = np.repeat([1, 0], [40, 40])
    of_images = rate_intervals(used, used, fpr=(0.2,))["tpr_at_fpr=0.2"]
    of_patients = rate_intervals(used, used, fpr=(0.2,), groups=np.arange(80) // 4)
    assert of_images[0] > 0.8
    assert of_patients["tpr_at_fpr=0.2"] == (0, 1)


@pytest.mark.parametrize("per_patient", [1, 4])
def test_intervals_hold_the_truth_as_often_as_they_promise(per_patient):
    """Images of a patient depend on each other wholly; 30 patients of each label."""
    rng, n, held = np.random.default_rng(0), 200, {}
    used = np.repeat([1, 0], 30)
    shift, rate = 1.0, 0.2
    truth = {
        "recall": norm.sf(0.5 - shift),
        "specificity": norm.cdf(0.5),
        "tpr_at_fpr=0.2": norm.sf(norm.isf(rate) - shift),
    }
    truth["ppv_at_prevalence"] = ppv_at_prevalence(truth["recall"], truth["specificity"], 0.1)
    for _ in range(n):
        score = rng.normal(size=60) + shift * used
        each = [values.repeat(per_patient) for values in (used, score, np.arange(60))]
        intervals = rate_intervals(
            *each[:2], groups=each[2], threshold=0.5, fpr=(rate,), prevalence=0.1
        )
        for name, (low, high) in intervals.items():
            held[name] = held.get(name, 0) + (low <= truth[name] <= high)
    assert held.keys() == truth.keys()
    assert min(held.values()) >= 0.92 * n

"""A short version of what ``examples/benchmarks/_probabilities.py`` measures."""

import numpy as np
import pytest
from scipy.special import expit

from ganisi.identification._calibration import fit_sigmoid


@pytest.fixture
def study(simulations):
    return simulations._probabilities


@pytest.mark.parametrize("leak", ["no leak", "weak", "strong", "a few"])
def test_the_interval_holds_the_truth_and_is_narrower_for_more_patients(study, leak):
    few, many = (
        np.mean([study.intervals_of(seed, leak, n, 1)["interval"] for seed in range(4)], axis=0)
        for n in (10, 40)
    )
    assert min(few[0], many[0]) >= 0.9
    assert many[1] < few[1] - 0.1


@pytest.mark.parametrize("leak", ["weak", "a few"])
def test_the_true_share_is_that_of_many_images(study, leak):
    rng = np.random.default_rng(0)
    model = study.CalibratedByQuery(study.LogisticRegression())
    model.fit(*study.draw_rows(rng, 30, 1, leak))
    rows, used, _ = study.draw_rows(rng, 30_000, 1, leak)
    scores = model.decision_function(rows)
    for bin_ in np.array_split(np.argsort(scores), 6):
        right = study.true_share(model.classifier_, scores[bin_], leak).mean()
        assert used[bin_].mean() == pytest.approx(right, abs=0.02)


def test_venn_abers_adds_the_query_as_not_used_and_as_used(study):
    # All scores are equal: 6 of 20 are used, then 6 and 7 of 21.
    sigmoid = fit_sigmoid(np.zeros(20), np.r_[np.ones(6, int), np.zeros(14, int)])
    np.testing.assert_allclose(study.venn_abers(sigmoid, np.zeros(1))[:, 0], [6 / 21, 7 / 21])


def test_the_normal_approximation_is_that_of_the_log_odds(study):
    sigmoid = fit_sigmoid(np.r_[-np.ones(50), np.ones(50)], np.arange(100) % 4 // 3)
    low, high = study.normal_approximation(sigmoid, np.array([1.0]))
    # 50 answers at a score alone have this standard error.
    p = sigmoid.predict(np.array([1.0]))[0]
    error = 1.96 / np.sqrt(50 * p * (1 - p))
    expected = expit(np.add(np.log(p / (1 - p)), [-error, error]))
    np.testing.assert_allclose([low[0], high[0]], expected, rtol=1e-3)

import numpy as np
import pytest
from displays import PROBABILITY, USED, legend_of, line_labelled

from ganisi.baselines import NearestGenerated
from ganisi.plotting import ProbabilityDisplay

RNG = np.random.default_rng(0)


def test_probabilities_stand_in_order_over_the_spread_of_their_pairs(plt):
    pairs = RNG.uniform(size=(40, 30))
    pairs[:, 20:] = np.nan
    display = ProbabilityDisplay(PROBABILITY, pairs, USED).plot()
    used = line_labelled(display.ax_, "used query, fused (20)")
    others = line_labelled(display.ax_, "not-used query, fused (20)")
    for line, which in [(used, USED), (others, ~USED)]:
        x, y = line.get_data()
        np.testing.assert_array_equal(np.sort(y), np.sort(PROBABILITY[which]))
        np.testing.assert_array_equal(PROBABILITY[display.order][x - 1], y)
    assert used.get_marker() != others.get_marker()
    thin, thick = display.ax_.collections
    first = pairs[display.order[0], :20]
    for lines, shares in [(thin, (0.1, 0.9)), (thick, (0.25, 0.75))]:
        ends = lines.get_segments()[0][:, 1]
        np.testing.assert_allclose(ends, np.quantile(first, shares))
    assert legend_of(display.ax_.get_legend())[0] == "pairs: middle 80 %"
    assert display.ax_.get_ylabel() == "probability of having been used"


def test_probabilities_of_a_model_are_those_it_predicts(fitted, leaky, plt):
    queries = leaky.real[:4]
    display = ProbabilityDisplay.from_estimator(fitted, queries)
    np.testing.assert_array_equal(display.probability, fitted.predict_proba(queries)[:, 1])
    pairs = fitted.predict_pair_proba(queries)[:, :, 1]
    np.testing.assert_array_equal(display.pair_probability, pairs)
    assert legend_of(display.plot().ax_.get_legend())[-1] == "query, fused (4)"


def test_a_model_without_pairs_shows_fused_probabilities_alone(plt):
    distances = RNG.gamma(3, size=(12, 9, 2))
    model = NearestGenerated().fit(distances, np.arange(12) % 2)
    display = ProbabilityDisplay.from_estimator(model, distances).plot()
    assert display.pair_probability is None
    assert len(display.ax_.collections) == 0
    assert display.ax_.get_title() == "Probability of each query"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([[0.1, 0.9]],), "give one number a query"),
        (([],), "give one number a query"),
        (([1.5],), "must be between 0 and 1"),
        (([np.nan],), "holds NaN; leave these queries out"),
        (([0.5], [0.5]), r"give \(n_queries, n_generated\)"),
        (([0.5], [[np.nan]]), "no pair that is not NaN"),
        (([0.5, 0.5], [[0.5]]), "pair_probability has 1 rows for 2 queries"),
        (([0.5, 0.5], None, [True]), "used has 1 rows for 2 queries; give one each"),
    ],
)
def test_probabilities_that_are_none_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        ProbabilityDisplay(*arguments)

"""Short versions of ``examples/benchmarks/audit_simulations.py``, with wide margins."""

import pytest
from scipy.stats import binom, kstest


@pytest.mark.parametrize("slices", [1, 3])
def test_without_a_leak_the_p_value_of_the_largest_of_several_aucs_is_uniform(simulations, slices):
    p = simulations.many(simulations.p_of_the_largest, 200, 1, slices=slices)
    assert kstest(p, "uniform").pvalue > 0.01


def test_without_a_leak_leakage_is_detected_no_more_often_than_alpha(simulations):
    n = 6
    verdicts = simulations.many(simulations._verdict, n, 1, slices=2)
    assert verdicts.count("leakage detected") <= binom.ppf(0.999, n, simulations.ALPHA)


def test_where_the_two_groups_differ_without_a_leak_the_attack_shouts_and_the_verdict_does_not(
    simulations,
):
    answers = simulations.scanner_shift(5, 1)
    assert answers["shift without leak: attack better than chance"] > 0.5
    assert answers["shift without leak: AUC of the better blind check"] > 0.8
    assert answers["shift without leak: leakage detected"] == 0


def test_a_leak_is_found_the_more_surely_the_larger_it_is(simulations):
    answers = simulations.power(5, 1, effects=(0.0, 0.3, 1.0))
    found = [answers[f"effect {effect:g}: p <= alpha"] for effect in (0.0, 0.3, 1.0)]
    assert found[0] <= 0.4
    assert found[0] <= found[1] + 0.2
    assert found[2] == 1
    assert answers["effect 1: leakage detected"] >= 0.5
    for effect in (0.0, 0.3, 1.0):
        assert answers[f"effect {effect:g}: coverage of the AUC's interval"] >= 0.65
    simulated = answers["AUC with simulated power 0.8"]
    assert answers["minimum detectable AUC, median"] == pytest.approx(simulated, abs=0.12)


def test_planted_copies_are_found_the_less_the_noisier_and_chance_is_found_where_there_are_none(
    simulations,
):
    answers = simulations.control(10, 1, noise=(0.0, 0.1, 3.0))
    assert answers["planted noise 0: mean AUC"] > 0.95
    assert answers["planted noise 0: found"] == 1
    assert (
        answers["planted noise 0: mean AUC"]
        > answers["planted noise 0.1: mean AUC"]
        > answers["planted noise 3: mean AUC"]
    )
    assert answers["planted nothing: mean AUC"] == pytest.approx(0.5, abs=0.15)
    assert answers["planted nothing: found"] <= 0.3


def test_a_set_of_used_images_is_told_and_one_of_unused_images_is_not(simulations):
    n = 20
    alarms = sum(simulations.many(simulations._set, n, 1, share=0.0, slices=1))
    assert alarms <= binom.ppf(0.999, n, simulations.ALPHA)
    assert sum(simulations.many(simulations._set, 10, 1, share=0.6, slices=1)) >= 7


def test_exchanged_labels_are_asked_about(simulations):
    answers = simulations.STUDIES["swapped_labels"](3, 1, effects=(1.0,))
    assert answers["leak 1, labels exchanged: asked whether they are"][0] == 1
    assert answers["leak 1, labels true: asked whether they are"][0] == 0


def test_smoother_copies_beside_smoother_unused_images_are_not_cleared(simulations):
    answers = simulations.STUDIES["smoother_copies"](3, 1, cases=((2.0, 0.5),))
    assert answers["50% copied, smoother by 2: cleared"][0] == 0


def test_a_few_memorised_patients_are_not_cleared_at_their_share(simulations):
    dials = {"n_permutations": 39, "sides": (60,), "shares": (0.0, 0.3)}
    answers = simulations.STUDIES["memorised_patients"](5, 1, **dials)
    assert answers["60 a side, 30% copied: max_share the same, max_auc 0.99, cleared"][0] == 0
    assert answers["60 a side, 30% copied: patients stand out"][0] == 1
    assert 0.05 <= answers["60 a side: detectable share, median"] <= 0.25

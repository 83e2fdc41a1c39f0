"""Decisions about queries: by patient, against held-out patients, and never a clearance."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control

from ganisi import CDFWassersteinPairer
from ganisi.audit import CrossFit, query_decisions, reference_split
from ganisi.baselines import NearestGenerated
from ganisi.identification._conformal import NotUsedPatients, images_of_patient, q_values


def points(n_patients, n_images, rng):
    """Points of patients, and whose they are."""
    centres = rng.normal(size=(n_patients, 2)).repeat(n_images, axis=0)
    return centres + 0.1 * rng.normal(size=centres.shape), np.arange(n_patients).repeat(n_images)


def asked(n_images=1, cv=None, seed=0, n_leaking=10, rng=None, identifier=None, **arguments):
    """Decisions about 10 used patients and 10 others, and what was asked."""
    rng = np.random.default_rng(seed)
    real, groups = points(100, n_images, rng)
    used = groups < 30
    queries, of_queries = points(20, n_images, rng)
    fakes = np.concatenate([real[used], queries[of_queries < n_leaking]]) + 0.001
    fit = CrossFit(
        CDFWassersteinPairer(n_quantiles=1),
        identifier or NearestGenerated(),
        real,
        used,
        generated=(fakes,),
        groups=groups,
        cv=cv or reference_split(used, groups, 0),
    )
    return query_decisions(fit, queries, groups=of_queries, random_state=0, **arguments), fit


@pytest.mark.parametrize("cv", [None, 3])
@pytest.mark.parametrize("n_images", [1, 3])
def test_leaking_patients_are_used_and_the_others_are_never_called_not_used(n_images, cv):
    found, _ = asked(n_images, cv)
    assert set(found.decision[: 10 * n_images]) == {"used"}
    assert set(found.decision) == {"used", "not distinguishable"}
    np.testing.assert_array_equal(found.decision == "used", found.q_value <= 0.1)
    assert found.n_reference == (35 if cv is None else 70)


def test_p_values_are_those_of_the_definition():
    found, fit = asked()
    [(_, test)] = fit.folds
    rng = np.random.default_rng(0)
    points(100, 1, rng)
    queries, _ = points(20, 1, rng)
    scores, left_out = fit.score_beside(queries, 0)
    reference = left_out[~fit.used[test]]
    expected = [(1 + (reference >= one).sum()) / (1 + len(reference)) for one in scores]
    np.testing.assert_array_equal(found.p_value, expected)
    np.testing.assert_allclose(found.q_value, false_discovery_control(found.p_value, method="bh"))
    by, _ = asked(method="by")
    np.testing.assert_allclose(by.q_value, false_discovery_control(expected, method="by"))


def test_each_model_compares_with_the_patients_that_it_has_not_seen():
    found, fit = asked(cv=4)
    rng = np.random.default_rng(0)
    points(100, 1, rng)
    queries, _ = points(20, 1, rng)
    as_high = 0
    for k, (_, test) in enumerate(fit.folds):
        scores, left_out = fit.score_beside(queries, k)
        as_high = as_high + (left_out[~fit.used[test], None] >= scores).sum(axis=0)
    np.testing.assert_array_equal(found.p_value, (1 + as_high) / (1 + 70))


def test_the_largest_of_as_many_images_counts_for_query_and_reference():
    found, fit = asked(3)
    [(_, test)] = fit.folds
    rng = np.random.default_rng(0)
    points(100, 3, rng)
    queries, _ = points(20, 3, rng)
    scores, left_out = fit.score_beside(queries, 0)
    reference = left_out[~fit.used[test]].reshape(-1, 3).max(axis=1)
    expected = np.array([(1 + (reference >= one).sum()) / 36 for one in scores])
    np.testing.assert_array_equal(found.p_value, expected)
    of_patient = expected.reshape(-1, 3).min(axis=1)
    np.testing.assert_allclose(
        found.q_value.reshape(-1, 3).min(axis=1), false_discovery_control(of_patient)
    )


def test_patients_with_used_images_are_no_reference():
    rng = np.random.default_rng(0)
    real, groups = points(40, 2, rng)
    used = (groups < 10) & (np.arange(80) % 2 == 0)
    split = [(np.arange(20), np.arange(20, 80)), (np.arange(40, 80), np.arange(20))]
    fit = CrossFit(
        CDFWassersteinPairer(n_quantiles=1), NearestGenerated(), real, used,
        generated=(real[used],), groups=groups, cv=[split[1]],
    )  # fmt: skip
    with pytest.raises(ValueError, match="no fold leaves out a patient without used images"):
        query_decisions(fit, real[:3])
    fit = CrossFit(
        CDFWassersteinPairer(n_quantiles=1), NearestGenerated(), real, used,
        generated=(real[used],), groups=groups, cv=[(np.arange(10), np.arange(10, 80))],
    )  # fmt: skip
    assert query_decisions(fit, real[:1] + 5).n_reference == 30


def null_patients(rng, n_reference, n_asked, sizes, within=1.0):
    """Scores of exchangeable patients, whose images are alike, and who have `sizes` images."""
    n_images = rng.choice(sizes, n_reference + n_asked)
    patients = np.arange(n_reference + n_asked).repeat(n_images)
    scores = rng.normal(size=n_reference + n_asked)[patients]
    scores = scores + within * rng.normal(size=len(patients))
    known = patients < n_reference
    return scores[known], patients[known], scores[~known], patients[~known] - n_reference


@pytest.mark.parametrize("sizes", [[1], [4], [1, 2, 5, 9]])
def test_the_smallest_p_value_of_a_patient_who_was_not_used_is_valid(sizes):
    rng = np.random.RandomState(0)
    smallest = []
    for _ in range(1500):
        reference, whose, scores, patients = null_patients(rng, 19, 1, sizes)
        held_out = NotUsedPatients([reference], [whose], rng)
        smallest.append(held_out.p_values([scores], images_of_patient(patients))[0].min())
    for alpha in (0.05, 0.1, 0.3):
        share = np.mean(np.array(smallest) <= alpha + 1e-12)
        assert share <= alpha + 3 * np.sqrt(alpha / 1500)
        if sizes == [1]:
            assert share >= alpha - 3 * np.sqrt(alpha / 1500)


def test_images_are_not_counted_as_patients():
    rng = np.random.RandomState(1)
    false = []
    for _ in range(400):
        reference, whose, scores, patients = null_patients(rng, 40, 8, [6], within=0.2)
        held_out = NotUsedPatients([reference], [whose], rng)
        p_values, _ = held_out.p_values([scores], images_of_patient(patients))
        false.append((q_values(p_values, patients, "bh") <= 0.2).any())
    assert np.mean(false) <= 0.2 + 3 * np.sqrt(0.2 * 0.8 / 400)


def test_a_patient_with_more_images_than_others_is_cut_into_blocks():
    held_out = NotUsedPatients([np.arange(20.0)], [np.arange(20) // 2])
    p_values, least = held_out.p_values([np.array([30.0, 18.5, -1, -1, -1])], np.full(5, 5))
    np.testing.assert_allclose(p_values, [3 / 11, 6 / 11, 1, 1, 1])
    np.testing.assert_allclose(least, 3 / 11)


def test_a_tie_speaks_for_chance():
    held_out = NotUsedPatients([np.zeros(9)], [np.arange(9)])
    assert held_out.p_values([np.zeros(1)], np.ones(1, int))[0] == [1]


@given(st.lists(st.floats(0.001, 1), min_size=1, max_size=12), st.sampled_from(["bh", "by"]))
def test_q_values_of_one_image_a_patient_are_those_of_scipy(p_values, method):
    expected = false_discovery_control(p_values, method=method)
    found = q_values(np.array(p_values), np.arange(len(p_values)), method)
    np.testing.assert_allclose(found, expected)


def test_an_image_between_the_p_values_of_patients_is_a_threshold_itself():
    p_values, patients = np.array([0.01, 0.9, 0.02, 0.03, 0.04]), np.array([0, 0, 1, 1, 2])
    expected = [0.03, 0.9, 0.03, 0.04, 0.04]
    np.testing.assert_allclose(q_values(p_values, patients, "bh"), expected)
    by = np.array(expected) * (1 + 1 / 2 + 1 / 3)
    np.testing.assert_allclose(q_values(p_values, patients, "by"), np.minimum(by, 1))


def test_where_nothing_can_be_found_that_is_said():
    with pytest.raises(ValueError, match=r"with 35 not-used patients .* at fdr=0\.02"):
        asked(fdr=0.02)


def test_what_is_no_rate_or_method_is_refused():
    with pytest.raises(ValueError, match="fdr=1"):
        asked(fdr=1)
    with pytest.raises(ValueError, match="method='storey'; expected one of 'bh', 'by'"):
        asked(method="storey")


def test_a_patient_whom_two_folds_leave_out_is_refused():
    cv = [(np.arange(50), np.arange(50, 100))] * 2
    with pytest.raises(ValueError, match="50 of 50 not-used patients are left out by more"):
        asked(cv=cv)

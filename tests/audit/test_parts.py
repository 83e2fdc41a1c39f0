"""Blind checks, controls, power, set level, verdict: the parts of an audit."""

import numpy as np
import pytest
from scipy.stats import norm
from sklearn.metrics import roc_auc_score

from ganisi import CDFWassersteinPairer
from ganisi.audit import (
    CrossFit,
    choose_planted,
    degrade,
    excess_interval,
    minimum_detectable_auc,
    permutation_test,
    permuted_labels,
    set_level_test,
    stand_in_generator,
    textures_alone,
)
from ganisi.audit._blind_checks import stand_in_generators
from ganisi.audit._degradation import DEGRADATIONS
from ganisi.audit._permutation import PermutationResult, best_of
from ganisi.audit._set_level import equal_numbers
from ganisi.baselines import NearestGenerated


@pytest.fixture(scope="module")
def points():
    rng = np.random.default_rng(0)
    used = np.tile([0, 1], 16).repeat(2)
    groups = np.arange(32).repeat(2)
    real = rng.normal(size=(32, 2)).repeat(2, axis=0) + 0.1 * rng.normal(size=(64, 2))
    return real, used, rng.normal(size=(30, 2)), groups


@pytest.fixture(scope="module")
def pairer():
    return CDFWassersteinPairer(n_quantiles=1)


@pytest.fixture(scope="module")
def fit(points, pairer):
    real, used, fakes, groups = points
    return CrossFit(pairer, NearestGenerated(), real, used, generated=(fakes,), groups=groups)


def test_the_auc_is_that_of_scikit_learn(fit):
    probability = np.random.default_rng(0).random(64).round(1)
    expected = [roc_auc_score(fit.used[test], probability[test]) for _, test in fit.folds]
    assert fit.roc_auc(probability) == pytest.approx(np.mean(expected))


def test_stand_ins_are_not_used_and_neither_fitted_nor_scored(points, pairer, fit):
    real, used, _, groups = points
    seen = []

    class Witness(CDFWassersteinPairer):
        def fit_transform(self, X, y=None, *, generated=None, groups=None):
            seen.append((X, generated[0]))
            return super().fit_transform(X, y, generated=generated, groups=groups)

    stand_in_generator(fit, Witness(n_quantiles=1), NearestGenerated(), real, random_state=0)
    patient = {
        row.tobytes(): (group, label) for row, group, label in zip(real, groups, used, strict=True)
    }
    for (fitted, stand_ins), (_, test) in zip(seen, fit.folds, strict=True):
        theirs = {patient[row.tobytes()][0] for row in stand_ins}
        assert len(stand_ins) > 5
        assert not any(patient[row.tobytes()][1] for row in stand_ins)
        assert not theirs & {patient[row.tobytes()][0] for row in fitted}
        assert not theirs & set(groups[test])


def test_every_draw_has_other_patients_and_the_seed_says_which(points, pairer, fit):
    real = points[0]
    first, again = (
        [
            one.raw_scores()
            for one in stand_in_generators(fit, pairer, NearestGenerated(), real, 4, 0)
        ]
        for _ in range(2)
    )
    np.testing.assert_array_equal(first, again)
    assert len({scores.tobytes() for scores in first}) == 4
    alone = stand_in_generator(fit, pairer, NearestGenerated(), real, random_state=0)
    np.testing.assert_array_equal(alone.raw_scores(), first[0])


def test_too_few_unused_patients_cannot_stand_in(pairer):
    rng = np.random.default_rng(0)
    real, used = rng.normal(size=(10, 2)), np.tile([0, 1], 5)
    fit = CrossFit(pairer, NearestGenerated(), real, used, generated=rng.normal(size=(5, 2)), cv=2)
    with pytest.raises(ValueError, match="give more not-used patients"):
        stand_in_generator(fit, pairer, NearestGenerated(), real)


def test_textures_alone_tell_groups_that_differ_and_no_others(points, fit):
    real, used, _, _ = points
    blind = textures_alone(fit, real)
    assert blind.roc_auc(blind.out_of_fold()) < 0.75
    shifted = textures_alone(fit, real + 3 * used[:, None])
    assert shifted.roc_auc(shifted.out_of_fold()) > 0.95


def test_an_excess_is_over_the_better_blind_check_and_over_chance(fit):
    result = permutation_test(fit, n_permutations=19, random_state=0)
    other = 1 - result.probability
    low = PermutationResult(0.4, result.null, 1.0, 1, other, other)
    excess, _, _ = excess_interval(fit, result, [low], random_state=0)
    assert excess == pytest.approx(result.roc_auc - 0.5)
    excess, low, high = excess_interval(fit, result, [result], random_state=0)
    assert excess == pytest.approx(min(result.roc_auc - 0.5, 0))
    assert low <= excess <= high


def test_permutations_are_shared_and_the_largest_of_many_is_no_better_than_the_worst_p(fit):
    labellings = permuted_labels(fit, 19, random_state=0)
    one = permutation_test(fit, labellings=labellings)
    again = permutation_test(fit, n_permutations=19, random_state=0)
    np.testing.assert_array_equal(one.null, again.null)
    other = permutation_test(fit.with_identifier(NearestGenerated(k=3)), labellings=labellings)
    name, p_value, _ = best_of({"one": one, "other": other})
    assert p_value >= {"one": one, "other": other}[name].p_value


def test_planted_patients_are_half_and_not_divided():
    groups = np.repeat(np.arange(12), [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6])
    planted = choose_planted(len(groups), groups, random_state=0)
    assert abs(planted.mean() - 0.5) < 0.1
    for group in range(12):
        assert len(set(planted[groups == group])) == 1


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
@pytest.mark.parametrize("name", DEGRADATIONS)
def test_a_degraded_copy_keeps_its_kind_and_is_near_the_image(name, dtype):
    rng = np.random.default_rng(0)
    side = 24 if name == "turned 90" else 20
    image = np.cumsum(np.cumsum(rng.normal(size=(side, 24)), axis=0), axis=1) / 2 + 100
    image = image.astype(dtype)
    kind, strength = DEGRADATIONS[name]
    before = image.copy()
    copy = degrade(image, kind, strength, other=image[::-1, :16], random_state=0)
    assert copy.dtype == image.dtype
    assert copy.shape == image.shape
    assert (kind == "exact") == np.array_equal(copy, image)
    if kind in ("mirror", "up-down", "turn", "shift", "paste", "invert"):
        _assert_moved(copy, image, kind, strength)
    else:
        assert np.corrcoef(copy.ravel().astype(float), image.ravel().astype(float))[0, 1] > 0.5
    np.testing.assert_array_equal(image, before)


def _assert_moved(copy, image, kind, strength):
    height, width = image.shape
    size = int(strength) if kind == "shift" else 0
    if kind == "paste":
        middle = slice(height // 4, height - height // 4), slice(width // 4, width - width // 4)
        np.testing.assert_array_equal(copy[middle], image[middle])
    elif kind == "turn" and strength % 90:
        near = slice(height // 2 - 2, height // 2 + 2), slice(width // 2 - 2, width // 2 + 2)
        np.testing.assert_allclose(copy[near], image[near], atol=0.1 * np.ptp(image))
    elif kind == "invert":
        np.testing.assert_allclose(degrade(copy, kind, 0), image, rtol=1e-5)
    else:
        expected = {
            "mirror": image[:, ::-1],
            "up-down": image[::-1],
            "turn": np.rot90(image, int(strength) // 90),
            "shift": image[: height - size, : width - size],
        }[kind]
        np.testing.assert_array_equal(copy[size:, size:], expected)


def test_an_unknown_degradation_and_a_missing_partner_are_refused():
    with pytest.raises(ValueError, match="expected one of"):
        degrade(np.zeros((4, 4)), "melt", 1)
    with pytest.raises(ValueError, match="give other="):
        degrade(np.zeros((4, 4)), "blend", 0.5)


def test_the_minimum_detectable_auc_has_the_power_it_promises():
    rng = np.random.default_rng(0)
    null = 0.5 + 0.05 * rng.normal(size=1999)
    detectable = minimum_detectable_auc(null, 0.05, alpha=0.05, power=0.8)
    assert detectable == pytest.approx(0.5 + 0.05 * (norm.isf(0.05) + norm.ppf(0.8)), abs=0.01)
    estimates = detectable + 0.05 * rng.normal(size=2000)
    p = [(1 + (null >= estimate).sum()) / 2000 for estimate in estimates]
    assert np.mean(np.array(p) <= 0.05) == pytest.approx(0.8, abs=0.03)


def test_too_few_permutations_detect_nothing():
    assert minimum_detectable_auc(np.full(9, 0.5), 0.1, alpha=0.05) == np.inf


def test_a_set_is_ranked_among_the_not_used_patients_of_each_fold(points, fit):
    rng = np.random.default_rng(0)
    few, patients = points[0][:6] + 0.1 * rng.normal(size=(6, 2)), np.array([0, 0, 1, 1, 2, 2])
    probability = fit.out_of_fold()
    result = set_level_test(fit, few, groups=patients, random_state=0)
    expected, scores = [], []
    for k, (_, test) in enumerate(fit.folds):
        scores.append(fit.score_new(few, np.full(6, k)))
        others = test[~fit.used[test]]
        wins = np.sign(scores[k][:, None] - probability[others]) / 2 + 0.5
        known = np.arange(len(fit.used)) if fit.groups is None else fit.groups
        between = [
            wins[np.ix_(patients == p, known[others] == other)].mean()
            for p in range(3)
            for other in np.unique(known[others])
        ]
        expected.append(np.mean(between))
    assert result.roc_auc == pytest.approx(np.mean(expected))
    np.testing.assert_allclose(result.probability, np.mean(scores, axis=0))


def test_a_single_far_image_does_not_look_used(points, fit):
    result = set_level_test(fit, points[0][[0]] + 100, random_state=0)
    assert result.probability.shape == (1,)
    assert result.p_value > 0.5


def test_the_patients_of_a_set_stay_together_and_count_once(points, fit):
    rng = np.random.default_rng(1)
    patients = np.arange(10)
    few = rng.normal(size=(10, 2))
    two = set_level_test(fit, few.repeat(2, axis=0), groups=patients.repeat(2), random_state=0)
    many = set_level_test(fit, few.repeat(6, axis=0), groups=patients.repeat(6), random_state=0)
    assert (many.roc_auc, many.p_value) == (two.roc_auc, two.p_value)
    assert two.images_per_patient == many.images_per_patient == 2


@pytest.mark.parametrize(
    ("sizes", "other_sizes", "m"),
    [
        ([1] * 10, [10] * 100, 1),
        ([7] * 5, [3] * 5, 3),
        # One patient of a single image is not worth the images of all others.
        ([1] + [10] * 9, [10] * 10, 10),
        ([4, 4, 4], [1, 1, 1, 5], 1),
    ],
)
def test_as_many_images_of_each_patient_count_and_none_of_a_patient_with_fewer(
    sizes, other_sizes, m
):
    patients, others = (np.arange(len(each)).repeat(each) for each in (sizes, other_sizes))
    order = np.random.default_rng(0).permutation(len(patients))
    chosen = equal_numbers(patients[order], others, 0)
    for which, theirs, size in zip(
        chosen, (patients[order], others), (sizes, other_sizes), strict=True
    ):
        assert (np.diff(which) > 0).all()
        counted = np.bincount(theirs[which], minlength=len(size))
        np.testing.assert_array_equal(counted, np.where(np.array(size) >= m, m, 0))
    other = equal_numbers(patients[order], others, 1)
    assert np.array_equal(chosen[0], other[0]) == (max(sizes) <= m)


def test_all_images_have_a_probability_and_those_that_do_not_count_are_counted(points, fit):
    few = np.random.default_rng(2).normal(size=(7, 2))
    result = set_level_test(fit, few, groups=[0, 0, 0, 1, 1, 2, 2], random_state=0)
    assert (result.images_per_patient, result.n_patients_left_out) == (2, 0)
    result = set_level_test(fit, few, groups=[0, 0, 1, 1, 2, 2, 3], random_state=0)
    assert (result.images_per_patient, result.n_patients_left_out) == (2, 1)
    each = [fit.score_new(few, np.full(7, k)) for k in range(len(fit.folds))]
    np.testing.assert_allclose(result.probability, np.mean(each, axis=0))

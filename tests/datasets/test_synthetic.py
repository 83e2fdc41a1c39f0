import inspect
from itertools import combinations

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter, laplace
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import pairwise_distances, roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from ganisi.datasets._synthetic import make_source_identification

ARRAYS = ["real", "used", "generated", "groups", "source"]


def make(n=30, n_generated=120, size=32, **options):
    return make_source_identification(n, n, n_generated, size=size, **options)


def flat(images):
    return images.reshape(len(images), -1).astype(float)


def nearest_neighbour_auc(data):
    distance = pairwise_distances(flat(data.real), flat(data.generated)).min(axis=1)
    return roc_auc_score(data.used, -distance)


def textures(images):
    """Quantiles of the fine detail of each image: what a CDF of textures sees."""
    detail = [np.abs(image - gaussian_filter(image, 1)) for image in images.astype(float)]
    return np.quantile(np.reshape(detail, (len(images), -1)), np.linspace(0.05, 0.95, 19), axis=1).T


def blind_auc(data):
    """A classifier that never sees a generated image."""
    scores = cross_val_predict(
        make_pipeline(StandardScaler(), LogisticRegression(C=0.1)),
        textures(data.real),
        data.used,
        groups=data.groups,
        cv=GroupKFold(5),
        method="decision_function",
    )
    return roc_auc_score(data.used, scores)


def standard_error(values):
    return np.std(values, ddof=1) / np.sqrt(len(values))


def test_shapes_and_types_are_as_documented():
    data = make_source_identification(11, 7, 5, size=33, random_state=0)
    assert data.real.shape == (18, 33, 33)
    assert data.real.dtype == np.uint8
    assert data.generated.shape == (5, 33, 33)
    assert data.generated.dtype == np.uint8
    assert data.used.dtype.kind == data.groups.dtype.kind == "i"
    assert np.bincount(data.used).tolist() == [7, 11]
    assert data.groups.shape == (18,)
    assert data.target_names == ["not used", "used"]
    assert "11 used and 7 not used" in data.DESCR


def test_the_same_random_state_gives_the_same_bits_and_another_does_not():
    one, same, other = make(random_state=3), make(random_state=3), make(random_state=4)
    for name in ARRAYS:
        np.testing.assert_array_equal(one[name], same[name])
        assert not np.array_equal(one[name], other[name])


def test_a_random_state_instance_moves_on_and_the_global_one_stays():
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    rng = np.random.RandomState(0)
    first, second = (make(random_state=rng) for _ in range(2))
    assert not np.array_equal(first.real, second.real)
    np.testing.assert_array_equal(first.real, make(random_state=0).real)
    np.testing.assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002


def test_no_patient_has_both_labels_and_each_has_its_number_of_slices():
    data = make_source_identification(10, 13, 1, size=32, slices_per_patient=4, random_state=0)
    assert not set(data.groups[data.used == 1]) & set(data.groups[data.used == 0])
    counts = np.unique(data.groups, return_counts=True)[1]
    assert sorted(counts) == [1, 2, 4, 4, 4, 4, 4]


def test_the_order_of_the_rows_does_not_tell_the_label():
    tellings = []
    for seed in range(15):
        data = make(10, 1, random_state=seed)
        tellings.append(
            [roc_auc_score(data.used, np.arange(20)), roc_auc_score(data.used, data.groups)]
        )
    mean, error = np.mean(tellings, axis=0), np.std(tellings, axis=0) / np.sqrt(15)
    assert (np.abs(mean - 0.5) < 3 * error).all()


def test_the_real_images_do_not_depend_on_the_generator():
    data = make(leakage=0.3, random_state=0)
    others = make(leakage=0, random_state=0), make(n_generated=7, leakage=1, random_state=0)
    for other in others:
        np.testing.assert_array_equal(data.real, other.real)
        np.testing.assert_array_equal(data.groups, other.groups)


@pytest.mark.parametrize("describe", [flat, textures])
def test_slices_of_one_patient_are_alike_but_not_the_same(describe):
    data = make_source_identification(60, 2, 1, size=64, random_state=0)
    distances = pairwise_distances(describe(data.real))
    pairs = np.array(list(combinations(range(len(distances)), 2))).T
    one_patient = data.groups[pairs[0]] == data.groups[pairs[1]]
    distances = distances[tuple(pairs)]
    assert distances[one_patient].mean() < 0.6 * distances[~one_patient].mean()
    assert roc_auc_score(one_patient, -distances) > 0.9


def test_slices_of_one_patient_are_not_near_duplicates():
    data = make_source_identification(60, 2, 1, size=64, random_state=0)
    real = flat(data.real)
    differences = [
        np.sqrt(np.mean(np.subtract(*real[data.groups == patient]) ** 2))
        for patient in np.unique(data.groups)
    ]
    # Noise alone, about 3 grey levels in each slice, would give about 4.
    assert np.min(differences) > 6
    assert np.median(differences) > 12


@pytest.fixture(scope="module")
def without_leak():
    return [make(leakage=0, random_state=seed) for seed in range(20)]


def test_without_a_leak_the_nearest_neighbour_is_at_chance(without_leak):
    scores = [nearest_neighbour_auc(data) for data in without_leak]
    assert abs(np.mean(scores) - 0.5) < 3 * standard_error(scores)


def test_without_a_leak_used_and_not_used_are_exchangeable(without_leak):
    # Distance to the generated images, brightness and contrast differ by chance only.
    differences = []
    for data in without_leak:
        nearest = pairwise_distances(flat(data.real), flat(data.generated)).min(axis=1)
        measures = np.column_stack(
            [nearest, flat(data.real).mean(axis=1), flat(data.real).std(axis=1)]
        )
        used = data.used == 1
        differences.append(measures[used].mean(axis=0) - measures[~used].mean(axis=0))
    mean = np.mean(differences, axis=0)
    assert (np.abs(mean) < 3 * np.std(differences, axis=0, ddof=1) / np.sqrt(20)).all()


def test_without_a_leak_no_source_is_named(without_leak):
    assert all((data.source == -1).all() for data in without_leak)


def test_more_leakage_is_found_more_easily():
    levels = [0, 0.3, 0.6, 0.8, 1]
    means = [
        np.mean(
            [nearest_neighbour_auc(make(leakage=level, random_state=seed)) for seed in range(4)]
        )
        for level in levels
    ]
    assert np.corrcoef(levels, means)[0, 1] > 0.9
    assert means[0] < means[2] < means[3] <= means[4]
    assert means[-1] > 0.99


def test_full_leakage_repeats_the_source_and_every_source_was_used():
    data = make(size=64, leakage=1, random_state=0)
    assert (data.used[data.source] == 1).all()
    nearest = pairwise_distances(flat(data.generated), flat(data.real)).argmin(axis=1)
    assert np.mean(nearest == data.source) > 0.95


@pytest.mark.parametrize("leakage", [0, 0.5, 0.8, 1])
def test_generated_images_have_the_grey_levels_spread_and_noise_of_real_ones(leakage):
    data = make(60, 200, size=64, leakage=leakage, random_state=0)
    real, generated = data.real[data.used == 1].astype(float), data.generated.astype(float)
    assert generated.mean() == pytest.approx(real.mean(), abs=5)
    assert generated.std() == pytest.approx(real.std(), rel=0.1)
    # The variation from image to image is preserved, whatever the bandwidth.
    assert generated.std(axis=0).mean() == pytest.approx(real.std(axis=0).mean(), rel=0.1)

    # Noise: the air in the upper corners, its fine detail, and fine detail anywhere.
    def fine(images):
        return np.array([laplace(image) for image in images])

    air = np.s_[:, :6, :6]
    assert generated[air].std() == pytest.approx(real[air].std(), rel=0.1)
    assert fine(generated)[air].std() == pytest.approx(fine(real)[air].std(), rel=0.15)
    assert fine(generated).std() == pytest.approx(fine(real).std(), rel=0.1)


def test_another_scanner_tells_the_groups_apart_without_a_generated_image():
    alike = [blind_auc(make(size=64, leakage=0, random_state=seed)) for seed in range(4)]
    apart = [
        blind_auc(make(size=64, leakage=0, scanner_shift=1, random_state=seed)) for seed in range(4)
    ]
    assert abs(np.mean(alike) - 0.5) < 3 * standard_error(alike)
    assert np.mean(apart) > 0.85


def test_another_scanner_deceives_the_nearest_neighbour_though_nothing_leaked():
    options = {"leakage": 0, "scanner_shift": 2}
    scores = [nearest_neighbour_auc(make(random_state=seed, **options)) for seed in range(5)]
    assert np.mean(scores) > 0.75


def test_another_scanner_keeps_the_patients_and_spares_the_not_used():
    plain, shifted = make(random_state=0), make(scanner_shift=1, random_state=0)
    kept = plain.used == 0
    np.testing.assert_array_equal(plain.real[kept], shifted.real[kept])
    assert not np.array_equal(plain.real[~kept], shifted.real[~kept])
    for one, two in zip(flat(plain.real[~kept]), flat(shifted.real[~kept]), strict=True):
        assert np.corrcoef(one, two)[0, 1] > 0.98


def test_the_smallest_sizes_work():
    data = make_source_identification(2, 1, 1, size=32, slices_per_patient=1, random_state=0)
    assert data.generated.shape == (1, 32, 32)
    assert 20 < data.generated.mean() < 150


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"n_used": 1}, ValueError, "n_used must be at least 2, got 1"),
        ({"n_not_used": 0}, ValueError, "n_not_used must be at least 1, got 0"),
        ({"n_generated": 0}, ValueError, "n_generated must be at least 1, got 0"),
        ({"n_used": 10.0}, TypeError, "n_used must be an integer"),
        ({"n_generated": True}, TypeError, "n_generated must be an integer"),
        ({"size": 16}, ValueError, "size must be at least 32, got 16"),
        ({"size": (64, 64)}, TypeError, "size must be an integer"),
        ({"slices_per_patient": 0}, ValueError, "slices_per_patient must be at least 1"),
        ({"leakage": -0.1}, ValueError, "leakage must be a finite number from 0 to 1, got -0.1"),
        ({"leakage": 1.5}, ValueError, "leakage must be a finite number from 0 to 1, got 1.5"),
        ({"leakage": np.nan}, ValueError, "leakage must be a finite number"),
        ({"leakage": "high"}, TypeError, "leakage must be a number from 0 to 1, got 'high'"),
        ({"scanner_shift": -1}, ValueError, "scanner_shift must be a finite number"),
        ({"scanner_shift": np.inf}, ValueError, "scanner_shift must be a finite number"),
        ({"random_state": "seed"}, ValueError, "seed"),
    ],
)
def test_bad_arguments_say_what_came_and_what_is_expected(options, error, message):
    with pytest.raises(error, match=message):
        make_source_identification(**options)


def test_integers_and_reals_of_numpy_are_taken():
    data = make_source_identification(
        np.int64(4), np.int32(2), np.int8(1), size=np.int64(32), leakage=np.float32(0.5)
    )
    assert data.real.shape == (6, 32, 32)


def test_the_dials_are_keywords_only():
    parameters = inspect.signature(make_source_identification).parameters.values()
    positional = [p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
    assert positional == ["n_used", "n_not_used", "n_generated"]

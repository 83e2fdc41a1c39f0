"""One notion of the same image and of the same patient; no name is both ours and the user's."""

import numpy as np
import pytest

from ganisi import GANISI, Intensity, LocalStats
from ganisi.audit import audit
from ganisi.baselines import CalibratedNearest, NearestGenerated, RankMembership
from ganisi.images._identity import image_key
from ganisi.images._patients import check_groups, patient_ids

PIXELS = GANISI(Intensity(grid=16, n_quantiles=1), identifier=NearestGenerated())
RNG = np.random.default_rng(0)
REAL = RNG.random((40, 32, 32))
GENERATED = RNG.random((60, 32, 32)).astype(np.float32)
USED = np.repeat([1, 0], 20)


def run(estimator=PIXELS, **arguments):
    dials = {
        "generated": (GENERATED,),
        "n_permutations": 19,
        "baselines": {},
        "max_auc": 0.99,
        "random_state": 0,
    }
    dials.update(arguments)
    return audit(estimator, dials.pop("real", REAL), USED, **dials)


#: The same grey levels in other clothes.
CLOTHES = {
    "float64": lambda image: image.astype(np.float64),
    "float32": lambda image: image.astype(np.float32),
    "big-endian": lambda image: image.astype(">f8"),
    "columns first": np.asfortranarray,
    "beyond float32": lambda image: image * (1 + 1e-12),
    "negative zeros": lambda image: np.where(image == 0, -0.0, image),
}


@pytest.mark.parametrize("dress", CLOTHES.values(), ids=CLOTHES)
def test_an_image_is_known_by_its_grey_levels_whatever_their_type(dress):
    image = RNG.integers(0, 4, (5, 7)).astype(float)
    assert image_key(dress(image)) == image_key(image)


def test_grey_levels_of_any_depth_are_compared_as_numbers():
    levels = RNG.integers(0, 256, (5, 7))
    keys = {image_key(levels.astype(kind)) for kind in (np.uint8, np.uint16, np.float32)}
    assert len(keys) == 1


def test_another_level_another_shape_and_another_order_are_other_images():
    image = np.arange(12.0).reshape(3, 4)
    changed = image.copy()
    changed[0, 0] = 1e-3
    others = [changed, image.reshape(4, 3), image.T, image[::-1], image[:, ::-1]]
    assert len({image_key(one) for one in [image, *others]}) == 6


@pytest.mark.parametrize("dress", CLOTHES.values(), ids=CLOTHES)
def test_a_published_training_image_is_found_in_any_clothes(dress):
    real, generated = REAL.copy(), list(GENERATED)
    real[3, :4, :4] = 0
    generated[7] = dress(real[3])
    report = run(real=real, generated=(generated,))
    assert report.verdict == "leakage detected"
    assert report.counts["exact_copies_of_used"] == 1


def test_one_image_under_both_labels_is_refused_in_any_clothes():
    real = list(REAL.astype(np.float32))
    real[30] = real[2].astype(np.float64)
    with pytest.raises(ValueError, match=r"X\[2\] and X\[30\] are the same image"):
        run(real=real)


def test_a_known_image_is_no_query_in_any_clothes():
    with pytest.raises(ValueError, match=r"queries\[0\] and X\[5\] are the same image"):
        run(queries=REAL[5:6].astype(np.float32))


def test_provenance_is_the_same_for_the_same_images():
    one = run()
    other = run(real=REAL.astype(np.float32), generated=(GENERATED.astype(np.float64),))
    assert one.to_json() == other.to_json()


def test_the_cache_gives_the_row_that_would_be_computed(tmp_path):
    """Float images of other types share a row, images of other depths do not."""
    levels = RNG.integers(0, 2, (3, 16, 16))
    for kind in (np.uint8, np.uint16, np.float32, np.float64):
        images = levels.astype(kind)
        cached = LocalStats(n_quantiles=2, memory=str(tmp_path)).fit_transform(images)
        np.testing.assert_array_equal(cached, LocalStats(n_quantiles=2).fit_transform(images))
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 3 * 3


@pytest.mark.parametrize("bad", [1e300, -1e39, np.nan, np.inf])
def test_grey_levels_that_float32_cannot_hold_are_refused_at_the_door(bad):
    images = REAL.copy()
    images[11, 0, 0] = bad
    for given in (images, list(images)):
        with pytest.raises(ValueError, match=r"X\[11\] holds NaN or infinite grey levels"):
            Intensity().fit(given)


SAME = [
    (7, 7.0),
    (7, "7"),
    ("7.0", np.int64(7)),
    (" P1", "P1"),
    ("P1\t", "P1"),
    (b"P1", "P1"),
    ("Mu\u0308ller", "M\u00fcller"),
    (np.str_("a"), "a"),
    (True, 1),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_a_patient_is_the_same_however_the_name_was_stored(one, other):
    assert patient_ids([one], 1) == patient_ids([other], 1)
    groups = check_groups([one, "somebody else", other], 3)
    assert groups[0] == groups[2] != groups[1]


def test_patients_of_other_names_stay_apart():
    names = ["7", "07", "7.5", "P1", "p1", "P 1", "-7", 8, 7.25]
    assert len(set(patient_ids(names, len(names)))) == len(names)


def test_masked_patients_are_missing():
    for values in ([1, 2, 3, 4], ["a", "b", "c", "d"], [1.0, 2.0, 3.0, 4.0]):
        with pytest.raises(ValueError, match=r"groups\[1\] is None \(and 1 more\)"):
            check_groups(np.ma.array(values, mask=[0, 1, 1, 0]), 4)


@pytest.mark.parametrize("stored", [int, float, str, lambda i: f" {i}.0"])
def test_patients_have_the_same_order_however_their_numbers_are_stored(stored):
    numbers = [10, 9, 100, 9]
    assert check_groups([stored(i) for i in numbers], 4).tolist() == [1, 0, 2, 0]


def test_an_image_that_is_blank_as_float32_is_no_copy():
    real, generated = REAL.copy(), GENERATED.copy()
    real[3] = 0.5 + 1e-12 * RNG.random((32, 32))
    generated[7] = 0.5
    assert run(real=real, generated=(generated,)).counts.exact_copies_of_used == 0


def test_patients_are_numbered_in_the_order_of_their_numbers_or_names():
    assert check_groups([10, 9, 100], 3).tolist() == [1, 0, 2]
    assert check_groups(["b", "a", "10"], 3).tolist() == [2, 1, 0]


MISSING = [None, np.nan, float("nan"), "", " ", "NaN", "nan", "None", "NULL", "<NA>", "n/a"]


@pytest.mark.parametrize("missing", MISSING, ids=repr)
def test_a_missing_patient_is_refused_by_row(missing):
    with pytest.raises(ValueError, match=r"groups\[1\] is .* \(and 1 more\).*missing"):
        check_groups(["a", missing, missing, "b"], 4)


def test_what_pandas_calls_missing_is_refused_by_row():
    pandas = pytest.importorskip("pandas")
    for column in (
        pandas.Series(["a", pandas.NA, "b"]),
        pandas.Series(["a", None, "b"], dtype="string"),
        pandas.Series([1, None, 2], dtype="Int64"),
        pandas.Series([1.0, None, 2.0]),
        pandas.Series(["a", None, "b"], dtype="category"),
        pandas.Series(pandas.to_datetime(["2020-01-01", None, "2020-01-02"])),
    ):
        with pytest.raises(ValueError, match=r"groups\[1\] is .*missing"):
            check_groups(column, 3)


def test_a_patient_of_the_queries_is_known_however_the_name_is_stored():
    groups = np.arange(40)
    others = RNG.random((2, 32, 32))
    with pytest.raises(ValueError, match="1 patients of the queries also have"):
        run(groups=groups, queries=others, query_groups=["7.0", "somebody else"])


def test_the_name_of_the_attack_under_audit_is_refused_for_a_baseline():
    with pytest.raises(ValueError, match="'main attack', which the report gives"):
        run(baselines={"main attack": NearestGenerated(k=3)})


def test_names_of_the_user_replace_none_of_ours():
    names = ["textures alone", "real images as generated", "coin toss", "always used", "nothing"]
    report = run(baselines={name: NearestGenerated(k=3) for name in names})
    assert set(report.attacks) == {"main attack", *names}
    assert set(report.eye.blind_checks["checks"]) == {"textures alone", "real images as generated"}
    plain = run()
    assert report.naive == plain.naive
    assert report.eye == plain.eye
    text = str(report)
    for line in ("coin toss", "always used"):
        # As an attack, in its scores, in their intervals, as a naive answer.
        assert text.count(f"\n  {line:<20}") == 4


@pytest.mark.parametrize(
    ("identifier", "runs_too"),
    [
        (NearestGenerated(), False),
        (NearestGenerated(pos_label=1), False),
        (NearestGenerated(k=2), True),
        (RankMembership(), True),
    ],
    ids=repr,
)
def test_a_default_baseline_is_known_by_what_it_is(identifier, runs_too):
    model = GANISI(Intensity(grid=16, n_quantiles=1), identifier=identifier)
    report = run(model, baselines=None)
    assert ("NearestGenerated" in report.attacks) == runs_too
    assert CalibratedNearest.__name__ in report.attacks

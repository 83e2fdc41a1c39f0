import numpy as np
import pytest

from ganisi.identification._folds import query_folds
from ganisi.images._patients import check_groups


def folds_of(y, groups=None, n_splits=5):
    folds = query_folds(y, groups, n_splits)
    tests = np.concatenate([test for _, test in folds])
    assert sorted(tests) == list(range(len(y)))
    return folds


def test_folds_are_stratified_and_a_partition():
    y = np.repeat([0, 1], [10, 20])
    for train, test in folds_of(y):
        assert not set(train) & set(test)
        assert y[test].tolist().count(1) == 4


@pytest.mark.parametrize("seed", range(5))
def test_no_patient_stands_on_both_sides_and_both_classes_do(seed):
    rng = np.random.default_rng(seed)
    groups = np.sort(rng.integers(0, 20, 80))
    y = (groups % 2).astype(int)
    for train, test in folds_of(y, groups):
        assert not set(groups[train]) & set(groups[test])
        assert set(y[train]) == set(y[test]) == {0, 1}


@pytest.mark.parametrize("seed", range(5))
def test_how_many_images_patients_have_does_not_decide_their_folds(seed):
    """Else labels that are permuted within folds would not be a matter of chance."""
    rng = np.random.default_rng(seed)
    kinds = rng.permutation(np.repeat(["used", "not used", "both"], 8))

    def fold_of_patients(sizes):
        groups = np.arange(24).repeat(sizes)
        used = np.array([kind == "used" for kind in kinds])[groups]
        both = (kinds == "both")[groups]
        used[both] = np.arange(both.sum()) % 2
        return [sorted(set(groups[test])) for _, test in folds_of(used, groups)]

    equal = fold_of_patients(np.full(24, 2))
    assert fold_of_patients(2 * rng.integers(1, 20, 24)) == equal
    for patients in equal:
        for kind in ("used", "not used", "both"):
            assert 1 <= np.count_nonzero(kinds[patients] == kind) <= 2


@pytest.mark.parametrize("numbers", [(2, 4, 3), (4, 1, 4), (0, 0, 5), (0, 7, 5), (3, 3, 2)])
def test_patients_of_both_classes_fill_the_folds_that_lack_one(numbers):
    only_used, only_not, both = numbers
    y = np.array([1] * only_used + [0] * only_not + [0, 1] * both)
    first = only_used + only_not
    groups = np.r_[np.arange(first), first + np.arange(both).repeat(2)]
    folds = folds_of(y, groups)
    assert len(folds) == 5
    for _, test in folds:
        assert set(y[test]) == {0, 1}


def test_a_small_class_makes_fewer_folds():
    assert len(folds_of([0] * 10 + [1] * 3)) == 3
    assert len(folds_of([0] * 10 + [1] * 10, groups=[*range(10), *[10] * 5, *[11] * 5])) == 2


def test_neighbours_stay_together_where_no_groups_are_given():
    first = folds_of([0] * 10 + [1] * 10)[0][1]
    assert first.tolist() == [0, 1, 10, 11]


@pytest.mark.parametrize(
    ("y", "groups"), [([0, 0, 1], None), ([0, 0, 1, 1], [0, 1, 2, 2]), ([0, 1, 0, 1], [0, 0, 0, 0])]
)
def test_too_few_groups_are_an_error(y, groups):
    with pytest.raises(ValueError, match="two folds with both classes on both sides cannot"):
        query_folds(y, groups)


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        ([1, 2], "2 entries for 3 images"),
        (["a", None, "b"], "missing"),
        ([1, np.nan, 2], "missing"),
    ],
)
def test_bad_groups_are_refused(groups, message):
    with pytest.raises(ValueError, match=message):
        check_groups(np.array(groups, dtype=object), 3)

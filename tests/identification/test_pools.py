"""Groups of maps: each has its own nearest images, and its own ranks."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from ganisi import ProfileIdentifier
from ganisi.identification._summaries import NearestProfile

RNG = np.random.default_rng(0)
#: Maps of very different spread.
DISTANCES = RNG.gamma(4, size=(30, 20, 4)) * [1, 100, 10, 1000]
USED = np.repeat([0, 1], 15)
GROUPS = [slice(None, 3), slice(3, None)]


def by_hand(distances, ranks, maps):
    """The definition: sorted means over maps, in units of each map's spread over all pairs."""
    scaled = distances / distances.std(axis=(0, 1))
    means = np.sort(scaled[..., maps].mean(axis=2), axis=1)
    return means[:, [rank - 1 for rank in ranks]]


def test_each_group_has_its_own_ranks():
    profiles = NearestProfile([(1, 4), (2,)], pool_maps=GROUPS).fit_transform(DISTANCES)
    together, last = by_hand(DISTANCES, (1, 4), GROUPS[0]), by_hand(DISTANCES, (2,), GROUPS[1])
    expected = np.column_stack([together[:, 0], last[:, 0], together[:, 1]])
    np.testing.assert_allclose(profiles, expected, rtol=1e-6)


def test_one_tuple_of_ranks_is_that_of_every_group():
    one, same = (
        NearestProfile(ranks, pool_maps=GROUPS).fit_transform(DISTANCES)
        for ranks in ((1, 0.2), [(1, 0.2), (1, 0.2)])
    )
    np.testing.assert_array_equal(one, same)
    np.testing.assert_allclose(one[:, 2], by_hand(DISTANCES, (4,), GROUPS[0])[:, 0], rtol=1e-6)


def test_all_maps_in_one_group_are_pooled_and_each_in_its_own_only_scaled():
    pooled, one_group = (
        NearestProfile(pool_maps=how).fit_transform(DISTANCES) for how in (True, [slice(None)])
    )
    np.testing.assert_array_equal(pooled, one_group)
    alone = NearestProfile().fit_transform(DISTANCES)
    apart = NearestProfile(pool_maps=[slice(m, m + 1) for m in range(4)]).fit_transform(DISTANCES)
    spread = np.tile(DISTANCES.std(axis=(0, 1)), 2)
    np.testing.assert_allclose(apart * spread, alone, rtol=1e-6)


@pytest.mark.parametrize("rivals", [False, True])
def test_a_leak_in_one_group_alone_is_found_in_all_others(rivals):
    distances = RNG.gamma(4, size=(60, 40, 3))
    used = np.repeat([0, 1], 30)
    # One generated image each, in the last map alone.
    distances[np.arange(30, 60), np.arange(30), 2] /= 50
    model = ProfileIdentifier(
        LogisticRegression(),
        ranks=[(1, 0.1), (1,)],
        pool_maps=[slice(None, -1), slice(-1, None)],
        rivals=rivals,
    )
    some = np.arange(60) % 2 == 0
    fitted = model.fit(distances[some], used[some], keys=np.flatnonzero(some) if rivals else None)
    keys = {"keys": np.flatnonzero(~some)} if rivals else {}
    assert (fitted.predict(distances[~some], **keys) == used[~some]).mean() > 0.9


def test_rivals_compete_in_each_group_apart():
    distances = np.full((3, 2, 2), 4.0)
    # The second image is the nearest in the first map, the third in the last.
    distances[1, :, 0], distances[2, :, 1] = 1, 1
    distances += 1e-3 * RNG.normal(size=distances.shape)
    model = ProfileIdentifier(ranks=(1,), pool_maps=[slice(0, 1), slice(1, 2)], rivals=1.0)
    summary, _ = model.stages()
    summary.fit_transform(distances, keys=[0, 1, 2])
    near, far = summary.transform(distances[:1], keys=[0])[0], summary.scaler_.scale_
    # 4 and the margin 4 - 1, in units of the spread.
    np.testing.assert_allclose(near * far, [7, 7], rtol=0.01)
    own = summary.transform(distances[1:2], keys=[1])[0] * far
    np.testing.assert_allclose(own, [1, 7], rtol=0.01)


@pytest.mark.parametrize(
    ("dials", "message"),
    [
        ({"pool_maps": [slice(0, 2)]}, "does not divide 4 maps into groups"),
        ({"pool_maps": [slice(0, 2), slice(1, None)]}, "does not divide 4 maps"),
        ({"pool_maps": [slice(None), slice(4, None)]}, "does not divide 4 maps"),
        ({"pool_maps": []}, "expected True, False, None or a list of slices"),
        ({"pool_maps": [0, 1]}, "expected True, False, None or a list of slices"),
        ({"pool_maps": GROUPS, "ranks": [(1,)]}, "for 1 groups of maps, and there are 2"),
        ({"pool_maps": GROUPS, "ranks": [(1,), ()]}, "at least one rank"),
        ({"pool_maps": GROUPS, "ranks": [(1,), (0,)]}, "whole numbers from 1, or shares"),
        ({"pool_maps": GROUPS, "ranks": [(1,), (21,)]}, "more than the 20 generated images"),
    ],
)
def test_groups_and_ranks_that_cannot_be_are_refused(dials, message):
    with pytest.raises(ValueError, match=message):
        ProfileIdentifier(**dials).fit(DISTANCES, USED)

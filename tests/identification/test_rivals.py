"""Real images that compete for each generated one, against three loops and against laws."""

import numpy as np
import pytest
import sklearn
from distances_for_identifiers import GROUPS, USED, draw_distances
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.pipeline import Pipeline

from ganisi import CDFWassersteinPairer, ProfileIdentifier
from ganisi.identification._rivals import RivalProfile

FIT, NEW = draw_distances(), draw_distances(seed=1)


def by_three_loops(pooled, keys, others, other_keys, weight):
    """Distances of images, made longer by how much nearer another image of `others` is."""
    contested = np.array(pooled, dtype=float)
    for i, key in enumerate(keys):
        for g in range(pooled.shape[1]):
            margin = -np.inf
            for j, other_key in enumerate(other_keys):
                if other_key != key:
                    margin = max(margin, pooled[i, g] - others[j, g])
            contested[i, g] += weight * max(margin, 0)
    return contested


def fitted(keys=None, X=FIT, rivals=2.0, ranks=(1, 3), groups=None):
    return ProfileIdentifier(ranks=ranks, rivals=rivals).fit(X, USED, groups=groups, keys=keys)


def pooled(identifier, X):
    return X @ (1 / (identifier.scaler_.scale_ * X.shape[2]))


few = st.integers(0, 3)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_profile_is_what_three_loops_over_all_images_give(data):
    n_fit, n_new, n_generated = (data.draw(st.integers(2, 6)) for _ in range(3))
    # Few different distances and few different images: ties and copies everywhere.
    fit, new = (
        data.draw(arrays(np.float32, (n, n_generated, 1), elements=few)) for n in (n_fit, n_new)
    )
    fit_keys, new_keys = (data.draw(st.lists(few, min_size=n, max_size=n)) for n in (n_fit, n_new))
    summary = RivalProfile(ranks=(1, 2), weight=1.5)
    rows = summary.fit_transform(fit, keys=fit_keys)
    new_rows = summary.transform(new, keys=new_keys)
    fit, new = (some[:, :, 0] / summary.scaler_.scale_ for some in (fit, new))
    expected = by_three_loops(fit, fit_keys, fit, fit_keys, 1.5)
    np.testing.assert_allclose(rows, np.sort(expected, axis=1)[:, :2], rtol=1e-5, atol=1e-5)
    everybody, keys = np.concatenate([fit, new]), fit_keys + new_keys
    expected = by_three_loops(new, new_keys, everybody, keys, 1.5)
    np.testing.assert_allclose(new_rows, np.sort(expected, axis=1)[:, :2], rtol=1e-5, atol=1e-5)


def test_many_generated_images_are_looked_at_in_blocks(monkeypatch):
    expected = fitted().profiles(NEW)
    monkeypatch.setattr("ganisi.identification._rivals._DISTANCES_PER_BLOCK", 70)
    monkeypatch.setattr("ganisi.identification._distances._PAIRS_PER_BLOCK", 50)
    np.testing.assert_allclose(fitted().profiles(NEW), expected, rtol=1e-6)


def test_blocks_of_queries_compete_as_if_they_had_come_at_once():
    identifier = fitted(keys=range(30))
    blocks = (NEW[i : i + 7] for i in range(0, 30, 7))
    keys = np.arange(100, 130)
    expected = identifier.predict_proba(NEW, keys=keys)
    np.testing.assert_allclose(identifier.predict_proba(blocks, keys=keys), expected, atol=1e-6)
    alone = [identifier.predict_proba(NEW[[i]], keys=keys[[i]]) for i in range(30)]
    assert abs(np.concatenate(alone) - expected).max() > 0.01
    blocks = iter([NEW[:20], NEW[20:]])
    assert (identifier.predict(blocks, keys=keys) == expected.argmax(axis=1)).all()


def test_copies_are_no_rivals_of_each_other_in_the_call_in_fit_or_in_both():
    identifier = fitted(keys=range(30))
    keys = list(range(100, 130))
    expected = identifier.profiles(NEW, keys=keys)
    # A copy in the call, nearer to everything: to others it is a rival like any other.
    near = NEW[[4]] * 0.5
    twice = identifier.profiles(np.concatenate([NEW, near]), keys=[*keys, keys[4]])
    np.testing.assert_array_equal(twice[4], expected[4])
    assert (twice[:30] > expected).any()
    stranger = identifier.profiles(np.concatenate([NEW, near]), keys=[*keys, "another"])
    assert (stranger[4] > expected[4]).all()
    # A query that was in fit, nearest to everything, and is now at other distances, as relative
    # ones are: its own image is no rival.
    nearest = np.where(np.arange(30)[:, None, None] == 4, 0.1, 1) * FIT
    again = nearest[[4]] * 2
    known, unknown = fitted(range(30), nearest), fitted([*range(4), "x", *range(5, 30)], nearest)
    expected = known.profiles(again, keys=[4])
    assert (unknown.profiles(again, keys=[4]) > expected).all()
    # In the call and in fit: still none.
    both = known.profiles(np.concatenate([again, again / 3]), keys=[4, 4])
    np.testing.assert_array_equal(both[0], expected[0])


def test_without_keys_rows_that_are_equal_bit_for_bit_are_one_image():
    identifier = fitted()
    np.testing.assert_array_equal(identifier.profiles(FIT[[4]]), fitted(range(30)).profiles(
        FIT[[4]], keys=[4]
    ))  # fmt: skip
    twice = np.concatenate([NEW, NEW[[4]]])
    np.testing.assert_array_equal(identifier.profiles(twice)[:30], identifier.profiles(NEW))


def test_a_query_far_from_everything_changes_nothing_and_a_nearer_one_lowers_the_probability():
    # Used queries are near to the first three images, so that probability falls with distance.
    identifier = fitted(keys=range(30), ranks=(1,))
    keys = range(100, 130)
    expected = identifier.predict_proba(NEW, keys=keys)[:, 1]

    def beside(other):
        both = np.concatenate([NEW, other])
        return identifier.predict_proba(both, keys=[*keys, "other"])[:30, 1]

    np.testing.assert_array_equal(beside(NEW.max(axis=0, keepdims=True) + 1), expected)
    nearer = beside(NEW.min(axis=0, keepdims=True) * 0.5)
    assert (nearer < expected).all()


def test_the_weight_is_that_of_how_much_nearer_the_rival_is():
    one, two = fitted(rivals=1), fitted(rivals=2.0)
    none = ProfileIdentifier(ranks=(1, 12), pool_maps=True).fit(FIT, USED)
    rival = FIT.min(axis=0, keepdims=True) * 0.1
    for identifier in (one, two, none):
        assert identifier.predict_proba(NEW).shape == (30, 2)
    far = np.concatenate([NEW[[0]], rival])
    plain = np.sort(pooled(one, NEW[[0]]), axis=1)[0]
    gap = pooled(one, NEW[[0]]) - pooled(one, rival)
    for weight, identifier in ((1, one), (2, two)):
        expected = np.sort(pooled(one, NEW[[0]]) + weight * gap, axis=1)[0, [0, 2]]
        np.testing.assert_allclose(identifier.profiles(far)[0], expected, rtol=1e-5)
    np.testing.assert_allclose(none.profiles(far)[0], plain[[0, 11]], rtol=1e-5)
    usual = ProfileIdentifier(rivals=True).fit(FIT, USED).profiles(NEW)
    np.testing.assert_array_equal(usual, fitted(rivals=4.0, ranks=(1, 5)).profiles(NEW))


def test_the_order_of_queries_and_of_generated_images_changes_nothing():
    expected = fitted(range(30)).predict_proba(NEW, keys=range(100, 130))
    rng = np.random.default_rng(0)
    order, columns = rng.permutation(30), rng.permutation(12)
    identifier = fitted(range(30), X=FIT[:, columns])
    moved = identifier.predict_proba(NEW[order][:, columns], keys=100 + order)
    np.testing.assert_allclose(moved, expected[order], atol=1e-6)


def test_labels_and_patients_leave_profiles_alone():
    profiles = fitted().profiles(NEW)
    other = ProfileIdentifier(ranks=(1, 3), rivals=2.0).fit(FIT, 1 - USED[::-1], groups=GROUPS)
    np.testing.assert_array_equal(other.profiles(NEW), profiles)


def test_without_rivals_keys_are_ignored_and_everything_is_as_ever():
    plain = ProfileIdentifier().fit(FIT, USED)
    named = ProfileIdentifier(pool_maps=False).fit(FIT, USED, keys=[0] * 30)
    for method in ("profiles", "predict_proba", "predict"):
        np.testing.assert_array_equal(
            getattr(named, method)(NEW, keys=[1] * 30), getattr(plain, method)(NEW)
        )
    assert not plain.predicts_jointly
    assert fitted().predicts_jointly


def test_a_fitted_model_holds_the_two_nearest_real_images_of_each_generated_one():
    distances = np.tile(FIT, (20, 1, 1)) * np.linspace(1, 2, 600)[:, None, None]
    summary = RivalProfile(weight=1.0).fit(distances, keys=[f"image {i}" for i in range(600)])
    assert len(summary.numbers_) <= 2 * 12
    held = [value for value in vars(summary).values() if isinstance(value, np.ndarray)]
    held += [array for of_group in summary.nearest_ for array in of_group]
    assert max(array.size for array in held) <= 2 * 12


def test_keys_are_given_to_both_or_to_neither():
    with pytest.raises(ValueError, match="fit was given keys"):
        fitted(keys=range(30)).predict_proba(NEW)
    with pytest.raises(ValueError, match="fit was given no keys"):
        fitted().predict_proba(NEW, keys=range(30))


@pytest.mark.parametrize(
    ("params", "keys", "error", "message"),
    [
        ({"rivals": -1.0}, None, ValueError, "rivals"),
        ({"rivals": 0}, None, ValueError, "rivals"),
        ({"ranks": (1, 13)}, None, ValueError, "more than the 12 generated"),
        ({}, range(29), ValueError, "keys has 29 entries for 30 images"),
        ({}, [[i] for i in range(30)], TypeError, r"keys\[0\] is a list, which cannot be hashed"),
    ],
)
def test_what_cannot_be_done_is_refused_with_advice(params, keys, error, message):
    identifier = ProfileIdentifier(**{"rivals": True, **params})
    with pytest.raises(error, match=message):
        identifier.fit(FIT, USED, keys=keys)


def test_the_words_of_a_report_name_the_rivals():
    assert "another real image" in ProfileIdentifier(rivals=True).in_plain_words()
    assert "another real image" not in ProfileIdentifier(pool_maps=True).in_plain_words()


def test_a_pipeline_hands_keys_on_where_metadata_is_routed():
    rng = np.random.default_rng(0)
    real, generated = (rng.normal(size=(n, 4)) for n in (30, 12))
    stages = CDFWassersteinPairer(n_quantiles=1, relative=True), ProfileIdentifier(rivals=True)
    with sklearn.config_context(enable_metadata_routing=True):
        pipe = Pipeline([("pair", stages[0]), ("identify", stages[1])])
        pipe.fit(real, USED, generated=(generated,), groups=GROUPS, keys=np.arange(30))
        known = pipe.predict_proba(real, keys=range(30))
        unknown = pipe.predict_proba(real, keys=range(100, 130))
        predicted = pipe.predict(real, keys=range(30))
    # Relative distances of an image of fit are others than in fit.
    assert (known != unknown).any()
    assert (predicted == known.argmax(axis=1)).all()

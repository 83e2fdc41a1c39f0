"""Which generated images must go: by patient, under views, and copies without statistics."""

import csv

import numpy as np
import pytest

from ganisi import GANISI, CDFWassersteinPairer, Intensity
from ganisi.audit import release_list
from ganisi.audit._release_list import ReleaseList, _Contest

SIDE = 8
N_USED, N_NOT_USED = 25, 30


def attack(views=None, relative=True):
    pairer = CDFWassersteinPairer(n_quantiles=1, grid=SIDE, relative=relative)
    return GANISI(Intensity(grid=SIDE, n_quantiles=1), pairer=pairer, views=views)


def noise(n, rng):
    return rng.uniform(0, 1, (n, SIDE, SIDE))


def made(n_leaking=25, n_images=1, seed=0):
    """Real images, whether used, patients; 20 generated ones of nobody, and near copies."""
    rng = np.random.default_rng(seed)
    n = (N_USED + N_NOT_USED) * n_images
    real, groups = noise(n, rng), np.arange(n) // n_images
    used = groups < N_USED
    copies = real[: n_leaking * n_images] + 0.02 * noise(n_leaking * n_images, rng)
    return real, used, groups, np.concatenate([noise(20, rng), copies])


def listed(real, used, groups, generated, views=None, **arguments):
    return release_list(
        attack(views), real, used, generated=(generated,), groups=groups, random_state=0,
        **arguments,
    )  # fmt: skip


def table(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("n_images", [1, 2])
def test_near_copies_of_used_images_are_withheld_and_named(n_images):
    real, used, groups, generated = made(n_images=n_images)
    found = listed(real, used, groups, generated)
    np.testing.assert_array_equal(found.nearest[20:], np.arange(25 * n_images))
    assert set(found.decision[20:]) == {"withhold"}
    assert set(found.reason[20:]) == {"near"}
    assert np.mean(found.decision[:20] == "release") > 0.8
    np.testing.assert_array_equal(found.nearest_used, used[found.nearest])
    assert (found.q_value[~found.nearest_used] == 1).all()
    assert (found.margin >= 0).all()


def test_near_copies_of_not_used_images_count_against_it():
    real, used, groups, generated = made()
    rng = np.random.default_rng(1)
    decoys = real[25:40] + 0.02 * noise(15, rng)
    found = listed(real, used, groups, np.concatenate([generated, decoys]))
    assert set(found.decision) == {"release"}


def test_no_label_enters_a_margin():
    real, used, groups, generated = made()
    other = np.roll(used, 20)
    found, exchanged = (listed(real, which, groups, generated, fdr=0.4) for which in (used, other))
    np.testing.assert_array_equal(found.margin, exchanged.margin)
    np.testing.assert_array_equal(found.nearest, exchanged.nearest)


def test_decisions_are_those_of_a_competition_of_patients():
    rng = np.random.default_rng(0)
    patients, used = np.arange(60), np.arange(60) < 25
    z = rng.normal(size=(60, 90)).astype(np.float32)
    z[np.arange(25), np.arange(25)] -= 4
    nearest, margin, q = _Contest(patients, used, 0.1, "bh", 0).decide(z)
    two = np.sort(z, axis=0)[:2]
    np.testing.assert_allclose(margin, two[1] - two[0], rtol=1e-6)
    rivals = [np.delete(z, i, axis=0).min(axis=0) for i in range(60)]
    best = (np.array(rivals) - z).max(axis=1)
    for g in range(90):
        if not used[nearest[g]]:
            assert q[g] == 1
            continue
        # The best estimate of any threshold up to the margin.
        estimates = [
            25 / 36 * (1 + (best[25:] >= level).sum()) / (best[:25] >= level).sum()
            for level in [margin[g], *best[:25][best[:25] <= margin[g]]]
        ]
        assert q[g] == pytest.approx(min([*estimates, 1]), rel=1e-6)


def test_other_images_of_a_patient_are_no_rivals():
    real, used, groups, generated = made()
    twin = real + 0.01 * noise(len(real), np.random.default_rng(2))
    found = listed(np.r_[real, twin], np.r_[used, used], np.r_[groups, groups], generated)
    assert set(found.decision[20:]) == {"withhold"}
    strangers = listed(np.r_[real, twin], np.r_[used, used], np.arange(110), generated)
    assert np.median(strangers.margin[20:]) < np.median(found.margin[20:]) / 2


def test_copies_go_whoever_is_on_them_and_blank_images_do_not():
    real, used, groups, generated = made(n_leaking=0)
    real[3] = real[40] = 0.5
    found = listed(
        real, used, groups, np.concatenate([generated, real[[1, 30, 3]].astype(np.float32)])
    )
    assert found.reason.tolist() == [""] * 20 + ["copy", "copy", ""]
    assert found.decision.tolist()[20:] == ["withhold", "withhold", "release"]
    assert found.nearest[20:22].tolist() == [1, 30]


def test_patients_who_share_an_image_are_one():
    real, used, groups, generated = made()
    again = np.r_[real, real[:25]]
    strangers = np.r_[groups, np.arange(100, 125)]
    # They have two images, and those who were not used one.
    found = listed(again, np.r_[used, used[:25]], strangers, generated, fdr=0.1)
    assert set(found.decision[20:]) == {"withhold"}


@pytest.mark.parametrize("views", [None, "mirrors"])
def test_mirrored_copies_are_found_under_the_view_that_is_named(views):
    real, used, groups, generated = made()
    generated[20:] = generated[20:, :, ::-1]
    found = listed(real, used, groups, generated, views)
    withheld = np.mean(found.decision[20:] == "withhold")
    assert withheld == (1 if views else 0)
    if views:
        assert set(found.view[20:]) == {"mirrored left-right"}


def test_distances_that_are_not_relative_are_made_so():
    real, used, groups, generated = made()
    near = release_list(
        attack(relative=False), real, used, generated=(generated,), groups=groups, random_state=0
    )
    np.testing.assert_allclose(near.margin, listed(real, used, groups, generated).margin, rtol=1e-3)


def test_several_sets_are_put_end_to_end():
    real, used, groups, generated = made()
    one = listed(real, used, groups, generated)
    several = release_list(
        attack(), real, used, generated=(generated[:7], generated[7:]), groups=groups,
        random_state=0,
    )  # fmt: skip
    np.testing.assert_array_equal(one.decision, several.decision)
    assert several.names[8] == "generated[8]"


def test_the_table_is_safe_in_a_spreadsheet_and_holds_names_only_where_given(tmp_path):
    real, used, groups, generated = made()
    found = listed(real, used, groups, generated)
    found.to_csv(tmp_path / "list.csv")
    rows = table(tmp_path / "list.csv")
    assert [row["generated"] for row in rows] == [f"generated[{i}]" for i in range(45)]
    assert [row["nearest"] for row in rows] == [f"X[{i}]" for i in found.nearest]
    assert [row["decision"] for row in rows] == found.decision.tolist()
    assert [row["nearest_used"] for row in rows] == [str(int(one)) for one in found.nearest_used]
    np.testing.assert_allclose([float(row["margin"]) for row in rows], found.margin, rtol=1e-5)
    names = ["=1+1", "a,b", "c\x07", *map(str, range(42))]
    named = listed(real, used, groups, generated, names=names, real_names=["-x"] * 55)
    named.to_csv(tmp_path / "list.csv")
    rows = table(tmp_path / "list.csv")
    assert [row["generated"] for row in rows[:3]] == ["'=1+1", "a,b", "c\\x07"]
    assert rows[0]["nearest"] == "'-x"
    with pytest.raises(ValueError, match="its folder does not exist"):
        named.to_csv(tmp_path / "none" / "list.csv")


def test_the_frame_is_the_table():
    pytest.importorskip("pandas")
    row = {"view": np.array(["as it is"], object), "margin": np.ones(1), "q_value": np.ones(1)}
    found = ReleaseList(
        np.zeros(1, int), np.array([True]), **row, reason=np.array([""]), fdr=0.1, names=("g",),
        real_names=("x",),
    )  # fmt: skip
    assert found.to_frame().to_dict("records") == [
        {"generated": "g", "nearest": "x", "nearest_used": True, "view": "as it is",
         "margin": 1, "q_value": 1, "reason": "", "decision": "release"}
    ]  # fmt: skip


def test_a_patient_with_both_labels_is_no_decoy():
    patients, used = np.arange(80) // 2, np.arange(80) % 2 == 0
    with pytest.raises(ValueError, match="no patient has not-used images only"):
        _Contest(patients, used, 0.1, "bh", 0)
    used[40:] = False
    assert _Contest(patients, used, 0.1, "bh", 0).used.sum() == 40


def test_what_cannot_be_is_refused_before_any_work():
    real, used, groups, generated = made()
    with pytest.raises(ValueError, match=r"with 30 not-used patients .* at fdr=0\.01"):
        listed(real, used, groups, generated, fdr=0.01)
    with pytest.raises(ValueError, match="fdr=0"):
        listed(real, used, groups, generated, fdr=0)
    with pytest.raises(ValueError, match="method='x'"):
        listed(real, used, groups, generated, method="x")
    with pytest.raises(ValueError, match="names has 2 entries for 45 images"):
        listed(real, used, groups, generated, names=["a", "b"])
    with pytest.raises(ValueError, match="real_names has 2 entries for 55 images"):
        listed(real, used, groups, generated, real_names=["a", "b"])

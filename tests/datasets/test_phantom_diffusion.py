import numpy as np
import pytest
from sklearn.metrics import pairwise_distances, roc_auc_score

from ganisi.datasets import _phantom_diffusion as module
from ganisi.datasets import load_phantom_diffusion, make_source_identification

KINDS = ["flips", "other"]
SIBLING = "unused slice of a used patient"


@pytest.fixture(scope="module")
def sets():
    return {kind: load_phantom_diffusion(kind) for kind in KINDS}


def flat(images):
    return images.reshape(len(images), -1).astype(float)


def nearness(images, generated, views=2):
    generated = [generated, generated[:, :, ::-1]][:views]
    return -pairwise_distances(flat(images), flat(np.concatenate(generated))).min(axis=1)


def auc(used, not_used):
    return roc_auc_score(np.repeat([1, 0], [len(used), len(not_used)]), [*used, *not_used])


@pytest.mark.parametrize("kind", KINDS)
def test_shapes_and_types_are_as_documented(sets, kind):
    data = sets[kind]
    for name, n in (("real", 96), ("unused_slices", 48), ("queries", 48), ("generated", 250)):
        assert data[name].shape == (n, 64, 64)
        assert data[name].dtype == np.uint8
    assert np.bincount(data.used).tolist() == [48, 48]
    assert data.groups.shape == (96,)
    assert data.unused_groups.shape == data.query_groups.shape == data.query_used.shape == (48,)
    assert data.used.dtype.kind == data.groups.dtype.kind == "i"
    assert data.kind == kind
    assert "48 used and 48 not used" in data.DESCR
    assert "BSD-3-Clause" in data.license


def test_it_offers_what_make_source_identification_offers_but_a_source(sets):
    made = make_source_identification(2, 2, 1, size=32, random_state=0)
    assert set(made) - set(sets["flips"]) == {"source"}
    assert made.target_names == sets["flips"].target_names


@pytest.mark.parametrize("kind", KINDS)
def test_no_patient_has_both_labels_or_is_asked_about(sets, kind):
    data = sets[kind]
    used, not_used = (set(data.groups[data.used == label]) for label in (1, 0))
    assert len(used) == len(not_used) == 24
    assert not used & not_used
    assert set(data.unused_groups) == used
    assert not set(data.query_groups) & (used | not_used)
    roles = {role: set(data.query_groups[data.query_roles == role]) for role in data.query_roles}
    assert roles["used"] == roles[SIBLING]
    assert not roles["used"] & roles["not used"]
    np.testing.assert_array_equal(data.query_used, data.query_roles == "used")


def test_both_kinds_ask_about_the_same_images(sets):
    one, other = sets["flips"], sets["other"]
    for name in ("real", "used", "groups", "unused_slices", "queries", "query_used"):
        np.testing.assert_array_equal(one[name], other[name])
    assert not np.array_equal(one.generated, other.generated)


@pytest.mark.parametrize("kind", KINDS)
def test_no_image_is_there_twice(sets, kind):
    data = sets[kind]
    images = np.concatenate([data.real, data.unused_slices, data.queries, data.generated])
    assert len({image.tobytes() for image in images}) == len(images)


def test_flips_remembers_the_used_images_and_mirror_images_of_them(sets):
    data = sets["flips"]
    nearest = nearness(data.real, data.generated)
    siblings = nearness(data.unused_slices, data.generated)
    used = nearest[data.used == 1]
    assert auc(used, nearest[data.used == 0]) > 0.9
    # Measured 0.63; the standard error by patient of all used images is 0.033.
    assert auc(used, siblings) > 0.57
    asked = nearness(data.queries, data.generated)
    of_used, of_others = (asked[data.query_roles == role] for role in ("used", "not used"))
    assert auc(of_used, of_others) > 0.9
    # About half of what is generated is the other way round.
    one_way = -nearness(data.generated, data.real[data.used == 1], views=1)
    either = -nearness(data.generated, data.real[data.used == 1])
    assert 0.3 < np.mean(one_way > either) < 0.7


def test_other_patients_tell_nothing(sets):
    data = sets["other"]
    nearest = nearness(data.real, data.generated)
    used = nearest[data.used == 1]
    # Two standard errors of 24 + 24 patients are 0.17.
    assert auc(used, nearest[data.used == 0]) == pytest.approx(0.5, abs=0.17)
    assert auc(used, nearness(data.unused_slices, data.generated)) == pytest.approx(0.5, abs=0.17)


def test_each_call_gives_arrays_of_its_own():
    load_phantom_diffusion().real[:] = 0
    assert load_phantom_diffusion().real.any()


@pytest.mark.parametrize("kind", ["strong", "Flips", None, 0])
def test_an_unknown_kind_is_refused_with_those_there_are(kind):
    with pytest.raises(ValueError, match=r"kind must be one of \['flips', 'other'\], got"):
        load_phantom_diffusion(kind)


def test_a_changed_file_is_refused(tmp_path, monkeypatch):
    name = "phantom_diffusion_flips.npz"
    content = bytearray((module._FOLDER / name).read_bytes())
    content[-1] ^= 1
    (tmp_path / name).write_bytes(content)
    monkeypatch.setattr(module, "_FOLDER", tmp_path)
    with pytest.raises(OSError, match="is not the file that was published: its SHA-256 is"):
        load_phantom_diffusion()


def test_a_missing_file_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_FOLDER", tmp_path)
    with pytest.raises(OSError, match="is missing, though it comes with ganisi"):
        load_phantom_diffusion()


def test_the_files_are_small():
    sizes = [(module._FOLDER / f"phantom_diffusion_{kind}.npz").stat().st_size for kind in KINDS]
    assert sum(sizes) <= 3_000_000

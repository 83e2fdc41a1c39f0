"""The sets of generators, read back from the package and from a folder."""

import dataclasses

import numpy as np
import pytest
from generator_runs import SIBLING, store
from PIL import Image

from ganisi.datasets import load_phantom_diffusion


@pytest.mark.parametrize("kind", ["flips", "other"])
def test_sets_of_the_package_have_every_image_once_with_its_role(sets, kind):
    arrays, bunch = sets.from_package(kind), load_phantom_diffusion(kind)
    assert arrays["generated"] is not None
    roles, counts = np.unique(arrays["role"], return_counts=True)
    assert dict(zip(roles, counts, strict=True)) == dict.fromkeys(
        (sets.data.USED, sets.data.NOT_USED, SIBLING), 64
    )
    np.testing.assert_array_equal(arrays["used"], arrays["role"] == sets.data.USED)
    of = dict(zip((x.tobytes() for x in arrays["images"]), arrays["groups"], strict=True))
    assert len(of) == len(arrays["images"]) == 192
    for images, groups in (
        (bunch.real, bunch.groups),
        (bunch.unused_slices, bunch.unused_groups),
        (bunch.queries, bunch.query_groups),
    ):
        assert [of[x.tobytes()] for x in images] == groups.tolist()


def test_a_part_of_a_set_keeps_whole_patients_of_every_role(sets, evidence):
    arrays = sets.from_package("flips")
    part = sets.part_of(
        arrays, dataclasses.replace(evidence.Settings(), n_patients=3, n_generated=5)
    )
    assert len(part["generated"]) == 5
    assert np.unique(part["role"], return_counts=True)[1].tolist() == [6, 6, 6]
    assert len(np.unique(part["groups"])) == 6
    whole = sets.part_of(arrays, evidence.Settings())
    np.testing.assert_array_equal(whole["images"], arrays["images"])


def test_sets_of_the_folder_come_after_those_of_the_package(sets, copies, tmp_path):
    for name in ("weak-1", "flips-0", "gan-0"):
        store(sets.data, tmp_path, name, copies)
    assert sets.names_of(tmp_path) == ["flips-0", "other-0", "gan-0", "weak-1"]
    assert sets.names_of(None) == ["flips-0", "other-0"]
    assert len(sets.read_set("flips-0", tmp_path)[0]["images"]) == 192
    np.testing.assert_array_equal(sets.read_set("gan-0", tmp_path)[0]["images"], copies["images"])


def test_what_is_near_to_the_generated_images_is_counted_mirrored_or_not(sets, evidence, copies):
    turned = {**copies, "generated": copies["generated"][:5, :, ::-1]}
    seen = sets.look(turned, {"n_training_images": 8, "seconds of training": 1.6})
    assert seen["to used"] == [0, 0, 0]
    assert min(seen["to others"]) > 10
    assert (seen["nearest to some"], seen["used"], seen["generated"]) == (5, 8, 5)
    (*_, row) = evidence.set_table({"gan-0": {"images": seen}}).split("\n")
    assert row.startswith("| gan-0 | 8 | 2 | 5 | 0 / 0 / 0 | ")
    assert row.endswith(" | 5 of 8 |")


def test_a_set_that_is_not_whole_is_said(sets, copies, tmp_path):
    store(sets.data, tmp_path, "gan-0", copies)
    (tmp_path / "gan-0.png").unlink()
    with pytest.raises(SystemExit, match=r"gan-0\.npz or \.png is missing"):
        sets.read_set("gan-0", tmp_path)
    Image.new("L", (1, 1)).save(tmp_path / "gan-0.png")
    with pytest.raises(SystemExit, match="their checksums differ"):
        sets.read_set("gan-0", tmp_path)


def test_folders_are_read_as_sets_are(sets, copies, tmp_path):
    folders = {role: name for name, role in sets.FOLDERS.items()}
    rows = ["folder,file,group"]
    for i, role in enumerate(copies["role"]):
        (tmp_path / folders[role]).mkdir(exist_ok=True)
        Image.fromarray(copies["images"][i]).save(tmp_path / folders[role] / f"{i:02d}.png")
        rows.append(f"{folders[role]},{i:02d}.png,{copies['groups'][i]}")
    (tmp_path / "generated").mkdir()
    for i, image in enumerate(copies["generated"]):
        Image.fromarray(image).save(tmp_path / "generated" / f"{i}.png")
    alone = sets.from_folders(tmp_path)
    assert alone["groups"].tolist() == list(range(24))
    (tmp_path / "groups.csv").write_text("\n".join(rows))
    read = sets.in_memory(sets.from_folders(tmp_path))
    np.testing.assert_array_equal(read["generated"], copies["generated"])
    of = {image.tobytes(): i for i, image in enumerate(copies["images"])}
    order = [of[image.tobytes()] for image in read["images"]]
    assert sorted(order) == list(range(24))
    for name in ("role", "used"):
        np.testing.assert_array_equal(read[name], copies[name][order])
    np.testing.assert_array_equal(read["groups"].astype(int), copies["groups"][order])


def test_a_set_of_the_package_may_leave_out_those_to_be_asked_about(sets):
    bunch, arrays = load_phantom_diffusion("other"), sets.from_package("other", queries=False)
    images = np.concatenate([bunch.real, bunch.unused_slices])
    np.testing.assert_array_equal(arrays["images"], images)
    assert {len(rows) for name, rows in arrays.items() if name != "generated"} == {len(images)}

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ganisi.datasets import load_imageclef_gans

# used, not used, generated, queries, generated images of the queries
LAYOUTS = {
    "flat": ("real_used", "real_not_used", "generated", "real_unknown", "generated"),
    "flat, the test part's names": (
        "used",
        "not_used",
        "generated",
        "real_unknown_1",
        "generated_1",
    ),
    "two parts": (
        "development/real_used",
        "development/real_not_used",
        "development/generated",
        "test/real_unknown",
        "test/generated",
    ),
    "parts in a folder, unpacked into folders of their own": (
        "GANs 2023/dev dataset/dev/Real-Used",
        "GANs 2023/dev dataset/dev/Real Unused",
        "GANs 2023/dev dataset/dev/Generated/generated",
        "GANs 2023/test dataset/real_unknown_1/real_unknown_1",
        "GANs 2023/test dataset/generated_1",
    ),
    "real apart from generated": (
        "development/real/used",
        "development/real/not_used",
        "development/generated",
        "test/real/real_all",
        "test/generated",
    ),
    "the test part below the development part": (
        "used",
        "real_unused",
        "generated",
        "test/real_unknown",
        "test/generated_1",
    ),
}


def add(root, folder, names):
    path = Path(root, folder)
    path.mkdir(parents=True, exist_ok=True)
    for name in names:
        Image.fromarray(np.zeros((8, 8), np.uint8)).save(path / name)


def lay_out(root, folders):
    used, not_used, generated, queries, query_generated = folders
    add(root, used, ["u1.png", "u2.png"])
    add(root, not_used, ["n1.png"])
    add(root, generated, ["g1.png", "g2.png", "g3.png"])
    add(root, queries, ["real 7.png", "real 10 é.png"])
    if query_generated != generated:
        add(root, query_generated, ["t1.png"])


@pytest.mark.parametrize("folders", LAYOUTS.values(), ids=list(LAYOUTS))
def test_every_layout_is_understood(tmp_path, folders):
    lay_out(tmp_path, folders)
    (tmp_path / ".cache" / "real_used").mkdir(parents=True)
    add(tmp_path, ".cache/real_used", ["old.png"])
    data = load_imageclef_gans(tmp_path)
    purposes = ("used", "not_used", "generated", "queries", "query_generated")
    for purpose, folder in zip(purposes, folders, strict=True):
        assert data.folders[purpose] == str(tmp_path / folder)
        assert {str(Path(path).parent) for path in data[purpose]} == {str(tmp_path / folder)}
    assert [len(data[purpose]) for purpose in purposes[:4]] == [2, 1, 3, 2]
    assert data.ids == ["real 10 é", "real 7"]
    assert data.real == data.used + data.not_used
    assert data.target.tolist() == [1, 1, 0]
    assert f"2 used ({tmp_path / folders[0]})" in data.DESCR


def test_queries_may_be_missing(tmp_path):
    for folder in ("used", "not_used", "generated"):
        add(tmp_path, folder, ["1.png"])
    data = load_imageclef_gans(tmp_path)
    assert (data.queries, data.ids, data.query_generated) == ([], [], [])
    assert "No queries: no folder is named real_unknown, real_unknown_1, real_all." in data.DESCR


def test_generated_images_that_belong_to_nothing_are_named(tmp_path):
    for folder in ("used", "not_used", "generated", "old/generated"):
        add(tmp_path, folder, ["1.png"])
    data = load_imageclef_gans(tmp_path)
    assert data.folders["generated"] == str(tmp_path / "generated")
    assert f"Left alone, as others are nearer: {tmp_path / 'old' / 'generated'}." in data.DESCR


@pytest.mark.parametrize(
    ("purpose", "names"),
    [
        ("used", "real_used, used"),
        ("not_used", "real_not_used, real_unused, not_used"),
        ("generated", "generated, generated_1"),
    ],
)
def test_a_missing_folder_says_what_was_looked_for_and_what_is_there(tmp_path, purpose, names):
    for folder in {"used", "not_used", "generated"} - {purpose}:
        add(tmp_path, f"data/{folder}", ["1.png"])
    add(tmp_path, "data/others", ["1.png"])
    with pytest.raises(ValueError, match=f"no folder of .* images; .* named {names} ") as error:
        load_imageclef_gans(tmp_path)
    assert purpose.replace("_", " ") in str(error.value)
    assert str(tmp_path / "data" / "others") in str(error.value)


@pytest.mark.parametrize("purpose", ["used", "not_used", "generated", "real_unknown"])
def test_a_folder_without_images_is_refused(tmp_path, purpose):
    for folder in {"used", "not_used", "generated"} - {purpose}:
        add(tmp_path, folder, ["1.png"])
    add(tmp_path, purpose, [])
    with pytest.raises(ValueError, match=rf"Without any image: .*{purpose}\."):
        load_imageclef_gans(tmp_path)


@pytest.mark.parametrize("double", ["used", "not_used", "real_unknown"])
def test_two_folders_for_one_purpose_are_refused(tmp_path, double):
    for folder in ("used", "not_used", "generated", "real_unknown"):
        add(tmp_path, folder, ["1.png"])
    add(tmp_path, f"copy/{double}", ["1.png"])
    with pytest.raises(ValueError, match=rf"holds 2 folders of .*copy/{double}"):
        load_imageclef_gans(tmp_path)


def test_generated_images_that_may_belong_to_two_parts_are_refused(tmp_path):
    for folder in ("used", "not_used", "a/generated", "b/generated"):
        add(tmp_path, folder, ["1.png"])
    with pytest.raises(ValueError, match=r"a/generated, .*b/generated are equally near to .*used"):
        load_imageclef_gans(tmp_path)


def test_two_queries_of_one_id_are_refused(tmp_path):
    for folder in ("used", "not_used", "generated"):
        add(tmp_path, folder, ["1.png"])
    add(tmp_path, "real_unknown", ["7.png", "7.jpg"])
    with pytest.raises(ValueError, match=r"holds several images named '7'"):
        load_imageclef_gans(tmp_path)


def test_nothing_and_no_folder_are_refused(tmp_path):
    with pytest.raises(ValueError, match=r"Folders found: none\.$"):
        load_imageclef_gans(tmp_path)
    with pytest.raises(NotADirectoryError, match="nowhere is no folder"):
        load_imageclef_gans(tmp_path / "nowhere")

"""Folders: every entry is an image, left alone for a reason, or an error by name."""

import os
import pickle
from pathlib import Path

import numpy as np
import pytest
from image_files import GREY, save
from PIL import Image

from ganisi import ImageFile, Intensity
from ganisi.datasets import load_image_folder


def add(path, level=7):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.full((8, 9), level, np.uint8)).save(path)


def why_left_alone(folder):
    return {os.path.basename(path): why for path, why in folder.left_alone}


def test_paths_and_names_come_in_the_order_of_the_names(tmp_path):
    for name in ("b é.png", "10.png", "a b.JPG", "2.tiff", "a.b.c.tif", "ä.bmp"):
        add(tmp_path / name)
    paths, names = load_image_folder(tmp_path)
    assert names == ["10", "2", "a b", "a.b.c", "b é", "ä"]
    assert [path.rpartition(".")[0] for path in paths] == [str(tmp_path / name) for name in names]
    assert load_image_folder(str(tmp_path)) == (paths, names)


def test_what_is_found_is_described(tmp_path):
    for level in (3, 200):
        add(tmp_path / f"{level}.png", level)
    paths, names = load_image_folder(tmp_path)
    rows = Intensity(n_quantiles=1).fit_transform(paths)
    assert rows.ravel().tolist() == [float(name) for name in names]


def test_an_account_says_what_was_left_alone_and_why(tmp_path):
    add(tmp_path / "scan.png")
    add(tmp_path / ".hidden.png")
    add(tmp_path / "thumb_01.png")
    add(tmp_path / "Thumbnails" / "1.png")
    (tmp_path / "._scan.png").write_bytes(b"resource fork")
    (tmp_path / "Thumbs.db").write_bytes(b"")
    (tmp_path / "labels.csv").write_text("scan,1")
    (tmp_path / "IM0001").write_bytes(bytes(200))
    (tmp_path / "folder.png").mkdir()
    os.mkfifo(tmp_path / "pipe")
    folder = load_image_folder(tmp_path)
    assert folder.names == ["scan"]
    assert why_left_alone(folder) == {
        ".hidden.png": "hidden",
        "._scan.png": "hidden",
        "Thumbnails": "a thumbnail, by its name",
        "thumb_01.png": "a thumbnail, by its name",
        "Thumbs.db": "a file of the system",
        "labels.csv": "no image (.csv)",
        "IM0001": "no image (no suffix)",
        "folder.png": "a folder without images",
        "pipe": "a device or a pipe",
    }
    assert folder.account == (
        f"{tmp_path}: 1 images; left alone: 1 x a device or a pipe, 1 x a file of the system, "
        "1 x a folder without images, 2 x a thumbnail, by its name, 2 x hidden, "
        "1 x no image (.csv), 1 x no image (no suffix)."
    )
    assert load_image_folder(tmp_path).left_alone == folder.left_alone


def test_a_folder_is_still_a_pair_and_survives_a_trip(tmp_path):
    add(tmp_path / "scan.png")
    add(tmp_path / ".hidden.png")
    folder = load_image_folder(tmp_path)
    back = pickle.loads(pickle.dumps(folder))
    assert back == folder == ([str(tmp_path / "scan.png")], ["scan"])
    assert (back.account, back.left_alone) == (folder.account, folder.left_alone)


@pytest.mark.parametrize("name", ["thumbprint.png", "bluethumbs2.png"])
def test_what_only_resembles_the_name_of_a_thumbnail_is_read(tmp_path, name):
    add(tmp_path / name)
    assert load_image_folder(tmp_path).names == [name[:-4]]


def test_recursive_looks_into_folders_and_names_say_where(tmp_path):
    for name in ("b/2.png", "b/10/scan.tif", "a.png", "c/1.png"):
        add(tmp_path / name)
    paths, names = load_image_folder(tmp_path, recursive=True)
    assert names == ["a", "b/10/scan", "b/2", "c/1"]
    assert [os.path.relpath(path, tmp_path).rpartition(".")[0] for path in paths] == names


def test_a_folder_of_images_that_was_not_asked_for_is_an_error(tmp_path):
    add(tmp_path / "1.png")
    add(tmp_path / "more" / "deep" / "2.png")
    with pytest.raises(ValueError, match=r"more is a folder .*deep/2\.png\. .*recursive=True.*--r"):
        load_image_folder(tmp_path)
    assert load_image_folder(tmp_path, recursive=True).names == ["1", "more/deep/2"]


@pytest.mark.parametrize("recursive", [False, True])
def test_four_published_images_cannot_be_dropped_in_silence(tmp_path, recursive):
    add(tmp_path / "1.png")
    save(tmp_path / "2.webp", GREY, lossless=True)
    assert load_image_folder(tmp_path, recursive=recursive).names == ["1", "2"]
    (tmp_path / "3.png").symlink_to(tmp_path / "gone.png")
    with pytest.raises(ValueError, match=r"3\.png is a link to .*gone\.png, which does not exist"):
        load_image_folder(tmp_path, recursive=recursive)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: path.write_bytes(b"no picture"), "cannot be read as an image"),
        (lambda path: path.write_bytes(b""), "cannot be read as an image"),
        (lambda path: path.symlink_to("nowhere"), "is a link to nowhere, which does not exist"),
        (lambda path: path.symlink_to(path), "is a link that leads back to itself"),
        (os.mkfifo, "is no file but a device or a pipe"),
    ],
)
@pytest.mark.parametrize("name", ["scan.png", "scan.DCM"])
def test_an_entry_that_should_be_an_image_and_is_none_is_an_error(tmp_path, make, message, name):
    if make is os.mkfifo and name != "scan.png":
        name = "scan.tif"
    add(tmp_path / "good.png")
    make(tmp_path / name)
    pytest.importorskip("pydicom") if name.endswith("DCM") else None
    with pytest.raises(ValueError, match=rf"{name} {message}"):
        load_image_folder(tmp_path)


def test_a_file_that_may_not_be_opened_is_an_error_unless_it_is_prose(tmp_path, monkeypatch):
    add(tmp_path / "good.png")
    (tmp_path / "IM0001").write_bytes(bytes(128) + b"DICM")
    (tmp_path / "notes.txt").write_text("")
    (tmp_path / "list.csv").symlink_to("nowhere")
    really_open = open

    def refuse(path, *rest):
        if Path(path).name in ("IM0001", "notes.txt"):
            raise PermissionError(13, "Permission denied")
        return really_open(path, *rest)

    monkeypatch.setattr("builtins.open", refuse)
    with pytest.raises(ValueError, match="IM0001 cannot be read: Permission denied"):
        load_image_folder(tmp_path)
    os.remove(tmp_path / "IM0001")
    left_alone = why_left_alone(load_image_folder(tmp_path))
    assert left_alone == {"notes.txt": "no image (.txt)", "list.csv": "no image (.csv)"}


def test_a_folder_that_goes_round_is_an_error_and_another_link_is_followed(tmp_path):
    add(tmp_path / "a" / "1.png")
    add(tmp_path / "b" / "2.png")
    (tmp_path / "a" / "more").symlink_to(tmp_path / "b")
    folder = load_image_folder(tmp_path / "a", recursive=True)
    assert folder.names == ["1", "more/2"]
    (tmp_path / "b" / "up").symlink_to(tmp_path / "a")
    with pytest.raises(ValueError, match=r"more/up is a link to a folder above it"):
        load_image_folder(tmp_path / "a", recursive=True)


def test_a_folder_that_cannot_be_listed_is_an_error(tmp_path, monkeypatch):
    add(tmp_path / "1.png")
    (tmp_path / "locked").mkdir()
    listed = os.listdir

    def refuse(path):
        if Path(path).name == "locked":
            raise PermissionError(13, "Permission denied")
        return listed(path)

    monkeypatch.setattr(os, "listdir", refuse)
    for recursive in (False, True):
        with pytest.raises(ValueError, match="locked cannot be looked into: Permission denied"):
            load_image_folder(tmp_path, recursive=recursive)


@pytest.mark.parametrize("name", ["scan.heic", "scan.nrrd", "set.tar.gz", "set.rar"])
def test_images_of_a_kind_that_is_not_read_are_refused_by_name(tmp_path, name):
    add(tmp_path / "1.png")
    (tmp_path / name).write_bytes(b"something")
    with pytest.raises(ValueError, match=rf"{name} is of a kind that is not read"):
        load_image_folder(tmp_path)


def test_several_faults_are_named_at_once_and_the_rest_counted(tmp_path):
    for i in range(5):
        (tmp_path / f"{i}.png").write_bytes(b"no picture")
    with pytest.raises(ValueError, match=r"0\.png.*\n.*1\.png.*\n.*2\.png.*\n\.\.\. and 2 more\.$"):
        load_image_folder(tmp_path)


@pytest.mark.parametrize("form", ["png", "tiff", "jpeg", "gif", "webp", "jpeg2000"])
def test_a_picture_is_known_without_a_suffix(tmp_path, form):
    save(tmp_path / "IM0001", GREY, format=form)
    save(tmp_path / "scan.bak", GREY, format=form)
    assert load_image_folder(tmp_path).names == ["IM0001", "scan.bak"]


def test_options_make_files_of_the_paths(tmp_path):
    add(tmp_path / "scan.png")
    path = str(tmp_path / "scan.png")
    assert load_image_folder(tmp_path)[0] == [path]
    assert load_image_folder(tmp_path, as_gray=True)[0] == [ImageFile(path, as_gray=True)]
    assert load_image_folder(tmp_path, bits=8)[0] == [ImageFile(path, bits=8)]


def test_a_folder_without_images_says_what_was_looked_for_and_what_is_there(tmp_path):
    (tmp_path / "notes.txt").write_text("")
    (tmp_path / "real").mkdir()
    with pytest.raises(
        ValueError,
        match=r"holds no image; looked for .*\.png.*\.dcm.* as these do; left alone: "
        r"1 x a folder without images, 1 x no image \(\.txt\)\.$",
    ):
        load_image_folder(tmp_path)


def test_an_empty_name_is_not_the_folder_that_the_program_runs_in(tmp_path, monkeypatch):
    add(tmp_path / "scan.png")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NotADirectoryError, match="name of the folder is empty"):
        load_image_folder("")


def test_what_is_no_folder_is_refused(tmp_path):
    add(tmp_path / "scan.png")
    for path in ("scan.png", "nowhere"):
        with pytest.raises(NotADirectoryError, match=rf"{path} is no folder"):
            load_image_folder(tmp_path / path)

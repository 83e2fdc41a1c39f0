import numpy as np
import pytest
from PIL import Image

from ganisi import ImageFile, Intensity
from ganisi.datasets import load_image_folder


def add(path, level=7):
    Image.fromarray(np.full((8, 9), level, np.uint8)).save(path)


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


def test_hidden_files_other_files_and_folders_are_left_alone(tmp_path):
    add(tmp_path / "scan.png")
    add(tmp_path / ".hidden.png")
    (tmp_path / "._scan.png").write_bytes(b"resource fork")
    (tmp_path / "labels.csv").write_text("scan,1")
    (tmp_path / "folder.png").mkdir()
    assert load_image_folder(tmp_path)[1] == ["scan"]


def test_dicom_is_found_without_an_extension(tmp_path):
    (tmp_path / "1.2.840.7").write_bytes(bytes(128) + b"DICM")
    (tmp_path / "scan.dcm").write_bytes(b"")
    (tmp_path / "IM0001").write_bytes(bytes(200))
    assert load_image_folder(tmp_path)[1] == ["1.2.840.7", "scan"]


def test_options_make_files_of_the_paths(tmp_path):
    add(tmp_path / "scan.png")
    path = str(tmp_path / "scan.png")
    assert load_image_folder(tmp_path)[0] == [path]
    assert load_image_folder(tmp_path, as_gray=True)[0] == [ImageFile(path, as_gray=True)]
    assert load_image_folder(tmp_path, window=(0, 9))[0] == [ImageFile(path, window=(0, 9))]


def test_an_empty_folder_says_what_was_looked_for_and_what_is_there(tmp_path):
    (tmp_path / "notes.txt").write_text("")
    with pytest.raises(
        ValueError, match=r"holds no image; looked for .*\.png.*\.dcm.*DICOM does\.$"
    ):
        load_image_folder(tmp_path)
    (tmp_path / "real").mkdir()
    (tmp_path / "fake").mkdir()
    with pytest.raises(ValueError, match=r"It holds the folders fake, real; name one of them"):
        load_image_folder(tmp_path)


def test_what_is_no_folder_is_refused(tmp_path):
    add(tmp_path / "scan.png")
    for path in ("scan.png", "nowhere"):
        with pytest.raises(NotADirectoryError, match=rf"{path} is no folder"):
            load_image_folder(tmp_path / path)

"""Arrays of images, and archives that are read where they are."""

import zipfile

import numpy as np
import pytest
from image_files import GREY, GREY16, save

from ganisi import ImageFile, Intensity
from ganisi.datasets import load_groups, load_image_folder
from ganisi.images._checks import check_images, read_image

STACK = np.stack([GREY, GREY[::-1], 255 - GREY])


def levels(folder):
    return [read_image(image) for image in check_images(folder.images)]


@pytest.mark.parametrize(
    "shape", [lambda s: s, lambda s: s[..., None], lambda s: s[:, None]], ids=["", "last", "second"]
)
@pytest.mark.parametrize("n_channels", [1, 3])
@pytest.mark.parametrize("name", ["set.npy", "IM1"])
def test_an_array_is_its_images(tmp_path, shape, n_channels, name):
    stack = shape(STACK)
    if n_channels == 3 and stack.ndim == 4:
        stack = np.repeat(stack, 3, axis=1 if stack.shape[1] == 1 else -1)
    with open(tmp_path / name, "wb") as file:
        np.save(file, stack)
    folder = load_image_folder(tmp_path)
    assert folder.names == [f"{name.removesuffix('.npy')} {i}" for i in range(3)]
    np.testing.assert_array_equal(levels(folder), STACK)
    assert folder.groups is None
    np.testing.assert_array_equal(
        Intensity().fit_transform(folder.images), Intensity().fit_transform(STACK)
    )


def test_one_array_may_stand_for_the_folder(tmp_path):
    np.save(tmp_path / "set.npy", STACK)
    np.savez(tmp_path / "set.npz", a=STACK, b=GREY)
    folder = load_image_folder(tmp_path / "set.npy")
    assert folder.names == ["set 0", "set 1", "set 2"]
    np.testing.assert_array_equal(levels(folder), STACK)
    folder = load_image_folder(tmp_path / "set.npz")
    assert folder.names == ["a 0", "a 1", "a 2", "b"]
    np.testing.assert_array_equal(levels(folder), [*STACK, GREY])
    assert load_image_folder(tmp_path).names == [
        *("set 0", "set 1", "set 2"),
        *("set.npz/a 0", "set.npz/a 1", "set.npz/a 2", "set.npz/b"),
    ]


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (np.zeros((4, 5, 3), np.uint8), r"it has shape \(4, 5, 3\), expected \(n_images"),
        (np.zeros(7, np.uint8), r"it has shape \(7,\)"),
        (np.zeros((0, 4, 5), np.uint8), r"it has shape \(0, 4, 5\)"),
        (np.zeros((2, 4, 5), bool), "it has data type bool"),
        (np.zeros((2, 4, 5), complex), "it has data type complex128"),
        (np.array([None]), "(Object arrays|Array can't be memory-mapped: Python objects)"),
    ],
)
def test_an_array_that_is_no_images_is_refused_by_name(tmp_path, array, message):
    np.save(tmp_path / "odd.npy", array)
    with pytest.raises(ValueError, match=rf"odd\.npy cannot be read as an image: {message}"):
        load_image_folder(tmp_path)


def test_colours_of_an_array_are_refused_unless_luma_is_asked_for(tmp_path):
    colours = np.stack([STACK, STACK, STACK // 2], axis=-1)
    np.save(tmp_path / "set.npy", colours)
    with pytest.raises(ValueError, match=r"set\.npy\[0\] is a colour image"):
        levels(load_image_folder(tmp_path))
    luma = levels(load_image_folder(tmp_path, as_gray=True))
    np.testing.assert_allclose(luma, colours @ [0.299, 0.587, 0.114], atol=0.501)


def test_a_truncated_array_and_a_wrong_number_name_themselves(tmp_path):
    np.save(tmp_path / "set.npy", STACK)
    for index, message in ((3, "holds 3 images, so none of index=3"), (None, "has shape")):
        with pytest.raises(ValueError, match=rf"set\.npy {message}"):
            read_image(ImageFile(tmp_path / "set.npy", index=index))
    content = (tmp_path / "set.npy").read_bytes()
    (tmp_path / "set.npy").write_bytes(content[:-40])
    with pytest.raises(ValueError, match=r"set\.npy cannot be read as an image"):
        load_image_folder(tmp_path)


def test_windows_and_bits_are_for_arrays_too(tmp_path):
    np.save(tmp_path / "deep.npy", np.stack([GREY16, GREY16]).astype(np.float32) - 1000)
    np.save(tmp_path / "shallow.npy", STACK)
    folder = load_image_folder(tmp_path, window=(-1000, 64535), bits=8)
    assert [image.window for image in folder.images] == [(-1000, 64535)] * 2 + [None] * 3
    np.testing.assert_array_equal(levels(folder)[0], np.rint(GREY16 / 65535 * 255))
    assert [image.spacing for image in load_image_folder(tmp_path, spacing=2.0, bits=8).images] == [
        None
    ] * 5


@pytest.fixture
def archive(tmp_path):
    """A zip archive of what an operating system puts into one."""
    save(tmp_path / "1.png", GREY)
    np.save(tmp_path / "set.npy", STACK)
    with zipfile.ZipFile(tmp_path / "real.zip", "w", zipfile.ZIP_DEFLATED) as file:
        file.write(tmp_path / "set.npy", "p2/set.npy")
        file.write(tmp_path / "1.png", "p10/1.png")
        file.write(tmp_path / "1.png", "p1/1.png")
        file.write(tmp_path / "1.png", "p1/.hidden.png")
        file.write(tmp_path / "1.png", "__MACOSX/p1/._1.png")
        file.writestr("p1/notes.txt", "of the scanner")
        file.mkdir("p3") if hasattr(file, "mkdir") else None
    (tmp_path / "1.png").unlink()
    (tmp_path / "set.npy").unlink()
    return tmp_path / "real.zip"


def test_an_archive_is_read_where_it_is(archive):
    folder = load_image_folder(archive)
    assert folder.names == ["p1/1", "p10/1", "p2/set 0", "p2/set 1", "p2/set 2"]
    np.testing.assert_array_equal(levels(folder), [GREY, GREY, *STACK])
    assert [path.removeprefix(f"{archive}/") for path, _ in folder.left_alone] == [
        "__MACOSX/p1/._1.png",
        "p1/.hidden.png",
        "p1/notes.txt",
    ]
    by_folder = load_image_folder(archive, patient=1).groups
    assert len(set(by_folder)) == 3
    assert list(archive.parent.iterdir()) == [archive]


def test_workers_read_an_archive(archive):
    images = load_image_folder(archive).images
    rows = Intensity().fit_transform(images)
    np.testing.assert_array_equal(Intensity(n_jobs=2).fit_transform(images), rows)


def test_an_archive_in_a_folder_is_asked_for_as_a_folder_is(archive):
    with pytest.raises(
        ValueError, match=r"real\.zip is an archive that holds images, such as p1/1"
    ):
        load_image_folder(archive.parent)
    folder = load_image_folder(archive.parent, recursive=True)
    assert folder.names[0] == "real.zip/p1/1"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("notes.txt", "of the scanner")
    with pytest.raises(ValueError, match="1 x an archive without images"):
        load_image_folder(archive.parent)


def test_a_table_names_the_files_of_an_archive(archive, tmp_path):
    images = load_image_folder(archive).images[:2]
    table = tmp_path / "groups.csv"
    table.write_text("folder,file,group\nreal.zip/p1,1.png,a\nreal.zip,p10/1.png,b\n")
    assert load_groups(table, images).tolist() == ["a", "b"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.zip", b"PK", "a.zip is an archive in an archive"),
        ("a.png", b"no picture", "a.png cannot be read as an image"),
        ("a.heic", b"", "a.heic is of a kind that is not read"),
    ],
)
def test_a_fault_in_an_archive_is_an_error_by_name(archive, name, content, message):
    with zipfile.ZipFile(archive, "a") as file:
        file.writestr(f"p1/{name}", content)
    with pytest.raises(ValueError, match=f"real.zip/p1/{message}"):
        load_image_folder(archive)


def test_a_broken_an_encrypted_and_a_doubled_archive_are_errors(archive):
    content = archive.read_bytes()
    archive.write_bytes(content[:-30])
    with pytest.raises(ValueError, match=r"real\.zip cannot be read as an archive"):
        load_image_folder(archive)
    # The flag of encryption, of the first entry of the list at the end.
    at = content.index(b"PK\x01\x02") + 8
    archive.write_bytes(content[:at] + b"\x01" + content[at + 1 :])
    with pytest.raises(ValueError, match=r"real\.zip/p2/set\.npy is encrypted\. Unpack it"):
        load_image_folder(archive)
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("1.png", b"")
        with pytest.warns(UserWarning, match="Duplicate"):
            file.writestr("1.png", b"")
    with pytest.raises(ValueError, match=r"real\.zip/1\.png is in the archive twice"):
        load_image_folder(archive)


def test_a_damaged_byte_in_an_archive_names_the_file(archive):
    content = bytearray(archive.read_bytes())
    content[content.index(b"p1/1.png") + 30] ^= 255
    archive.write_bytes(bytes(content))
    with pytest.raises(ValueError, match=r"real\.zip/p1/1\.png cannot be read as an image"):
        levels(load_image_folder(archive))


def test_a_member_that_would_fill_the_memory_is_refused(archive, monkeypatch):
    monkeypatch.setattr("ganisi.images._places._MAX_BYTES", 100)
    with pytest.raises(ValueError, match="it unpacks to more than 100 bytes"):
        load_image_folder(archive)

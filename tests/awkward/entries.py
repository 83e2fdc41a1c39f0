"""What stands in folders beside images, and how folders stand in each other."""

import os

from image_files import GREY
from PIL import Image

from ._kind import Kind
from .pictures import saved, written


def beside(make):
    """A function that makes something beside a picture."""

    def both(folder):
        saved("good.png")(folder)
        make(folder)

    return both


def linked(name, target):
    return lambda folder: (folder / name).symlink_to(target)


def in_folder(folder_name, make):
    def inner(folder):
        (folder / folder_name).mkdir(parents=True)
        make(folder / folder_name)

    return inner


def good_link(folder):
    (folder / "..data").mkdir()
    saved("a.png")(folder / "..data")
    (folder / "b.png").symlink_to(folder / "..data" / "a.png")


def circle(folder):
    (folder / "patient").mkdir()
    (folder / "patient" / "again").symlink_to(folder)


def two_of_one_name(folder):
    saved("scan.png")(folder)
    Image.fromarray(GREY).save(folder / "scan.tif")


def folder_linked(folder):
    (folder / ".hidden").mkdir()
    saved("a.png")(folder / ".hidden")
    (folder / "patient").symlink_to(folder / ".hidden")


def named(name):
    """A function that saves a picture under a name of any bytes."""

    def make(folder):
        Image.fromarray(GREY).save(folder / "a.png")
        os.rename(folder / "a.png", os.fsencode(folder) + b"/" + name)

    return make


ALONE = [
    ("a hidden file", written(".scan.png", b"")),
    ("what macOS writes beside a file", written("._scan.png", b"")),
    ("Thumbs.db of Windows", written("Thumbs.db", b"")),
    ("desktop.ini of Windows", written("desktop.ini", b"")),
    (".DS_Store of macOS", written(".DS_Store", b"")),
    ("a hidden folder of images", in_folder(".cache", saved("a.png"))),
    ("a thumbnail", saved("scan_thumb.jpg")),
    ("a folder of thumbnails", in_folder("thumbnails", saved("a.png"))),
    ("a table", written("labels.csv", b"scan,1")),
    ("a text", written("README.md", b"of the scanner")),
    ("gradients of a diffusion scan", written("dwi.bval", b"0 1000")),
    ("a file of no known kind", written("IM0001", bytes(600))),
    ("a letter of the office, which is an archive inside", written("a.docx", b"PK\x03\x04")),
    ("a film", written("heart.mp4", b"\0\0\0 ftypisom")),
    ("a link to nowhere, to a text", linked("notes.txt", "nowhere.txt")),
    ("a folder without images", in_folder("notes", written("notes.txt", b""))),
    ("an empty folder", in_folder("empty", lambda _: None)),
    ("a pipe", lambda folder: os.mkfifo(folder / "pipe")),
]
REFUSED = [
    ("a link to nowhere", linked("a.png", "gone.png")),
    ("a link to nowhere, without a suffix", linked("IM0001", "gone")),
    ("a link to itself", linked("a.png", "a.png")),
    ("a pipe named as an image", lambda folder: os.mkfifo(folder / "a.png")),
    ("a folder of images", in_folder("patient", saved("a.png"))),
    ("a link to a folder of images", folder_linked),
    ("a picture of another program", written("a.tga", bytes(18))),
    ("an empty file without a suffix", written("IM0001", b"")),
    ("an archive without a suffix", written("backup", b"PK\x03\x04")),
    ("a tar archive", written("set.tar.gz", b"\x1f\x8b")),
]

ENTRIES = [
    *(Kind(f"an image, and {what}", beside(make)) for what, make in ALONE),
    *(Kind(f"an image, and {what}", beside(make)) for what, make in REFUSED),
    Kind(
        "an image, and a folder of images",
        beside(in_folder("patient", saved("a.png"))),
        {"recursive": True},
        GREY,
    ),
    Kind(
        "an image, and a link to a folder of images",
        beside(folder_linked),
        {"recursive": True},
        GREY,
    ),
    Kind("a name that is no UTF-8", named(b"\xff.png"), levels=GREY),
    Kind("a name with a line break", named(b"a\nb.png"), levels=GREY),
    Kind("a name that controls a terminal", named(b"\x1b[31m.png"), levels=GREY),
    Kind("a name that a spreadsheet would execute", named(b"=1+1.png"), levels=GREY),
    Kind("a name that ends in blanks", named(b"a.png "), levels=GREY),
    Kind("a folder that links to the one it lies in", beside(circle), {"recursive": True}),
    Kind("a link to an image", good_link, levels=GREY),
    Kind("one name in two formats", two_of_one_name, levels=GREY),
    Kind("no image", written("notes.txt", b"")),
    Kind("an image larger than 8192 x 8192", written("a.pgm", b"P5 9000 9000 255 ")),
]  # fmt: skip

"""What becomes of each entry of a folder: an image, left alone with a reason, or a fault."""

import errno
import os
import re
import stat
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from ._dicom_headers import Header, kept, read_header, why_no_image
from ._kinds import (
    ARCHIVE,
    DICOM,
    HEAD,
    OTHER_IMAGE,
    PICTURE,
    PROSE_SUFFIXES,
    STACK,
    SUFFIXES,
    VOLUME,
    kind_of,
    suffix_of,
)
from ._pictures import check_picture, is_deep
from ._places import Place, naming
from ._stacks import look_at_stack
from ._volumes import look_at_volume

_SYSTEM_FILES = frozenset({"thumbs.db", "desktop.ini", "__macosx", "$recycle.bin"})
_THUMBNAIL = re.compile(r"(^|[^a-z])thumb(nail)?s?([^a-z]|$)")
_REPLACE = "Replace it or leave it out."
#: What becomes of a folder or an archive in a folder; `REFUSE` does so where it holds images.
LOOK_INTO, REFUSE, PASS_BY = "look into", "refuse", "pass by"


class Found(NamedTuple):
    """A file of images."""

    place: Place
    kind: str
    n_images: int | None = None  # None where the file is one image
    is_deep: bool = True  # whether a window may apply
    header: Header | None = None  # of DICOM


class LeftAlone(NamedTuple):
    """An entry that is no image, by its path, and why not."""

    path: str
    why: str


class Fault(NamedTuple):
    """An entry that should be an image and cannot be one: what to say of it."""

    message: str


class Wanted(NamedTuple):
    """What is asked of entries."""

    folders: str = LOOK_INTO  # what becomes of folders and archives in the folder
    patient: str | int | None = None  # what names the patient
    axis: str | int | None = None  # across which the slices of volumes lie


def entries(folder, wanted, above=()):
    """Yield what becomes of every entry of a folder, an archive or a file of several images.

    In the order of names. `above` are the folders on the way down.
    """
    folder = Path(folder)
    if not folder.is_dir():
        inside = _of_archive if suffix_of(folder.name) in (".zip", ".npz") else _of_file
        yield from inside(folder, wanted)
        return
    above = (*above, os.path.realpath(folder))
    try:
        names = sorted(os.listdir(folder))
    except OSError as error:
        yield Fault(f"{folder} cannot be looked into: {error.strerror}. {_REPLACE}")
        return
    for name in names:
        path = folder / name
        if (reason := _reason_by_name(name)) is not None:
            yield LeftAlone(str(path), reason)
        elif not _is_container(path):
            yield from _of_file(path, wanted)
        elif os.path.realpath(path) in above:
            yield Fault(f"{path} is a link to a folder above it, which never ends. Remove it.")
        elif wanted.folders == LOOK_INTO:
            yield from entries(path, wanted, above)
        elif wanted.folders == PASS_BY:
            yield LeftAlone(str(path), "a folder")
        else:
            yield _unasked(path, wanted, above)


def _is_container(path):
    """Tell what is looked into only on request: folders, and archives of files."""
    return path.is_dir() or (path.is_file() and suffix_of(path.name) == ".zip")


def _unasked(folder, wanted, above):
    """Judge a folder in a folder, or an archive, that was not asked for."""
    inside = entries(folder, wanted._replace(folders=LOOK_INTO), above)
    first = next((one for one in inside if not isinstance(one, LeftAlone)), None)
    what = "a folder" if folder.is_dir() else "an archive"
    if first is None:
        return LeftAlone(str(folder), f"{what} without images")
    if isinstance(first, Fault):
        return first
    return Fault(
        f"{folder} is {what} that holds images, such as "
        f"{os.path.relpath(str(first.place), folder)}. Take them too with recursive=True, on the "
        "command line --recursive; or move it away."
    )


def _reason_by_name(name):
    """Say why an entry is left alone whatever it is, or None."""
    if name.casefold() in _SYSTEM_FILES:
        return "a file of the system"
    if name.startswith("."):
        return "hidden"
    if _THUMBNAIL.search(name.casefold()):
        return "a thumbnail, by its name"
    return None


def _of_archive(path, wanted):
    """Yield what becomes of every file of an archive."""
    try:
        members = Place(str(path)).members()
    except ValueError as error:
        yield Fault(str(error))
        return
    names = [info.filename for info in members]
    for info in sorted(members, key=lambda info: info.filename.split("/")):
        place = Place(str(path), info.filename)
        parts = PurePosixPath(info.filename).parts
        reason = next(filter(None, map(_reason_by_name, parts)), None)
        if reason is not None:
            yield LeftAlone(str(place), reason)
        elif info.flag_bits & 1:
            yield Fault(f"{place} is encrypted. Unpack it, and give the folder.")
        elif names.count(info.filename) > 1:
            yield Fault(f"{place} is in the archive twice. Keep one of them.")
        elif suffix_of(info.filename) in (".zip", ".npz"):
            yield Fault(f"{place} is an archive in an archive. Unpack one of them.")
        else:
            yield judge(place, wanted)


def _of_file(path, wanted):
    """Yield what becomes of what is no folder."""
    suffix = suffix_of(path.name)
    try:
        # Not opened yet: a pipe would wait for ever.
        if not stat.S_ISREG(path.stat().st_mode):
            if suffix in SUFFIXES:
                yield Fault(f"{path} is no file but a device or a pipe. {_REPLACE}")
            else:
                yield LeftAlone(str(path), "a device or a pipe")
        elif suffix == ".npz":
            yield from _of_archive(path, wanted)
        else:
            yield judge(Place(str(path)), wanted)
    except OSError as error:
        if suffix in PROSE_SUFFIXES:
            yield LeftAlone(str(path), f"no image ({suffix})")
        else:
            yield Fault(_unreadable(path, error))


def judge(place, wanted):
    """Judge a file by its name and what is in it."""
    suffix = suffix_of(place.name)
    try:
        with place.open() as file:
            kind = kind_of(place.name, file.read(HEAD))
            file.seek(0)
            if kind is None:
                return LeftAlone(str(place), f"no image ({suffix or 'no suffix'})")
            if kind in (OTHER_IMAGE, ARCHIVE):
                return Fault(
                    f"{place} is of a kind that is not read ({suffix or 'no suffix'}), and may "
                    "hold images. Convert or unpack it, or move it away."
                )
            with naming(place):
                return _LOOKS[kind](file, place, wanted)
    except ValueError as error:
        return Fault(str(error))


def _look_at_dicom(file, place, wanted):
    header = read_header(file, place)
    reason = why_no_image(header)
    if reason is not None:
        return LeftAlone(str(place), reason)
    known = kept(header, wanted.patient)
    n_images = known.n_frames if known.n_frames > 1 else None
    if n_images and wanted.axis is not None:
        raise ValueError(
            f"{place} holds {n_images} frames, which are not put together to a volume; leave axis "
            "(--axis) out, or move it away."
        )
    return Found(place, DICOM, n_images, header=known)


_LOOKS = {
    DICOM: _look_at_dicom,
    PICTURE: lambda file, place, _: Found(
        place, PICTURE, is_deep=is_deep(check_picture(file, place))
    ),
    VOLUME: lambda file, place, wanted: Found(
        place, VOLUME, *look_at_volume(file, place, wanted.axis)
    ),
    STACK: lambda file, place, _: Found(place, STACK, *look_at_stack(place)),
}


def _unreadable(path, error):
    """Say why an entry cannot be opened."""
    if error.errno == errno.ELOOP:
        return f"{path} is a link that leads back to itself. {_REPLACE}"
    if path.is_symlink() and isinstance(error, FileNotFoundError):
        return f"{path} is a link to {os.readlink(path)}, which does not exist. {_REPLACE}"
    return f"{path} cannot be read: {error.strerror}. {_REPLACE}"

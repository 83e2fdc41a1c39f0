"""What becomes of each entry of a folder: an image, left alone with a reason, or a fault."""

import errno
import os
import re
import stat
from pathlib import Path
from typing import NamedTuple

from ._dicom_headers import Header, kept, read_header, why_no_image
from ._kinds import (
    HEAD,
    OTHER_IMAGE,
    PICTURE,
    PICTURE_SUFFIXES,
    PROSE_SUFFIXES,
    kind_of,
    suffix_of,
)
from ._pictures import check_picture, is_deep
from ._places import Place

_SYSTEM_FILES = frozenset({"thumbs.db", "desktop.ini", "__macosx", "$recycle.bin"})
_THUMBNAIL = re.compile(r"(^|[^a-z])thumb(nail)?s?([^a-z]|$)")


class Found(NamedTuple):
    """An image, or a file of several; `header` of DICOM, `is_deep` if a window may apply."""

    place: Place
    header: Header | None = None
    is_deep: bool = True


class LeftAlone(NamedTuple):
    """An entry that is no image, by its path, and why not."""

    path: str
    why: str


class Fault(NamedTuple):
    """An entry that should be an image and cannot be one: what to say of it."""

    message: str


#: What becomes of a folder in a folder; `REFUSE` does so where it holds images.
LOOK_INTO, REFUSE, PASS_BY = "look into", "refuse", "pass by"


def entries(directory, folders, patient=None, above=()):
    """Yield what becomes of every entry of a folder, in the order of names.

    `folders` says what becomes of those in it, `above` are those on the way down; `patient` is the
    DICOM element that names the patient.
    """
    directory = Path(directory)
    above = (*above, os.path.realpath(directory))
    try:
        names = sorted(os.listdir(directory))
    except OSError as error:
        yield Fault(f"{directory} cannot be looked into: {error.strerror}. {_REPLACE}")
        return
    for name in names:
        path = directory / name
        if (reason := _reason_by_name(name)) is not None:
            yield LeftAlone(str(path), reason)
        elif not path.is_dir():
            yield _outcome(path, patient)
        elif folders == PASS_BY:
            yield LeftAlone(str(path), "a folder")
        elif os.path.realpath(path) in above:
            yield Fault(f"{path} is a link to a folder above it, which never ends. Remove it.")
        elif folders == LOOK_INTO:
            yield from entries(path, folders, patient, above)
        else:
            yield _unasked(path, above)


_REPLACE = "Replace it or leave it out."


def _unasked(folder, above):
    """Judge a folder in a folder that was not asked for."""
    inside = entries(folder, LOOK_INTO, above=above)
    first = next((one for one in inside if not isinstance(one, LeftAlone)), None)
    if first is None:
        return LeftAlone(str(folder), "a folder without images")
    if isinstance(first, Fault):
        return first
    return Fault(
        f"{folder} is a folder that holds images, such as "
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


def _outcome(path, patient):
    """Judge what is no folder."""
    suffix = suffix_of(path.name)
    try:
        # Not opened yet: a pipe would wait for ever.
        if not stat.S_ISREG(path.stat().st_mode):
            if suffix in PICTURE_SUFFIXES:
                return Fault(f"{path} is no file but a device or a pipe. {_REPLACE}")
            return LeftAlone(str(path), "a device or a pipe")
        return judge(Place(str(path)), patient)
    except OSError as error:
        if suffix in PROSE_SUFFIXES:
            return LeftAlone(str(path), f"no image ({suffix})")
        return Fault(_unreadable(path, error))


def judge(place, patient):
    """Judge a file by its name and what is in it."""
    suffix = suffix_of(place.name)
    with place.open() as file:
        kind = kind_of(place.name, file.read(HEAD))
        file.seek(0)
        if kind is None:
            return LeftAlone(str(place), f"no image ({suffix or 'no suffix'})")
        if kind == OTHER_IMAGE:
            return Fault(
                f"{place} is of a kind that is not read ({suffix}), and may hold images. Convert "
                "or unpack it, or move it away."
            )
        try:
            if kind == PICTURE:
                return Found(place, is_deep=is_deep(check_picture(file, place)))
            header = read_header(file, place)
        except ValueError as error:
            return Fault(str(error))
    reason = why_no_image(header)
    return Found(place, kept(header, patient)) if reason is None else LeftAlone(str(place), reason)


def _unreadable(path, error):
    """Say why an entry cannot be opened."""
    if error.errno == errno.ELOOP:
        return f"{path} is a link that leads back to itself. {_REPLACE}"
    if path.is_symlink() and isinstance(error, FileNotFoundError):
        return f"{path} is a link to {os.readlink(path)}, which does not exist. {_REPLACE}"
    return f"{path} cannot be read: {error.strerror}. {_REPLACE}"

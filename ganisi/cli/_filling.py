"""A folder of the images that may go: checked before the work, filled in one step after it."""

import os
import shutil
import sys

from .._compat._writing import check_new_folder, is_within, new_folder
from ..images._file import as_image_file
from ._inputs import check_outside

#: What may stand in the folder in the place of a copy.
LINKS = ("hard", "symbolic")
_SHOWN = 3


def check_folder(chosen):
    """Refuse what would write into the folders of images, or over anything."""
    inputs = [one for one in (chosen.generated, chosen.used, chosen.not_used) if one is not None]
    if chosen.to is None and chosen.link is not None:
        raise ValueError("--link says how --to DIR is filled; give --to, or leave it out.")
    if chosen.to is not None:
        for folder in inputs:
            if is_within(chosen.to, folder) or is_within(folder, chosen.to):
                raise ValueError(
                    f"--to {chosen.to} and {folder}, a folder of images, are one folder, or one "
                    "lies in the other; name a folder elsewhere."
                )
        check_new_folder(chosen.to)
    kinds = {"list": "file", "html": "file", "json": "file", "sheet": "file", "store": "folder"}
    for option, kind in kinds.items():
        path = getattr(chosen, option)
        if path is None:
            continue
        check_outside(f"--{option} {path}", path, inputs, kind)
        if chosen.to is not None and is_within(path, chosen.to):
            raise ValueError(
                f"--{option} {path} lies in {chosen.to}, which is to hold what may go and nothing "
                f"else; name a {kind} elsewhere."
            )


def relative_names(images, folder, with_folder=False):
    """Call images by their paths in a folder, those of several in a file by their place in it."""
    base = folder if os.path.isdir(folder) else os.path.dirname(folder)
    base = os.path.dirname(os.path.abspath(base)) if with_folder else base
    return [
        os.path.relpath(as_image_file(image).name, base or os.curdir).replace(os.sep, "/")
        for image in images
    ]


def files_of(images, folder):
    """Return (path, name, version) of images that are files of their own; refuse others."""
    parts = [
        one.name
        for one in map(as_image_file, images)
        if one.index is not None or one.member is not None or one.series is not None
    ]
    if parts:
        shown = ", ".join(parts[:_SHOWN]) + (" and others" if len(parts) > _SHOWN else "")
        raise ValueError(
            f"{len(parts)} synthetic images are no files of their own, but parts of volumes, "
            f"stacks or archives: {shown}. They cannot be copied one by one; write each to a file "
            "(a PNG of 8 or 16 bits), unpack archives, and give that folder; or leave --to out, "
            "for the list alone."
        )
    return [
        (one.path, name, one.version())
        for one, name in zip(
            map(as_image_file, images), relative_names(images, folder), strict=True
        )
    ]


def fill_folder(chosen, files):
    """Copy or link files into the folder, all of them or none."""
    try:
        _fill(chosen, files)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(f"the list is written, and {chosen.to} is not made") from None
    if not chosen.quiet:
        done = "copied to" if chosen.link is None else f"linked ({chosen.link}) in"
        print(f"ganisi {chosen.command}: {len(files)} images {done} {chosen.to}", file=sys.stderr)


def _fill(chosen, files):
    with new_folder(chosen.to) as folder:
        for path, name, version in files:
            target = os.path.join(folder, name)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            _check_unchanged(path, version)
            if chosen.link is None:
                shutil.copyfile(path, target)
                _check_unchanged(path, version)
            elif chosen.link == "hard":
                os.link(os.path.realpath(path), target)
            else:
                os.symlink(os.path.realpath(path), target)


def _check_unchanged(path, version):
    """Refuse a file that is no longer the one that was looked at."""
    if as_image_file(path).version() != version:
        raise ValueError(
            f"{path} has changed since it was looked at, and what it holds now may leak; nothing "
            "is copied. Begin again when nobody writes to the files."
        )

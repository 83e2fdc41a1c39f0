"""What a report was made from, so that somebody else can make it again."""

import hashlib
import re
from datetime import datetime, timezone

import numpy as np

from .._compat._versions import software_versions
from ..images._checks import check_images
from ..images._kinds import PROSE_SUFFIXES
from ..images._survey import scan_images
from .report._sections import Provenance


def hash_array(array):
    """Return the SHA-256 of an array of whole numbers, the same on machines of either order."""
    return hashlib.sha256(np.asarray(array, "<i8").tobytes()).hexdigest()


def hash_set(digests):
    """Return the SHA-256 of a list of digests, in their order."""
    return hashlib.sha256("".join(digests).encode()).hexdigest()


def provenance_section(given, design):
    """Return the section of versions, and of hashes of all inputs."""
    known = given.identities
    keys = {"real": known.real, "generated": known.generated, "queries": known.queries}
    return Provenance(
        versions=software_versions(),
        sha256={name: hash_set(digests) for name, digests in keys.items() if digests},
        sha256_of_labels=hash_array(design.used),
        sha256_of_groups=None if design.groups is None else hash_array(design.groups),
    )


def describe_folder(role, folder, images):
    """Say what a folder held: role, name, number, sizes in pixels and bit depth of its images."""
    depth, shapes = scan_images(check_images(images, folder), folder)
    return {
        "role": role,
        "folder": folder,
        "images": len(images),
        "sizes": [f"{height} x {width}" for height, width in sorted(shapes)],
        "depth": depth,
    }


def describe_left_alone(left_alone, names):
    """Say by reason what of a folder was left alone: (path, why) of each; paths for "full" only."""
    paths = {}
    for path, why in left_alone:
        paths.setdefault(why if names == "full" else _without_name(why), []).append(path)
    return [
        {"why": why, "entries": len(these), "names": these if names == "full" else None}
        for why, these in sorted(paths.items())
    ]


def _without_name(why):
    """Return why a file was left alone without an ending that nobody knows: part of its name."""
    ending = re.fullmatch(r"no image \((\..*)\)", why)
    return "no image" if ending and ending[1] not in PROSE_SUFFIXES else why


def today():
    """Return the date and time to the minute, in UTC."""
    return datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC")

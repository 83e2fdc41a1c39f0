"""The images of the files that were found: frames, slices, stacks; their names and patients."""

import os
from dataclasses import replace
from itertools import groupby
from pathlib import PurePath
from typing import NamedTuple

import numpy as np

from ._file import ImageFile
from ._kinds import DICOM, PICTURE, STACK, SUFFIXES, VOLUME, suffix_of
from ._patients import patient_id
from ._pseudonyms import patients_of, pseudonym
from ._series import n_slices_of_series


class Listed(NamedTuple):
    """The images of one file, or of one series; `one` is the file, or the series' first."""

    one: object
    images: list
    names: list


def list_images(found, base, wanted, options):
    """List the images of the files found; `base` is what names are relative to."""
    listed = []
    for several in _series_together(found, wanted.axis):
        one = several[0]
        file = _file_of(one, wanted, options)
        n_images = one.n_images
        if one.kind == DICOM and wanted.axis is not None:
            geometries = [each.header.geometry for each in several]
            order, n_images = n_slices_of_series(geometries, wanted.axis, one.place)
            series = tuple(several[i].place for i in order)
            file = replace(file, axis=wanted.axis, series=series)
        name = image_id(os.path.relpath(str(one.place), base))
        listed.append(_numbered(one, file, name, n_images))
    return listed


def _file_of(one, wanted, options):
    """Return how a file is read: what is asked for, as far as it may apply."""
    file = ImageFile(one.place.path, member=one.place.member, **options)
    if not one.is_deep:
        # Levels of 8 bits are black to white already.
        file = replace(file, window=None)
    if one.kind in (PICTURE, STACK):
        # They do not say how far their pixels are apart.
        file = replace(file, spacing=None)
    return replace(file, axis=wanted.axis) if one.kind == VOLUME else file


def _series_together(found, axis):
    """Put together the files of each DICOM series, where slices of volumes are asked for."""
    if axis is None:
        return [[one] for one in found]

    def series(one):
        return (one.header.series if one.kind == DICOM else "", str(one.place))

    places = {one.place: i for i, one in enumerate(found)}
    alone = [[one] for one in found if one.kind != DICOM]
    scans = sorted((one for one in found if one.kind == DICOM), key=series)
    together = [list(group) for _, group in groupby(scans, key=lambda one: one.header.series)]
    return sorted(alone + together, key=lambda several: places[several[0].place])


def _numbered(one, file, name, n_images):
    """Number the images of a file."""
    if n_images is None:
        return Listed(one, [file], [name])
    digits = len(str(n_images - 1))
    numbers = range(n_images)
    return Listed(
        one,
        [replace(file, index=i) for i in numbers],
        [f"{name} {i:0{digits}d}" for i in numbers],
    )


def groups_of(listed, directory, patient, key):
    """Return the patient of each image, or None where nobody asked and every image is a file.

    Slices and frames are of one patient, who is that of the header where it says so, or else has
    the name of the file.
    """
    if patient is not None:
        names = patients_of([each.one for each in listed], directory, patient, key)
    elif any(each.one.kind != STACK and each.images[0].index is not None for each in listed):
        names = [_own_patient(each.one, key) for each in listed]
    else:
        return None
    groups = []
    for name, each in zip(names, listed, strict=True):
        # Images of a stack are each a patient, as files are, where nobody says otherwise.
        own = patient is None and each.one.kind == STACK
        groups += [f"{name} {i}" if own else name for i in range(len(each.images))]
    return np.array(groups, dtype=str)


def _own_patient(one, key):
    name = None if one.header is None else patient_id(one.header.patient or "")
    return str(one.place) if name is None else pseudonym(name, key)


def image_id(path):
    """Name an image by its file; what follows the last point stays where it is no extension."""
    path = PurePath(path)
    suffix = suffix_of(path.name)
    if suffix not in SUFFIXES:
        return path.as_posix()
    return path.with_name(path.name[: -len(suffix)]).as_posix()

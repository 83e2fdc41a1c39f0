"""DICOM files that are slices of one volume."""

from functools import lru_cache
from itertools import pairwise

import numpy as np

from ._dicom import read_dicom
from ._dicom_headers import geometry_of, read_header
from ._places import naming
from ._volumes import Volume, n_slices, slice_of

#: How far directions may differ, and gaps from each other by their share.
_PARALLEL, _EVEN = 1e-3, 0.02
#: From DICOM's axes, to the left, back and head, to those of an affine: right, front, head.
_TO_RIGHT_FRONT_HEAD = np.array([-1.0, -1.0, 1.0])


def in_order(slices, name):
    """Return how to sort the geometries of a series, and the affine of the volume they make.

    Axes of the volume: slices, rows, columns. Refused where they are no volume.
    """
    if len(slices) < 2 or None in slices:
        raise ValueError(
            f"{name} is one of a series of {len(slices)} images that say no places, or are too few "
            "for a volume; leave axis (--axis) out, or move the series away."
        )
    first = slices[0]
    same = [np.allclose(one.directions, first.directions, atol=_PARALLEL) for one in slices]
    if not all(same) or {(one.shape, one.spacing) for one in slices} != {first[2:]}:
        raise ValueError(
            f"{name} is one of a series of images of several orientations, sizes or spacings, "
            "which are no volume; move those away that do not belong to it."
        )
    row, column = np.array(first.directions[:3]), np.array(first.directions[3:])
    normal = np.cross(row, column)
    positions = np.array([one.position for one in slices])
    order = np.argsort(positions @ normal, kind="stable")
    steps = np.array([after - before for before, after in pairwise(positions[order])])
    gaps = steps @ normal
    if not gaps.min() > _EVEN * np.median(gaps):
        raise ValueError(
            f"{name} is one of a series with several images at one place; keep one of them each."
        )
    if np.ptp(gaps) > _EVEN * gaps.mean() or np.abs(steps - steps.mean(axis=0)).max() > (
        _EVEN * gaps.mean()
    ):
        raise ValueError(
            f"{name} is one of a series whose slices are {gaps.min():g} to {gaps.max():g} mm "
            "apart; expected even steps. Add what is missing, or move the series away."
        )
    if np.abs(steps - np.outer(gaps, normal)).max() > _EVEN * gaps.mean():
        raise ValueError(
            f"{name} is one of a series that was taken with a tilted gantry, which is no upright "
            "volume; resample it first."
        )
    affine = np.eye(4)
    axes = (steps.mean(axis=0), column * first.spacing[0], row * first.spacing[1])
    affine[:3, :3] = np.stack(axes, axis=1) * _TO_RIGHT_FRONT_HEAD[:, None]
    affine[:3, 3] = positions[order[0]] * _TO_RIGHT_FRONT_HEAD
    return order, affine


def n_slices_of_series(slices, axis, name):
    """Return how to sort a series, and how many slices it has along an axis."""
    order, affine = in_order(slices, name)
    return order, n_slices((len(slices), *slices[0].shape), affine, axis, name)


def slice_of_series(places, axis, index):
    """Return one slice of the volume that files make, in the order given, as `Pixels`."""
    volume = _volume_of(places, tuple(place.version() for place in places))
    return slice_of(volume, axis, index, places[0])


@lru_cache(maxsize=1)
def _volume_of(places, _versions):
    """Read a series; the last one is kept, since its slices are asked for one after another."""
    voxels, slices, padded = None, [], False
    for i, place in enumerate(places):
        with place.open() as file, naming(place):
            slices.append(geometry_of(read_header(file, place)))
            file.seek(0)
            pixels = read_dicom(file, place)
        if i == 0:
            first = pixels
            voxels = np.empty((len(places), *pixels.levels.shape), np.float32)
        voxels[i] = pixels.levels
        if pixels.padding is not None:
            voxels[i][pixels.padding] = np.nan
            padded = padded or bool(pixels.padding.any())
    order, affine = in_order(slices, places[0])
    if order.tolist() != list(range(len(places))):
        raise ValueError(f"{places[0]} is one of a series whose files have changed; load it again.")
    spacing = (float(np.linalg.norm(affine[:3, 0])), *slices[0].spacing)
    return Volume(
        voxels,
        affine=affine,
        spacing=spacing,
        window=first.window,
        padded=padded,
        white_is_low=first.white_is_low,
        needs_window=True,
    )

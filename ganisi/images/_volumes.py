"""Volumes, of which slices are images: along a named axis, one volume in memory at a time."""

import gzip
from contextlib import contextmanager
from functools import lru_cache
from numbers import Integral
from typing import NamedTuple

import numpy as np

from ._places import check_size
from ._windows import Pixels

#: Axes by the names that radiologists give slices across them, and their number in an array whose
#: axes run to the patient's left, back and feet.
AXES = {"sagittal": 0, "coronal": 1, "axial": 2}
_LEFT_BACK_FEET = ("L", "P", "I")
_GZIP = b"\x1f\x8b"
#: Voxels of a volume of 1024 x 1024 x 1024.
_MAX_VOXELS = 2**30
#: More slices than any volume has, each of which is listed.
_MAX_SIDE = 2**13


class Volume(NamedTuple):
    """A volume as it is stored, and where its voxels are."""

    voxels: np.ndarray  # of 3 axes
    slope: float = 1.0  # intensity = slope * voxel + intercept
    intercept: float = 0.0
    affine: np.ndarray | None = None  # from voxels to mm, to the right, front and head
    spacing: tuple = ()  # mm between voxels, along each axis
    window: tuple | None = None
    padded: bool = False  # NaN is no part of the image
    white_is_low: bool = False
    needs_window: bool = False


def check_axis(axis):
    """Refuse what names no axis."""
    known = axis is None or (isinstance(axis, str) and axis in AXES)
    if not known and (isinstance(axis, (str, bool)) or axis not in (0, 1, 2)):
        raise ValueError(
            f"axis={axis!r}; expected {', '.join(map(repr, AXES))}, or the number of an axis of "
            "the array as it is stored: 0, 1 or 2."
        )


def look_at_volume(file, place, axis):
    """Return the number of slices along an axis, and whether a window may apply."""
    nibabel = import_nibabel(place)
    with _image_of(file, nibabel) as image:
        shape, header = _shape_of(image), image.header
        kind = header.get_data_dtype()
        scaled = (image.dataobj.slope, image.dataobj.inter) != (1, 0)
    if axis is None:
        raise ValueError(
            f"{place} is a volume of {' x '.join(map(str, shape))} voxels; name the axis that its "
            "slices lie across: axis='axial' (or 'coronal', 'sagittal'), on the command line "
            "--axis axial."
        )
    along, shape = _oriented_shape(shape, _affine(image), axis, place)
    check_size(*(n for i, n in enumerate(shape) if i != along), place)
    return shape[along], kind != np.uint8 or scaled


def slice_of_file(place, axis, index):
    """Return one slice of a volume in a file as `Pixels`."""
    return slice_of(_volume_of_file(place, place.version()), axis, index, place)


def slice_of(volume, axis, index, name):
    """Return one slice of a volume as `Pixels`.

    Rows and columns run as radiologists look at slices: to the patient's feet or back, and to the
    patient's left or back; by the number of an axis, as they are stored.
    """
    voxels, spacing = volume.voxels, volume.spacing
    along = axis
    if isinstance(axis, str):
        along = AXES[axis]
        to = _to_left_back_feet(volume.affine, name)
        voxels = import_nibabel(name).orientations.apply_orientation(voxels, to)
        spacing = tuple(spacing[i] for i in np.argsort(to[:, 0]))
    if not 0 <= index < voxels.shape[along]:
        raise ValueError(
            f"{name} has {voxels.shape[along]} slices along axis={axis!r}, so none of "
            f"index={index}."
        )
    levels = voxels.take(index, axis=along)
    between = tuple(distance for i, distance in enumerate(spacing) if i != along)
    if isinstance(axis, str):
        levels, between = levels.T, between[::-1]
    if (volume.slope, volume.intercept) != (1, 0):
        levels = levels * np.float64(volume.slope) + volume.intercept
    padding = np.isnan(levels) if volume.padded else None
    return Pixels(
        levels,
        "volume",
        needs_window=volume.needs_window,
        is_hounsfield=True,
        window=volume.window,
        white_is_low=volume.white_is_low,
        padding=padding,
        spacing=between,
    )


def n_slices(shape, affine, axis, name):
    """Return how many slices a volume of this shape has along an axis."""
    along, shape = _oriented_shape(shape, affine, axis, name)
    return shape[along]


def _oriented_shape(shape, affine, axis, name):
    """Return the number of the axis, and the shape of the array that it is an axis of."""
    if isinstance(axis, Integral):
        return axis, shape
    to = _to_left_back_feet(affine, name)
    return AXES[axis], tuple(shape[i] for i in np.argsort(to[:, 0]))


def _to_left_back_feet(affine, name):
    """Return how axes are exchanged and turned, to the nearest of the patient's."""
    if affine is None:
        raise ValueError(
            f"{name} does not say how the patient lies in it; name the axis by its number in the "
            "array: axis=0, 1 or 2, on the command line --axis 2."
        )
    orientations = import_nibabel(name).orientations
    return orientations.ornt_transform(
        orientations.io_orientation(affine), orientations.axcodes2ornt(_LEFT_BACK_FEET)
    )


@lru_cache(maxsize=1)
def _volume_of_file(place, _version):
    """Read a volume; the last one is kept, since its slices are asked for one after another."""
    nibabel = import_nibabel(place)
    with place.open() as file, _image_of(file, nibabel) as image:
        shape = _shape_of(image)
        proxy, header = image.dataobj, image.header
        low, high = (float(header.get(name, 0)) for name in ("cal_min", "cal_max"))
        return Volume(
            np.asarray(proxy.get_unscaled()).reshape(shape),
            float(proxy.slope),
            float(proxy.inter),
            _affine(image),
            tuple(map(float, header.get_zooms()[:3])),
            (low, high) if low < high else None,
        )


@contextmanager
def _image_of(file, nibabel):
    """Open a volume with nibabel, by its first bytes."""
    packed = file.read(2) == _GZIP
    file.seek(0)
    stream = gzip.GzipFile(fileobj=file) if packed else file
    head = stream.read(352)
    stream.seek(0)
    kinds = {
        head[344:348] == b"n+1\0": nibabel.Nifti1Image,
        head[4:8] == b"n+2\0": nibabel.Nifti2Image,
        head[:4] == b"\0\0\0\1": nibabel.MGHImage,
    }
    if True not in kinds:
        raise ValueError("it is neither NIfTI in one file nor MGH")
    yield kinds[True].from_stream(stream)


def _shape_of(image):
    """Return the three sides of a volume; a picture is one slice of it."""
    shape = tuple(map(int, image.shape))
    while len(shape) > 3 and shape[-1] == 1:
        shape = shape[:-1]
    shape += (1,) * (3 - len(shape))
    kind = image.header.get_data_dtype()
    if len(shape) != 3 or 0 in shape:
        raise ValueError(
            f"it has {' x '.join(map(str, shape))} voxels, expected three axes; save each volume "
            "to a file of its own"
        )
    if kind.kind not in "iuf":
        raise ValueError(f"it has voxels of type {kind}, expected one number each")
    if np.prod(shape, dtype=np.int64) > _MAX_VOXELS or max(shape) > _MAX_SIDE:
        raise ValueError(f"it has {' x '.join(map(str, shape))} voxels, too many to be read")
    return shape


def _affine(image):
    """Return the affine of an image, None where the file says nothing of how the patient lies."""
    codes = [int(image.header.get(name, 0)) for name in ("sform_code", "qform_code")]
    says = any(codes) if "sform_code" in image.header else bool(image.header.get("goodRASFlag", 1))
    return image.affine if says else None


def import_nibabel(name):
    """Return nibabel, or say of a file that needs it how to get it."""
    try:
        import nibabel
    except ImportError as error:
        raise ImportError(
            f"{name} is a volume, which nibabel reads; install it with: "
            'pip install "ganisi[medical]"'
        ) from error
    return nibabel

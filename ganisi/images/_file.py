"""The file that an image is in, and how to read it."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from numbers import Integral
from pathlib import PurePath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .._compat._hints import FilePath
from ._dicom import read_dicom
from ._kinds import DICOM, HEAD, STACK, VOLUME, kind_of
from ._pictures import read_picture
from ._places import Place, naming
from ._resampling import check_spacing, resampled
from ._series import slice_of_series
from ._stacks import image_of_stack
from ._volumes import check_axis, slice_of_file
from ._windows import check_bits, check_window, to_grey_levels


@dataclass(frozen=True)
class ImageFile(os.PathLike):
    """An image file and what its grey levels are to be, accepted wherever a path is.

    A plain path is read as ``ImageFile(path)``. Files are read when an image is described, not
    before, and forgotten after. ``numpy.asarray`` of one is the array that `read` returns.

    Parameters
    ----------
    path : str or path-like
        The file: PNG, JPEG, TIFF, BMP, WebP, GIF, JPEG 2000 or PGM, or DICOM (needs the extra
        ``medical``), which is known by its name (.dcm, .dicom) or its first bytes.
    as_gray : bool, default=False
        Whether a colour image becomes its luma, ``0.299 R + 0.587 G + 0.114 B`` rounded (ITU-R
        BT.601). Otherwise an image is refused whose colour channels are not equal.
    window : tuple of (low, high), str or None, default=None
        Intensities that become black and white; what is beyond is clipped. For DICOM in the unit
        after rescale slope and intercept, for CT Hounsfield units, and needed there unless it
        has 8-bit grey levels; for 16-bit and float pictures in the levels stored. By name for CT:
        "lung" (-1350, 150), "mediastinum" (-125, 225), "abdomen" (-150, 250), "liver" (-45, 105),
        "brain" (0, 80), "bone" (-500, 1300); "header" is the first window that the file names.
    bits : {8, 16} or None, default=None
        Bits of whole grey levels, black 0 and white ``2**bits - 1``, rounded. None leaves what is
        windowed as float32 in [0, 1], and other levels as they are stored.
    index : int or None, default=None
        Which frame, slice, or image of an array, where a file holds several, the first being 0.
    axis : {"axial", "coronal", "sagittal", 0, 1, 2} or None, default=None
        Across which axis the slices of a volume lie; a number is that of an axis as stored. Needed
        for volumes, with `index`.
    spacing : float or None, default=None
        Distance of pixels in mm to which a DICOM image or a slice is brought, by linear
        interpolation, smoothed where pixels become fewer. None leaves them as they are.
    member : str or None, default=None
        The file in the archive `path`.
    series : tuple of Place or None, default=None
        The files that are the slices of one volume, in order; :func:`load_image_folder` finds them.

    Raises
    ------
    TypeError
        If `path` is no path.
    ValueError
        If `window` is neither an increasing pair of finite numbers nor one of the names, or `bits`,
        `index`, `axis` or `spacing` is none of those above.

    Notes
    -----
    Without a window and bits grey levels are those stored: 8-bit files give uint8, 16-bit files
    uint16, TIFF with floats float32. One bit becomes 0 and 255. Palettes are looked up.

    DICOM: stored values become intensities by the modality lookup table, the rescale slope and
    intercept (of the frame, where there are frames), or, where these are absent, by the one
    real-world value mapping. Then the window. Then MONOCHROME1, whose high values are dark, is
    inverted. Pixels of padding become black. Colours with equal channels are grey.

    Refused rather than guessed: pixels that are not opaque, several images in one picture, an
    orientation tag (which not every program follows), 16-bit colour (Pillow drops 8 of the bits),
    TIFF whose white is 0 (Pillow inverts 8 bits only), of signed 8-bit levels, with samples of no
    stated kind, or compressed, of signed or float levels whose bytes stand in the other order,
    JPEG 2000 of other than 8 or 16 bits (Pillow stretches it), CMYK and the like, DICOM with a
    slope that is 0 or no number, with several real-world mappings, or with levels that do not begin
    at the lowest bit.

    Examples
    --------
    >>> from ganisi import ImageFile
    >>> ImageFile("scan.dcm", window=(-1000, 400), bits=8)
    ImageFile(path='scan.dcm', window=(-1000, 400), bits=8)
    """

    path: FilePath
    as_gray: bool = False
    window: tuple[float, float] | str | None = None
    bits: int | None = None
    index: int | None = None
    axis: str | int | None = None
    spacing: float | None = None
    member: str | None = None
    series: tuple[Place, ...] | None = None

    def __repr__(self):
        given = {one.name: getattr(self, one.name) for one in fields(self)}
        told = [f"{k}={v!r}" for k, v in given.items() if k == "path" or v not in (None, False)]
        return f"ImageFile({', '.join(told)})"

    def __post_init__(self):
        object.__setattr__(self, "path", str(os.fspath(self.path)))
        object.__setattr__(self, "window", check_window(self.window))
        check_bits(self.bits)
        _check_index(self.index)
        check_axis(self.axis)
        check_spacing(self.spacing)

    def __fspath__(self):
        return self.path

    def __array__(self, dtype=None, copy=None):
        # For functions of others, which know arrays.
        return np.asarray(self.read(), dtype)

    @property
    def place(self) -> Place:
        """Where its bytes are."""
        return Place(self.path, self.member)

    @property
    def name(self) -> str:
        """What it is called in messages."""
        return str(self.place) if self.index is None else f"{self.place}[{self.index}]"

    @property
    def short_name(self) -> str:
        """The last part of its name, without folders."""
        last = PurePath(self.member or self.path).name
        return last if self.index is None else f"{last}[{self.index}]"

    def read(self) -> NDArray[Any]:
        """Read the file.

        Returns
        -------
        image : ndarray of shape (height, width)
            Grey levels as the Notes of the class say, in the machine's byte order.

        Raises
        ------
        ImportError
            If the file is DICOM and pydicom is not installed.
        ValueError
            If the file cannot be read or is refused; the message begins with its path.
        """
        pixels = self._pixels()
        with naming(self.name):
            if self.spacing is not None:
                pixels = resampled(pixels, self.spacing, self.name)
            return to_grey_levels(pixels, self.window, self.bits, self.name)

    def version(self) -> tuple[object, ...]:
        """Return what changes when a file does that the image is in."""
        return tuple(place.version() for place in self.series or (self.place,))

    def _pixels(self):
        """Read what the file holds, by what it is."""
        place, index = self.place, self.index
        if self.series is not None:
            return slice_of_series(self.series, self.axis, index)
        with place.open() as file, naming(place):
            kind = kind_of(place.name, file.read(HEAD))
            file.seek(0)
            if kind == DICOM:
                return read_dicom(file, place, self.as_gray, index)
            if kind in (VOLUME, STACK):
                return self._of_several(kind)
            if index is not None:
                raise ValueError(f"{place} is one image; leave index={index} out for it.")
            return read_picture(file, place, self.as_gray)

    def _of_several(self, kind):
        """Read an image of a volume or an array, which is kept from one image to the next."""
        if kind == STACK:
            return image_of_stack(self.place, self.as_gray, self.index)
        if self.axis is None or self.index is None:
            raise ValueError(
                f"{self.place} is a volume; name a slice: ImageFile(path, axis='axial', index=0), "
                "or let load_image_folder(directory, axis='axial') list them, on the command line "
                "--axis axial."
            )
        return slice_of_file(self.place, self.axis, self.index)


def as_image_file(path):
    """Return a path as an `ImageFile`."""
    return path if isinstance(path, ImageFile) else ImageFile(path)


def short_names(sets):
    """Return what generated images are called in pictures and tables, sets put end to end.

    The last part of a file's name; what is no file is called by its place.
    """
    names = []
    for set_ in sets:
        places = range(len(names), len(names) + len(set_))
        are_files = len(set_) and isinstance(set_[0], ImageFile)
        names += (
            [one.short_name for one in set_] if are_files else [f"generated {i}" for i in places]
        )
    return names


def _check_index(index):
    """Refuse what numbers no image."""
    if index is not None and (not isinstance(index, Integral) or index < 0):
        raise ValueError(f"index={index!r}; expected a whole number, the first image being 0.")

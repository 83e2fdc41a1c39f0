"""The file that an image is in, and how to read it."""

import os
from dataclasses import dataclass

from ._dicom import read_dicom
from ._grey_levels import check_range
from ._kinds import DICOM, HEAD, kind_of
from ._pictures import read_picture
from ._places import Place


@dataclass(frozen=True)
class ImageFile(os.PathLike):
    """An image file and what its grey levels are to be, accepted wherever a path is.

    A plain path is read as ``ImageFile(path)``. Files are read when an image is described, not
    before, and forgotten after.

    Parameters
    ----------
    path : str or path-like
        The file: PNG, JPEG, TIFF, BMP, WebP, GIF, JPEG 2000 or PGM, or DICOM (needs the extra
        ``medical``), which is known by its name (.dcm, .dicom) or its first bytes.
    as_gray : bool, default=False
        Whether a colour image becomes its luma, ``0.299 R + 0.587 G + 0.114 B`` rounded (ITU-R
        BT.601). Otherwise an image is refused whose colour channels are not equal.
    window : tuple of (low, high) or None, default=None
        Intensities that become black and white, for DICOM only and needed there: in the unit after
        rescale slope and intercept, for CT Hounsfield units. What is beyond is clipped.

    Raises
    ------
    TypeError
        If `path` is no path.
    ValueError
        If `window` is not an increasing pair of finite numbers.

    Notes
    -----
    The grey levels are those stored: 8-bit files give uint8, 16-bit files uint16, TIFF with
    floats float32, DICOM float32 in [0, 1]. One bit becomes 0 and 255. Palettes are looked up.
    DICOM with MONOCHROME1, where high values are dark, is inverted after the window.

    Refused rather than guessed: pixels that are not opaque, several images in one file, an
    orientation tag (which not every program follows), 16-bit colour (Pillow drops 8 of the bits),
    TIFF whose white is 0 (Pillow inverts 8 bits only), of signed 8-bit levels or with samples of
    no stated kind, JPEG 2000 of other than 8 or 16 bits (Pillow stretches it), CMYK and the like,
    DICOM in colour, with a modality lookup table, or with rescaling by frame.

    Examples
    --------
    >>> from ganisi import ImageFile
    >>> ImageFile("scan.dcm", window=(-1000, 400))
    ImageFile(path='scan.dcm', as_gray=False, window=(-1000, 400))
    """

    path: str
    as_gray: bool = False
    window: tuple | None = None

    def __post_init__(self):
        object.__setattr__(self, "path", str(os.fspath(self.path)))
        if self.window is not None:
            object.__setattr__(self, "window", check_range(self.window, "window"))

    def __fspath__(self):
        return self.path

    @property
    def place(self):
        """Where its bytes are."""
        return Place(self.path)

    def read(self):
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
        with self.place.open() as file:
            kind = kind_of(self.place.name, file.read(HEAD))
            file.seek(0)
            if kind == DICOM:
                pixels = read_dicom(file, self.place, self.window)
            else:
                pixels = read_picture(file, self.place, self.as_gray)
        if kind != DICOM and self.window is not None:
            raise ValueError(
                f"{self.path} is not a DICOM file, so window={self.window} has no unit; leave "
                "window out for it."
            )
        return pixels.astype(pixels.dtype.newbyteorder("="), copy=False)

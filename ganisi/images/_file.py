"""The file that an image is in, and how to read it."""

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from ._grey_levels import check_range, rescale_intensities

#: How the names of files end that Pillow reads here, and of DICOM files.
PICTURE_SUFFIXES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp")
DICOM_SUFFIXES = (".dcm", ".dicom")

_WHITE_IS_ZERO = 0
_PHOTOMETRIC_TAG = 262


@dataclass(frozen=True)
class ImageFile(os.PathLike):
    """An image file and what its grey levels are to be, accepted wherever a path is.

    A plain path is read as ``ImageFile(path)``. Files are read when an image is described, not
    before, and forgotten after.

    Parameters
    ----------
    path : str or path-like
        The file: PNG, JPEG, TIFF or another format that Pillow reads, or DICOM (needs the extra
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
    DICOM with MONOCHROME1, where high values are dark, is inverted after the window. An
    orientation tag is not applied.

    Refused rather than guessed: pixels that are not opaque, several images in one file, 16-bit
    colour (Pillow drops 8 of the bits), 16-bit TIFF whose white is 0 (Pillow does not invert it),
    CMYK and the like, DICOM in colour, with a modality lookup table, or with rescaling by frame.

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
        if is_dicom(self.path):
            pixels = _read_dicom(self.path, self.window)
        else:
            pixels = _read_picture(self.path, self.as_gray)
            if self.window is not None:
                raise ValueError(
                    f"{self.path} is not a DICOM file, so window={self.window} has no unit; leave "
                    "window out for it."
                )
        return pixels.astype(pixels.dtype.newbyteorder("="), copy=False)


def is_dicom(path):
    """Tell whether a file is DICOM, by its name or its first bytes.

    Parameters
    ----------
    path : str or path-like
        The file.

    Returns
    -------
    dicom : bool
        False for a file that cannot be opened.

    Examples
    --------
    >>> from ganisi.images._file import is_dicom
    >>> is_dicom("scan.DCM")
    True
    """
    if Path(path).suffix.lower() in DICOM_SUFFIXES:
        return True
    try:
        with open(path, "rb") as file:
            return file.read(132)[128:] == b"DICM"
    except OSError:
        return False


@contextlib.contextmanager
def _naming(path):
    """Let whatever a library raises name the file."""
    try:
        yield
    except Exception as error:
        raise ValueError(
            f"{path} cannot be read as an image: {error}. Replace it or leave it out."
        ) from error


def _read_picture(path, as_gray):
    with _naming(path), Image.open(path) as file:
        n_images = getattr(file, "n_frames", 1)
        # How the pixels are stored; Pillow forgets it once it has loaded them.
        stored = [tile[3] if isinstance(tile[3], str) else str(tile[3][0]) for tile in file.tile]
        white_is_zero = (
            file.format == "TIFF" and file.tag_v2.get(_PHOTOMETRIC_TAG) == _WHITE_IS_ZERO
        )
        file.load()
    if n_images > 1:
        raise ValueError(
            f"{path} holds {n_images} images; expected one. Save each to a file of its own."
        )
    if file.mode == "1" or file.mode in ("L", "I", "F") or file.mode.startswith("I;16"):
        if white_is_zero and file.mode.startswith("I"):
            raise ValueError(
                f"{path} is a 16-bit TIFF whose white is 0, which would be read with black and "
                "white exchanged; save it with black as 0."
            )
        return _grey_pixels(file, path)
    if file.mode not in ("P", "PA", "LA", "RGB", "RGBA", "RGBX", "RGBa"):
        raise ValueError(f"{path} has colours of kind {file.mode}; save it as a grey image.")
    if any(";16" in mode for mode in stored):
        raise ValueError(
            f"{path} has 16-bit colour channels, which would be read with 8 bits; save it as a "
            "16-bit grey image."
        )
    # A palette's indices are no grey levels; its colours are.
    colours = np.asarray(file.convert("RGBA"))
    if colours[:, :, 3].min() < 255:
        raise ValueError(_transparency_message(path))
    if (colours[:, :, :1] == colours[:, :, 1:3]).all():
        return colours[:, :, 0].copy()
    if not as_gray:
        raise ValueError(
            f"{path} is a colour image (its channels differ); expected grey. Convert it, or take "
            "its luma with as_gray=True of ganisi.ImageFile or of "
            "ganisi.datasets.load_image_folder."
        )
    return np.asarray(file.convert("RGB").convert("L"))


def _grey_pixels(file, path):
    pixels = np.asarray(file)
    transparent = file.info.get("transparency")
    if isinstance(transparent, int) and (pixels == transparent).any():
        raise ValueError(_transparency_message(path))
    if file.mode == "1":
        return np.asarray(file.convert("L"))
    # Old versions of Pillow widen 16-bit PNG to 32 bits.
    return pixels.astype(np.uint16) if file.mode == "I" and file.format == "PNG" else pixels


def _transparency_message(path):
    return (
        f"{path} has pixels that are not opaque, whose grey level depends on the background; save "
        "it without an alpha channel."
    )


def _read_dicom(path, window):
    try:
        import pydicom
    except ImportError as error:
        raise ImportError(
            f"{path} is a DICOM file, which pydicom reads; install it with: "
            'pip install "ganisi[medical]"'
        ) from error

    with _naming(path):
        data = pydicom.dcmread(path)
        n_images = int(data.get("NumberOfFrames") or 1)
        kind = str(data.get("PhotometricInterpretation", "of no stated kind"))
        slope, intercept = data.get("RescaleSlope"), data.get("RescaleIntercept")
        tables = [
            name
            for name in ("ModalityLUTSequence", "SharedFunctionalGroupsSequence")
            if name in data
        ]
    if n_images > 1:
        raise ValueError(
            f"{path} holds {n_images} frames; expected one image. Save each to a file of its own."
        )
    if kind not in ("MONOCHROME1", "MONOCHROME2"):
        raise ValueError(f"{path} has colours ({kind}); expected a grey DICOM image.")
    if tables:
        raise ValueError(
            f"{path} gives the unit of its grey levels by {tables[0]}, which is not understood; "
            "expected rescale slope and intercept. Save it as a single-frame image with these."
        )
    if window is None:
        raise ValueError(
            f"{path} is a DICOM file, whose grey levels need a window (low, high) in the unit "
            "after rescale slope and intercept, for CT Hounsfield units: "
            f"ImageFile({path!r}, window=(-1000, 400)), or load_image_folder(directory, "
            "window=(-1000, 400))."
        )
    with _naming(path):
        pixels = data.pixel_array
    # Absent or empty, they are 1 and 0.
    if slope not in (None, ""):
        pixels = pixels * float(slope)
    if intercept not in (None, ""):
        pixels = pixels + float(intercept)
    grey = rescale_intensities(pixels, *window)
    return 1 - grey if kind == "MONOCHROME1" else grey

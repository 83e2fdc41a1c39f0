"""From what is stored to grey levels: what is black, what is white, and in how many bits."""

from dataclasses import dataclass

import numpy as np

from ._grey_levels import black_and_white, check_range, rescale_intensities

#: Windows of CT by name: level and width in Hounsfield units, as radiologists look at scans
#: (radiopaedia.org, "Windowing (CT)").
_NAMED = {
    "lung": (-600, 1500),
    "mediastinum": (50, 350),
    "abdomen": (50, 400),
    "liver": (30, 150),
    "brain": (40, 80),
    "bone": (400, 1800),
}
#: The window that a file names itself.
HEADER = "header"
NAMES = (*_NAMED, HEADER)
#: How many bits grey levels may be brought to.
_BITS = (8, 16)


@dataclass
class Pixels:
    """What a file holds: intensities or grey levels, and what it says of them."""

    levels: np.ndarray  # (height, width), or colours (height, width, 3)
    kind: str  # "DICOM", "volume", "picture" or "stack"
    needs_window: bool = False
    is_hounsfield: bool = False
    window: tuple | None = None  # (low, high) that the file names
    white_is_low: bool = False
    padding: np.ndarray | None = None  # (height, width), bool: no part of the image
    spacing: tuple | None = None  # (between rows, between columns) in mm


def check_window(window):
    """Return a window: None, (low, high), or one of the names."""
    if window is None or (isinstance(window, str) and window in NAMES):
        return window
    if isinstance(window, str):
        raise ValueError(
            f"window={window!r} is no window; expected (low, high) or one of {', '.join(NAMES)}."
        )
    return check_range(window, "window")


def check_bits(bits):
    """Refuse numbers of bits that grey levels cannot be brought to."""
    if bits is not None and (bits not in _BITS or isinstance(bits, bool)):
        raise ValueError(f"bits={bits!r}; expected 8, 16 or None.")


def to_grey_levels(pixels, window, bits, name):
    """Return the grey levels (height, width) of what a file holds.

    Stored levels as they are, where neither a window nor bits are asked for; float32 in [0, 1] in
    a window; whole numbers from 0 to 2^bits - 1 where bits are asked for.
    """
    levels = pixels.levels = _in_byte_order(pixels.levels)
    if window is None and pixels.needs_window:
        raise ValueError(_window_message(name))
    if window is None and (bits is None or levels.dtype == f"uint{bits}"):
        return _as_stored(pixels, name)
    low, high = _black_and_white(pixels, window, bits, name)
    grey = rescale_intensities(levels, low, high, np.float64)
    if pixels.white_is_low:
        grey = 1 - grey
    if pixels.padding is not None:
        grey[pixels.padding] = 0
    if bits is None:
        return grey.astype(np.float32)
    if not np.isfinite(grey).all():
        raise ValueError(f"{name} holds NaN, which is no grey level; replace it.")
    return np.rint(grey * (2**bits - 1)).astype(f"uint{bits}")


def _in_byte_order(levels):
    """Return levels whose bytes stand in the machine's order."""
    return levels.astype(levels.dtype.newbyteorder("="), copy=False)


def _as_stored(pixels, name):
    """Grey levels as they are stored, white the highest and padding black."""
    levels = pixels.levels
    if levels.dtype.kind in "iu" and levels.dtype not in (np.uint8, np.uint16):
        raise ValueError(_window_message(name, levels.dtype))
    if pixels.white_is_low:
        levels = np.iinfo(levels.dtype).max - levels
    if pixels.padding is not None and pixels.padding.any():
        levels = np.where(pixels.padding, levels.dtype.type(0), levels)
    return levels


def _black_and_white(pixels, window, bits, name):
    """Return the intensities that become black and white."""
    levels = pixels.levels
    if window is None:
        if levels.dtype == np.uint16:
            raise ValueError(
                f"{name} has 16-bit grey levels, and bits={bits} does not say which is white: give "
                "window=(0, 65535), or (0, 4095) for 12 bits; on the command line --window 0 4095."
            )
        try:
            return black_and_white(levels)
        except ValueError:
            raise ValueError(_window_message(name, levels.dtype)) from None
    if pixels.kind in ("picture", "stack") and (window in NAMES or levels.dtype == np.uint8):
        why = "is no DICOM file, so it names no window and has no Hounsfield units"
        if window not in NAMES:
            why = "is not a DICOM file and has 8-bit grey levels, black to white already"
        raise ValueError(f"{name} {why}; leave window={window!r} out for it.")
    if window == HEADER:
        if pixels.window is None:
            raise ValueError(
                f"{name} names no window; give one: window=(low, high), on the command line "
                "--window LOW HIGH."
            )
        return pixels.window
    if window in _NAMED:
        if not pixels.is_hounsfield:
            raise ValueError(
                f"{name} is no CT, and window={window!r} is in Hounsfield units; give (low, high) "
                "in its own unit, on the command line --window LOW HIGH."
            )
        level, width = _NAMED[window]
        window = (level - width / 2, level + width / 2)
    if levels.dtype.kind == "u" and window[0] < 0:
        raise ValueError(
            f"{name} has grey levels of {levels.dtype} from 0 on, so window={window} is in another "
            "unit; give one in the levels stored, such as window=(0, 4095), on the command line "
            "--window 0 4095."
        )
    return window


def _window_message(name, dtype=None):
    """Say that a window is needed, and how to give one."""
    what = "has intensities that"
    if dtype is not None:
        what = f"has data type {dtype}; expected uint8, uint16 or floats in [0, 1]. Other levels"
    return (
        f"{name} {what} need a window (low, high) in their unit, for CT Hounsfield units after "
        "rescale slope and intercept. Give ImageFile(path, window=(-1000, 400)), or "
        "load_image_folder(directory, window=(-1000, 400)), or a window by name, such as 'lung' or "
        "'header'; on the command line --window -1000 400 or --window lung."
    )

"""Bit depths and ranges of grey levels: what is black, what is white."""

import numpy as np

_DEPTHS = {"uint8": "uint8", "uint16": "uint16", "float32": "float", "float64": "float"}
#: Black and white of each depth, where nobody says otherwise.
_RANGES = {"uint8": (0, 255), "uint16": (0, 65535), "float": (0, 1)}


class NeedsParameterError(ValueError):
    """What a parameter that was left out would put right; `parameter` is its name."""

    # With a default, since whoever unpickles it gives the message alone.
    def __init__(self, message, parameter=None):
        super().__init__(message)
        self.parameter = parameter


# By kind of data type. Never uint8 for integers: -1000 would become 24, and 300 become 44.
_KEEP = "Convert it by astype(np.float32), which keeps negative and large grey levels."
_TELL = (
    f"{_KEEP} LocalStats and ResNetFeatures then have to be told what is black and white, such as "
    "(-1000, 400) for CT: set_params of the model knows it by a name that ends in "
    '"intensity_range".'
)
_CONVERSIONS = {"b": "Convert it by astype(np.uint8).", "i": _TELL, "u": _TELL, "f": _KEEP}


def bit_depth(image, name="image"):
    """Return "uint8", "uint16" or "float"; both floats are one depth. Other types are refused."""
    try:
        return _DEPTHS[image.dtype.name]
    except KeyError:
        advice = _CONVERSIONS.get(image.dtype.kind, "Convert it to one of these.")
        raise ValueError(
            f"{name} has data type {image.dtype}; expected uint8, uint16, float32 or float64. "
            + advice
        ) from None


def check_depth(image, depth, name="image"):
    """Refuse an image of another bit depth than the set it belongs to."""
    if bit_depth(image) != depth:
        raise ValueError(
            f"{name} is {bit_depth(image)}, the images before it are {depth}; grey levels would "
            "not be comparable. Convert all images, queries and generated, to one depth first."
        )


#: Bits that grey levels may fill which are stored as 16, as scanners write them.
_BITS = (8, 10, 12)
_ADVICE = "give intensity_range=(low, high), the intensities of black and white."
#: How far a float may lie outside [0, 1] by rounding.
_ROUNDING = 1e-6


def filled_bits(depth, highest):
    """Return how many bits the grey levels of a uint16 set fill, None for other depths."""
    if depth != "uint16":
        return None
    return next((bits for bits in _BITS if highest < 2**bits), 16)


def grey_span(image):
    """Return the highest grey level of an image minus its lowest, as float32 holds them."""
    return float(np.float32(image.max())) - float(np.float32(image.min()))


def check_range(intensity_range, name="intensity_range"):
    """Return (low, high), or refuse what is not an increasing pair of finite numbers."""
    low, high = intensity_range if len(intensity_range) == 2 else (0, 0)
    if not -np.inf < low < high < np.inf:
        raise ValueError(
            f"{name}={intensity_range!r} must be (low, high) with low < high, finite; e.g. "
            "(-1000, 400) for CT in Hounsfield units."
        )
    return low, high


def black_and_white(image, intensity_range=None, bits=None):
    """Return the grey levels that are black and white: those given, or those of the depth.

    `bits` are those that a uint16 image's set fills; None is all 16.
    """
    if intensity_range is not None:
        return check_range(intensity_range)
    depth = _DEPTHS.get(image.dtype.name)
    if depth is None:
        raise ValueError(f"the grey levels of {image.dtype} images are not known; {_ADVICE}")
    low, high = _RANGES[depth]
    if depth == "uint16" and bits is not None:
        high = 2**bits - 1
    if depth == "float":
        check_unit_range(float(image.min()), float(image.max()))
    return low, high


def check_unit_range(darkest, brightest):
    """Refuse grey levels of floats beyond [0, 1], of which nobody said what is black and white."""
    low, high = _RANGES["float"]
    if not (darkest >= low - _ROUNDING and brightest <= high + _ROUNDING):
        raise NeedsParameterError(
            f"float images are taken to lie in [0, 1], got values in [{darkest:.7g}, "
            f"{brightest:.7g}]; {_ADVICE} What lies in [-1, 1] becomes that by (images + 1) / 2.",
            "intensity_range",
        )


def check_levels(intensity_range, depth, lowest, highest):
    """Refuse a range that is none; where none is given, floats of a set that lie beyond [0, 1]."""
    if intensity_range is not None:
        check_range(intensity_range)
    elif depth == "float":
        check_unit_range(lowest, highest)


def rescale_intensities(image, low, high, dtype=np.float32):
    """Map intensities so that `low` becomes 0 and `high` 1; what is beyond is clipped."""
    image = np.asarray(image, dtype=np.float64)
    return ((image - low) / (high - low)).clip(0, 1).astype(dtype, copy=False)

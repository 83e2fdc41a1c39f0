"""Bit depths and ranges of grey levels."""

import numpy as np

_DEPTHS = {"uint8": "uint8", "uint16": "uint16", "float32": "float", "float64": "float"}


# By kind of data type. Never uint8 for integers: -1000 would become 24, and 300 become 44.
_KEEP = "Convert it by astype(np.float32), which keeps negative and large grey levels."


_CONVERSIONS = {"b": "Convert it by astype(np.uint8).", "i": _KEEP, "u": _KEEP, "f": _KEEP}


def bit_depth(image, name="image"):
    """Name the bit depth of a grey image.

    Parameters
    ----------
    image : ndarray of shape (height, width)
        A grey image.
    name : str, default="image"
        What the image is called in the error message.

    Returns
    -------
    depth : {"uint8", "uint16", "float"}
        float32 and float64 are one depth: they hold the same grey levels.

    Raises
    ------
    ValueError
        If the data type is another one.

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi.images._grey_levels import bit_depth
    >>> bit_depth(np.zeros((4, 4)))
    'float'
    """
    try:
        return _DEPTHS[image.dtype.name]
    except KeyError:
        advice = _CONVERSIONS.get(image.dtype.kind, "Convert it to one of these.")
        raise ValueError(
            f"{name} has data type {image.dtype}; expected uint8, uint16, float32 or float64. "
            + advice
        ) from None


def check_depth(image, depth, name="image"):
    """Refuse an image of another bit depth than the set it belongs to.

    Parameters
    ----------
    image : ndarray of shape (height, width)
        A grey image.
    depth : {"uint8", "uint16", "float"}
        The depth expected.
    name : str, default="image"
        What the image is called in the error message.

    Raises
    ------
    ValueError
        If the depths differ.
    """
    if bit_depth(image) != depth:
        raise ValueError(
            f"{name} is {bit_depth(image)}, the images before it are {depth}; grey levels would "
            "not be comparable. Convert all images, queries and generated, to one depth first."
        )


def grey_span(image):
    """Return the highest grey level of an image minus its lowest.

    Parameters
    ----------
    image : ndarray of shape (height, width)
        A grey image.

    Returns
    -------
    span : float
        0 where the image is constant.

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi.images._grey_levels import grey_span
    >>> grey_span(np.array([[7, 9], [255, 8]], dtype=np.uint8))
    248.0
    """
    return float(image.max()) - float(image.min())


def rescale_intensities(image, low, high):
    """Map intensities so that `low` becomes 0 and `high` 1; what is beyond is clipped.

    Parameters
    ----------
    image : array of shape (height, width)
        Intensities.
    low, high : float
        The intensities of black and white.

    Returns
    -------
    rescaled : ndarray of shape (height, width), float32
        In [0, 1].

    Examples
    --------
    >>> from ganisi.images._grey_levels import rescale_intensities
    >>> rescale_intensities([[-1000, -300, 900]], -1000, 400)
    array([[0. , 0.5, 1. ]], dtype=float32)
    """
    image = np.asarray(image, dtype=np.float64)
    return ((image - low) / (high - low)).clip(0, 1).astype(np.float32)

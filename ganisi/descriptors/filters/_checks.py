"""The checks that filters share."""

import numpy as np


def as_plane(image):
    """Return `image` as an array, or raise ValueError where it is not a grey image with pixels."""
    image = np.asarray(image)
    if image.ndim != 2 or image.size == 0:
        raise ValueError(
            f"expected one grey image of shape (height, width), got an array of shape "
            f"{image.shape}; pass images of a stack one by one"
        )
    return image


def as_numbers(name, values):
    """Return `values` as a tuple of floats, or raise ValueError where it is not a list of them."""
    numbers = np.asarray(values, dtype=float)
    if numbers.ndim != 1 or numbers.size == 0 or not np.isfinite(numbers).all():
        raise ValueError(f"{name} must be a list of one or more finite numbers, got {values!r}")
    return tuple(numbers.tolist())

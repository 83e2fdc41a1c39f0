"""The one check that every filter makes."""

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

"""Images in arrays that NumPy has saved."""

from functools import lru_cache

import numpy as np

from ._colours import one_channel
from ._places import check_size
from ._windows import Pixels

_CHANNELS = (1, 3)


def look_at_stack(place):
    """Return the number of images of an array, None for a single one, and whether it is deep."""
    array = _array(place)
    return (None if array.ndim == 2 else len(array)), array.dtype != np.uint8


def image_of_stack(place, as_gray, index):
    """Return one image of an array as `Pixels`."""
    array = _array(place)
    if (index is None) != (array.ndim == 2):
        raise ValueError(
            f"{place} has shape {array.shape}, and index={index}; give the number of an image, "
            "ImageFile(path, index=0), of several, and none of one. load_image_folder lists them."
        )
    if index is not None:
        if index >= len(array):
            raise ValueError(f"{place} holds {len(array)} images, so none of index={index}.")
        array = array[index]
    if array.ndim == 3:
        array = array if array.shape[-1] in _CHANNELS else np.moveaxis(array, 0, -1)
        single = array.shape[-1] == 1
        array = array[..., 0] if single else one_channel(array, as_gray, f"{place}[{index}]")
    return Pixels(np.array(array), "stack")


def _array(place):
    """Return the array of a file, checked; what is no plain file is read once."""
    if place.member is not None:
        return _unpacked(place, place.version())
    return _checked(np.load(place.path, mmap_mode="r", allow_pickle=False), place)


@lru_cache(maxsize=1)
def _unpacked(place, _version):
    with place.open() as file:
        return _checked(np.load(file, allow_pickle=False), place)


def _checked(array, place):
    """Refuse arrays that are no images (height, width), grey or of equal channels, or several."""
    shape = array.shape
    channels = array.ndim == 4 and (shape[-1] in _CHANNELS or shape[1] in _CHANNELS)
    ambiguous = array.ndim == 3 and shape[-1] in (1, 3, 4)
    if 0 in shape or ambiguous or not (array.ndim in (2, 3) or channels):
        raise ValueError(
            f"it has shape {shape}, expected (n_images, height, width), with one channel or three "
            "equal ones after it, or (height, width)"
        )
    if array.dtype.kind not in "iuf":
        raise ValueError(f"it has data type {array.dtype}, expected numbers")
    height, width = shape if array.ndim == 2 else shape[1:3]
    check_size(height, width, place)
    return array

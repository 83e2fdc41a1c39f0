"""A set of images as transformers get it, those of others too, which know no files of ours."""

import numpy as np

from ._file import ImageFile
from ._known_files import KnownFile
from ._survey import image_facts


def as_given(images):
    """Return a set of images for transformers: a file without settings is its path.

    Others stay what they are, files that behave as arrays.
    """
    if isinstance(images, np.ndarray):
        return images
    return [_given(image) for image in images]


def check_unchanged(images):
    """Raise ValueError where a file that was looked at holds another image by now."""
    for image in images:
        if isinstance(image, KnownFile):
            image_facts(image)


def _given(image):
    plain = image.plain if isinstance(image, KnownFile) else image
    if type(plain) is ImageFile and plain == ImageFile(plain.path):
        return plain.path
    return image

"""Three small images, and how they become files."""

import numpy as np
from PIL import Image

GREY = np.random.default_rng(0).integers(0, 256, (8, 9), dtype=np.uint8)
GREY16 = np.random.default_rng(1).integers(0, 65536, (8, 9), dtype=np.uint16)
COLOUR = np.dstack([GREY, GREY, GREY // 2])


def save(path, pixels, mode=None, **options):
    image = Image.fromarray(pixels)
    (image.convert(mode) if mode else image).save(path, **options)
    return path

"""What a publisher may do to generated images, by name."""

import io

import numpy as np
from PIL import Image
from scipy import ndimage

from ganisi import Views

STORED = "as stored"


def _seen(image, **views):
    """An image moved, zoomed or rotated: what `Views` make of it beside the image itself."""
    _, seen = Views(**views).apply(image)
    return seen


def _crop(image, share):
    """Cut out the middle and resize it to the size that the image had."""
    height, width = image.shape
    top, left = (round(side * (1 - share) / 2) for side in image.shape)
    cut = Image.fromarray(image[top : height - top, left : width - left])
    return np.asarray(cut.resize((width, height), Image.Resampling.BILINEAR))


def _gamma(image, exponent):
    return _to_8_bit(255 * (image / 255) ** exponent)


def _jpeg(image, quality):
    file = io.BytesIO()
    Image.fromarray(image).save(file, "JPEG", quality=quality)
    return np.asarray(Image.open(file))


def _to_8_bit(values):
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


#: From one 8-bit image, and a random generator, to one. Moves are down and right.
TRANSFORMS = {
    STORED: lambda image, rng: image,
    "all mirrored": lambda image, rng: image[:, ::-1],
    "half mirrored": lambda image, rng: image[:, ::-1] if rng.random() < 0.5 else image,
    "up-down": lambda image, rng: image[::-1],
    "turned 180": lambda image, rng: image[::-1, ::-1],
    "turned 90": lambda image, rng: np.rot90(image),
    "moved 2": lambda image, rng: _seen(image, shifts=[(2, 2)]),
    "moved 4": lambda image, rng: _seen(image, shifts=[(4, 4)]),
    "moved 8": lambda image, rng: _seen(image, shifts=[(8, 8)]),
    "turned 3": lambda image, rng: _seen(image, rotations=[-3]),
    "turned 5": lambda image, rng: _seen(image, rotations=[-5]),
    "turned 10": lambda image, rng: _seen(image, rotations=[-10]),
    "zoomed 1.05": lambda image, rng: _seen(image, zooms=[1.05]),
    "zoomed 1.1": lambda image, rng: _seen(image, zooms=[1.1]),
    "cropped to 0.8, resized": lambda image, rng: _crop(image, 0.8),
    "gamma 0.7": lambda image, rng: _gamma(image, 0.7),
    "gamma 1.5": lambda image, rng: _gamma(image, 1.5),
    "contrast 0.7": lambda image, rng: _to_8_bit(127.5 + 0.7 * (image - 127.5)),
    "inverted": lambda image, rng: 255 - image,
    "noise 10": lambda image, rng: _to_8_bit(image + rng.normal(scale=10, size=image.shape)),
    "blur 1": lambda image, rng: _to_8_bit(ndimage.gaussian_filter(image.astype(float), 1)),
    "JPEG 50": lambda image, rng: _jpeg(image, 50),
}


def transformed(images, name, seed=0):
    """All images under a transform, ``(n_images, height, width)`` uint8."""
    rng = np.random.default_rng(seed)
    return np.stack([TRANSFORMS[name](image, rng) for image in images])

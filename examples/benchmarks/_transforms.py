"""What a publisher may do to generated images, by name."""

import numpy as np
from scipy import ndimage

from ganisi.audit import degrade

STORED = "as stored"


def _to_8_bit(values):
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def _all(kind, strength=0):
    """Do the same to every image, as the positive control of an audit does it."""
    return lambda image, rng: degrade(image, kind, strength)


#: From one 8-bit image, and a random generator, to one. Moves are down and right, small turns
#: clockwise.
TRANSFORMS = {
    STORED: _all("exact"),
    "all mirrored": _all("mirror"),
    "half mirrored": lambda image, rng: image[:, ::-1] if rng.random() < 0.5 else image,
    "up-down": _all("up-down"),
    "turned 180": _all("turn", 180),
    "turned 90": _all("turn", 90),
    "moved 2": _all("shift", 2),
    "moved 4": _all("shift", 4),
    "moved 8": _all("shift", 8),
    "turned 3": _all("turn", -3),
    "turned 5": _all("turn", -5),
    "turned 10": _all("turn", -10),
    "zoomed 1.05": _all("zoom", 1.05),
    "zoomed 1.1": _all("zoom", 1.1),
    "cropped to 0.8, resized": _all("crop", 0.8),
    "gamma 0.7": _all("gamma", 0.7),
    "gamma 1.5": _all("gamma", 1.5),
    "contrast 0.7": _all("contrast", 0.7),
    "inverted": _all("invert"),
    "noise 10": lambda image, rng: _to_8_bit(image + rng.normal(scale=10, size=image.shape)),
    "blur 1": lambda image, rng: _to_8_bit(ndimage.gaussian_filter(image.astype(float), 1)),
    "JPEG 50": _all("JPEG", 50),
}


def transformed(images, name, seed=0):
    """All images under a transform, ``(n_images, height, width)`` uint8."""
    rng = np.random.default_rng(seed)
    return np.stack([TRANSFORMS[name](image, rng) for image in images])

"""What makes two images the same image, and what they are known by where they are no images."""

import hashlib

import numpy as np


def image_key(image):
    """Return what two images share if and only if they are the same image.

    The SHA-256 of shape and grey levels as float32, -0.0 as 0.0: not of the data type, which a
    copy may change, nor of the order of bytes or of rows in memory.
    """
    # Adding 0 turns -0.0 into 0.0; little-endian on every machine.
    levels = np.asarray(image, dtype="<f4") + np.float32(0)
    head = f"{levels.shape} ".encode()
    return hashlib.sha256(head + np.ascontiguousarray(levels, "<f4").tobytes()).hexdigest()


def row_keys(rows):
    """Return what two rows share if and only if they are equal bit for bit: one key a row.

    Rows of any number of axes; what stands for images that nobody gave keys for.
    """
    return as_keys(
        [hashlib.sha256(np.ascontiguousarray(row).tobytes()).digest() for row in rows], len(rows)
    )


def as_keys(keys, n_images, name="keys"):
    """Return keys as an array of objects, which can be sliced as images are: one an image."""
    values = list(keys)
    if len(values) != n_images:
        raise ValueError(
            f"{name} has {len(values)} entries for {n_images} images; give what each image is "
            "known by."
        )
    for i, value in enumerate(values):
        try:
            hash(value)
        except TypeError as error:
            raise TypeError(
                f"{name}[{i}] is a {type(value).__name__}, which cannot be hashed; give each image "
                "a text, a number or bytes that only copies of it share."
            ) from error
    array = np.empty(n_images, dtype=object)
    array[:] = values
    return array


def known_by(rows, keys=None):
    """Return what each row is known by: its key, or without keys its own bits."""
    return row_keys(np.asarray(rows)) if keys is None else as_keys(keys, len(rows))


def known_beside(rows, keys, others_have_keys):
    """Return what new rows are known by; ValueError unless all have keys, as others, or none."""
    if (keys is not None) != others_have_keys:
        raise ValueError(
            "keys are known of new images or of the real ones, and not of both, so that it "
            "cannot be told which are the same; give both or neither."
        )
    return known_by(rows, keys)

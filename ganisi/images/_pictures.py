"""Pictures, which Pillow reads: what is grey in them, and what would need a guess."""

import contextlib

import numpy as np
from PIL import Image

#: How the names of files end that are read here.
PICTURE_SUFFIXES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp")

_WHITE_IS_ZERO = 0
_PHOTOMETRIC_TAG = 262


@contextlib.contextmanager
def naming(path):
    """Let whatever a library raises name the file."""
    try:
        yield
    except Exception as error:
        raise ValueError(
            f"{path} cannot be read as an image: {error}. Replace it or leave it out."
        ) from error


def read_picture(path, as_gray):
    """Read the one grey image of a file, its levels as stored, or refuse it."""
    with naming(path), Image.open(path) as file:
        n_images = getattr(file, "n_frames", 1)
        # How the pixels are stored; Pillow forgets it once it has loaded them.
        stored = [tile[3] if isinstance(tile[3], str) else str(tile[3][0]) for tile in file.tile]
        white_is_zero = (
            file.format == "TIFF" and file.tag_v2.get(_PHOTOMETRIC_TAG) == _WHITE_IS_ZERO
        )
        file.load()
    if n_images > 1:
        raise ValueError(
            f"{path} holds {n_images} images; expected one. Save each to a file of its own."
        )
    if file.mode == "1" or file.mode in ("L", "I", "F") or file.mode.startswith("I;16"):
        if white_is_zero and file.mode.startswith("I"):
            raise ValueError(
                f"{path} is a 16-bit TIFF whose white is 0, which would be read with black and "
                "white exchanged; save it with black as 0."
            )
        return _grey_pixels(file, path)
    if file.mode not in ("P", "PA", "LA", "RGB", "RGBA", "RGBX", "RGBa"):
        raise ValueError(f"{path} has colours of kind {file.mode}; save it as a grey image.")
    if any(";16" in mode for mode in stored):
        raise ValueError(
            f"{path} has 16-bit colour channels, which would be read with 8 bits; save it as a "
            "16-bit grey image."
        )
    # A palette's indices are no grey levels; its colours are.
    colours = np.asarray(file.convert("RGBA"))
    if colours[:, :, 3].min() < 255:
        raise ValueError(_transparency_message(path))
    if (colours[:, :, :1] == colours[:, :, 1:3]).all():
        return colours[:, :, 0].copy()
    if not as_gray:
        raise ValueError(
            f"{path} is a colour image (its channels differ); expected grey. Convert it, or take "
            "its luma with as_gray=True of ganisi.ImageFile or of "
            "ganisi.datasets.load_image_folder."
        )
    return np.asarray(file.convert("RGB").convert("L"))


def _grey_pixels(file, path):
    """Grey levels of a picture that has no colours."""
    pixels = np.asarray(file)
    transparent = file.info.get("transparency")
    if isinstance(transparent, int) and (pixels == transparent).any():
        raise ValueError(_transparency_message(path))
    if file.mode == "1":
        return np.asarray(file.convert("L"))
    # Old versions of Pillow widen 16-bit PNG to 32 bits.
    return pixels.astype(np.uint16) if file.mode == "I" and file.format == "PNG" else pixels


def _transparency_message(path):
    """Say why pixels that are not opaque have no grey level."""
    return (
        f"{path} has pixels that are not opaque, whose grey level depends on the background; save "
        "it without an alpha channel."
    )

"""Pictures, which Pillow reads: what is grey in them, and what would need a guess."""

import numpy as np
from PIL import Image, ImageFile, UnidentifiedImageError

from ._colours import one_channel
from ._places import check_size
from ._windows import Pixels

#: Pillow's names of the formats that it reads as they are stored.
_FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "DIB", "WEBP", "GIF", "JPEG2000", "PPM")
_BITS, _PHOTOMETRIC, _ORIENTATION, _N_SAMPLES = 258, 262, 274, 277
_EXTRA_SAMPLES, _SAMPLE_FORMAT = 338, 339
_WHITE_IS_ZERO, _UPRIGHT, _UNSPECIFIED, _UNSIGNED, _SIGNED = 0, 1, 0, 1, 2
#: How many channels a TIFF has, by its photometric interpretation: grey, palette, RGB, YCbCr.
_N_CHANNELS = {0: 1, 1: 1, 2: 3, 3: 1, 6: 3}


def check_picture(file, name):
    """Refuse what shows without unpacking that it is no picture of one image."""
    picture = _opened(file)
    n_images = getattr(picture, "n_frames", 1)
    if n_images > 1:
        raise ValueError(
            f"{name} holds {n_images} images; expected one. Save each to a file of its own."
        )
    check_size(picture.height, picture.width, name)
    return picture


def _opened(file):
    try:
        return Image.open(file, formats=_FORMATS)
    except UnidentifiedImageError:
        raise ValueError(
            f"it is in none of the formats {', '.join(_FORMATS)}, or in a variety of one that "
            "Pillow does not read"
        ) from None


def read_picture(file, name, as_gray):
    """Read the one grey image of an open file as `Pixels`, levels as stored, or refuse it."""
    return Pixels(_read_levels(file, name, as_gray), "picture")


def is_deep(picture):
    """Tell whether a picture has more than 8 bits a pixel."""
    return picture.mode in ("I", "F") or picture.mode.startswith("I;")


def _read_levels(file, name, as_gray):
    """Grey levels (height, width) of an open file."""
    if ImageFile.LOAD_TRUNCATED_IMAGES:
        raise ValueError(
            f"{name} cannot be trusted to be whole: something has set "
            "PIL.ImageFile.LOAD_TRUNCATED_IMAGES, which fills what is missing with grey. Set it to "
            "False."
        )
    picture = check_picture(file, name)
    # How the pixels are stored; Pillow forgets it once it has loaded them.
    tiles = picture.tile
    stored = [tile[3] if isinstance(tile[3], str) else str(tile[3][0]) for tile in tiles]
    orientation = picture.getexif().get(_ORIENTATION, _UPRIGHT)
    if orientation != _UPRIGHT:
        raise ValueError(
            f"{name} has an orientation tag ({orientation}), which some programs follow and others"
            " do not; turn the pixels and save it without the tag."
        )
    if picture.format == "TIFF":
        _check_tiff(picture, name)
    if picture.format == "JPEG2000":
        _check_jpeg2000(file, name)
    picture.load()
    if picture.mode == "1" or picture.mode in ("L", "I", "F") or picture.mode.startswith("I;16"):
        return _grey_pixels(picture, name)
    if picture.mode not in ("P", "PA", "LA", "RGB", "RGBA", "RGBX", "RGBa"):
        raise ValueError(f"{name} has colours of kind {picture.mode}; save it as a grey image.")
    if any(";16" in mode for mode in stored):
        raise ValueError(
            f"{name} has 16-bit colour channels, which would be read with 8 bits; save it as a "
            "16-bit grey image."
        )
    # A palette's indices are no grey levels; its colours are.
    colours = np.asarray(picture.convert("RGBA"))
    if colours[:, :, 3].min() < 255:
        raise ValueError(_transparency_message(name))
    return one_channel(colours[:, :, :3], as_gray, name)


def _check_tiff(picture, name):
    """Refuse what Pillow would read with other grey levels than those stored."""
    tags = picture.tag_v2
    photometric = tags.get(_PHOTOMETRIC)
    bits = _bits_of(tags)
    # libtiff unpacks to the order of the machine, which Pillow heeds for unsigned 16 bits only.
    is_packed = any(tile[0] == "libtiff" for tile in picture.tile)
    if is_packed and tags.prefix == b"MM" and picture.mode in ("I", "F"):
        raise ValueError(
            f"{name} is a compressed TIFF of {bits}-bit levels whose bytes stand in the other "
            "order, and would be exchanged; save it uncompressed."
        )
    if photometric == _WHITE_IS_ZERO and picture.mode not in ("1", "L"):
        raise ValueError(
            f"{name} is a {bits}-bit TIFF whose white is 0, which would be read with black and "
            "white exchanged; save it with black as 0."
        )
    if bits == 8 and _SIGNED in _several(tags.get(_SAMPLE_FORMAT, ())):
        raise ValueError(
            f"{name} is a TIFF of signed 8-bit integers, which would be read as unsigned ones; "
            "save it with floats."
        )
    extra = _several(tags.get(_EXTRA_SAMPLES, ()))
    known = _N_CHANNELS.get(photometric, tags.get(_N_SAMPLES, 1)) + len(extra)
    if _UNSPECIFIED in extra or tags.get(_N_SAMPLES, 1) > known:
        raise ValueError(
            f"{name} is a TIFF with {tags.get(_N_SAMPLES)} samples a pixel, of which some are of "
            "no stated kind and would be dropped; save the one that is the image."
        )


def _bits_of(tags):
    return max(_several(tags.get(_BITS, 1)))


def _several(value):
    return value if isinstance(value, tuple) else (value,)


def _check_jpeg2000(file, name):
    """Refuse depths that would be stretched to 16 bits, and signed levels."""
    file.seek(0)
    head = file.read(2**16)
    file.seek(0)
    # SIZ, the marker after that of the start: 38 bytes, then one a channel, sign and bits less 1.
    start = head.find(b"\xff\x4f\xff\x51")
    channels = head[
        start + 42 : start + 42 + 3 * int.from_bytes(head[start + 40 : start + 42], "big")
    ]
    depths = {(level & 0x7F) + 1 for level in channels[::3]}
    if start < 0 or depths - {8, 16} or any(level & 0x80 for level in channels[::3]):
        kind = ", ".join(map(str, sorted(depths))) if start >= 0 else "unknown"
        raise ValueError(
            f"{name} is JPEG 2000 with signed levels or {kind} bits, which would be read on "
            "another scale; expected unsigned levels of 8 or 16 bits. Save it as PNG or TIFF."
        )


def _grey_pixels(picture, name):
    """Grey levels of a picture that has no colours."""
    pixels = np.asarray(picture)
    transparent = picture.info.get("transparency")
    if isinstance(transparent, int) and (pixels == transparent).any():
        raise ValueError(_transparency_message(name))
    if picture.mode == "1":
        return np.asarray(picture.convert("L"))
    if picture.format == "TIFF" and picture.mode == "I" and _is_unsigned(picture.tag_v2):
        # Pillow has no unsigned ones of 32 bits, and takes theirs for signed ones.
        return pixels.view(np.uint32)
    # Pillow widens 16-bit PGM, and old versions 16-bit PNG, to 32 bits.
    widened = picture.mode == "I" and picture.format in ("PNG", "PPM")
    return pixels.astype(np.uint16) if widened else pixels


def _is_unsigned(tags):
    return _bits_of(tags) == 32 and set(_several(tags.get(_SAMPLE_FORMAT, 1))) == {_UNSIGNED}


def _transparency_message(name):
    """Say why pixels that are not opaque have no grey level."""
    return (
        f"{name} has pixels that are not opaque, whose grey level depends on the background; save "
        "it without an alpha channel."
    )

"""Pictures of every format, right and wrong."""

import struct
import zlib

import numpy as np
from image_files import COLOUR, GREY, GREY16
from PIL import Image

from ._kind import Kind

LUMA = np.rint(COLOUR @ [0.299, 0.587, 0.114])
PIXELS = np.random.default_rng(3).integers(0, 256, (64, 64), dtype=np.uint8)


def saved(name, pixels=GREY, mode=None, **options):
    """A function that saves a picture into a folder."""

    def make(folder):
        image = Image.fromarray(pixels)
        (image.convert(mode) if mode else image).save(folder / name, **options)

    return make


def written(name, content):
    """A function that writes bytes into a folder."""
    return lambda folder: (folder / name).write_bytes(content)


def changed(make, name, change):
    """A function that makes a file and then changes its bytes."""

    def both(folder):
        make(folder)
        (folder / name).write_bytes(change((folder / name).read_bytes()))

    return both


def cut(share):
    """A function that leaves a share of bytes."""
    return lambda content: content[: int(share * len(content))]


def several(name, **options):
    """A function that saves three pictures into one file."""

    def make(folder):
        pages = [Image.fromarray(GREY + np.uint8(i)) for i in range(3)]
        pages[0].save(folder / name, save_all=True, append_images=pages[1:], **options)

    return make


def raw_png(pixels, colour_type, bits):
    """A PNG of big-endian samples (height, width * samples), in any of its varieties."""

    def chunk(kind, content):
        body = kind + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    width = pixels.shape[1] if bits >= 8 else pixels.shape[1] * (8 // bits)
    width //= {0: 1, 2: 3, 4: 2}[colour_type]
    head = struct.pack(">IIBBBBB", width, len(pixels), bits, colour_type, 0, 0, 0)
    lines = b"".join(b"\0" + line.tobytes() for line in pixels)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def turned(orientation):
    """The EXIF data of a camera that was turned."""
    exif = Image.Exif()
    exif[274] = orientation
    return exif


def glass():
    """A picture with one pixel that is not opaque."""
    pixels = np.dstack([GREY, GREY, GREY, np.full_like(GREY, 255)])
    pixels[0, 0, 3] = 254
    return pixels


def twelve_bits(content):
    """Let the header of JPEG 2000 say 12 bits."""
    at = content.index(b"\xff\x4f\xff\x51") + 42
    return content[:at] + b"\x0b" + content[at + 1 :]


def pgm(head, pixels):
    return written("a.pgm", head.encode() + pixels.tobytes())


TWO_BITS, FOUR_BITS = (GREY[:, :8] >> 6), (GREY[:, :8] >> 4)
PACKED_2 = np.packbits(np.unpackbits(TWO_BITS[..., None], axis=2)[..., 6:].reshape(8, -1), axis=1)
PACKED_4 = np.packbits(np.unpackbits(FOUR_BITS[..., None], axis=2)[..., 4:].reshape(8, -1), axis=1)
DEEP_COLOUR = np.repeat(GREY16, 3, axis=1).astype(">u2")
DEEP_ALPHA = np.dstack([GREY16, np.full_like(GREY16, 65535)]).reshape(8, 18).astype(">u2")
SHALLOW_12 = (GREY16 >> 4).astype(">u2")

PICTURES = [
    Kind("PNG, 8 bits", saved("a.png"), levels=GREY),
    Kind("PNG, 16 bits", saved("a.png", GREY16), levels=GREY16),
    Kind("PNG, 16 bits, of 12", saved("a.png", GREY16 >> 4), levels=GREY16 >> 4),
    Kind("PNG, 16 bits", saved("a.png", GREY16), {"bits": 8}),
    Kind(
        "PNG, 16 bits",
        saved("a.png", GREY16),
        {"window": (0, 65535), "bits": 8},
        np.rint(GREY16 / 257),
    ),
    Kind("PNG, 16 bits", saved("a.png", GREY16), {"window": (-1000, 400)}),
    Kind("PNG, 16 bits", saved("a.png", GREY16), {"window": "lung"}),
    Kind("PNG, 8 bits", saved("a.png"), {"window": (-1000, 400), "bits": 8}, GREY),
    Kind("PNG, 1 bit", saved("a.png", GREY // 128 * 255, "1"), levels=GREY // 128 * 255),
    Kind("PNG, 2 bits", written("a.png", raw_png(PACKED_2, 0, 2)), levels=TWO_BITS * 85),
    Kind("PNG, 4 bits", written("a.png", raw_png(PACKED_4, 0, 4)), levels=FOUR_BITS * 17),
    Kind("PNG, palette of greys", saved("a.png", GREY, "P"), levels=GREY),
    Kind("PNG, palette of colours", saved("a.png", COLOUR, "P")),
    Kind("PNG, three equal channels", saved("a.png", GREY, "RGB"), levels=GREY),
    Kind("PNG, colours", saved("a.png", COLOUR)),
    Kind("PNG, colours", saved("a.png", COLOUR), {"as_gray": True}, LUMA),
    Kind("PNG, opaque alpha channel", saved("a.png", GREY, "LA"), levels=GREY),
    Kind("PNG, alpha channel, a pixel not opaque", saved("a.png", glass())),
    Kind("PNG, a grey level that is transparent", saved("a.png", transparency=int(GREY[0, 0]))),
    Kind("PNG, 16-bit grey with alpha", written("a.png", raw_png(DEEP_ALPHA, 4, 16))),
    Kind("PNG, 16-bit colour", written("a.png", raw_png(DEEP_COLOUR, 2, 16))),
    Kind("PNG, packed as far as it goes", saved("a.png", optimize=True), levels=GREY),
    Kind("PNG, animated", several("a.png")),
    Kind("PNG, orientation tag", saved("a.png", exif=turned(6))),
    Kind("PNG, upper-case suffix", saved("A.PNG", format="png"), levels=GREY),
    Kind("PNG, without a suffix", saved("IM0001", format="png"), levels=GREY),
    Kind("PNG, named .jpg", saved("a.jpg", format="png"), levels=GREY),
    Kind("PNG, cut off", changed(saved("a.png", PIXELS), "a.png", cut(0.5))),
    Kind("PNG, cut off in its header", changed(saved("a.png"), "a.png", cut(0.2))),
    Kind(
        "PNG, a byte damaged",
        changed(saved("a.png", PIXELS), "a.png", lambda c: c[:60] + bytes([c[60] ^ 255]) + c[61:]),
    ),
    Kind("PNG, bytes after its end", changed(saved("a.png"), "a.png", lambda c: c + b"more")),
    Kind("PNG, empty file", written("a.png", b"")),
    Kind("PNG, a text of that name", written("a.png", b"not a picture")),
    Kind("JPEG", saved("a.jpg", quality=95)),
    Kind("JPEG, progressive", saved("a.jpeg", progressive=True)),
    Kind("JPEG, three equal channels", saved("a.jpg", np.full((8, 9), 77, np.uint8), "RGB")),
    Kind("JPEG, CMYK", saved("a.jpg", COLOUR, "CMYK")),
    Kind("JPEG, orientation tag of a camera", saved("a.jpg", exif=turned(8))),
    # Earlier versions write files that nobody can read.
    Kind("JPEG, two images of a camera", several("a.jpg", format="MPO"), needs="PIL>=11.3"),
    Kind("JPEG, named .png", saved("a.png", np.full((8, 9), 77, np.uint8), format="jpeg")),
    Kind("JPEG, cut off", changed(saved("a.jpg", PIXELS), "a.jpg", cut(0.6))),
    Kind("WebP, lossless", saved("a.webp", lossless=True), levels=GREY),
    Kind("WebP, lossy, of equal channels", saved("a.webp", np.full((8, 9), 77, np.uint8))),
    Kind("WebP, animated", several("a.webp", lossless=True)),
    Kind("WebP, a pixel not opaque", saved("a.webp", glass(), lossless=True)),
    Kind("WebP, cut off", changed(saved("a.webp", PIXELS), "a.webp", cut(0.6))),
    Kind("GIF", saved("a.gif"), levels=GREY),
    Kind("GIF, cut off", changed(saved("a.gif", PIXELS), "a.gif", cut(0.6))),
    Kind("GIF, animated", several("a.gif")),
    Kind("GIF, a grey level that is transparent", saved("a.gif", transparency=int(GREY[0, 0]))),
    Kind("JPEG 2000, 8 bits", saved("a.jp2"), levels=GREY),
    Kind("JPEG 2000, 16 bits", saved("a.jp2", GREY16), levels=GREY16),
    Kind("JPEG 2000, bare", saved("a.j2k"), levels=GREY),
    Kind("JPEG 2000, cut off", changed(saved("a.jp2", PIXELS), "a.jp2", cut(0.6))),
    Kind("JPEG 2000, 12 bits", changed(saved("a.j2k", GREY16), "a.j2k", twelve_bits)),
    Kind("BMP", saved("a.bmp"), levels=GREY),
    Kind("BMP, without a suffix", saved("IM0001", format="bmp"), levels=GREY),
    Kind("BMP, named .dib", saved("a.dib"), levels=GREY),
    Kind("BMP, three equal channels", saved("a.bmp", GREY, "RGB"), levels=GREY),
    Kind("BMP, cut off", changed(saved("a.bmp", PIXELS), "a.bmp", cut(0.6))),
    Kind("PGM", saved("a.pgm"), levels=GREY),
    Kind("PGM, without a suffix", saved("IM0001", format="ppm"), levels=GREY),
    Kind(
        "PGM, of 7 bits, white being 127",
        pgm("P5 9 8 127 ", GREY >> 1),
        levels=np.floor((GREY >> 1) / 127 * 255 + 0.5),
    ),
    Kind("PGM, as text", written("a.pgm", b"P2 3 1 255 0 7 255"), levels=[[0, 7, 255]]),
    Kind("PGM, cut off", pgm("P5 9 9 255 ", GREY)),
    Kind("PGM, 16 bits", pgm("P5 9 8 65535 ", GREY16.astype(">u2")), levels=GREY16),
    Kind(
        "PGM, of 12 bits, white being 4095",
        pgm("P5 9 8 4095 ", SHALLOW_12),
        levels=np.round(SHALLOW_12.astype(float) / 4095 * 65535),
    ),
    Kind("PBM", saved("a.pbm", GREY // 128 * 255, "1"), levels=GREY // 128 * 255),
    Kind("PPM, colours", saved("a.ppm", COLOUR)),
    Kind("AVIF", written("a.avif", b"\0\0\0 ftypavif")),
    Kind("AVIF, without a suffix", written("IM.0001", b"\0\0\0 ftypavif")),
    Kind("PFM", written("a.pfm", b"Pf 3 2 -1.0 ")),
    Kind("HEIC", written("a.heic", b"\0\0\0 ftypheic")),
    Kind("SVG", written("a.svg", b"<svg/>")),
    Kind("Photoshop", written("a.psd", b"8BPS")),
]

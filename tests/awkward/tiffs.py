"""TIFF in its varieties."""

import numpy as np
import tifffile
from image_files import COLOUR, GREY, GREY16
from PIL import Image

from ._kind import Kind
from .pictures import PIXELS, changed, cut, saved

FLOATS = (GREY / 255).astype(np.float32)
SIGNED = GREY16.view(np.int16)
FOUR = np.dstack([GREY, GREY, GREY, 255 - GREY])
ORIENTATION = (274, "H", 1, 6, True)


def tiff(pixels=GREY, **options):
    """A function that writes a TIFF into a folder, as tifffile does."""
    return lambda folder: tifffile.imwrite(folder / "a.tif", pixels, **options)


def nan():
    pixels = FLOATS.copy()
    pixels[2, 3] = np.nan
    return pixels


def jpeg_inside(folder):
    Image.fromarray(PIXELS).save(folder / "a.tif", compression="jpeg", quality=95)


TIFFS = [
    Kind("8 bits", tiff(), levels=GREY),
    Kind("16 bits", tiff(GREY16), levels=GREY16),
    Kind("16 bits, bytes in the other order", tiff(GREY16, byteorder=">"), levels=GREY16),
    Kind("big TIFF", tiff(GREY16, bigtiff=True), levels=GREY16),
    Kind("tiles", tiff(PIXELS, tile=(16, 16)), levels=PIXELS),
    Kind("several strips", tiff(PIXELS, rowsperstrip=5), levels=PIXELS),
    Kind("deflate", tiff(GREY16, compression="zlib"), levels=GREY16),
    Kind("LZW", saved("a.tif", GREY16, compression="tiff_lzw"), levels=GREY16),
    Kind("PackBits", saved("a.tif", compression="packbits"), levels=GREY),
    Kind("JPEG inside", jpeg_inside),
    Kind("1 bit, fax", saved("a.tif", GREY // 128 * 255, "1", compression="group4"),
         levels=GREY // 128 * 255),
    Kind("floats, 32 bits", tiff(FLOATS), levels=FLOATS),
    Kind("floats, 64 bits", tiff(FLOATS.astype(np.float64))),
    Kind("floats, 16 bits", tiff(FLOATS.astype(np.float16))),
    Kind("floats with a NaN", tiff(nan())),
    Kind("floats beyond [0, 1]", tiff(FLOATS * 2000 - 1000), levels=FLOATS * 2000 - 1000),
    Kind("floats beyond [0, 1]", tiff(FLOATS * 2000 - 1000), {"bits": 8}),
    Kind(
        "floats beyond [0, 1]",
        tiff(FLOATS * 2000 - 1000),
        {"window": (-1000, 1000), "bits": 8},
        GREY,
    ),
    Kind("signed, 8 bits", tiff(GREY.view(np.int8))),
    Kind("signed, 16 bits", tiff(SIGNED)),
    Kind("signed, 16 bits", tiff(SIGNED), {"window": (-32768, 32767)},
         (SIGNED + 32768.0) / 65535),
    Kind("signed, 32 bits", tiff(GREY.astype(np.int32))),
    Kind("unsigned, 32 bits", tiff(GREY.astype(np.uint32))),
    Kind("unsigned, 32 bits", tiff(GREY * np.uint32(2**24)), {"window": (0, 255 * 2**24)},
         GREY / 255),
    *(Kind(f"{what}, bytes in the other order, deflate",
           tiff(pixels, byteorder=">", compression="zlib"), options, levels)
      for what, pixels, options, levels in (
          ("16 bits", GREY16, {}, GREY16),
          ("signed, 16 bits", SIGNED, {"window": (-32768, 32767)}, None),
          ("signed, 32 bits", GREY.astype(np.int32), {"window": (0, 255)}, None),
          ("floats, 32 bits", FLOATS, {}, None))),
    Kind("signed, 16 bits, bytes in the other order", tiff(SIGNED, byteorder=">"),
         {"window": (-32768, 32767)}, (SIGNED + 32768.0) / 65535),
    Kind("floats, 32 bits, bytes in the other order", tiff(FLOATS, byteorder=">"), levels=FLOATS),
    Kind("complex", tiff(GREY.astype(np.complex64))),
    Kind("white is 0, 8 bits", tiff(photometric="miniswhite"), levels=255 - GREY),
    Kind("white is 0, 16 bits", tiff(GREY16, photometric="miniswhite")),
    Kind("white is 0, floats", tiff(FLOATS, photometric="miniswhite")),
    Kind("white is 0, signed", tiff(SIGNED, photometric="miniswhite")),
    Kind("orientation tag, 8 bits", tiff(extratags=[ORIENTATION])),
    Kind("orientation tag, deflate", tiff(extratags=[ORIENTATION], compression="zlib")),
    Kind("orientation tag, floats", tiff(FLOATS, extratags=[ORIENTATION])),
    Kind("four samples, the last of no stated kind",
         tiff(FOUR, photometric="rgb", planarconfig="contig", extrasamples=[0])),
    Kind("grey and alpha, opaque",
         tiff(np.dstack([GREY, np.full_like(GREY, 255)]), photometric="minisblack",
              planarconfig="contig", extrasamples=["unassalpha"]), levels=GREY),
    Kind("colours", tiff(COLOUR, photometric="rgb")),
    Kind("colours", tiff(COLOUR, photometric="rgb"), {"as_gray": True},
         np.rint(COLOUR @ [0.299, 0.587, 0.114])),
    Kind("equal channels in planes", tiff(np.stack([GREY] * 3), photometric="rgb",
                                          planarconfig="separate"), levels=GREY),
    Kind("16-bit colours", tiff(np.dstack([GREY16] * 3), photometric="rgb")),
    Kind("palette", saved("a.tif", GREY, "P"), levels=GREY),
    Kind("several pages", tiff(np.stack([GREY] * 3), photometric="minisblack")),
    Kind("a stack of ImageJ", tiff(np.stack([GREY] * 3), imagej=True)),
    Kind("cut off", changed(tiff(PIXELS), "a.tif", cut(0.6))),
    Kind("cut off, deflate", changed(tiff(PIXELS, compression="zlib"), "a.tif", cut(0.6))),
]  # fmt: skip

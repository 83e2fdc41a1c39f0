"""Files of every format give their grey levels, or are refused by name."""

import builtins
import struct

import numpy as np
import pytest
from image_files import COLOUR, GREY, GREY16, save
from PIL import Image

from ganisi import ImageFile, Intensity, LocalStats
from ganisi.datasets import load_image_folder
from ganisi.images._checks import check_images, read_image
from ganisi.images._survey import image_facts, scan_images


def save_tiff(path, image, byte_order, photometric=1):
    """Write an uncompressed TIFF of one strip, which Pillow does not write in every variety."""
    big = byte_order == ">"
    data = image.astype(image.dtype.newbyteorder(byte_order)).tobytes()
    n_channels = image.shape[2] if image.ndim == 3 else 1
    bits = 8 * image.itemsize
    entries = [(256, image.shape[1]), (257, image.shape[0]), (258, bits), (259, 1)]
    entries += [(262, photometric), (273, 256), (277, n_channels)]
    entries += [(278, image.shape[0]), (279, len(data))]
    header = b"MM\0*" if big else b"II*\0"
    directory = struct.pack(byte_order + "H", len(entries))
    for tag, value in entries:
        kind, count = 4, 1
        if tag == 258 and n_channels > 1:
            kind, count, value = 3, n_channels, 200
        directory += struct.pack(byte_order + "HHII", tag, kind, count, value)
    content = header + struct.pack(byte_order + "I", 8) + directory + bytes(4)
    content = content.ljust(200, b"\0")
    content += struct.pack(byte_order + "H", bits) * n_channels
    path.write_bytes(content.ljust(256, b"\0") + data)
    return path


def test_files_are_read_as_stored(png):
    assert scan_images(check_images([png])) == ("uint8", {(8, 9)})
    for path in (png, str(png), ImageFile(png), check_images(np.array([str(png)]))[0]):
        np.testing.assert_array_equal(read_image(path), GREY)
    np.testing.assert_array_equal(read_image(check_images(np.array([ImageFile(png)]))[0]), GREY)


@pytest.mark.parametrize("suffix", ["png", "tif", "TIFF", "bmp", "gif", "jp2", "pgm", "webp"])
def test_8_bit_files_of_every_lossless_format_give_their_grey_levels(tmp_path, suffix):
    options = {"lossless": True} if suffix == "webp" else {}
    image = read_image(save(tmp_path / f"a b ü.{suffix}", GREY, **options))
    assert image.dtype == np.uint8
    np.testing.assert_array_equal(image, GREY)


def test_a_jpeg_gives_what_pillow_decodes(tmp_path):
    path = save(tmp_path / "scan.jpeg", GREY, quality=95)
    with Image.open(path) as file:
        np.testing.assert_array_equal(read_image(path), np.asarray(file))


@pytest.mark.parametrize("suffix", ["png", "tif", "jp2"])
def test_16_bit_files_give_their_grey_levels(tmp_path, suffix):
    path = save(tmp_path / f"deep.{suffix}", GREY16)
    assert scan_images(check_images([path]))[0] == "uint16"
    np.testing.assert_array_equal(read_image(path), GREY16)


def test_tiff_may_be_compressed(tmp_path):
    for compression in ("tiff_lzw", "tiff_adobe_deflate"):
        path = save(tmp_path / f"{compression}.tif", GREY16, compression=compression)
        np.testing.assert_array_equal(read_image(path), GREY16)


@pytest.mark.parametrize("byte_order", ["<", ">"])
@pytest.mark.parametrize("pixels", [GREY, GREY16], ids=["8 bit", "16 bit"])
def test_tiff_of_either_byte_order_is_one_array_to_the_cache(tmp_path, pixels, byte_order):
    path = save_tiff(tmp_path / "scan.tif", pixels, byte_order)
    image = read_image(path)
    np.testing.assert_array_equal(image, pixels)
    assert image.dtype.isnative
    assert image_facts(str(path)).content == image_facts(pixels).content


def test_a_tiff_of_floats_gives_floats(tmp_path):
    path = save(tmp_path / "float.tif", GREY.astype(np.float32) / 255)
    assert read_image(path).dtype == np.float32
    assert LocalStats().fit_transform([path]).shape == (1, 192)


def test_one_bit_becomes_black_and_white(tmp_path):
    path = save(tmp_path / "mask.png", (GREY > 99).astype(np.uint8) * 255, "1")
    np.testing.assert_array_equal(read_image(path), np.where(GREY > 99, 255, 0))
    assert read_image(path).dtype == np.uint8


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "LA", "P"])
def test_equal_channels_are_one_channel(tmp_path, mode):
    path = save(tmp_path / "scan.png", GREY, mode)
    image = read_image(path)
    assert image.dtype == np.uint8
    np.testing.assert_array_equal(image, GREY)
    np.testing.assert_array_equal(ImageFile(path, as_gray=True).read(), GREY)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P"])
def test_colour_is_refused_unless_its_luma_is_asked_for(tmp_path, mode):
    save(tmp_path / "colour.png", COLOUR, mode)
    with pytest.raises(ValueError, match=r"colour\.png is a colour image.*as_gray=True"):
        scan_images(check_images([tmp_path / "colour.png"]))
    paths, _ = load_image_folder(tmp_path, as_gray=True)
    with Image.open(tmp_path / "colour.png") as file:
        colours = np.asarray(file.convert("RGB")).astype(float)
    luma = colours @ [0.299, 0.587, 0.114]
    np.testing.assert_allclose(read_image(paths[0]), luma, atol=0.501)


@pytest.mark.parametrize(
    ("mode", "options"),
    [
        ("RGBA", {}),
        ("LA", {}),
        ("L", {"transparency": int(GREY[0, 0])}),
        ("P", {"transparency": int(GREY[0, 0])}),
        ("RGB", {"transparency": (int(GREY[0, 0]),) * 3}),
    ],
)
def test_pixels_that_are_not_opaque_are_refused(tmp_path, mode, options):
    pixels = np.dstack([GREY, GREY, GREY, np.full_like(GREY, 255)])
    pixels[0, 0, 3] = 254
    path = save(tmp_path / "glass.png", GREY if options else pixels, mode, **options)
    for file in (path, ImageFile(path, as_gray=True)):
        with pytest.raises(ValueError, match=r"glass\.png has pixels that are not opaque"):
            read_image(file)


def test_16_bit_colour_is_refused_rather_than_cut_to_8_bits(tmp_path):
    path = save_tiff(tmp_path / "deep.tif", np.dstack([GREY16] * 3), "<", photometric=2)
    with pytest.raises(ValueError, match=r"deep\.tif has 16-bit colour channels"):
        read_image(path)


def test_a_16_bit_tiff_whose_white_is_zero_is_refused_and_an_8_bit_one_inverted(tmp_path):
    path = save_tiff(tmp_path / "negative.tif", GREY, "<", photometric=0)
    np.testing.assert_array_equal(read_image(path), 255 - GREY)
    save_tiff(path, GREY16, "<", photometric=0)
    with pytest.raises(ValueError, match=r"negative\.tif is a 16-bit TIFF whose white is 0"):
        read_image(path)


def test_several_images_in_a_file_are_refused(tmp_path):
    pages = [Image.fromarray(GREY), Image.fromarray(GREY)]
    pages[0].save(tmp_path / "stack.tif", save_all=True, append_images=pages[1:])
    with pytest.raises(ValueError, match=r"stack\.tif holds 2 images"):
        read_image(tmp_path / "stack.tif")


def test_grey_levels_of_other_kinds_are_refused(tmp_path):
    save(tmp_path / "long.tif", GREY.astype(np.int32))
    with pytest.raises(ValueError, match=r"long\.tif has data type int32; expected uint8"):
        read_image(tmp_path / "long.tif")
    save(tmp_path / "print.jpg", COLOUR, "CMYK")
    with pytest.raises(ValueError, match=r"print\.jpg has colours of kind CMYK"):
        read_image(tmp_path / "print.jpg")


def test_a_file_that_is_no_image_names_itself(tmp_path):
    path = tmp_path / "notes.png"
    path.write_text("not an image")
    with pytest.raises(ValueError, match=r"notes\.png cannot be read as an image"):
        scan_images(check_images([path]))


@pytest.mark.parametrize("suffix", ["png", "jpg", "tif", "bmp"])
@pytest.mark.parametrize("share", [0.05, 0.5, 0.7])
def test_a_truncated_file_names_itself(tmp_path, suffix, share):
    pixels = np.random.default_rng(0).integers(0, 256, (64, 64), dtype=np.uint8)
    whole = save(tmp_path / f"whole.{suffix}", pixels)
    cut = tmp_path / f"cut.{suffix}"
    cut.write_bytes(whole.read_bytes()[: int(share * whole.stat().st_size)])
    with pytest.raises(ValueError, match=rf"cut\.{suffix} cannot be read as an image"):
        scan_images(check_images([whole, cut]))


def test_the_same_file_with_other_options_is_another_image(tmp_path):
    path = save(tmp_path / "colour.png", COLOUR)
    with pytest.raises(ValueError, match="colour image"):
        image_facts(path)
    assert image_facts(ImageFile(path, as_gray=True)).shape == (8, 9)


def test_a_path_that_is_none_is_refused():
    with pytest.raises(TypeError):
        ImageFile(3)


def test_files_are_read_one_at_a_time(tmp_path, monkeypatch):
    paths = [save(tmp_path / f"{i}.png", GREY + np.uint8(i)) for i in range(40)]
    alive, most = [], []
    read = ImageFile.read

    def watch(file):
        alive.append(file)
        most.append(len(alive))
        return read(file)

    class Watching(Intensity):
        def _maps(self, image):
            alive.clear()
            return super()._maps(image)

    fitted = Watching().fit(paths)
    monkeypatch.setattr(ImageFile, "read", watch)
    rows = fitted.transform(paths)
    assert max(most) == 1
    np.testing.assert_array_equal(rows, Intensity().fit_transform([read_image(p) for p in paths]))


def test_reading_leaves_no_file_open(tmp_path, monkeypatch):
    good = save(tmp_path / "good.png", GREY)
    bad = tmp_path / "bad.tif"
    bad.write_bytes(save(tmp_path / "whole.tif", GREY16).read_bytes()[:100])
    opened = []
    really_open = builtins.open

    def watch(*args, **kwargs):
        opened.append(really_open(*args, **kwargs))
        return opened[-1]

    monkeypatch.setattr(builtins, "open", watch)
    read_image(good)
    with pytest.raises(ValueError, match="cannot be read"):
        read_image(bad)
    assert len(opened) >= 2
    assert all(file.closed for file in opened)

import builtins
import os
import pickle
import struct
import sys

import numpy as np
import pytest
from PIL import Image
from skimage.io import imsave

from ganisi import GANISI, ImageFile, Intensity, LocalStats, recommended
from ganisi.datasets import load_image_folder
from ganisi.images._checks import check_images, read_image
from ganisi.images._grey_levels import grey_span
from ganisi.images._survey import image_facts, scan_images, survey_images

GREY = np.random.default_rng(0).integers(0, 256, (8, 9), dtype=np.uint8)
GREY16 = np.random.default_rng(1).integers(0, 65536, (8, 9), dtype=np.uint16)
COLOUR = np.dstack([GREY, GREY, GREY // 2])


@pytest.fixture
def png(tmp_path):
    path = tmp_path / "scan 1 é.png"
    imsave(path, GREY, check_contrast=False)
    return path


def save(path, pixels, mode=None, **options):
    image = Image.fromarray(pixels)
    (image.convert(mode) if mode else image).save(path, **options)
    return path


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


@pytest.fixture
def dicom(pydicom, tmp_path):
    """Write DICOM files of stored values 0 to 71, or of others."""
    from pydicom.dataset import FileDataset, FileMetaDataset
    from pydicom.uid import ExplicitVRLittleEndian, generate_uid

    def write(name="scan.dcm", pixels=None, **attributes):
        if pixels is None:
            pixels = np.arange(72, dtype=np.uint16).reshape(8, 9)
        meta = FileMetaDataset()
        meta.TransferSyntaxUID = ExplicitVRLittleEndian
        meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.2"
        meta.MediaStorageSOPInstanceUID = generate_uid()
        data = FileDataset(name, {}, file_meta=meta, preamble=b"\0" * 128)
        data.Rows, data.Columns = pixels.shape[:2]
        data.BitsAllocated = data.BitsStored = 8 * pixels.itemsize
        data.HighBit = data.BitsStored - 1
        data.PixelRepresentation = int(pixels.dtype.kind == "i")
        data.SamplesPerPixel = 1
        data.PhotometricInterpretation = "MONOCHROME2"
        data.PixelData = pixels.tobytes()
        for key, value in attributes.items():
            setattr(data, key, value)
        data.save_as(tmp_path / name, enforce_file_format=True)
        return tmp_path / name

    return write


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32, np.float64])
def test_every_documented_data_type_is_accepted(dtype):
    stack = np.ones((2, 4, 5), dtype=dtype)
    assert check_images(stack) is stack
    assert scan_images(check_images(list(stack)))[1] == {(4, 5)}


def test_files_are_read_as_stored(png):
    assert scan_images(check_images([png])) == ("uint8", {(8, 9)})
    for path in (png, str(png), ImageFile(png), check_images(np.array([str(png)]))[0]):
        np.testing.assert_array_equal(read_image(path), GREY)
    np.testing.assert_array_equal(read_image(check_images(np.array([ImageFile(png)]))[0]), GREY)


@pytest.mark.parametrize(
    ("X", "error", "message"),
    [
        ("scan.png", TypeError, "single path 'scan.png'.*Pass a list"),
        (ImageFile("scan.png"), TypeError, "single path 'scan.png'.*Pass a list"),
        (None, TypeError, "NoneType; expected an array of shape"),
        (3, TypeError, "int; expected an array"),
        ([], ValueError, "holds no image"),
        (np.zeros((0, 4, 4)), ValueError, "holds no image"),
        (np.zeros((4, 4)), ValueError, r"shape \(4, 4\); expected \(n_images.*X\[None\]"),
        (np.zeros((2, 4, 4, 3)), ValueError, r"shape \(2, 4, 4, 3\), which looks like a colour"),
        (np.zeros((2, 4, 0)), ValueError, r"shape \(2, 4, 0\)"),
        (np.zeros((2, 4, 4), dtype=int), ValueError, "X has data type int64; expected uint8"),
        (np.zeros((2, 4, 4), dtype=bool), ValueError, "data type bool"),
        (np.full((2, 4, 4), np.nan), ValueError, r"X\[0\] holds NaN"),
        (np.full((2, 4, 4), np.inf), ValueError, r"X\[0\] holds NaN or infinite"),
        ([np.zeros((4, 4)), np.full((4, 4), np.nan)], ValueError, r"X\[1\] holds NaN"),
        ([np.zeros((4, 4)), np.zeros((4, 4), int)], ValueError, r"X\[1\] has data type int64"),
        ([np.zeros((4, 4, 3))], ValueError, r"X\[0\] .*colour"),
        ([np.zeros(4)], ValueError, r"X\[0\] has shape \(4,\)"),
        ([np.zeros((4, 4)), np.zeros((4, 4), np.uint8)], ValueError, "mixes bit depths"),
        ([np.zeros((4, 4)), "scan.png"], TypeError, "mixes paths and arrays"),
        (["no such scan.png"], ValueError, "'no such scan.png', which does not exist"),
        ([os.curdir], ValueError, r"names the folder '\.'.*load_image_folder"),
    ],
)
def test_what_is_no_set_of_grey_images_is_refused_with_advice(X, error, message):
    with pytest.raises(error, match=message):
        check_images(X)


@pytest.mark.parametrize(
    ("dtype", "advice"),
    [
        (np.int16, "float32"),
        (np.int8, "float32"),
        (np.int64, "float32"),
        (np.uint32, "float32"),
        (np.float16, "float32"),
        (bool, "uint8"),
    ],
)
def test_the_conversion_advised_keeps_the_grey_levels(dtype, advice):
    image = np.array([[-1000, 40, 300]]).astype(dtype)
    with pytest.raises(ValueError, match=rf"Convert it by astype\(np\.{advice}\)") as caught:
        check_images([image])
    with pytest.raises(ValueError, match=rf"Convert it by astype\(np\.{advice}\)"):
        check_images(image[None])
    assert str(caught.value).count("astype") == 1
    np.testing.assert_allclose(image.astype(advice), image, rtol=1e-7)


def test_no_conversion_is_advised_for_what_is_no_number():
    with pytest.raises(ValueError, match=r"data type complex128; .*Convert it to one of these"):
        check_images(np.zeros((2, 4, 4), complex))


@pytest.mark.parametrize(
    ("shape", "index"),
    [((5, 1, 6, 7), "[:, 0]"), ((5, 6, 7, 1), "[..., 0]"), ((1, 1, 6, 7), "[:, 0]")],
)
def test_a_single_channel_of_a_stack_is_to_be_dropped(shape, index):
    X = np.zeros(shape, np.uint8)
    with pytest.raises(ValueError, match="axis of length 1") as caught:
        check_images(X)
    assert f"Drop that axis: X{index}." in str(caught.value)
    assert check_images(eval(f"X{index}")).shape[1:] == (6, 7)


@pytest.mark.parametrize(("shape", "index"), [((1, 6, 7), "[0]"), ((6, 7, 1), "[..., 0]")])
def test_a_single_channel_of_an_image_is_to_be_dropped(shape, index):
    X = [np.zeros(shape, np.uint8)]
    with pytest.raises(ValueError, match="axis of length 1") as caught:
        check_images(X)
    assert f"Drop that axis: X[0]{index}." in str(caught.value)
    assert eval(f"X[0]{index}").shape == (6, 7)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32, np.float64])
def test_the_typical_span_of_grey_levels_is_the_median_over_images(dtype):
    stack = np.zeros((5, 4, 6), dtype=dtype)
    stack[:, 0, 0] = [0, 0, 7, 9, 200]
    stack[2:] += 10
    assert [grey_span(image) for image in stack] == [0, 0, 7, 9, 200]
    assert survey_images(stack) == survey_images(list(stack))
    assert survey_images(stack).span == 7
    assert survey_images(stack)[:2] == scan_images(stack)


def test_the_span_of_a_file_is_that_of_its_array_and_is_read_once(tmp_path, monkeypatch):
    paths = [save(tmp_path / f"{i}.png", GREY // (i + 1)) for i in range(3)]
    files = check_images(paths)
    expected = survey_images([read_image(path) for path in paths])
    reads, read = [], ImageFile.read
    monkeypatch.setattr(ImageFile, "read", lambda file: reads.append(file) or read(file))
    assert survey_images(files) == survey_images(files) == expected
    assert scan_images(files) == expected[:2]
    assert len(reads) == 3


def test_cells_smaller_than_a_pixel_are_refused_and_the_advice_works_for_any_model(leaky):
    real, generated = leaky.real[:, ::2, ::2], leaky.generated[:, ::2, ::2]
    model = recommended()
    advice = r"grid=32 cuts .*; use grid <= 16, .* get_params\(\) .* names end in \"grid\"\.$"
    with pytest.raises(ValueError, match=advice):
        model.fit(real, leaky.used, generated=generated)
    names = [name for name in model.get_params() if name.endswith("grid")]
    model.set_params(**dict.fromkeys(names, 16)).fit(real, leaky.used, generated=generated)


@pytest.mark.parametrize("suffix", ["png", "tif", "TIFF", "bmp"])
def test_8_bit_files_of_every_lossless_format_give_their_grey_levels(tmp_path, suffix):
    image = read_image(save(tmp_path / f"a b ü.{suffix}", GREY))
    assert image.dtype == np.uint8
    np.testing.assert_array_equal(image, GREY)


def test_a_jpeg_gives_what_pillow_decodes(tmp_path):
    path = save(tmp_path / "scan.jpeg", GREY, quality=95)
    with Image.open(path) as file:
        np.testing.assert_array_equal(read_image(path), np.asarray(file))


@pytest.mark.parametrize("suffix", ["png", "tif"])
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


def test_another_depth_in_a_set_is_refused_by_name(png, tmp_path):
    save(tmp_path / "deep.png", GREY16)
    with pytest.raises(ValueError, match=r"deep\.png is uint16, the images before it are uint8"):
        scan_images(check_images([png, tmp_path / "deep.png"]))
    fitted = Intensity().fit([png])
    with pytest.raises(ValueError, match=r"deep\.png is uint16"):
        fitted.transform([tmp_path / "deep.png"])


def test_queries_and_generated_of_different_depths_are_refused(tmp_path):
    shallow = [save(tmp_path / f"{i}.png", GREY) for i in range(4)]
    deep = [save(tmp_path / f"deep {i}.png", GREY16) for i in range(3)]
    with pytest.raises(ValueError, match="X is uint8 and generated is uint16"):
        GANISI(Intensity()).fit(shallow, [0, 1, 0, 1], generated=(deep,))


def test_the_same_file_with_other_options_is_another_image(tmp_path):
    path = save(tmp_path / "colour.png", COLOUR)
    with pytest.raises(ValueError, match="colour image"):
        image_facts(path)
    assert image_facts(ImageFile(path, as_gray=True)).shape == (8, 9)


def test_reading_options_travel_with_the_file():
    file = ImageFile("scan.dcm", window=[-1000, 400])
    assert pickle.loads(pickle.dumps(file)) == file
    assert len({file, ImageFile("scan.dcm", window=(-1000, 400)), ImageFile("scan.dcm")}) == 2
    assert os.fspath(file) == "scan.dcm"


@pytest.mark.parametrize("window", [(1, 1), (2, 1), (0, np.inf), (np.nan, 1), (1, 2, 3)])
def test_a_window_that_is_no_interval_is_refused(window):
    with pytest.raises(ValueError, match=r"must be \(low, high\) with low < high"):
        ImageFile("scan.dcm", window=window)


def test_a_window_on_what_is_not_dicom_is_refused(png):
    with pytest.raises(ValueError, match=r"is not a DICOM file, so window=\(0, 99\) has no unit"):
        ImageFile(png, window=(0, 99)).read()


def test_a_path_that_is_none_is_refused():
    with pytest.raises(TypeError):
        ImageFile(3)


def test_dicom_is_rescaled_and_windowed(dicom):
    path = dicom(RescaleSlope="2", RescaleIntercept="-1000")
    image = ImageFile(path, window=(-1000, -880)).read()
    expected = np.clip(2 * np.arange(72.0) / 120, 0, 1).reshape(8, 9)
    assert image.dtype == np.float32
    np.testing.assert_allclose(image, expected, atol=1e-7)


def test_dicom_without_rescaling_has_its_stored_values_signed_ones_too(dicom):
    pixels = np.arange(-36, 36, dtype=np.int16).reshape(8, 9)
    image = ImageFile(dicom(pixels=pixels), window=(-36, 35)).read()
    np.testing.assert_allclose(image, (pixels + 36) / 71, atol=1e-7)


def test_dicom_whose_high_values_are_dark_is_inverted(dicom):
    path = dicom(PhotometricInterpretation="MONOCHROME1")
    image = ImageFile(path, window=(0, 71)).read()
    np.testing.assert_allclose(image, 1 - np.arange(72).reshape(8, 9) / 71, atol=1e-7)


def test_dicom_without_a_window_says_how_to_give_one(dicom):
    with pytest.raises(ValueError, match=r"need a window .*window=\(-1000, 400\)\)"):
        read_image(dicom())


def test_dicom_is_known_by_its_first_bytes_and_describes_like_its_array(dicom, tmp_path):
    dicom("1.2.840.1")
    dicom("b.DCM", pixels=np.arange(72, dtype=np.uint16)[::-1].reshape(8, 9).copy())
    paths, names = load_image_folder(tmp_path, window=(0, 100))
    assert names == ["1.2.840.1", "b"]
    arrays = [np.float32(np.arange(72).reshape(8, 9) / 100)]
    arrays.append(arrays[0].ravel()[::-1].reshape(8, 9))
    rows = LocalStats().fit_transform(paths)
    np.testing.assert_allclose(rows, LocalStats().fit_transform(arrays), atol=1e-6)


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"NumberOfFrames": 2}, "holds 2 frames"),
        ({"PhotometricInterpretation": "RGB", "SamplesPerPixel": 3}, r"has colours \(RGB\)"),
        ({"PhotometricInterpretation": "PALETTE COLOR"}, r"has colours \(PALETTE COLOR\)"),
        ({"ModalityLUTSequence": []}, "by ModalityLUTSequence, which is not understood"),
        ({"SharedFunctionalGroupsSequence": []}, "by SharedFunctionalGroupsSequence"),
        ({"PixelData": b"\0\0"}, "cannot be read as an image"),
    ],
)
def test_dicom_that_would_need_a_guess_is_refused_by_name(dicom, attributes, message):
    path = dicom(**attributes)
    with pytest.raises(ValueError, match=rf"scan\.dcm {message}|scan\.dcm .*{message}"):
        ImageFile(path, window=(0, 100)).read()


def test_a_file_that_is_only_named_dicom_names_itself(pydicom, tmp_path):
    path = tmp_path / "notes.dcm"
    path.write_text("not a scan")
    with pytest.raises(ValueError, match=r"notes\.dcm cannot be read as an image"):
        ImageFile(path, window=(0, 1)).read()


def test_without_pydicom_one_sentence_names_the_extra(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "pydicom", None)
    (tmp_path / "scan.dcm").write_bytes(bytes(128) + b"DICM")
    with pytest.raises(ImportError, match=r'scan\.dcm.*pip install "ganisi\[medical\]"'):
        scan_images(check_images([ImageFile(tmp_path / "scan.dcm", window=(0, 1))]))


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


@pytest.mark.parametrize("dtype", ["u2", "f4", "f8"])
@pytest.mark.parametrize("as_list", [False, True])
def test_the_order_of_bytes_in_memory_changes_nothing(dtype, as_list):
    images = np.random.default_rng(0).random((2, 16, 16))
    images = (images * (60000 if dtype == "u2" else 1)).astype(f"<{dtype}")
    swapped = images.astype(f">{dtype}")
    rows = LocalStats().fit_transform(list(images) if as_list else images)
    others = LocalStats().fit_transform(list(swapped) if as_list else swapped)
    np.testing.assert_array_equal(rows, others)

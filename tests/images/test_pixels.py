"""Grey levels that libraries read wrongly: right, or refused by name."""

import numpy as np
import pytest
import tifffile
from image_files import GREY, GREY16, save
from PIL import ImageFile as PillowImageFile

from ganisi import GANISI, ImageFile, Intensity, LocalStats, classical_descriptors
from ganisi.images._checks import check_images, read_image
from ganisi.images._survey import check_sets

ORIENTATION = (274, "H", 1, 6, True)
FLOATS = (GREY / 255).astype(np.float32)


def write_tiff(path, pixels, **options):
    tifffile.imwrite(path, pixels, **options)
    return path


@pytest.mark.parametrize("pixels", [GREY, GREY16, FLOATS], ids=["uint8", "uint16", "float32"])
@pytest.mark.parametrize("compression", [None, "zlib"])
def test_an_orientation_tag_is_refused(tmp_path, pixels, compression):
    path = write_tiff(
        tmp_path / "turned.tif", pixels, extratags=[ORIENTATION], compression=compression
    )
    with pytest.raises(ValueError, match=r"turned\.tif has an orientation tag \(6\)"):
        read_image(path)


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp"])
def test_the_orientation_tag_of_a_camera_is_refused(tmp_path, suffix):
    exif = PillowExif()
    path = save(tmp_path / f"turned.{suffix}", GREY, exif=exif)
    with pytest.raises(ValueError, match=r"has an orientation tag \(8\)"):
        read_image(path)


def PillowExif():  # noqa: N802
    from PIL import Image

    exif = Image.Exif()
    exif[274] = 8
    return exif


@pytest.mark.parametrize(
    ("pixels", "why"),
    [
        (GREY16, "is a 16-bit TIFF whose white is 0"),
        (FLOATS, "is a 32-bit TIFF whose white is 0"),
        (GREY16.view(np.int16), "cannot be read as an image: it is in none of the formats"),
    ],
    ids=["uint16", "float32", "int16"],
)
def test_a_tiff_whose_white_is_zero_is_refused_where_it_is_not_inverted(tmp_path, pixels, why):
    path = write_tiff(tmp_path / "negative.tif", pixels, photometric="miniswhite")
    with pytest.raises(ValueError, match=rf"negative\.tif {why}"):
        read_image(path)


def test_signed_8_bit_levels_are_refused_rather_than_wrapped(tmp_path):
    path = write_tiff(tmp_path / "signed.tif", GREY.view(np.int8))
    with pytest.raises(ValueError, match=r"signed\.tif is a TIFF of signed 8-bit integers"):
        read_image(path)


@pytest.mark.parametrize("n_samples", [2, 4])
def test_samples_of_no_stated_kind_are_refused_rather_than_dropped(tmp_path, n_samples):
    pixels = np.dstack([GREY] * (n_samples - 1) + [255 - GREY])
    path = write_tiff(
        tmp_path / "pair.tif",
        pixels,
        photometric="rgb" if n_samples == 4 else "minisblack",
        extrasamples=["unspecified"],
        planarconfig="contig",
    )
    with pytest.raises(
        ValueError, match=rf"pair\.tif (is a TIFF with {n_samples} samples|cannot be r)"
    ):
        read_image(path)


@pytest.mark.parametrize("bits", [12, 16])
def test_jpeg_2000_that_would_be_stretched_is_refused(tmp_path, bits):
    path = save(tmp_path / "deep.jp2", GREY16)
    # Bits a level, less one.
    content = path.read_bytes()
    at = content.index(b"\xff\x4f\xff\x51") + 42
    assert content[at] == 15
    path.write_bytes(content[:at] + bytes([bits - 1]) + content[at + 1 :])
    if bits == 16:
        np.testing.assert_array_equal(read_image(path), GREY16)
        return
    with pytest.raises(ValueError, match=r"deep\.jp2 is JPEG 2000 with signed levels or 12 bits"):
        read_image(path)


def test_half_an_image_is_refused_whatever_others_have_set(tmp_path, monkeypatch):
    pixels = np.random.default_rng(0).integers(0, 256, (64, 64), dtype=np.uint8)
    whole = save(tmp_path / "whole.png", pixels)
    cut = tmp_path / "cut.png"
    cut.write_bytes(whole.read_bytes()[:2000])
    monkeypatch.setattr(PillowImageFile, "LOAD_TRUNCATED_IMAGES", True)
    with pytest.raises(ValueError, match=r"cut\.png cannot be trusted .*LOAD_TRUNCATED_IMAGES"):
        read_image(cut)


def test_an_image_larger_than_any_is_refused_before_it_is_unpacked(tmp_path, monkeypatch):
    path = save(tmp_path / "vast.png", GREY)
    monkeypatch.setattr("ganisi.images._places._MAX_PIXELS", 71)
    with pytest.raises(ValueError, match=r"vast\.png has 8 x 9 pixels; expected at most 71"):
        read_image(path)


def test_a_lack_of_memory_is_called_that(tmp_path, monkeypatch):
    path = save(tmp_path / "scan.png", GREY)

    def fail(_):
        raise MemoryError

    monkeypatch.setattr("PIL.PngImagePlugin.PngImageFile.load", fail)
    with pytest.raises(MemoryError, match=r"scan\.png does not fit into the memory"):
        read_image(path)


@pytest.mark.parametrize("as_list", [False, True])
def test_masked_pixels_are_refused_and_a_mask_of_nothing_is_none(as_list):
    images = np.ma.masked_greater(np.stack([GREY, GREY]), 300)
    plain = Intensity().fit_transform(np.stack([GREY, GREY]))
    np.testing.assert_array_equal(
        Intensity().fit_transform(list(images) if as_list else images), plain
    )
    images[1, 2, 3] = np.ma.masked
    name = r"X\[1\]" if as_list else "X"
    with pytest.raises(ValueError, match=rf"{name} is a masked array .*{name}\.filled\(0\)"):
        check_images(list(images) if as_list else images)


@pytest.fixture
def mapped(tmp_path):
    """A file of 20 images, mapped into memory."""
    pixels = np.random.default_rng(0).integers(0, 256, (20, 16, 24), dtype=np.uint8)
    pixels.tofile(tmp_path / "x.bin")
    return np.memmap(tmp_path / "x.bin", dtype=np.uint8, mode="r", shape=pixels.shape)


def test_a_mapped_file_read_backwards_is_copied_and_no_other(mapped):
    whole = [mapped[::-1], mapped[5:, :, ::-1], np.asarray(mapped)[:, ::-1]]
    for backwards in (*whole, list(whole[1]), list(whole[2])):
        images = check_images(backwards)
        assert not any(np.shares_memory(image, mapped) for image in images)
        np.testing.assert_array_equal(np.stack(list(images)), np.stack(list(backwards)))
    for forwards in (mapped, mapped[3:], mapped[:, :, 2:9], np.array(mapped)[::-1]):
        assert check_images(forwards) is forwards


def test_workers_see_the_pixels_of_a_mapped_file_read_backwards(mapped):
    images = mapped[8:, :, ::-1]
    one = Intensity(n_quantiles=384).fit_transform(images)
    np.testing.assert_array_equal(Intensity(n_quantiles=384, n_jobs=2).fit_transform(images), one)


@pytest.mark.parametrize("top", [1 + 4e-16, np.float32(1) + np.float32(2e-7)])
def test_what_exceeds_1_by_rounding_is_1(top):
    image = np.linspace(0, 1, 72).reshape(8, 9)
    expected = LocalStats().fit_transform([image])
    image[-1, -1] = top
    np.testing.assert_allclose(LocalStats().fit_transform([image]), expected, atol=1e-6)


def test_what_is_not_in_0_to_1_is_refused_with_the_levels_as_they_are():
    with pytest.raises(ValueError, match=r"in \[0, 1\], got values in \[0, 1\.0001\]; give"):
        LocalStats().fit_transform([np.array([[0, 1.0001]])])
    with pytest.raises(ValueError, match=r"got values in \[-1, 1\]; .*\(images \+ 1\) / 2"):
        LocalStats().fit_transform([np.array([[-1.0, 1.0]])])


def test_levels_from_minus_1_to_1_beside_0_to_1_are_refused(leaky):
    real, generated = leaky.real / 255, leaky.generated / 127.5 - 1
    message = r"of generated typically begin at -1, those of X at 0\.1.*\(images \+ 1\) / 2"
    with pytest.raises(ValueError, match=message):
        GANISI(Intensity()).fit(real, leaky.used, generated=generated)
    with pytest.raises(
        ValueError, match=r"of X typically begin at -0\.7.*, those of generated at 0;"
    ):
        check_sets([("X", 2 * real - 1), ("generated", leaky.generated / 255)], None)
    check_sets([("X", real), ("generated", (generated + 1) / 2)], None)
    check_sets([("X", real), ("generated", (generated + 1) / 2 - 0.05)], None)
    check_sets([("X", 2 * real - 1), ("generated", generated)], None)


def test_few_bits_stored_as_16_have_the_entropy_of_8_bits():
    images = np.random.default_rng(0).integers(0, 256, (3, 16, 16), dtype=np.uint8)
    expected = LocalStats().fit_transform(images)[:, 128:]
    for factor, bits in ((1, 8), (4, 10), (16, 12), (257, 16)):
        described = LocalStats().fit(images.astype(np.uint16) * factor)
        assert described.bits_ == bits
        rows = described.transform(images.astype(np.uint16) * factor)[:, 128:]
        np.testing.assert_allclose(rows, expected, atol=0.3)
    # What the user says comes first.
    coarse = LocalStats((0, 65535)).fit_transform(images.astype(np.uint16))
    assert coarse[:, 128:].max() <= 1


def test_bits_are_those_of_the_set_and_reach_every_part_of_a_union():
    images = np.random.default_rng(0).integers(0, 4096, (3, 16, 16), dtype=np.uint16)
    images[0] //= 64
    union = classical_descriptors().fit(images)
    described = dict(union.transformer_list)
    assert {one.bits_ for one in described.values()} == {12}
    rows = union.transform(images)
    np.testing.assert_array_equal(union.transform(images[:1]), rows[:1])


def test_bits_are_part_of_what_a_cached_row_is_known_by(tmp_path):
    images = np.random.default_rng(0).integers(0, 256, (2, 16, 16), dtype=np.uint16)
    bright = np.concatenate([images, images[:1] * 16])
    cached = LocalStats(memory=str(tmp_path))
    first = cached.fit(images).transform(images)
    second = cached.fit(bright).transform(images)
    assert (first != second).any()
    np.testing.assert_array_equal(second, LocalStats().fit(bright).transform(images))


@pytest.mark.parametrize("levels", [np.uint8, np.float32])
def test_other_depths_have_no_bits(levels):
    assert Intensity().fit(np.ones((2, 8, 8), levels)).bits_ is None


def test_a_file_of_few_bits_is_read_as_it_is(tmp_path):
    path = save(tmp_path / "few.png", GREY16 // 16)
    np.testing.assert_array_equal(ImageFile(path).read(), GREY16 // 16)

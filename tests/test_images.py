import numpy as np
import pytest
from skimage.io import imsave

from ganisi.images import check_images, read_image, scan_images

GREY = np.random.default_rng(0).integers(0, 256, (8, 9), dtype=np.uint8)


@pytest.fixture
def png(tmp_path):
    path = tmp_path / "scan 1 é.png"
    imsave(path, GREY, check_contrast=False)
    return path


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32, np.float64])
def test_every_documented_data_type_is_accepted(dtype):
    stack = np.ones((2, 4, 5), dtype=dtype)
    assert check_images(stack) is stack
    assert scan_images(check_images(list(stack)))[1] == {(4, 5)}


def test_files_are_read_as_stored(png):
    assert scan_images(check_images([png])) == ("uint8", {(8, 9)})
    np.testing.assert_array_equal(read_image(png), GREY)
    np.testing.assert_array_equal(read_image(check_images(np.array([str(png)]))[0]), GREY)


@pytest.mark.parametrize(
    ("X", "error", "message"),
    [
        ("scan.png", TypeError, "single path 'scan.png'.*Pass a list"),
        (None, TypeError, "NoneType; expected an array of shape"),
        (3, TypeError, "int; expected an array"),
        ([], ValueError, "holds no image"),
        (np.zeros((0, 4, 4)), ValueError, "holds no image"),
        (np.zeros((4, 4)), ValueError, r"shape \(4, 4\); expected \(n_images.*X\[None\]"),
        (np.zeros((2, 4, 4, 3)), ValueError, r"shape \(2, 4, 4, 3\), which looks like a colour"),
        (np.zeros((2, 4, 0)), ValueError, r"shape \(2, 4, 0\)"),
        (np.zeros((2, 4, 4), dtype=int), ValueError, "data type int64; expected uint8"),
        (np.zeros((2, 4, 4), dtype=bool), ValueError, "data type bool"),
        (np.full((2, 4, 4), np.nan), ValueError, r"X\[0\] holds NaN"),
        (np.full((2, 4, 4), np.inf), ValueError, r"X\[0\] holds NaN or infinite"),
        ([np.zeros((4, 4)), np.full((4, 4), np.nan)], ValueError, r"X\[1\] holds NaN"),
        ([np.zeros((4, 4, 3))], ValueError, r"X\[0\] .*colour"),
        ([np.zeros(4)], ValueError, r"X\[0\] has shape \(4,\)"),
        ([np.zeros((4, 4)), np.zeros((4, 4), np.uint8)], ValueError, "mixes bit depths"),
        ([np.zeros((4, 4)), "scan.png"], TypeError, "mixes paths and arrays"),
        (["no such scan.png"], ValueError, "'no such scan.png', which does not exist"),
    ],
)
def test_what_is_no_set_of_grey_images_is_refused_with_advice(X, error, message):
    with pytest.raises(error, match=message):
        check_images(X)


def test_a_file_that_is_no_image_names_itself(tmp_path):
    path = tmp_path / "notes.png"
    path.write_text("not an image")
    with pytest.raises(ValueError, match=r"notes\.png cannot be read as an image"):
        scan_images(check_images([path]))


def test_a_truncated_file_names_itself(png, tmp_path):
    path = tmp_path / "cut.png"
    path.write_bytes(png.read_bytes()[:60])
    with pytest.raises(ValueError, match=r"cut\.png cannot be read as an image"):
        scan_images(check_images([png, path]))


def test_a_colour_file_and_another_depth_are_refused_by_name(png, tmp_path):
    colour, deep = tmp_path / "colour.png", tmp_path / "deep.png"
    imsave(colour, np.dstack([GREY, GREY, GREY // 2]), check_contrast=False)
    imsave(deep, GREY.astype(np.uint16) * 257, check_contrast=False)
    with pytest.raises(ValueError, match=r"colour\.png has shape .* colour"):
        scan_images(check_images([colour]))
    with pytest.raises(ValueError, match=r"deep\.png is uint16, the images before it are uint8"):
        scan_images(check_images([png, deep]))

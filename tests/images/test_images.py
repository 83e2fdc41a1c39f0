"""What is a set of grey images, and what is refused with advice."""

import os

import numpy as np
import pytest
from image_files import GREY, GREY16, save

from ganisi import GANISI, ImageFile, Intensity, LocalStats, recommended
from ganisi.images._checks import check_images, read_image
from ganisi.images._grey_levels import grey_span
from ganisi.images._survey import scan_images, survey_images


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32, np.float64])
def test_every_documented_data_type_is_accepted(dtype):
    stack = np.ones((2, 4, 5), dtype=dtype)
    assert check_images(stack) is stack
    assert scan_images(check_images(list(stack)))[1] == {(4, 5)}


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
        (["scan.png", None], TypeError, r"X\[1\] is None; expected an image or a path"),
        ([np.zeros((4, 4)), None], TypeError, r"X\[1\] is None"),
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
    advice = r"grid=64 cuts .*; use grid <= 16, .* get_params\(\) .* names end in \"grid\"\."
    with pytest.raises(ValueError, match=advice):
        model.fit(real, leaky.used, generated=generated)
    names = [name for name in model.get_params() if name.endswith("grid")]
    model.set_params(**dict.fromkeys(names, 16)).fit(real, leaky.used, generated=generated)


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


@pytest.mark.parametrize("dtype", ["u2", "f4", "f8"])
@pytest.mark.parametrize("as_list", [False, True])
def test_the_order_of_bytes_in_memory_changes_nothing(dtype, as_list):
    images = np.random.default_rng(0).random((2, 16, 16))
    images = (images * (60000 if dtype == "u2" else 1)).astype(f"<{dtype}")
    swapped = images.astype(f">{dtype}")
    rows = LocalStats().fit_transform(list(images) if as_list else images)
    others = LocalStats().fit_transform(list(swapped) if as_list else swapped)
    np.testing.assert_array_equal(rows, others)

"""What the stored values of DICOM mean: units, windows, padding, frames, colours."""

import numpy as np
import pytest
from dicom_files import STORED, sequence

from ganisi import GANISI, ImageFile, Intensity
from ganisi.baselines import NearestGenerated
from ganisi.datasets import load_image_folder
from ganisi.images._checks import check_images
from ganisi.images._survey import survey_images

UNIT = STORED / 71


def read(path, window=(0, 71), **options):
    return ImageFile(path, window=window, **options).read()


@pytest.mark.parametrize(
    ("name", "window"),
    [
        ("lung", (-1350, 150)),
        ("mediastinum", (-125, 225)),
        ("abdomen", (-150, 250)),
        ("liver", (-45, 105)),
        ("brain", (0, 80)),
        ("bone", (-500, 1300)),
    ],
)
def test_windows_of_ct_have_names(write_dicom, name, window):
    path = write_dicom(Modality="CT", RescaleSlope=40, RescaleIntercept=-1400)
    np.testing.assert_array_equal(read(path, name), read(path, window))


def test_a_named_window_is_for_ct_and_names_are_checked_at_once(write_dicom):
    with pytest.raises(ValueError, match=r"scan\.dcm is no CT, and window='lung' is in Hounsfield"):
        read(write_dicom(Modality="MR"), "lung")
    with pytest.raises(ValueError, match=r"window='lungs' is no window; .* lung, .*, header"):
        ImageFile("scan.dcm", window="lungs")
    for bits in (12, True, 0):
        with pytest.raises(ValueError, match=f"bits={bits}; expected 8, 16 or None"):
            ImageFile("scan.dcm", bits=bits)


@pytest.mark.parametrize("function", [None, "LINEAR", "LINEAR_EXACT"])
@pytest.mark.parametrize(("center", "width"), [(30, 40), ([20.5, 99], [8, 9]), (35, 71)])
def test_the_window_of_the_header_is_what_pydicom_makes_of_it(
    write_dicom, pydicom, function, center, width
):
    attributes = {"WindowCenter": center, "WindowWidth": width, "RescaleSlope": 1}
    attributes |= {} if function is None else {"VOILUTFunction": function}
    path = write_dicom(RescaleIntercept=-3, **attributes)
    data = pydicom.dcmread(path)
    shown = pydicom.pixels.apply_windowing(STORED - 3.0, data)
    expected = (shown + 3) / 65535  # From black to white of 16 bits, by slope and intercept.
    np.testing.assert_allclose(read(path, "header"), expected, atol=1e-6)


@pytest.mark.parametrize(
    "attributes",
    [
        {},
        {"WindowCenter": 30},
        {"WindowCenter": 30, "WindowWidth": 1},
        {"WindowCenter": 30, "WindowWidth": 9, "VOILUTFunction": "SIGMOID"},
    ],
)
def test_a_header_without_a_linear_window_says_how_to_give_one(write_dicom, attributes):
    with pytest.raises(ValueError, match=r"scan\.dcm names no window; .*--window LOW HIGH"):
        read(write_dicom(**attributes), "header")


@pytest.mark.parametrize(("bits", "dtype"), [(8, np.uint8), (16, np.uint16)])
def test_bits_make_whole_grey_levels(write_dicom, bits, dtype):
    grey = read(write_dicom(), bits=bits)
    assert grey.dtype == dtype
    np.testing.assert_array_equal(grey, np.rint(UNIT * (2**bits - 1)))


def test_without_a_window_the_message_says_what_to_type_in_both_places(write_dicom):
    for bits in (None, 8):
        with pytest.raises(
            ValueError, match=r"scan\.dcm .*window=\(-1000, 400\).*--window -1000 400 or"
        ):
            ImageFile(write_dicom(), bits=bits).read()


@pytest.mark.parametrize("inverted", [False, True])
def test_8_bit_dicom_is_read_as_it_is_and_may_have_a_window(write_dicom, inverted):
    kind = "MONOCHROME1" if inverted else "MONOCHROME2"
    path = write_dicom(pixels=STORED.astype(np.uint8), PhotometricInterpretation=kind)
    stored = ImageFile(path).read()
    assert stored.dtype == np.uint8
    np.testing.assert_array_equal(stored, 255 - STORED if inverted else STORED)
    np.testing.assert_allclose(read(path), 1 - UNIT if inverted else UNIT, atol=1e-6)
    wide = write_dicom(pixels=STORED, BitsStored=8, HighBit=7)
    np.testing.assert_array_equal(ImageFile(wide).read(), STORED)
    with pytest.raises(ValueError, match="need a window"):
        ImageFile(write_dicom(pixels=STORED.astype(np.uint8), RescaleSlope=2)).read()


@pytest.mark.parametrize("shape", ["INVERSE", "IDENTITY"])
@pytest.mark.parametrize("kind", ["MONOCHROME1", "MONOCHROME2"])
def test_dark_high_values_are_inverted_once(write_dicom, shape, kind):
    path = write_dicom(PhotometricInterpretation=kind, PresentationLUTShape=shape)
    inverted = kind == "MONOCHROME1" or shape == "INVERSE"
    np.testing.assert_allclose(read(path), 1 - UNIT if inverted else UNIT, atol=1e-6)


@pytest.mark.parametrize("slope", ["0", "0.0", "abc", "NaN", "inf"])
@pytest.mark.filterwarnings("ignore::UserWarning:pydicom")
def test_a_slope_of_0_or_no_number_is_refused_by_name(write_dicom, slope):
    path = write_dicom(RescaleSlope="1234", RescaleIntercept=0)
    content = path.read_bytes()
    assert content.count(b"1234") == 1
    path.write_bytes(content.replace(b"1234", slope.encode().ljust(4)[:4]))
    with pytest.raises(ValueError, match=r"scan\.dcm (has RescaleSlope|cannot be read)"):
        read(path)


@pytest.mark.parametrize("kind", ["MONOCHROME1", "MONOCHROME2"])
@pytest.mark.parametrize("window", [(0, 71), (60, 71)])
def test_padding_is_black_whatever_the_scanner_wrote_there(write_dicom, kind, window):
    padded = STORED.copy()
    padded[:, 0], padded[:, 1] = 70, 71
    path = write_dicom(
        pixels=padded,
        PhotometricInterpretation=kind,
        PixelPaddingValue=70,
        PixelPaddingRangeLimit=71,
    )
    whole = read(write_dicom("whole.dcm", PhotometricInterpretation=kind), window)
    grey = read(path, window)
    whole[:, :2] = 0
    whole[STORED >= 70] = 0
    np.testing.assert_array_equal(grey, whole)


def test_padding_of_signed_values_may_be_written_as_unsigned(write_dicom):
    pixels = STORED.astype(np.int16) - 40
    pixels[0] = -2000
    path = write_dicom(
        pixels=pixels, PixelPaddingValue=-2000, PhotometricInterpretation="MONOCHROME1"
    )
    assert read(path, (-40, 31))[0].max() == 0
    content = path.read_bytes()
    path.write_bytes(content.replace(b"\x28\0\x20\x01SS", b"\x28\0\x20\x01US"))
    assert read(path, (-40, 31))[0].max() == 0
    assert read(path, (-40, 31))[1].max() > 0


def mapping(slope=2.0, intercept=-7.0):
    return {"RealWorldValueSlope": slope, "RealWorldValueIntercept": intercept}


def test_a_real_world_mapping_counts_where_nothing_else_says_the_unit(write_dicom):
    path = write_dicom(RealWorldValueMappingSequence=sequence(mapping()))
    np.testing.assert_allclose(read(path, (-7, 135)), UNIT, atol=1e-6)
    path = write_dicom(RealWorldValueMappingSequence=sequence(mapping()), RescaleSlope=1)
    np.testing.assert_allclose(read(path), UNIT, atol=1e-6)
    path = write_dicom(RealWorldValueMappingSequence=sequence(mapping(), mapping(3.0)))
    with pytest.raises(ValueError, match="RealWorldValueMappingSequence, with 2 mappings"):
        read(path)
    path = write_dicom(RealWorldValueMappingSequence=sequence({"LUTLabel": "x"}))
    with pytest.raises(ValueError, match="with 1 mappings or a table"):
        read(path)


def test_a_modality_table_is_looked_up(write_dicom):
    from pydicom.dataelem import DataElement

    table = sequence({"LUTDescriptor": [72, 0, 16], "ModalityLUTType": "US"})
    table[0].add(DataElement(0x00283006, "US", [3 * value for value in range(72)]))
    path = write_dicom(ModalityLUTSequence=table)
    np.testing.assert_allclose(read(path, (0, 213)), UNIT, atol=1e-6)


@pytest.fixture
def frames(write_dicom):
    """A file of three frames, each with a slope of its own."""
    stack = np.stack([STORED, STORED[::-1], STORED // 2])
    values = [
        {"PixelValueTransformationSequence": sequence({"RescaleSlope": k, "RescaleIntercept": 0})}
        for k in (1, 2, 3)
    ]
    view = {"WindowCenter": 36, "WindowWidth": 72}
    path = write_dicom(
        "frames.dcm",
        pixels=stack[0],
        PixelData=stack.tobytes(),
        NumberOfFrames=3,
        PerFrameFunctionalGroupsSequence=sequence(*values),
        SharedFunctionalGroupsSequence=sequence({"FrameVOILUTSequence": sequence(view)}),
    )
    return path, stack * np.array([1, 2, 3])[:, None, None]


def test_frames_are_images_with_the_unit_of_the_frame(frames):
    path, expected = frames
    for i, frame in enumerate(expected):
        np.testing.assert_allclose(read(path, (0, 142), index=i), frame / 142, atol=1e-6)
    np.testing.assert_allclose(read(path, "header", index=0), UNIT, atol=1e-6)
    with pytest.raises(ValueError, match=r"frames\.dcm holds 3 frames; expected one image\. Name"):
        read(path)
    with pytest.raises(ValueError, match=r"holds 3 frames, so there is none of index=3"):
        read(path, index=3)
    for index in (-1, 1.5):
        with pytest.raises(ValueError, match=f"index={index}; expected a whole number"):
            read(path, index=index)


def test_a_folder_lists_frames_as_images_of_one_patient(frames, write_dicom, tmp_path):
    write_dicom("single.dcm")
    folder = load_image_folder(tmp_path, window=(0, 142))
    assert folder.names == ["frames 0", "frames 1", "frames 2", "single"]
    assert [file.index for file in folder.images] == [0, 1, 2, None]
    assert folder.groups.tolist() == [str(tmp_path / "frames.dcm")] * 3 + [
        str(tmp_path / "single.dcm")
    ]
    for i, image in enumerate(check_images(folder.images)[:3]):
        np.testing.assert_allclose(image.read(), frames[1][i] / 142, atol=1e-6)
    (tmp_path / "frames.dcm").unlink()
    assert load_image_folder(tmp_path, window=(0, 142)).groups is None


def test_an_error_names_the_frame(write_dicom):
    stack = np.zeros((2, 8, 9), np.float32)
    stack[1, 3, 3] = np.nan
    path = write_dicom(
        pixels=stack[0].view(np.uint32), NumberOfFrames=2, FloatPixelData=stack.tobytes()
    )
    from pydicom import dcmread

    data = dcmread(path)
    del data.PixelData
    data.save_as(path)
    paths = [ImageFile(path, window=(0, 1), index=i) for i in range(2)]
    with pytest.raises(ValueError, match=r"scan\.dcm\[1\] holds NaN"):
        survey_images(check_images(paths))


@pytest.mark.parametrize("equal", [True, False])
def test_colours_of_dicom_are_grey_where_they_are_equal_and_luma_on_request(write_dicom, equal):
    grey = STORED.astype(np.uint8)
    pixels = np.dstack([grey, grey, grey if equal else grey // 2])
    path = write_dicom(
        pixels=pixels,
        PhotometricInterpretation="RGB",
        SamplesPerPixel=3,
        PlanarConfiguration=0,
    )
    if equal:
        np.testing.assert_array_equal(ImageFile(path).read(), grey)
        return
    with pytest.raises(ValueError, match=r"scan\.dcm is a colour image .*--as-gray"):
        ImageFile(path).read()
    luma = pixels @ [0.299, 0.587, 0.114]
    np.testing.assert_allclose(ImageFile(path, as_gray=True).read(), luma, atol=0.501)


@pytest.mark.filterwarnings("ignore::UserWarning:pydicom")
@pytest.mark.parametrize(
    "name",
    [
        "SC_rgb_small_odd.dcm",
        "SC_ybr_full_422_uncompressed.dcm",
        "examples_palette.dcm",
        "SC_rgb_rle.dcm",
        "SC_rgb_jpeg_dcmtk.dcm",
    ],
)
def test_photometric_varieties_are_the_rgb_of_pydicom(pydicom, name):
    from pydicom.data import get_testdata_file

    path = get_testdata_file(name, download=False)
    data = pydicom.dcmread(path)
    colours = pydicom.pixels.pixel_array(data)
    if data.PhotometricInterpretation == "PALETTE COLOR":
        colours = pydicom.pixels.apply_color_lut(colours, data)
    grey = ImageFile(path, as_gray=True).read()
    np.testing.assert_allclose(grey, colours @ [0.299, 0.587, 0.114], atol=0.501)


def test_scans_of_12_bits_and_synthetic_images_of_8_come_on_one_scale(write_dicom, tmp_path, leaky):
    from PIL import Image

    for name in ("real", "fake"):
        (tmp_path / name).mkdir()
    for i, image in enumerate(leaky.real):
        pixels = image.astype(np.uint16) * 4
        write_dicom(f"real/{i:02d}.dcm", pixels, RescaleSlope=1, RescaleIntercept=-1024)
    for i, image in enumerate(leaky.generated):
        Image.fromarray(image).save(tmp_path / "fake" / f"{i:02d}.png")
    options = {"window": (-1024, -4), "bits": 8}
    real, fake = (load_image_folder(tmp_path / name, **options).images for name in ("real", "fake"))
    for file, image in zip(check_images(real), leaky.real, strict=True):
        np.testing.assert_array_equal(file.read(), image)
    model = GANISI(Intensity(grid=16, n_quantiles=1), identifier=NearestGenerated())
    from_files = model.fit(real, leaky.used, generated=(fake,)).predict_proba(real)
    arrays = model.fit(leaky.real, leaky.used, generated=(leaky.generated,))
    np.testing.assert_array_equal(from_files, arrays.predict_proba(leaky.real))


def test_one_rule_for_pictures_of_any_depth(tmp_path):
    from PIL import Image

    Image.fromarray(STORED.astype(np.uint8)).save(tmp_path / "8.png")
    Image.fromarray(STORED * 50).save(tmp_path / "16.png")
    Image.fromarray((UNIT * 2000 - 1000).astype(np.float32)).save(tmp_path / "float.tif")
    shallow, deep, floats = (tmp_path / name for name in ("8.png", "16.png", "float.tif"))
    assert load_image_folder(tmp_path, window=(0, 3550), bits=8).images == [
        ImageFile(deep, window=(0, 3550), bits=8),
        ImageFile(shallow, bits=8),
        ImageFile(floats, window=(0, 3550), bits=8),
    ]
    np.testing.assert_array_equal(read(deep, (0, 3550), bits=8), np.rint(UNIT * 255))
    np.testing.assert_allclose(read(floats, (-1000, 1000)), UNIT, atol=1e-6)
    np.testing.assert_array_equal(ImageFile(shallow, bits=8).read(), STORED)
    np.testing.assert_array_equal(ImageFile(shallow, bits=16).read(), STORED * 257)
    np.testing.assert_array_equal(ImageFile(deep, bits=16).read(), STORED * 50)
    with pytest.raises(ValueError, match=r"16\.png .*bits=8 does not say which is white.*--window"):
        ImageFile(deep, bits=8).read()
    with pytest.raises(ValueError, match=r"float\.tif has data type float32; .*--window"):
        ImageFile(floats, bits=8).read()
    with pytest.raises(ValueError, match=r"16\.png has grey levels of uint16 from 0 on, so"):
        read(deep, (-1000, 400))
    for window in ("lung", "header"):
        with pytest.raises(ValueError, match=r"16\.png is no DICOM file, so it names no window"):
            read(deep, window)

"""Damaged files: whatever a library makes of them, the message names the file."""

import gzip
from io import BytesIO

import numpy as np
import pytest
from dicom_files import write_dicom
from image_files import GREY, GREY16
from PIL import Image

from ganisi.datasets import load_image_folder
from ganisi.images._places import naming

SPACE = {
    "PixelSpacing": [1.0, 1.0],
    "ImagePositionPatient": [0.0, 0.0, 0.0],
    "ImageOrientationPatient": [1, 0, 0, 0, 1, 0],
}


def bytes_of(save):
    file = BytesIO()
    save(file)
    return file.getvalue()


def nifti(voxels):
    nibabel = pytest.importorskip("nibabel")
    return nibabel.Nifti1Image(voxels, np.eye(4)).to_bytes()


def dicom(path):
    pytest.importorskip("pydicom")
    write_dicom(path, WindowCenter=36, WindowWidth=72, PatientID="x", RescaleSlope=1, **SPACE)
    return path.read_bytes()


VOXELS = np.arange(60, dtype=np.int16).reshape(3, 4, 5)
AXIAL = {"axis": "axial", "window": (0, 59)}
FILES = {
    "a.png": (lambda _: bytes_of(lambda f: Image.fromarray(GREY).save(f, "png")), {}),
    "a.jpg": (lambda _: bytes_of(lambda f: Image.fromarray(GREY).save(f, "jpeg")), {}),
    "a.jp2": (lambda _: bytes_of(lambda f: Image.fromarray(GREY).save(f, "jpeg2000")), {}),
    "a.gif": (lambda _: bytes_of(lambda f: Image.fromarray(GREY).save(f, "gif")), {}),
    "a.bmp": (lambda _: bytes_of(lambda f: Image.fromarray(GREY).save(f, "bmp")), {}),
    "a.tif": (lambda _: bytes_of(lambda f: Image.fromarray(GREY16).save(f, "tiff")), {}),
    "a.npy": (lambda _: bytes_of(lambda f: np.save(f, np.stack([GREY] * 3))), {}),
    "a.nii": (lambda _: nifti(VOXELS), AXIAL),
    "a.nii.gz": (lambda _: gzip.compress(nifti(VOXELS)), AXIAL),
    "a.dcm": (dicom, {"window": "header", "spacing": 2.0, "patient": "PatientID"}),
}


def damaged(content, rng):
    """Return bytes of which some were changed near the beginning, or that were cut off."""
    how, end = rng.integers(3), min(len(content), 900)
    if how == 0:
        return content[: rng.integers(len(content))]
    at = rng.integers(end)
    n_bytes = (1, 4)[how - 1]
    return content[:at] + rng.bytes(n_bytes) + content[at + n_bytes :]


def read(path, **options):
    return [image.read() for image in load_image_folder(path.parent, **options).images[:9]]


def fault(path, **options):
    """Return the message of a file that cannot be read, None of one that can."""
    try:
        read(path, **options)
    except ValueError as error:
        return str(error)
    return None


@pytest.mark.parametrize("name", FILES)
@pytest.mark.filterwarnings("ignore")
def test_a_damaged_file_is_read_or_named(name, tmp_path):
    make, options = FILES[name]
    path = tmp_path / name
    content, rng = make(path), np.random.default_rng(0)
    path.write_bytes(content)
    options = {"bits": 8, **options} if name != "a.tif" else {"window": (0, 65535), **options}
    assert read(path, **options)
    n_named = 0
    for _ in range(60):
        path.write_bytes(damaged(content, rng))
        message = fault(path, **options)
        if message is not None:
            assert message.startswith(str(path)) or "holds no image" in message, message
            n_named += 1
    assert n_named > 5


ELEMENTS = (
    *("Rows", "BitsAllocated", "BitsStored", "HighBit", "SamplesPerPixel", "NumberOfFrames"),
    *("PhotometricInterpretation", "RescaleSlope", "RescaleIntercept", "WindowCenter"),
    *("WindowWidth", "VOILUTFunction", "PixelPaddingValue", "PixelPaddingRangeLimit"),
    *("PixelSpacing", "ImagePositionPatient", "ImageOrientationPatient", "PatientID"),
    *("SharedFunctionalGroupsSequence", "RealWorldValueMappingSequence", "ModalityLUTSequence"),
)
VALUES = {"empty": b"", "text": b"abcd", "three": b"1\\2\\3 ", "below 0": b"-1"}


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("element", ELEMENTS)
@pytest.mark.filterwarnings("ignore")
def test_an_odd_element_of_a_header_is_read_or_named(element, value, tmp_path, pydicom):
    from pydicom.datadict import tag_for_keyword
    from pydicom.dataelem import RawDataElement
    from pydicom.tag import Tag

    tag, value = Tag(tag_for_keyword(element)), VALUES[value]
    for kind in ("LO", "UN"):
        for name, place in (("1.dcm", 1.0), ("2.dcm", 2.0)):
            position = {**SPACE, "ImagePositionPatient": [0.0, 0.0, place]}
            write_dicom(tmp_path / name, WindowCenter=36, WindowWidth=72, **position)
        data = pydicom.dcmread(tmp_path / "1.dcm")
        data._dict.pop(tag, None)
        data._dict[tag] = RawDataElement(tag, kind, len(value), value, 0, False, True)
        data.save_as(tmp_path / "1.dcm")
        for options in ({"window": "header"}, {"spacing": 2.0}, {"axis": "axial"}):
            message = fault(tmp_path / "1.dcm", **{"window": (0, 71), **options})
            assert message is None or message.startswith(str(tmp_path)), message


def test_a_message_that_names_the_file_is_left_as_it_is():
    with pytest.raises(ValueError, match=r"^a\.png lacks it$"), naming("a.png"):
        raise ValueError("a.png lacks it")
    lost = pytest.raises(ValueError, match=r"^a\.png cannot be read as an image: lost\.")
    with lost, naming("a.png"):
        raise LookupError("lost")

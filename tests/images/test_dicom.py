"""DICOM files, and the windows through which they are read."""

import os
import pickle
import shutil
import sys

import numpy as np
import pytest

from ganisi import ImageFile, LocalStats
from ganisi.datasets import load_image_folder
from ganisi.images._checks import check_images, read_image
from ganisi.images._survey import scan_images


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
    with pytest.raises(ValueError, match=r"black to white already; leave window=\(0, 99\) out"):
        ImageFile(png, window=(0, 99)).read()


def test_dicom_is_rescaled_and_windowed(write_dicom):
    path = write_dicom(RescaleSlope="2", RescaleIntercept="-1000")
    image = ImageFile(path, window=(-1000, -880)).read()
    expected = np.clip(2 * np.arange(72.0) / 120, 0, 1).reshape(8, 9)
    assert image.dtype == np.float32
    np.testing.assert_allclose(image, expected, atol=1e-7)


def test_dicom_without_rescaling_has_its_stored_values_signed_ones_too(write_dicom):
    pixels = np.arange(-36, 36, dtype=np.int16).reshape(8, 9)
    image = ImageFile(write_dicom(pixels=pixels), window=(-36, 35)).read()
    np.testing.assert_allclose(image, (pixels + 36) / 71, atol=1e-7)


def test_dicom_whose_high_values_are_dark_is_inverted(write_dicom):
    path = write_dicom(PhotometricInterpretation="MONOCHROME1")
    image = ImageFile(path, window=(0, 71)).read()
    np.testing.assert_allclose(image, 1 - np.arange(72).reshape(8, 9) / 71, atol=1e-7)


def test_dicom_without_a_window_says_how_to_give_one(write_dicom):
    with pytest.raises(ValueError, match=r"need a window .*window=\(-1000, 400\)\)"):
        read_image(write_dicom())


def test_dicom_is_known_by_its_first_bytes_and_describes_like_its_array(write_dicom, tmp_path):
    write_dicom("1.2.840.1")
    write_dicom("b.DCM", pixels=np.arange(72, dtype=np.uint16)[::-1].reshape(8, 9).copy())
    paths, names = load_image_folder(tmp_path, window=(0, 100))
    assert names == ["1.2.840.1", "b"]
    arrays = [np.float32(np.arange(72).reshape(8, 9) / 100)]
    arrays.append(arrays[0].ravel()[::-1].reshape(8, 9))
    rows = LocalStats().fit_transform(paths)
    np.testing.assert_allclose(rows, LocalStats().fit_transform(arrays), atol=1e-6)


def sample(name):
    """One of the files that pydicom brings along."""
    from pydicom.data import get_testdata_file

    return get_testdata_file(name, download=False)


@pytest.mark.filterwarnings("ignore::UserWarning:pydicom")
def test_dicom_that_is_no_image_of_a_body_is_left_alone_for_what_it_is(
    pydicom, write_dicom, tmp_path
):
    write_dicom("scan.dcm")
    write_dicom("mask.dcm", SOPClassUID="1.2.840.10008.5.1.4.1.1.66.4")
    for name in ("DICOMDIR", "test-SR.dcm", "rtplan.dcm", "rtdose.dcm", "waveform_ecg.dcm"):
        shutil.copy(sample(name), tmp_path / name)
    folder = load_image_folder(tmp_path, window=(0, 1))
    assert folder.names == ["scan"]
    assert {os.path.basename(path): why for path, why in folder.left_alone} == {
        "DICOMDIR": "DICOM: Media Storage Directory Storage",
        "mask.dcm": "DICOM: Segmentation Storage",
        "rtdose.dcm": "DICOM: RT Dose Storage",
        "rtplan.dcm": "DICOM: RT Plan Storage",
        "test-SR.dcm": "DICOM: Comprehensive SR Storage",
        "waveform_ecg.dcm": "DICOM: 12-lead ECG Waveform Storage",
    }


def test_old_dicom_without_a_preamble_is_known(pydicom, write_dicom, tmp_path):
    whole = write_dicom("scan.dcm").read_bytes()
    (tmp_path / "IM0001").write_bytes(whole[whole.index(b"\x08\0\x08\0CS") :])
    shutil.copy(sample("ExplVR_LitEndNoMeta.dcm"), tmp_path / "IM0002")
    folder = load_image_folder(tmp_path, window=(0, 71))
    assert folder.names == ["IM0001", "scan"]
    assert folder.left_alone == [(str(tmp_path / "IM0002"), "DICOM: RT Ion Plan Storage")]
    np.testing.assert_array_equal(*map(read_image, folder.images))


def test_a_deflated_file_that_would_fill_the_memory_is_refused(write_dicom, tmp_path, monkeypatch):
    shutil.copy(sample("image_dfl.dcm"), tmp_path)
    assert load_image_folder(tmp_path, window=(0, 1)).names == ["image_dfl"]
    monkeypatch.setattr("ganisi.images._dicom_headers._MAX_BYTES", 10**5)
    with pytest.raises(ValueError, match=r"image_dfl\.dcm .*unpacks to more than 100000 bytes"):
        load_image_folder(tmp_path, window=(0, 1))


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"NumberOfFrames": 2}, "holds 2 frames"),
        ({"PhotometricInterpretation": "HSV"}, r"has colours \(HSV\)"),
        ({"PhotometricInterpretation": "PALETTE COLOR"}, "cannot be read as an image: No suitable"),
        ({"RescaleSlope": 0}, "has RescaleSlope 0, so that every pixel has one intensity"),
        ({"PixelData": b"\0\0"}, "cannot be read as an image"),
    ],
)
def test_dicom_that_would_need_a_guess_is_refused_by_name(write_dicom, attributes, message):
    path = write_dicom(**attributes)
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

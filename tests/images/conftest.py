"""Files of grey levels."""

import dicom_files
import pytest
from image_files import GREY
from skimage.io import imsave


@pytest.fixture
def png(tmp_path):
    path = tmp_path / "scan 1 é.png"
    imsave(path, GREY, check_contrast=False)
    return path


@pytest.fixture
def write_dicom(pydicom, tmp_path):
    """Write DICOM files of stored values 0 to 71, or of others."""
    return lambda name="scan.dcm", pixels=None, **attributes: dicom_files.write_dicom(
        tmp_path / name, pixels, **attributes
    )

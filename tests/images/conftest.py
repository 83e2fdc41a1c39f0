"""Files of grey levels."""

import numpy as np
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
        data.ImageType = ["ORIGINAL", "PRIMARY"]
        data.SamplesPerPixel = 1
        data.PhotometricInterpretation = "MONOCHROME2"
        data.PixelData = pixels.tobytes()
        for key, value in attributes.items():
            setattr(data, key, value)
        data.save_as(tmp_path / name, enforce_file_format=True)
        return tmp_path / name

    return write

"""DICOM files of small images."""

import numpy as np

STORED = np.arange(72, dtype=np.uint16).reshape(8, 9)


def sequence(*items):
    """A DICOM sequence of data sets with these attributes."""
    from pydicom import Dataset, Sequence

    made = []
    for attributes in items:
        item = Dataset()
        for name, value in attributes.items():
            setattr(item, name, value)
        made.append(item)
    return Sequence(made)


def write_dicom(path, pixels=None, **attributes):
    """Write a DICOM file of stored values 0 to 71, or of others."""
    from pydicom.dataset import FileDataset, FileMetaDataset
    from pydicom.uid import ExplicitVRLittleEndian, generate_uid

    if pixels is None:
        pixels = STORED
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.2"
    meta.MediaStorageSOPInstanceUID = generate_uid()
    data = FileDataset(str(path), {}, file_meta=meta, preamble=b"\0" * 128)
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
    data.save_as(path, enforce_file_format=True)
    return path

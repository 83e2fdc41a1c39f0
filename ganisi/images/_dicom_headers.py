"""What a DICOM file is, from its header; pydicom reads it where it is installed."""

import contextlib
import math
import zlib
from typing import NamedTuple

#: Classes with pixels that are no image of a body: marks and computed maps.
_NO_IMAGES = (
    "1.2.840.10008.5.1.4.1.1.66.4",  # segmentation
    "1.2.840.10008.5.1.4.1.1.481.2",  # dose
)
_DEFLATED = b"1.2.840.10008.1.2.1.99"
#: More bytes than any data set has; a deflated one of few bytes may unpack to more.
_MAX_BYTES = 2**29


class Geometry(NamedTuple):
    """Where a slice lies, as its header says."""

    position: tuple  # of its first pixel, in mm
    directions: tuple  # along a row, then along a column
    shape: tuple  # (height, width)
    spacing: tuple  # between rows, between columns, in mm


class Header(NamedTuple):
    """What is kept of the header of an image."""

    n_frames: int
    patient: str | None  # the element that names the patient
    series: str
    geometry: Geometry | None


def import_pydicom(name):
    """Return pydicom, or say of a file that needs it how to get it."""
    try:
        import pydicom.pixels
    except ImportError as error:
        raise ImportError(
            f"{name} is a DICOM file, which pydicom reads; install it with: "
            'pip install "ganisi[medical]"'
        ) from error
    return pydicom


def read_header(file, name):
    """Return the data set of an open file without its pixels."""
    pydicom = import_pydicom(name)
    _check_deflated(file)
    # Old files have no preamble; what is none of them either lacks everything asked for.
    header = pydicom.dcmread(file, stop_before_pixels=True, force=True)
    file.seek(0)
    if not _class_of(header) and not _has_image(header):
        raise ValueError("it has no DICOM elements that say what it is")
    return header


def why_no_image(header):
    """Say what a DICOM file is that is no image; None of one that is."""
    kind = _class_of(header)
    if _has_image(header) and kind not in _NO_IMAGES:
        return None
    return f"DICOM: {getattr(kind, 'name', kind)}"


def tag_of(keyword):
    """Return the tag of an element by its keyword, such as PatientID, or written (0010,0020)."""
    from pydicom.datadict import tag_for_keyword

    digits = keyword.strip(" ()").replace(",", "").replace(" ", "")
    tag = tag_for_keyword(keyword.strip())
    if tag is None and len(digits) == 8:
        with contextlib.suppress(ValueError):
            tag = int(digits, 16)
    if tag is None:
        raise ValueError(
            f"patient={keyword!r} is no keyword of a DICOM element; expected one such as "
            "'PatientID', or its tag, '(0010,0020)'."
        )
    return tag


def kept(header, patient):
    """Return what is kept of a header; `patient` is the keyword of an element, if it is text."""
    element = header.get(tag_of(patient if isinstance(patient, str) else "PatientID"))
    value = None if element is None or element.value is None else str(element.value)
    series = str(header.get("SeriesInstanceUID", ""))
    return Header(n_frames(header), value, series, geometry_of(header))


def geometry_of(header):
    """Return the geometry of a slice, None where the header does not say it."""
    position = numbers(header.get("ImagePositionPatient"), 3)
    directions = numbers(header.get("ImageOrientationPatient"), 6)
    spacing = numbers(header.get("PixelSpacing"), 2)
    if None in (position, directions, spacing):
        return None
    return Geometry(position, directions, (int(header.Rows), int(header.Columns)), spacing)


def numbers(value, n_numbers):
    """Return a value of so many finite numbers as a tuple; None for any other."""
    try:
        found = tuple(map(float, value))
    except (TypeError, ValueError):
        return None
    return found if len(found) == n_numbers and all(map(math.isfinite, found)) else None


def n_frames(header):
    """Return how many images a file holds."""
    return int(header.get("NumberOfFrames") or 1)


def transfer_syntax(header, pydicom):
    """Return how the pixels are written, which old files do not say."""
    if "TransferSyntaxUID" in header.file_meta:
        return header.file_meta.TransferSyntaxUID
    implicit, little = header.original_encoding
    if implicit:
        return pydicom.uid.ImplicitVRLittleEndian
    return pydicom.uid.ExplicitVRLittleEndian if little else pydicom.uid.ExplicitVRBigEndian


def _class_of(header):
    return header.get("SOPClassUID") or header.file_meta.get("MediaStorageSOPClassUID", "")


def _has_image(header):
    return all(name in header for name in ("Rows", "Columns", "BitsAllocated"))


def _check_deflated(file):
    """Refuse a deflated data set that would fill the memory."""
    head = file.read(144)
    # The length of the meta information, in which the transfer syntax stands.
    if head[128:132] == b"DICM" and _DEFLATED in file.read(int.from_bytes(head[140:], "little")):
        unpacking, n_bytes, rest = zlib.decompressobj(-zlib.MAX_WBITS), 0, file.read()
        while rest and not unpacking.eof:
            n_bytes += len(unpacking.decompress(rest, 2**24))
            rest = unpacking.unconsumed_tail
            if n_bytes > _MAX_BYTES:
                raise ValueError(f"it unpacks to more than {_MAX_BYTES} bytes")
    file.seek(0)

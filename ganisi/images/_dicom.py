"""DICOM images: what their stored values mean; pydicom reads them where it is installed."""

import math

import numpy as np

from ._colours import one_channel
from ._dicom_headers import import_pydicom, n_frames, numbers, read_header, transfer_syntax
from ._places import check_size
from ._windows import Pixels

_GREY = ("MONOCHROME1", "MONOCHROME2")
_COLOURS = ("RGB", "PALETTE COLOR", "YBR_FULL", "YBR_FULL_422", "YBR_ICT", "YBR_RCT")
_PALETTE = "PALETTE COLOR"


def read_dicom(file, name, as_gray=False, frame=None):
    """Read one frame of an open file as `Pixels`, in its unit where the header says one."""
    pydicom = import_pydicom(name)
    header = read_header(file, name)
    frame = _check_frame(header, frame, name)
    check_size(header.Rows, header.Columns, name)
    kind = str(header.get("PhotometricInterpretation", "of no stated kind"))
    if kind not in _GREY + _COLOURS:
        raise ValueError(f"{name} has colours ({kind}); expected a grey DICOM image.")
    _check_bits(header, name)
    syntax = transfer_syntax(header, pydicom)
    # What is deflated is no file of frames before all of it is unpacked.
    source = pydicom.dcmread(file) if syntax.is_deflated else file
    stored = pydicom.pixels.pixel_array(source, index=frame, transfer_syntax_uid=syntax)
    if kind == _PALETTE:
        stored = pydicom.pixels.apply_color_lut(stored, header)[..., :3]
    spacing = numbers(_of_frame(header, frame, "PixelMeasuresSequence", "PixelSpacing"), 2)
    if kind in _COLOURS:
        return Pixels(one_channel(stored, as_gray, name), "DICOM", spacing=spacing)
    levels = _in_unit(stored, header, frame, name, pydicom)
    is_grey = levels is stored and header.get("BitsStored") == 8 and stored.dtype.kind == "u"
    return Pixels(
        stored.astype(np.uint8) if is_grey else levels,
        "DICOM",
        needs_window=not is_grey,
        is_hounsfield=header.get("Modality") == "CT",
        window=_window(header, frame, name),
        white_is_low=kind == "MONOCHROME1" or header.get("PresentationLUTShape") == "INVERSE",
        padding=_padding(stored, header),
        spacing=spacing,
    )


def _check_frame(header, frame, name):
    n_images = n_frames(header)
    if frame is None and n_images > 1:
        raise ValueError(
            f"{name} holds {n_images} frames; expected one image. Name one, ImageFile(path, "
            "index=0), or let load_image_folder, or the command line, list them all."
        )
    frame = frame or 0
    if not 0 <= frame < n_images:
        raise ValueError(f"{name} holds {n_images} frames, so there is none of index={frame}.")
    return frame


def _check_bits(header, name):
    """Refuse levels that do not begin at the lowest bit, as old files have them."""
    highest, n_bits = header.get("HighBit"), header.get("BitsStored")
    if None not in (highest, n_bits) and highest != n_bits - 1:
        raise ValueError(
            f"{name} stores {n_bits} bits of which the highest is number {highest}, so that they "
            "do not begin at the lowest; save it again by a program that writes DICOM of today."
        )


def _of_frame(header, frame, group, element):
    """Return an element of a functional group, of a frame or shared by all; or of the file."""
    for groups, index in (("PerFrame", frame), ("Shared", 0)):
        sequence = header.get(f"{groups}FunctionalGroupsSequence") or ()
        items = sequence[index].get(group) if index < len(sequence) else None
        if items and items[0].get(element) not in (None, ""):
            return items[0].get(element)
    value = header.get(element)
    return None if value == "" else value


def _in_unit(stored, header, frame, name, pydicom):
    """Return intensities in the unit that the header says; `stored` itself where it says none."""
    if header.get("ModalityLUTSequence"):
        return pydicom.pixels.apply_modality_lut(stored, header)
    slope, intercept = (
        _of_frame(header, frame, "PixelValueTransformationSequence", element)
        for element in ("RescaleSlope", "RescaleIntercept")
    )
    if slope is None and intercept is None:
        slope, intercept = _real_world(header, frame, name)
    # Absent or empty, they are 1 and 0.
    slope = _number(slope, "RescaleSlope", 1.0, name)
    intercept = _number(intercept, "RescaleIntercept", 0.0, name)
    if slope == 0:
        raise ValueError(
            f"{name} has RescaleSlope 0, so that every pixel has one intensity; correct its header "
            "or leave it out."
        )
    return stored if (slope, intercept) == (1, 0) else stored * slope + intercept


def _real_world(header, frame, name):
    """Return slope and intercept of the one real-world value mapping, if there is one."""
    element = "RealWorldValueMappingSequence"
    mappings = _of_frame(header, frame, element, "RealWorldValueSlope"), header.get(element) or ()
    if mappings[0] is not None:
        return mappings[0], _of_frame(header, frame, element, "RealWorldValueIntercept")
    if not mappings[1]:
        return None, None
    slope = mappings[1][0].get("RealWorldValueSlope")
    if len(mappings[1]) > 1 or slope is None:
        raise ValueError(
            f"{name} gives the unit of its grey levels by RealWorldValueMappingSequence, with "
            f"{len(mappings[1])} mappings or a table; expected one slope and intercept. Save it "
            "with rescale slope and intercept."
        )
    return slope, mappings[1][0].get("RealWorldValueIntercept")


def _number(value, element, default, name):
    """Return a value of the header as a finite number."""
    try:
        number = default if value is None else float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(
            f"{name} has {element} {value!r}, which is no number; correct its header or leave it "
            "out."
        )
    return number


def _window(header, frame, name):
    """Return the (low, high) of the first window that the header names, if it is linear."""
    center, width = (
        _of_frame(header, frame, "FrameVOILUTSequence", element)
        for element in ("WindowCenter", "WindowWidth")
    )
    function = _of_frame(header, frame, "FrameVOILUTSequence", "VOILUTFunction") or "LINEAR"
    if center is None or width is None or function not in ("LINEAR", "LINEAR_EXACT"):
        return None
    center, width = (
        one if isinstance(one, (str, int, float)) else one[0] for one in (center, width)
    )
    center = _number(center, "WindowCenter", None, name)
    width = _number(width, "WindowWidth", None, name)
    if function == "LINEAR":
        # DICOM PS3.3, C.11.2.1.2.1: of whole numbers, of which both ends belong to the window.
        center, width = center - 0.5, width - 1
    return (center - width / 2, center + width / 2) if width > 0 else None


def _padding(stored, header):
    """Return where the image is padded: no part of the body, whatever the scanner wrote there."""
    value = header.get("PixelPaddingValue")
    if value is None:
        return None
    limit = header.get("PixelPaddingRangeLimit", value)
    # Signed values are often written as unsigned ones of the same bits.
    ends = [int(np.int64(end).astype(stored.dtype)) for end in (value, limit)]
    return (stored >= min(ends)) & (stored <= max(ends))

"""DICOM images, which pydicom reads where it is installed."""

from ._dicom_headers import complete, import_pydicom, n_frames, read_header
from ._grey_levels import rescale_intensities
from ._places import naming


def read_dicom(file, path, window):
    """Read the one grey image of a file, its window as float32 in [0, 1], or refuse it."""
    pydicom = import_pydicom(path)
    read_header(file, path)
    with naming(path):
        data = pydicom.dcmread(file, force=True)
        complete(data, pydicom)
        n_images = n_frames(data)
        kind = str(data.get("PhotometricInterpretation", "of no stated kind"))
        slope, intercept = data.get("RescaleSlope"), data.get("RescaleIntercept")
        tables = [
            name
            for name in ("ModalityLUTSequence", "SharedFunctionalGroupsSequence")
            if name in data
        ]
    if n_images > 1:
        raise ValueError(
            f"{path} holds {n_images} frames; expected one image. Save each to a file of its own."
        )
    if kind not in ("MONOCHROME1", "MONOCHROME2"):
        raise ValueError(f"{path} has colours ({kind}); expected a grey DICOM image.")
    if tables:
        raise ValueError(
            f"{path} gives the unit of its grey levels by {tables[0]}, which is not understood; "
            "expected rescale slope and intercept. Save it as a single-frame image with these."
        )
    if window is None:
        raise ValueError(
            f"{path} is a DICOM file, whose grey levels need a window (low, high) in the unit "
            "after rescale slope and intercept, for CT Hounsfield units: "
            f"ImageFile({str(path)!r}, window=(-1000, 400)), or load_image_folder(directory, "
            "window=(-1000, 400))."
        )
    with naming(path):
        pixels = data.pixel_array
    # Absent or empty, they are 1 and 0.
    if slope not in (None, ""):
        pixels = pixels * float(slope)
    if intercept not in (None, ""):
        pixels = pixels + float(intercept)
    grey = rescale_intensities(pixels, *window)
    return 1 - grey if kind == "MONOCHROME1" else grey

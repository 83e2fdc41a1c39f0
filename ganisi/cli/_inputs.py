"""Folders of images and patients, as the options of a command say."""

import sys
from itertools import chain

from .._compat._printable import printable
from .._compat._writing import is_within
from ..datasets import load_groups, load_image_folder
from ..images._patients import numbered
from ..images._windows import NAMES, check_window


def load_folders(chosen, folders, patient=None):
    """Load folders of images; `patient` is what names the patient, None where nobody asks."""
    options = {
        "recursive": chosen.recursive,
        "as_gray": chosen.as_gray,
        "window": _window(chosen.window),
        "bits": chosen.bits,
        "axis": chosen.axis,
        "spacing": chosen.spacing,
    }
    loaded = [load_image_folder(folder, patient=patient, **options) for folder in folders]
    for folder in loaded:
        if folder.left_alone and not chosen.quiet:
            print(printable(folder.account), file=sys.stderr)
    return loaded


def patients_of(chosen, known, queries=None):
    """Patients of the images of known status, and of the queries; None where nothing says."""
    asked = [] if queries is None else [queries]
    if chosen.groups is not None:
        images = [image for folder in known for image in folder.images]
        return load_groups(chosen.groups, images), (
            load_groups(chosen.groups, queries.images, optional=True) if asked else None
        )
    if all(folder.groups is None for folder in [*known, *asked]):
        return None, None
    # Pseudonyms change from run to run, and numbers do not. Files of one image are patients too.
    numbers = numbered(
        *(
            map(str, folder.images if folder.groups is None else folder.groups.tolist())
            for folder in [*known, *asked]
        )
    )
    return list(chain(*numbers[: len(known)])), numbers[-1] if asked else None


def check_patients_said(chosen):
    """Refuse to guess whose images the real ones are."""
    if not (chosen.groups or chosen.patient is not None or chosen.each_image_a_patient):
        raise ValueError(
            "nothing says whose images the real ones are, and images of one patient on both sides "
            "of a split make any attack look good; give a table (--groups CSV), or what names the "
            "patient (--patient PatientID for DICOM, --patient folder:1 for folders); or say "
            "--each-image-a-patient where it is so."
        )


def check_outside(said, path, folders, kind="file"):
    """Refuse to write into folders of images; None among them is none."""
    for folder in folders:
        if folder is not None and is_within(path, folder):
            raise ValueError(
                f"{said} lies in {folder}, a folder of images, into which nothing is written; "
                f"name a {kind} elsewhere."
            )


def _window(words):
    """Read a window, two numbers or a name."""
    if words is None:
        return None
    try:
        return check_window(words[0] if len(words) == 1 else [float(word) for word in words])
    except ValueError:
        raise ValueError(
            f"--window {' '.join(words)} is no window; give LOW HIGH with LOW < HIGH, or one of "
            f"{', '.join(NAMES)}, after the folders."
        ) from None

"""Whose an image is, from where it lies or from its header, under a name that tells nobody."""

import contextlib
import hashlib
import hmac
import secrets
from numbers import Integral
from pathlib import PurePath

import numpy as np

from ._dicom_headers import tag_of
from ._patients import patient_id

#: Nobody knows it, and it ends with the process.
_KEY = secrets.token_bytes(32)
_HEX_DIGITS = 16


def pseudonym(patient, key=None):
    """Return a name for a patient that only who has the key can make again: an HMAC-SHA256."""
    if isinstance(key, str):
        key = key.encode()
    digest = hmac.new(_KEY if key is None else key, patient.encode(), hashlib.sha256).hexdigest()
    return f"patient-{digest[:_HEX_DIGITS]}"


def patients_of(found, directory, patient, key):
    """Return the pseudonym of each image's patient: of a DICOM tag, or of a folder level."""
    names = []
    for one in found:
        level = isinstance(patient, Integral)
        value = _folder_of(one, directory, patient) if level else _tag_of(one, patient)
        name = patient_id(value)
        if name is None:
            raise ValueError(
                f"{one.place} gives no patient, {patient!r} is {value!r}; leave it out, or name "
                "the patients in a table (load_groups, on the command line --groups)."
            )
        names.append(pseudonym(name, key))
    return np.array(names, dtype=str)


def check_patient(patient, name="patient"):
    """Refuse what is neither the number of a folder level nor, as far as shows, a DICOM keyword."""
    if patient is None:
        return
    if isinstance(patient, str) and patient.strip():
        with contextlib.suppress(ImportError):
            tag_of(patient)
        return
    if not isinstance(patient, Integral) or isinstance(patient, bool) or patient == 0:
        raise ValueError(
            f"{name}={patient!r}; expected the keyword of a DICOM element, such as 'PatientID', or "
            "the level of a folder: 1 for the folders in the one that is loaded, -1 for those "
            "that the images lie in."
        )


def _folder_of(one, directory, level):
    """Name of the folder of this level that an image lies in."""
    folders = PurePath(str(one.place)).relative_to(directory).parent.parts
    if not -len(folders) <= level <= len(folders):
        raise ValueError(
            f"{one.place} lies {len(folders)} folders deep, so none of level {level} can name its "
            "patient."
        )
    return folders[level if level < 0 else level - 1]


def _tag_of(one, keyword):
    """Return the value of a DICOM element of an image."""
    if one.header is None:
        raise ValueError(
            f"{one.place} is no DICOM file, so it has no {keyword}; name the patients by a folder "
            "level (patient=1, on the command line --patient folder:1) or in a table (load_groups, "
            "--groups)."
        )
    return one.header.patient

"""Whose image it is: one name for one patient, whatever type it was stored as."""

import math
import re
import unicodedata
from numbers import Real

import numpy as np
from sklearn.utils import column_or_1d

#: A whole number that came through a column of floats: "7.0".
_WHOLE = re.compile(r"([+-]?\d+)\.0+")


#: Texts that stand for a missing patient where a table was written or read by other software.
_MISSING = frozenset({"", "nan", "na", "n/a", "<na>", "nat", "none", "null"})


def patient_id(value):
    """Return the one name of a patient, or None where `value` stands for a missing one.

    7, 7.0, "7" and " 7.0 " are one patient; so are "P1" and " P1".
    """
    if isinstance(value, (Real, np.bool_)) and not isinstance(value, str):
        if value != value:
            return None
        return (
            str(int(value)) if math.isfinite(value) and value == int(value) else repr(float(value))
        )
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    text = unicodedata.normalize("NFC", str(value)).strip()
    if text.casefold() in _MISSING:
        return None
    whole = _WHOLE.fullmatch(text)
    return whole[1] if whole else text


def patient_ids(groups, n_images, name="groups"):
    """Return the names of patients, the same for the same patient whatever its data type.

    Parameters
    ----------
    groups : array of shape (n_images,)
        Patient of each image: numbers or text.
    n_images : int
        Number of images.
    name : str, default="groups"
        What the argument is called in error messages.

    Returns
    -------
    ids : list of str
        One an image.

    Raises
    ------
    ValueError
        If the length differs or a patient is missing; the message names the row.
    """
    # As objects: NumPy would make the text "nan" of a NaN among strings.
    values = column_or_1d(np.asarray(groups, dtype=object)).tolist()
    if len(values) != n_images:
        raise ValueError(
            f"{name} has {len(values)} entries for {n_images} images; give the patient of each."
        )
    ids = [patient_id(value) for value in values]
    missing = [i for i, one in enumerate(ids) if one is None]
    if missing:
        more = f" (and {len(missing) - 1} more)" if len(missing) > 1 else ""
        raise ValueError(
            f"{name}[{missing[0]}] is {values[missing[0]]!r}{more}, which stands for a missing "
            "patient; give the patient of each image, under a name that does not read as missing."
        )
    return ids


def check_groups(groups, n_images):
    """Return patients as an array, each image its own patient where none are given.

    Parameters
    ----------
    groups : array of shape (n_images,) or None
        Patient of each image, as `patient_ids` takes it.
    n_images : int
        Number of images.

    Returns
    -------
    groups : ndarray of shape (n_images,), int
        Patients numbered from 0, in the order of their numbers or names.

    Raises
    ------
    ValueError
        If the length differs or a patient is missing.

    Examples
    --------
    >>> from ganisi.images._patients import check_groups
    >>> check_groups(["b", "a", " b"], n_images=3)
    array([1, 0, 1])
    """
    if groups is None:
        return np.arange(n_images)
    ids = patient_ids(groups, n_images)
    names = sorted(set(ids))
    if all(isinstance(value, Real) for value in np.asarray(groups, dtype=object).ravel().tolist()):
        names.sort(key=float)
    number = {one: i for i, one in enumerate(names)}
    return np.array([number[one] for one in ids])

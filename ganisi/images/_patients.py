"""Whose image it is: one name for one patient, whatever type it was stored as."""

import math
import re
import unicodedata
from numbers import Real

import numpy as np

#: A whole number that came through a column of floats: "7.0".
_WHOLE = re.compile(r"([+-]?\d+)\.0+")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
#: Texts that stand for a missing patient where a table was written or read by other software.
_MISSING = frozenset({"", "nan", "na", "n/a", "<na>", "nat", "none", "null"})


class TooFewError(ValueError):
    """There are too few patients or images for what was asked, which may be done without."""


def patient_id(value):
    """Return the one name of a patient, or None where `value` stands for a missing one.

    7, 7.0, "7" and " 7.0 " are one patient; so are "P1" and " P1".
    """
    if isinstance(value, (Real, np.bool_)) and not isinstance(value, str):
        if value != value:
            return None
        whole = math.isfinite(value) and value == int(value)
        return str(int(value)) if whole else repr(float(value))
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    text = unicodedata.normalize("NFC", str(value)).strip()
    if text.casefold() in _MISSING:
        return None
    whole = _WHOLE.fullmatch(text)
    return whole[1] if whole else text


def patient_ids(groups, n_images, name="groups"):
    """Return the name of each image's patient; one that is missing is refused by row."""
    if isinstance(groups, np.ma.MaskedArray):
        groups = np.where(np.ma.getmaskarray(groups), None, groups.data.astype(object))
    # As objects: NumPy would make the text "nan" of a NaN among strings.
    values = np.asarray(groups, dtype=object)
    if values.ndim != 1 and not (values.ndim == 2 and values.shape[1] == 1):
        raise ValueError(
            f"{name} has shape {values.shape}; expected an entry for each of {n_images} images."
        )
    values = values.ravel().tolist()
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


def numbered(*lists):
    """Number the patients of several lists from 1, in the order in which they first come.

    Then nothing depends on how they are called, as pseudonyms change with their key.
    """
    numbers = {}
    return [[numbers.setdefault(one, len(numbers) + 1) for one in each] for each in lists]


def check_groups(groups, n_images, name="groups"):
    """Number patients from 0, in the order of their numbers or names; None is one an image."""
    if groups is None:
        return np.arange(n_images)
    if type(groups) is np.ndarray and groups.dtype.kind in "iu" and groups.shape == (n_images,):
        # Whole numbers are their own names; models are fitted by the thousand.
        return np.unique(groups, return_inverse=True)[1]
    ids = patient_ids(groups, n_images, name)
    names = sorted(set(ids))
    # The order of numbers does not depend on whether they were stored as text.
    if all(_NUMBER.fullmatch(one) for one in names):
        names.sort(key=float)
    number = {one: i for i, one in enumerate(names)}
    return np.array([number[one] for one in ids])

"""Splits by query, and by patient where patients are known."""

import math
import re
import unicodedata
from numbers import Real

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold
from sklearn.utils import check_consistent_length, column_or_1d

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
    >>> from ganisi.splitting import check_groups
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


def query_folds(y, groups=None, n_splits=5):
    """Split queries into stratified folds; no patient stands on both sides of a split.

    Parameters
    ----------
    y : array of shape (n_queries,)
        Labels of the queries, two classes.
    groups : array of shape (n_queries,) or None, default=None
        Patient of each query; None splits by query.
    n_splits : int, default=5
        Number of folds wished for. The folds are the largest number up to it for which every fold
        holds both classes on both sides; at most, the number of groups in the smaller class.

    Returns
    -------
    folds : list of (train, test)
        Indices of queries; the test parts are a partition.

    Raises
    ------
    ValueError
        If not even two such folds exist.

    Notes
    -----
    Not shuffled: neighbours in a list of medical images are often slices of one patient, and stay
    together in a fold even where nobody gave `groups`.

    Examples
    --------
    >>> from ganisi.splitting import query_folds
    >>> folds = query_folds([0, 0, 1, 1], groups=[1, 2, 3, 4])
    >>> [test.tolist() for train, test in folds]
    [[0, 2], [1, 3]]
    """
    y = np.asarray(y)
    check_consistent_length(y, groups)
    units = check_groups(groups, len(y))
    in_class = [len(np.unique(units[y == label])) for label in np.unique(y)]
    for k in range(min(n_splits, *in_class), 1, -1):
        if groups is None:
            folds = list(StratifiedKFold(k).split(y, y))
        else:
            folds = list(StratifiedGroupKFold(k).split(y, y, units))
        if all(len(np.unique(y[side])) == 2 for fold in folds for side in fold):
            return folds
    what = "queries" if groups is None else "groups (patients)"
    raise ValueError(
        f"the two classes have {in_class} {what}; two folds with both classes on both sides cannot "
        f"be made. Give at least 2 {what} of each class."
    )

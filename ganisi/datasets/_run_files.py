"""Run files of the ImageCLEFmedical GANs task: a line of id and label for each query."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from numbers import Number
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .._compat._hints import FilePath
from .._compat._spreadsheets import quoted, unquoted
from .._compat._writing import write_text
from ..images._listing import image_id


def write_run(
    path: FilePath, ids: Sequence[str], predictions: ArrayLike | Mapping[str, int]
) -> None:
    """Write a run file as the validator of 2023 accepts it.

    One line ``<id>,<label>`` for each query, no header, no empty line.

    Parameters
    ----------
    path : str or path-like
        The file. An existing one is replaced, in one step, once the new one is complete.
    ids : sequence of str
        Ids of all queries: file names without the extension, such as
        :func:`load_imageclef_gans` returns.
    predictions : array of shape (n_queries,), or dict of str to {0, 1}
        The label of each query in the order of `ids`, or by id: 1 for used, 0 for not used.

    Raises
    ------
    TypeError
        If an id is no string.
    ValueError
        If an id is missing, double, unknown, empty, or holds a comma, a line break, spaces around
        it or the extension of an image; or if a label is not 0 or 1.

    Notes
    -----
    UTF-8. The last line does not end with a line break, lest somebody count an empty line after
    it. The run is written to a temporary file beside `path`, so a crash leaves no half run.

    A spreadsheet would execute an id that begins with =, +, - or @, so an apostrophe is written
    before it (and before one that has such apostrophes already), and `read_run` takes it away. No
    other id is changed; a validator that compares ids sees the apostrophe.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from ganisi.datasets import write_run
    >>> with tempfile.TemporaryDirectory() as directory:
    ...     path = Path(directory, "run.csv")
    ...     write_run(path, ["real_1", "real_2"], [1, 0])
    ...     print(path.read_text())
    real_1,1
    real_2,0
    """
    ids = list(ids)
    if isinstance(predictions, Mapping):
        known = set(ids)
        unknown = [key for key in predictions if key not in known]
        missing = [key for key in ids if key not in predictions]
        for kind, keys in (("no query", unknown), ("no prediction", missing)):
            if keys:
                raise ValueError(
                    f"there is {kind} for {len(keys)} of the ids, first {keys[0]!r}; a run needs "
                    "exactly one prediction for each query."
                )
        predictions = [predictions[key] for key in ids]
    labels = list(predictions)
    if len(labels) != len(ids):
        raise ValueError(
            f"there are {len(labels)} predictions for {len(ids)} ids; a run needs exactly one "
            "prediction for each query."
        )
    labels = [_check_label(label, name) for label, name in zip(labels, ids, strict=True)]
    _check_ids(ids)
    text = "\n".join(f"{quoted(name)},{label}" for name, label in zip(ids, labels, strict=True))
    write_text(path, text)


def read_run(path: FilePath) -> tuple[list[str], NDArray[np.int_]]:
    """Read a run file back, and check it as `write_run` does.

    Parameters
    ----------
    path : str or path-like
        The file. A line break after the last line is accepted.

    Returns
    -------
    ids : list of str
        Ids of the queries.
    predictions : ndarray of shape (n_queries,), int
        1 for used, 0 for not used.

    Raises
    ------
    ValueError
        If the file is no run; the message names the line.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from ganisi.datasets import read_run, write_run
    >>> with tempfile.TemporaryDirectory() as directory:
    ...     path = Path(directory, "run.csv")
    ...     write_run(path, ["real_1", "real_2"], [1, 0])
    ...     read_run(path)
    (['real_1', 'real_2'], array([1, 0]))
    """
    # Not splitlines(): it breaks lines at characters that an id may hold. Spreadsheets begin text
    # with a byte order mark.
    lines = Path(path).read_text(encoding="utf-8-sig").removesuffix("\n").split("\n")
    ids, labels = [], []
    for number, line in enumerate(lines, 1):
        fields = line.split(",")
        if len(fields) != 2 or fields[1] not in ("0", "1"):
            raise ValueError(
                f"{path}, line {number}: got {line!r}, expected an id, a comma and 0 or 1."
            )
        ids.append(unquoted(fields[0]))
        labels.append(int(fields[1]))
    try:
        _check_ids(ids)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error
    return ids, np.array(labels)


def _check_label(label, name):
    if isinstance(label, (Number, np.bool_)) and label in (0, 1):
        return int(label)
    raise ValueError(
        f"the prediction of {name!r} is {label!r}; expected 0 or 1. Probabilities become labels by "
        "a threshold, e.g. (probability >= 0.5).astype(int)."
    )


def _check_ids(ids):
    if not ids:
        raise ValueError("there are no ids; a run needs one line for each query.")
    for name in ids:
        if not isinstance(name, str):
            raise TypeError(f"the id {name!r} is no string; write it as the file is named.")
        if not name or name != name.strip() or any(sign in name for sign in ",\r\n"):
            raise ValueError(
                f"the id {name!r} is empty or holds a comma, a line break or spaces around it, "
                "which a run file cannot hold."
            )
        if image_id(name) != name:
            raise ValueError(f"the id {name!r} has an extension; a run wants {image_id(name)!r}.")
    name, count = Counter(ids).most_common(1)[0]
    if count > 1:
        raise ValueError(f"the id {name!r} occurs {count} times; every id has one line.")

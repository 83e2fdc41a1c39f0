"""The patients of images, from a table."""

from __future__ import annotations

import csv
import os
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, overload

import numpy as np
from numpy.typing import NDArray

from .._compat._hints import FilePath
from ._file import as_image_file
from ._patients import patient_id

_COLUMNS = ("folder", "file", "group")
#: What separates columns; spreadsheets of some countries write the second.
_SEPARATORS = ",;\t"


@overload
def load_groups(
    path: FilePath, images: Sequence[FilePath], *, optional: Literal[False] = ...
) -> NDArray[np.str_]: ...
@overload
def load_groups(
    path: FilePath, images: Sequence[FilePath], *, optional: bool
) -> NDArray[np.str_] | None: ...
def load_groups(
    path: FilePath, images: Sequence[FilePath], *, optional: bool = False
) -> NDArray[np.str_] | None:
    r"""Read the patient of each image from a table.

    Parameters
    ----------
    path : str or path-like
        A CSV file whose first line names the columns ``folder``, ``file`` and ``group``; others
        are left alone. Folder is the last part of the folder's name, or more of its path, such as
        ``hospital/real_used``, where several folders have the same last part. The table may also
        name images that are not asked for, with a group or without.
    images : list of str, path-like or ImageFile
        The images, such as :func:`load_image_folder` returns.
    optional : bool, default=False
        Whether it is well that none of the images has a group: the answer is then None.

    Returns
    -------
    groups : ndarray of shape (n_images,), str, or None
        The group of each image, in their order: what `groups` takes wherever it is asked for.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If a column is missing or there twice, a row has more cells than the first line, two rows
        name one file, one row names two images, or an image has no group; and if `optional`,
        unless none has.

    Notes
    -----
    Columns are separated by commas, semicolons or tabs, as the first line is; the text is UTF-8,
    with a byte order mark or without. Spaces around a cell and the case of the first line do not
    matter, nor do the slashes of paths, ``/`` or ``\``. Where several rows fit an image, the one
    with the longest path counts.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from ganisi.datasets import load_groups
    >>> with tempfile.TemporaryDirectory() as directory:
    ...     table = Path(directory, "groups.csv")
    ...     _ = table.write_text("folder,file,group\nreal_used,1.png,patient 7\n")
    ...     print(load_groups(table, [Path(directory, "real_used", "1.png")]))
    ['patient 7']
    """
    table = _read_table(path)
    longest = max(map(len, table), default=0)
    groups, rows = [], {}
    for image in images:
        parts = _parts(os.path.abspath(str(as_image_file(image).place)))
        fits = (parts[-n:] for n in range(min(longest, len(parts)), 1, -1))
        row = next((one for one in fits if one in table), None)
        first = rows.setdefault(row, parts)
        if row is not None and first != parts:
            raise ValueError(
                f"{path} has one row for {'/'.join(first)} and for {'/'.join(parts)}, whose "
                "folders have the same last part; write more of their paths in the column folder."
            )
        groups.append(table.get(row))
    if optional and not any(groups):
        return None
    if not all(groups):
        first = images[[bool(group) for group in groups].index(False)]
        image = Path(os.path.abspath(str(as_image_file(first).place)))
        raise ValueError(
            f"{path} gives no patient for the file {image.name} of the folder "
            f"{image.parent.name}; add a row for each image, or give no groups at all to count "
            "each as a patient of its own."
        )
    return np.array(groups, dtype=str)


def _read_table(path):
    """Group of each file, which may be empty, by the parts of its path."""
    if not Path(path).is_file():
        raise FileNotFoundError(
            f"{path} is no file; give the table of patients, a CSV file with the columns "
            f"{', '.join(_COLUMNS)}."
        )
    try:
        with open(path, newline="", encoding="utf-8-sig") as file:
            head = file.readline()
            file.seek(0)
            separator = max(_SEPARATORS, key=head.count)
            lines = csv.reader(file, delimiter=separator, strict=True)
            columns = _columns(next(lines, []), path)
            rows = [(lines.line_num, [cell.strip() for cell in row]) for row in lines]
    except (UnicodeError, csv.Error) as error:
        raise ValueError(
            f"{path} is no table of text in UTF-8: {error}. Save it as CSV in UTF-8."
        ) from error
    table = {}
    for number, row in rows:
        if len(row) > len(columns) and any(row[len(columns) :]):
            raise ValueError(
                f"{path}, line {number}, has {len(row)} cells for {len(columns)} columns; quote "
                "what holds the separator."
            )
        cells = dict(zip(columns, row + [""] * len(columns), strict=False))
        key = _parts(cells["folder"]) + _parts(cells["file"])
        if not any(row):
            continue
        if key in table:
            raise ValueError(
                f"{path} names the file {cells['file']} of the folder {cells['folder']} twice, "
                f"the second time in line {number}; keep one row for each image."
            )
        table[key] = patient_id(cells["group"])
    return table


def _columns(names, path):
    """Return the names of the columns in lower case, ours once each."""
    names = [name.strip().casefold() for name in names]
    missing = set(_COLUMNS) - set(names)
    if missing:
        raise ValueError(
            f"{path} lacks the columns {', '.join(sorted(missing))}; its first line must be "
            f"{','.join(_COLUMNS)}."
        )
    twice = [name for name in _COLUMNS if names.count(name) > 1]
    if twice:
        raise ValueError(f"{path} has the column {twice[0]} twice; keep the right one.")
    return names


def _parts(path):
    """Cut a path into its parts, each in one spelling."""
    text = unicodedata.normalize("NFC", os.fspath(path)).replace("\\", "/")
    return tuple(part.strip() for part in text.split("/") if part.strip() not in ("", "."))

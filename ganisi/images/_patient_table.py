"""The patients of images, from a table."""

import csv
import os
from pathlib import Path

import numpy as np

from ._patients import patient_id

_COLUMNS = ("folder", "file", "group")


def load_groups(path, images, *, optional=False):
    r"""Read the patient of each image from a table.

    Parameters
    ----------
    path : str or path-like
        A CSV file whose first line names the columns ``folder``, ``file`` and ``group``; others
        are left alone. Folder is the last part of the folder's name. The table may also name
        images that are not asked for, with a group or without.
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
        If a column is missing, two rows name one file, or an image has no group; and if
        `optional`, unless none has.

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
    keys = [_key(image) for image in images]
    groups = [table.get(key) for key in keys]
    if optional and not any(groups):
        return None
    if not all(groups):
        folder, file = keys[[bool(group) for group in groups].index(False)]
        raise ValueError(
            f"{path} gives no patient for the file {file} of the folder {folder}; add a row for "
            "each image, or give no groups at all to count each as a patient of its own."
        )
    return np.array(groups, dtype=str)


def _read_table(path):
    """Group of each (folder, file), which may be empty."""
    if not Path(path).is_file():
        raise FileNotFoundError(
            f"{path} is no file; give the table of patients, a CSV file with the columns "
            f"{', '.join(_COLUMNS)}."
        )
    table = {}
    with open(path, newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file)
        missing = set(_COLUMNS) - set(reader.fieldnames or ())
        if missing:
            raise ValueError(
                f"{path} lacks the columns {', '.join(sorted(missing))}; its first line must be "
                f"{','.join(_COLUMNS)}."
            )
        for row in reader:
            key = row["folder"], row["file"]
            if key in table:
                raise ValueError(
                    f"{path} names the file {key[1]} of the folder {key[0]} twice, the second "
                    f"time in line {reader.line_num}; keep one row for each image."
                )
            table[key] = patient_id(row["group"] or "")
    return table


def _key(image):
    """Name the row of an image: its folder and its file."""
    # The folder may have been given as "." or with a slash at its end; links keep their names.
    path = Path(os.path.abspath(image))
    return path.parent.name, path.name

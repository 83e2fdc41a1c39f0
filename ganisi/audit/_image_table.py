"""Tables of generated images, a row each: as a data frame, and as a file for spreadsheets."""

from __future__ import annotations

import csv
import io
from typing import Any

import numpy as np

from .._compat._brief import Brief
from .._compat._hints import DataFrame, FilePath
from .._compat._printable import printable
from .._compat._spreadsheets import quoted
from .._compat._writing import check_target, write_text


class ImageTable(Brief):
    """Base of what has a row a generated image; a child says what its columns are."""

    def columns(self) -> dict[str, Any]:
        """Return the columns by name, each of one value an image."""
        raise NotImplementedError

    def to_frame(self) -> DataFrame:
        """Return a table, one row a generated image.

        Returns
        -------
        frame : pandas.DataFrame
            Its columns are named in the Notes of the class.

        Raises
        ------
        ImportError
            If pandas is not installed.
        """
        try:
            import pandas as pd
        except ImportError as error:
            raise ImportError(
                "to_frame needs pandas; install it with `pip install pandas`, or write the table "
                "with to_csv."
            ) from error
        return pd.DataFrame(self.columns())

    def to_csv(self, path: FilePath) -> None:
        """Write the table of `to_frame`, whole or not at all.

        Parameters
        ----------
        path : str or path-like
            The file, in UTF-8; an earlier one is replaced. Cells that a spreadsheet would execute
            begin with an apostrophe, and control characters are written as Python does it. What
            has no value is empty.

        Raises
        ------
        ValueError
            If the file cannot be written.
        """
        check_target(path)
        columns = self.columns()
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(map(_cell, row) for row in zip(*columns.values(), strict=True))
        write_text(path, text.getvalue())


def _cell(value):
    if isinstance(value, str):
        return quoted(printable(value))
    if isinstance(value, float):
        return "" if np.isnan(value) else f"{value:.6g}"
    return int(value)


def listed_names(names, place, n_images, argument="names"):
    """Return what images are called in a table: as given, or by their place."""
    if names is None:
        return tuple(f"{place}[{i}]" for i in range(n_images))
    if len(names) != n_images:
        raise ValueError(
            f"{argument} has {len(names)} entries for {n_images} images; give one name an image."
        )
    return tuple(map(str, names))

"""Tables of images, a row each, that a spreadsheet shows and does not execute."""

import csv
from io import StringIO

from .._compat._spreadsheets import quoted


def table(header, names, rows):
    """Return a table as CSV: the id of each image, and its cells as they are to be written."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([quoted(name), *row] for name, row in zip(names, rows, strict=True))
    return text.getvalue()


#: Of each image; then perhaps more columns.
OF_EACH = ("id", "probability", "low", "high")


def cells_of(intervals):
    """Return the cells of `OF_EACH` behind the name, from low, probability and high of each."""
    return [[f"{p:.4f}", f"{low:.4f}", f"{high:.4f}"] for low, p, high in intervals]


def probability_table(names, intervals):
    """Return as CSV the probability of each image, and between which shares the truth may lie."""
    return table(OF_EACH, names, cells_of(intervals))

"""Tables of images, a row each, that do nothing to the spreadsheet or terminal that shows them."""

import csv
from io import StringIO

from .._compat._printable import printable
from .._compat._spreadsheets import quoted


def table(header, names, rows):
    """Return a table as CSV: the id of each image, and its cells as they are to be written.

    What is no text in an id, bytes of a name that are no UTF-8 among it, is written by its number.
    """
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    for name, row in zip(names, rows, strict=True):
        writer.writerow([quoted(printable(name)), *row])
    return text.getvalue()


#: Of each image; then perhaps more columns.
OF_EACH = ("id", "probability", "low", "high")


def cells_of(intervals):
    """Return the cells of `OF_EACH` behind the name, from low, probability and high of each."""
    return [[f"{p:.4f}", f"{low:.4f}", f"{high:.4f}"] for low, p, high in intervals]


def probability_table(names, intervals):
    """Return as CSV the probability of each image, and between which shares the truth may lie."""
    return table(OF_EACH, names, cells_of(intervals))

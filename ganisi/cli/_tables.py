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


def probability_table(names, probabilities):
    """Return the probability of each image as CSV."""
    return table(["id", "probability"], names, ([f"{p:.4f}"] for p in probabilities))

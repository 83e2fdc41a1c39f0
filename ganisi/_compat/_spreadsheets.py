"""Cells of text that a spreadsheet shows and does not execute."""

import re

_FORMULA = re.compile("'*[=+\\-@\\t\\r]")


def quoted(text):
    """Return a cell with an apostrophe before what would be a formula; `unquoted` takes it away.

    Apostrophes before that are not taken for ours: there is one more.
    """
    return f"'{text}" if _FORMULA.match(text) else text


def unquoted(text):
    """Return the text that `quoted` was asked for."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text

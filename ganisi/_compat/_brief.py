"""What results say of themselves on a console and in a notebook: main figures, no arrays."""

from html import escape
from numbers import Number

import numpy as np

from ._printable import printable


class Brief:
    """Base of results whose `repr` names the main figures, and of arrays the shape only.

    What is not a number, a truth value or a child's own words is never written out: names of
    patients, images and folders stand in arrays and tuples.
    """

    def _main_figures(self):
        """Return what there is to say, by name."""
        raise NotImplementedError

    def __repr__(self):
        told = [f"{name}={_brief(value)}" for name, value in self._main_figures().items()]
        return printable(f"{type(self).__name__}({', '.join(told)})")

    def _repr_html_(self):
        rows = "".join(
            f"<tr><th style='text-align:left'>{escape(name)}</th>"
            f"<td style='text-align:left'>{escape(_brief(value))}</td></tr>"
            for name, value in self._main_figures().items()
        )
        return printable(
            f"<table><caption>{escape(type(self).__name__)}</caption><tbody>{rows}</tbody></table>"
        )


class Words(str):
    """A text that is no name of anybody or anything of the user's, and may be shown."""


def _brief(value):
    """Say what a value is in a few words; arrays by shape and type, others by their number."""
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, bool):
        return str(value)
    if isinstance(value, Number):
        return f"{value:.4g}" if isinstance(value, float) else str(value)
    if isinstance(value, (Words, Brief)):
        return str(value) if isinstance(value, Words) else repr(value)
    if isinstance(value, np.ndarray):
        return f"{value.shape} {value.dtype}"
    if isinstance(value, str):
        return f"a text of {len(value)} characters"
    if hasattr(value, "__len__"):
        return f"{type(value).__name__} of {len(value)}"
    return f"one {type(value).__name__}"

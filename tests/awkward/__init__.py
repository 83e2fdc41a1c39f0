"""Files as hospitals and challenges have them, made one at a time; and what happens to each."""

from ._kind import Kind, outcome, table, what_happens
from ._made import SECTIONS

__all__ = ["SECTIONS", "Kind", "outcome", "table", "what_happens"]

"""The command line; no statistics in it."""

from ._audit import main

__all__ = ["main"]

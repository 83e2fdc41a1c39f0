"""The command line; no statistics in it."""

from ._main import main

__all__ = ["main"]

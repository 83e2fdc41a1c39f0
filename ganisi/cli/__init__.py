"""The command line; no statistics in it."""

from ._main import main, parser

__all__ = ["main", "parser"]

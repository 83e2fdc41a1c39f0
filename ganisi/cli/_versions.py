"""``ganisi version``: of what a figure was computed with."""

from .._compat._versions import show_versions

NAME = "version"
HELP = "versions of ganisi and of what it computes with"
DESCRIPTION = "Print versions, system and threads: what belongs into a report of a fault."
EPILOG = """\
example:
  ganisi version
"""


def add_to(parser):
    """Add no option: there is nothing to choose."""


def run(chosen, arguments):
    """Print the versions, those of ganisi first."""
    show_versions()
    return 0

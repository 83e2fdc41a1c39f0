"""``ganisi version``: of what a figure was computed with."""

from ..audit._provenance import software_versions

NAME = "version"
HELP = "versions of ganisi and of what it computes with"
DESCRIPTION = "Print the versions of Python, ganisi and what computes the figures."
EPILOG = """\
example:
  ganisi version
"""


def add_to(parser):
    """Add no option: there is nothing to choose."""


def run(chosen, arguments):
    """Print the versions, those of ganisi first."""
    versions = software_versions()
    for name in sorted(versions, key=lambda name: name != "ganisi"):
        print(f"{name} {versions[name]}")
    return 0

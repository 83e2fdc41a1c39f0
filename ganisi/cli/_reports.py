"""Where reports go: looked at before the work, written whole, and saved elsewhere if need be."""

import sys
import tempfile
from pathlib import Path

from .._compat._writing import check_target, same_target


def check_targets(chosen):
    """Raise ValueError unless reports can be written, each to a file of its own."""
    taken = {} if chosen.groups is None else {"--groups": chosen.groups}
    for option, file in (("--html", chosen.html), ("--json", chosen.json)):
        if file is None:
            continue
        for other, name in taken.items():
            if same_target(file, name):
                raise ValueError(f"{other} and {option} are one file, {file}; name two.")
        check_target(file)
        taken[option] = file


def write_report(report, chosen):
    """Write a report to its files, then to the terminal.

    The verdict took hours, so a file that cannot be written any more raises no error.
    """
    if chosen.html is not None:
        _write_or_rescue(report.to_html, chosen.html)
    if chosen.json is not None:
        _write_or_rescue(report.to_json, chosen.json)
    print(report, flush=True)


def _write_or_rescue(write, file):
    """Write to a file, or to one of the same name in a new folder for temporary files."""
    try:
        write(file)
        return
    except OSError as error:
        print(f"ganisi audit: {file} could not be written: {error}", file=sys.stderr)
    try:
        rescued = Path(tempfile.mkdtemp(prefix="ganisi-"), Path(file).name)
        write(rescued)
        print(f"ganisi audit: it is in {rescued} instead; move it", file=sys.stderr)
    except OSError as error:
        print(
            f"ganisi audit: nor to a folder for temporary files: {error}; the report is on "
            "standard output only",
            file=sys.stderr,
        )

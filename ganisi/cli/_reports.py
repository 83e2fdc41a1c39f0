"""Where results go: looked at before the work, written whole, and saved elsewhere if need be."""

import sys
import tempfile
from pathlib import Path

from .._compat._writing import check_target, same_target


def check_targets(chosen, options=("html", "json")):
    """Raise ValueError unless what these options name can be written, each to a file of its own.

    No other file that the command takes is written over.
    """
    taken = {
        f"--{option}": file
        for option in ("groups", "config")
        if (file := getattr(chosen, option, None)) is not None
    }
    for option in options:
        file = getattr(chosen, option)
        if file is None:
            continue
        for other, name in taken.items():
            if same_target(file, name):
                raise ValueError(f"{other} and --{option} are one file, {file}; name two.")
        check_target(file)
        taken[f"--{option}"] = file


def write_report(report, chosen):
    """Write a report to its files, then to the terminal.

    The verdict took hours, so a file that cannot be written any more raises no error.
    """
    saved = []
    if chosen.html is not None:
        saved.append(write_or_rescue(report.to_html, chosen.html, chosen.command))
    if chosen.json is not None:
        saved.append(write_or_rescue(report.to_json, chosen.json, chosen.command))
    if saved and not any(saved):
        print(f"ganisi {chosen.command}: the report is on standard output only", file=sys.stderr)
    print(report, flush=True)


def write_or_rescue(write, file, command):
    """Write to a file, or to one of the same name in a new folder for temporary files.

    Tell whether it is in either.
    """
    said = f"ganisi {command}:"
    try:
        write(file)
        return True
    except OSError as error:
        print(f"{said} {file} could not be written: {error}", file=sys.stderr)
    try:
        rescued = Path(tempfile.mkdtemp(prefix="ganisi-"), Path(file).name)
        write(rescued)
        print(f"{said} it is in {rescued} instead; move it", file=sys.stderr)
        return True
    except OSError as error:
        print(f"{said} nor to a folder for temporary files: {error}", file=sys.stderr)
        return False

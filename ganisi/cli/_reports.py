"""Where results go: looked at before the work, written whole, and saved elsewhere if need be."""

import sys
import tempfile
from functools import partial
from pathlib import Path

from .._compat._printable import printable
from .._compat._writing import check_target, same_target, write_text


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
    write_out(f"{report}\n", chosen.command, "report.txt", any(saved))


def write_out(text, command, name, is_saved=False):
    """Write to standard output; where that cannot be, and it is not saved, to a file of this name.

    Tell whether it is in either. Whoever closed the pipe has read enough.
    """
    sys.stdout.write(text)
    sys.stdout.flush()
    error = getattr(sys.stdout, "error", None)
    if error is None or isinstance(error, BrokenPipeError):
        return True
    print(f"ganisi {command}: standard output could not be written: {error}", file=sys.stderr)
    return is_saved or _rescued(partial(write_text, text=printable(text)), name, command)


def write_or_rescue(write, file, command):
    """Write to a file, or to one of the same name in a new folder for temporary files.

    Tell whether it is in either.
    """
    try:
        write(file)
        return True
    except OSError as error:
        print(f"ganisi {command}: {file} could not be written: {error}", file=sys.stderr)
    return _rescued(write, Path(file).name, command)


def _rescued(write, name, command):
    """Write to a file of this name in a new temporary folder; tell whether it is there."""
    said = f"ganisi {command}:"
    try:
        rescued = Path(tempfile.mkdtemp(prefix="ganisi-"), name)
        write(rescued)
        print(f"{said} it is in {rescued} instead; move it", file=sys.stderr)
        return True
    except OSError as error:
        print(f"{said} nor to a folder for temporary files: {error}", file=sys.stderr)
        return False

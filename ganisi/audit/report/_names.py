"""What images and folders are called in a report: not by their names, unless asked."""

import os
import re

#: What `names` may be, and what a report then says of it.
NAMINGS = {
    "none": "Images are called by their place, counted from 0: X holds the real images of known "
    "status, queries those of unknown status, in the order given; a folder's stand in the order "
    "of their names, used ones before not-used ones. No name of a file, folder or patient is in "
    "this report.",
    "short": "Files and folders are called by the last part of their names.",
    "full": "Files and folders are called by their whole names.",
}


def check_names(names):
    """Refuse what is none of them."""
    if not isinstance(names, str) or names not in NAMINGS:
        raise ValueError(f"names={names!r}; expected one of {', '.join(map(repr, NAMINGS))}.")


def called(names, full, number):
    """Return what something is called: its number, the last part of its name, or all of it."""
    return {"none": number, "short": last_part(full), "full": full}[names]


def last_part(name):
    """Return the last part of a path, as either kind of system writes paths."""
    return re.split(r"[/\\]", re.sub(r"(?<=.)[/\\]+$", "", name))[-1]


def without_folders(value):
    """Return a parameter for the report: of a path the last part only."""
    if isinstance(value, os.PathLike) or (isinstance(value, str) and re.search(r"[/\\]", value)):
        return last_part(os.fsdecode(value))
    return value

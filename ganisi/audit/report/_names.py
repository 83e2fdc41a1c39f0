"""What images and folders are called in a report: not by their names, unless asked."""

import os
import re
from collections.abc import Mapping

from sklearn.base import clone

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


def one_line(value, but=None):
    """Write an estimator with all its parameters; repr() leaves some out where they are many.

    Those named `but`, and where results are kept, are written as if they were not given: no figure
    depends on them. Of a path there is the last part only.
    """
    shown = _shown(value, but)
    written = shown.__repr__(N_CHAR_MAX=10**6) if _has_params(shown) else repr(shown)
    return " ".join(written.split())


def _has_params(value):
    return hasattr(value, "get_params") and not isinstance(value, type)


def _shown(value, but):
    """Return what a report shows of a value: the value itself, or a changed copy."""
    if isinstance(value, Mapping):
        return {name: _shown_as(name, one, but) for name, one in value.items()}
    if isinstance(value, list):
        shown = [_shown(one, but) for one in value]
        return value if all(a is b for a, b in zip(value, shown, strict=True)) else shown
    if not _has_params(value):
        return without_folders(value)
    changed = {}
    for name, own in value.get_params().items():
        # What is in estimators in it has parameters of its own here.
        shown = own if _has_params(own) else _shown_as(name, own, but)
        if shown is not own:
            changed[name] = shown
    return clone(value).set_params(**changed) if changed else value


def _shown_as(name, value, but):
    return None if name.split("__")[-1] in (but, "memory", "store") else _shown(value, but)

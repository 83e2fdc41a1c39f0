"""What a report says it was made from: the command and the folders, as `--names` says."""

import os
import shlex

from ..audit._provenance import describe_folder, describe_left_alone
from ..audit.report._names import called

#: Options that take paths, and what stands for these in the report.
_PATHS = {
    "--query": "DIR",
    "--groups": "CSV",
    "--html": "HTML",
    "--json": "JSON",
    "--config": "TOML",
    "--list": "CSV",
    "--to": "DIR",
    "--sheet": "PICTURE",
    "--store": "DIR",
}


def accounts_of(chosen, roles, folders, loaded):
    """Say of each folder what it held, and what was left alone."""
    return [
        {
            **describe_folder(role, folder, held.images),
            "folder": _folder(chosen.names, folder),
            "left_alone": describe_left_alone(held.left_alone, chosen.names),
        }
        for role, folder, held in zip(roles, folders, loaded, strict=False)
    ]


def command_of(chosen, arguments):
    """Write the command as it is, or with paths as `--names` says."""
    folders = {
        chosen.generated: "GENERATED",
        chosen.used: "REAL_USED",
        chosen.not_used: "REAL_NOT_USED",
    }
    words, place = [], None
    for word in arguments:
        option, sign, value = word.partition("=")
        if place is not None:
            words.append(called(chosen.names, word, place))
            place = None
        elif word in folders:
            words.append(called(chosen.names, word, folders[word]))
        elif sign and _takes_path(option):
            words.append(f"{option}={called(chosen.names, value, _takes_path(option))}")
        else:
            words.append(word)
            place = _takes_path(word)
    return shlex.join(["python", "-m", "ganisi", *words])


def _takes_path(word):
    """Return what an option's path is called; None for others. argparse takes beginnings too."""
    found = [place for option, place in _PATHS.items() if option.startswith(word)]
    return found[0] if found and len(word) > len("--") else None


def _folder(names, folder):
    """Return what a folder is called in the report; None for nothing."""
    return called(names, folder if names == "full" else os.path.abspath(folder), None)

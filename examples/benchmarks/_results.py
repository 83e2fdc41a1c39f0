"""What the benchmarks keep of what they measured, and how they print it."""

import dataclasses
import hashlib
import json
import sys
from pathlib import Path

import _generator_data as data
import numpy as np

import ganisi

#: What the attacks consist of, and the audit: when it changes, results are measured anew.
_STAGES = ("model", "identification", "distances", "descriptors", "images")
ATTACKS = (*_STAGES, "audit/_cross_fitting.py", "audit/_scoring.py")
AUDIT = (*_STAGES, "audit", "metrics")


def code_of(parts=AUDIT):
    """A digest of rooms, or files, of the package."""
    code = hashlib.sha256()
    package = Path(ganisi.__file__).parent
    for part in parts:
        path = package / part
        for file in [path] if path.is_file() else sorted(path.rglob("*.py")):
            code.update(file.read_bytes())
    return code.hexdigest()


def identity(arrays, settings, parts=AUDIT):
    """What results depend on, as it is read back."""
    names = ("generated", "images", "role", "used", "groups")
    of = {
        "set": {name: data.checksum(np.ascontiguousarray(arrays[name])) for name in names},
        "settings": dataclasses.asdict(settings),
        "code": code_of(parts),
    }
    return json.loads(json.dumps(of))


def kept(path, of):
    """What an earlier run measured of the same; without anything, where it did not."""
    try:
        results = json.loads(path.read_text())
        if results["of"] == of:
            return results
    except FileNotFoundError:
        return {"of": of}
    except (ValueError, KeyError, TypeError) as error:
        raise SystemExit(f"{path} holds no results ({error!r}); remove it.") from error
    tell(f"{path} is of another set, other settings or other code, so it is measured anew")
    return {"of": of}


def keep(path, results):
    """Write results, whole or not at all."""
    data.write_atomically(path, (json.dumps(results, indent=1) + "\n").encode())


def table(head, rows):
    """Markdown."""
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def tell(line):
    """Say how far it is, on standard error."""
    print(line, file=sys.stderr, flush=True)

"""Rows of images already described, in files: one a row, whole or not taken for one."""

import hashlib
import warnings
from pathlib import Path

import joblib
import numpy as np

from .._compat._writing import write_bytes

_MAGIC = b"ganisi row 1\n"
_DIGEST_SIZE = hashlib.sha256().digest_size


class RowStore:
    """Rows of one descriptor's settings in the folder `memory`, by what images are known by.

    An entry is a magic word, a checksum of all that follows and of the entry's name, the length in
    bytes as 8 bytes, and the row as float32, all little-endian; nothing in it is executed. Entries
    are replaced in one step, so several processes may share a folder.
    """

    def __init__(self, memory, settings):
        self._root = Path(memory, "ganisi-rows")
        self._settings = joblib.hash(settings)

    def load(self, content):
        """Return the row of an image; None where there is none, or one that is damaged."""
        path = self._path(content)
        try:
            entry = path.read_bytes()
        except FileNotFoundError:
            return None
        start = len(_MAGIC) + _DIGEST_SIZE
        sealed, values = entry[start:], entry[start + 8 :]
        whole = entry[:start] == _MAGIC + _checksum(path.name, sealed) and int.from_bytes(
            sealed[:8], "little"
        ) == len(values)
        return np.frombuffer(values, "<f4").astype(np.float32) if whole else None

    def save(self, content, row):
        """Keep the row of an image; a warning where it cannot be kept."""
        path = self._path(content)
        values = np.ascontiguousarray(row, "<f4").tobytes()
        sealed = len(values).to_bytes(8, "little") + values
        try:
            for folder in (self._root, path.parent):
                if not folder.is_dir():
                    # Rows tell much of an image: they are nobody else's.
                    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_bytes(path, _MAGIC + _checksum(path.name, sealed) + sealed)
        except OSError as error:
            warnings.warn(
                f"rows are not kept in memory={str(self._root.parent)!r}: {error}; they are "
                "described again next time. Make room there, or name another folder.",
                stacklevel=2,
            )

    def _path(self, content):
        name = hashlib.sha256(f"{self._settings} {content}".encode()).hexdigest()
        return self._root / name[:2] / name


def _checksum(name, sealed):
    return hashlib.sha256(name.encode() + sealed).digest()

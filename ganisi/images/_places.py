"""Where the bytes of an image are."""

import contextlib
import os
from dataclasses import dataclass

#: More pixels than any scanner makes: 8192 x 8192. A file of few bytes may unpack to more.
_MAX_PIXELS = 2**26


@dataclass(frozen=True)
class Place:
    """A file."""

    path: str

    def __str__(self):
        return self.path

    @property
    def name(self):
        """The last part of the path."""
        return os.path.basename(self.path)

    @contextlib.contextmanager
    def open(self):
        """Open it for reading bytes."""
        with open(self.path, "rb") as file:
            yield file

    def version(self):
        """Return what changes when the file does."""
        status = os.stat(self.path)
        return status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


@contextlib.contextmanager
def naming(place):
    """Let whatever a library raises name the file."""
    try:
        yield
    except MemoryError as error:
        raise MemoryError(f"{place} does not fit into the memory that is free.") from error
    except Exception as error:
        raise ValueError(
            f"{place} cannot be read as an image: {error}. Replace it or leave it out."
        ) from error


def check_size(height, width, place):
    """Refuse an image that is too large to be one, before it is unpacked."""
    if height * width > _MAX_PIXELS:
        raise ValueError(
            f"{place} has {height} x {width} pixels; expected at most {_MAX_PIXELS}. Cut or shrink "
            "it as the generator's training images were."
        )

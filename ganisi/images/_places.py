"""Where the bytes of an image are: in a file, or in a file of an archive."""

import contextlib
import io
import os
import zipfile
from dataclasses import dataclass
from functools import lru_cache

#: More pixels than any scanner makes: 8192 x 8192. A file of few bytes may unpack to more.
_MAX_PIXELS = 2**26
#: More bytes than an image file in an archive has.
_MAX_BYTES = 2**31


@dataclass(frozen=True)
class Place:
    """A file, or a member of an archive, which is read where it is."""

    path: str
    member: str | None = None

    def __str__(self):
        return self.path if self.member is None else f"{self.path}/{self.member}"

    @property
    def name(self):
        """The last part of the path."""
        return os.path.basename(self.member or self.path)

    @contextlib.contextmanager
    def open(self):
        """Open it for reading bytes."""
        if self.member is None:
            with open(self.path, "rb") as file:
                yield file
        else:
            with naming(self):
                archive = _archive(self.path, self.version(), os.getpid())
                if archive.getinfo(self.member).file_size > _MAX_BYTES:
                    raise ValueError(f"it unpacks to more than {_MAX_BYTES} bytes")
                content = archive.read(self.member)
            yield io.BytesIO(content)

    def version(self):
        """Return what changes when the file does."""
        status = os.stat(self.path)
        return status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns

    def members(self):
        """Return what an archive holds, as `ZipInfo`, but for folders."""
        with naming(self, "an archive"), zipfile.ZipFile(self.path) as archive:
            return [info for info in archive.infolist() if not info.is_dir()]


@lru_cache(maxsize=2)
def _archive(path, _version, _process):
    """Return an archive, opened once: its list of files may be long."""
    return zipfile.ZipFile(path)


@contextlib.contextmanager
def naming(place, what="an image"):
    """Let whatever is raised name the file, by a library or by a header that it does not expect."""
    try:
        yield
    except MemoryError as error:
        raise MemoryError(f"{place} does not fit into the memory that is free.") from error
    except Exception as error:
        if str(error).startswith(str(place)):
            raise
        raise ValueError(
            f"{place} cannot be read as {what}: {error}. Replace it or leave it out."
        ) from error


def check_size(height, width, place):
    """Refuse an image that is too large to be one, before it is unpacked."""
    if height * width > _MAX_PIXELS:
        raise ValueError(
            f"{place} has {height} x {width} pixels; expected at most {_MAX_PIXELS}. Cut or shrink "
            "it as the generator's training images were."
        )

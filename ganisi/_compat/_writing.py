"""Files and folders that are there whole or not at all."""

import os
import shutil
import stat
import uuid
from contextlib import contextmanager, suppress
from pathlib import Path


def check_target(path):
    """Try whether a file could be written, and leave everything as it was.

    Raises ValueError, which says what to do, where it could not.
    """
    path = Path(path)
    if path.is_dir():
        raise ValueError(f"{path} cannot be written, it is a folder; name a file in it.")
    if not path.absolute().parent.is_dir():
        raise ValueError(f"{path} cannot be written, its folder does not exist; make it first.")
    try:
        if path.exists() and not os.access(path, os.W_OK):
            raise PermissionError("it is there, and read-only")
        if not _is_special(path):
            _write_beside(_real(path), b"\n").unlink()
    except (OSError, ValueError) as error:
        raise ValueError(f"{path} cannot be written, {error}; name another file.") from error


def same_target(one, other):
    """Tell whether two names, links among them, are of one file.

    Names that differ in capitals are: some file systems take them for one.
    """
    if str(_real(one)).casefold() == str(_real(other)).casefold():
        return True
    return os.path.exists(one) and os.path.exists(other) and os.path.samefile(one, other)


def write_text(path, text):
    """Write a text as UTF-8, in one step: until it is complete, what was there before stays.

    A link stays a link, and a file keeps its permissions. What is no file (a pipe, a terminal)
    is written to as it is.
    """
    write_file(path, text.encode("utf-8"))


def written(text, path=None):
    """Return a text, written to a file first where there is one."""
    if path is not None:
        write_text(path, text)
    return text


def write_file(path, data):
    """Write bytes as `write_text` writes a text."""
    if _is_special(path):
        with open(path, "wb") as file:
            file.write(data)
        return
    real = _real(path)
    if real.is_dir():
        raise IsADirectoryError(f"{path} cannot be written, it is a folder; name a file in it.")
    temporary = _write_beside(real, data)
    try:
        if real.exists():
            os.chmod(temporary, stat.S_IMODE(real.stat().st_mode))
        os.replace(temporary, real)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(real.parent)


def write_bytes(path, *data):
    """Write bytes, piece by piece, in one step, for whoever can tell whether they are all there.

    That is many times faster than `write_text`; after a failure of power some may be missing.
    """
    temporary = _write_beside(Path(path), *data, sync=False)
    try:
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def check_new_folder(path):
    """Try whether a folder could be made, or an empty one filled; leave everything as it was.

    Raises ValueError, which says what to do, where it could not.
    """
    real = _real(path)
    if real.is_dir():
        if any(real.iterdir()):
            raise ValueError(f"{path} is not empty, and nothing in it is replaced; name another.")
        if os.path.ismount(real):
            raise ValueError(f"{path} is a whole drive; name a folder in it.")
    elif os.path.lexists(path):
        raise ValueError(f"{path} is there, and no folder; name another.")
    if not real.parent.is_dir():
        raise ValueError(f"{path} cannot be made, its folder does not exist; make it first.")
    try:
        _folder_beside(real).rmdir()
    except OSError as error:
        raise ValueError(f"{path} cannot be made, {error}; name another folder.") from error


def is_within(path, folder):
    """Tell whether a path is a folder or lies in it; links are followed, capitals do not count."""
    path, folder = (Path(str(_real(one)).casefold()) for one in (path, folder))
    return folder == path or folder in path.parents


@contextmanager
def new_folder(path):
    """Make a folder, in one step: it is filled under another name beside it.

    Yields that name. An empty folder of the name gives way, with its permissions; nothing else is
    replaced. Where something goes wrong, or is stopped, there is no folder.
    """
    real = _real(path)
    temporary = _folder_beside(real)
    try:
        yield temporary
        if real.is_dir():
            os.chmod(temporary, stat.S_IMODE(real.stat().st_mode))
            # Fails where something came in.
            real.rmdir()
        if os.path.lexists(real):
            raise FileExistsError(f"{path} is there by now; name another folder.")
        if hasattr(os, "sync"):
            os.sync()
        os.rename(temporary, real)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    _sync_folder(real.parent)


def _folder_beside(path):
    """Make a folder beside another; return its path."""
    temporary = path.with_name(f".ganisi-{uuid.uuid4().hex}")
    temporary.mkdir()
    return temporary


def _real(path):
    return Path(os.path.realpath(path))


def _is_special(path):
    """Tell whether a path is there and neither file nor folder."""
    return os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path)


def _write_beside(path, *data, sync=True):
    """Write bytes to a new file in the folder of another; return its path.

    Down to the disk, if `sync`, so that the name is not there before the bytes are.
    """
    # Without the other's name, which may be as long as names can be.
    temporary = path.with_name(f".ganisi-{uuid.uuid4().hex}")
    try:
        with open(temporary, "xb") as file:
            file.writelines(data)
            file.flush()
            if sync:
                os.fsync(file.fileno())
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _sync_folder(folder):
    """Bring a new name down to the disk, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

"""Rows of many generated images in files, mapped into memory: no more is held than is looked at."""

import hashlib
import io
import os
from pathlib import Path

import numpy as np
from joblib import Parallel, delayed, effective_n_jobs
from numpy.lib import format as npy
from sklearn.utils import gen_batches

from .._compat._callbacks import UNWATCHED, watched
from .._compat._progress import progress_bar
from .._compat._writing import write_bytes
from .._version import __version__
from ..images._known_files import known_files
from ..images._survey import content_keys
from ._describing import described, rows_in_blocks, settings_of, without_workers
from ._matching import params_named

#: Images whose rows are in one file: 240 MB of `recommended()`. A kill costs as many, a worker.
_IMAGES_PER_FILE = 2048
_DIGEST_SIZE = hashlib.sha256().digest_size


class RowFiles:
    """Rows of one descriptor's settings in a folder, of so many images a file.

    A file is named after the settings and the contents of its images, in their order. It is an
    ``.npy``, and behind that a checksum of it and of its name; nothing in it is executed. Files are
    replaced in one step, so several processes may share a folder.
    """

    def __init__(self, folder, descriptor, half=False):
        self._folder, self._half = Path(folder, "ganisi-generated"), half
        settings = settings_of(descriptor)
        if settings is None:
            raise ValueError(
                f"store={os.fspath(folder)!r} keeps rows by the settings of the descriptor, and "
                f"{type(descriptor).__name__} cannot be pickled; give it functions that have a "
                "name, or store=None."
            )
        self._settings = f"{settings} {__version__}{' half' if half else ''}"

    def complete(self, descriptor, images, contents):
        """Describe images and keep their rows, unless these are there, and whole."""
        path = self._path(contents)
        if _is_whole(path):
            return
        rows = rows_in_blocks(descriptor, images)
        if self._half:
            rows = _halved(rows)
        header = io.BytesIO()
        npy.write_array_header_1_0(header, npy.header_data_from_array_1_0(rows))
        parts = [header.getvalue(), rows]
        try:
            write_bytes(path, *parts, _checksum(path.name, *parts))
        except OSError as error:
            raise OSError(
                f"rows cannot be kept in store={str(self._folder.parent)!r}: {error}; make room "
                "there, or name another folder. What is there already is not described again."
            ) from error

    def rows(self, contents):
        """Return the rows of images, mapped from their file, read-only."""
        return np.load(self._path(contents), mmap_mode="r", allow_pickle=False).view(np.ndarray)

    def make_folder(self):
        """Make the folder, where it is not there: rows tell much of an image, and are private."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise ValueError(
                f"store={str(self._folder.parent)!r} can hold no files: {error}; name a folder."
            ) from error

    def _path(self, contents):
        name = hashlib.sha256("\n".join([self._settings, *contents]).encode()).hexdigest()
        return self._folder / f"{name}.npy"


def check_store(folder, descriptor, half=False):
    """Refuse a folder that can hold no rows of a fitted descriptor, before any are made."""
    if folder is None:
        if half:
            raise ValueError("half is of rows in files; give store=, or half=False.")
        return
    RowFiles(folder, descriptor).make_folder()


def described_in_files(
    descriptor,
    images,
    folder,
    task="describing",
    verbose=0,
    *,
    half=False,
    within=UNWATCHED,
    model=None,
):
    """Return a fitted descriptor's rows of images as `described` does, but in parts, from files.

    Parts whose files are there already are not described again. Workers of joblib write their
    files themselves, so that no row is sent to anybody.
    """
    files, contents = RowFiles(folder, descriptor, half), content_keys(images)
    # A file that holds another image by then must not be kept as this one.
    images = known_files(images, contents)
    parts = list(gen_batches(len(images), _IMAGES_PER_FILE))
    n_jobs = next((n for n in params_named("n_jobs", descriptor).values() if n is not None), None)
    alone = without_workers(descriptor)
    rounds = [parts[some] for some in gen_batches(len(parts), effective_n_jobs(n_jobs))]
    describing = within.subcontext(task, max_subtasks=len(rounds))
    with watched(describing, model):
        sizes = [some[-1].stop - some[0].start for some in rounds]
        for some in progress_bar(rounds, task, verbose, sizes):
            with watched(describing.subcontext("block of images"), model):
                Parallel(n_jobs=n_jobs)(
                    delayed(files.complete)(alone, images[part], contents[part]) for part in some
                )
    return [files.rows(contents[part]) for part in parts]


def described_sets(
    descriptor, sets, store=None, task="describing", verbose=0, *, half=False, **watch
):
    """Return a fitted descriptor's rows of sets of generated images, in parts if in files."""
    if store is None:
        return tuple(described(descriptor, set_, task, verbose, **watch) for set_ in sets)
    return tuple(
        part
        for set_ in sets
        for part in described_in_files(descriptor, set_, store, task, verbose, half=half, **watch)
    )


def _halved(rows):
    """Return rows as numbers of 16 bits, or say that these cannot hold them."""
    with np.errstate(over="ignore"):
        halved = rows.astype(np.float16)
    if not np.isfinite(halved).all():
        raise ValueError(
            f"half=True keeps no number above {np.finfo(np.float16).max:.0f}, and rows have "
            f"{np.abs(rows).max():.3g}; bring the grey levels of all images to a smaller scale, or "
            "give half=False."
        )
    return halved


def _checksum(name, *parts):
    digest = hashlib.sha256(name.encode())
    for part in parts:
        digest.update(part)
    return digest.digest()


def _is_whole(path):
    """Tell whether a file is there, with all that was written to it."""
    try:
        with open(path, "rb") as file:
            size = os.fstat(file.fileno()).st_size - _DIGEST_SIZE
            digest = hashlib.sha256(path.name.encode())
            while size > 0 and (some := file.read(min(size, 2**20))):
                digest.update(some)
                size -= len(some)
            return size == 0 and file.read() == digest.digest()
    except FileNotFoundError:
        return False

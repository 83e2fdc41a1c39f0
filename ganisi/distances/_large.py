"""Arrays of distances that may be too large for memory, and then lie in a file without a name."""

import math
import tempfile
from contextlib import contextmanager
from contextvars import ContextVar

import numpy as np

#: Smaller arrays are held in memory, wherever others go.
_SMALLEST_IN_FILE = 2**26
#: Folder of large arrays; None where all are held in memory.
_FOLDER = ContextVar("folder of large distances", default=None)


@contextmanager
def large_distances_in(folder):
    """While this lasts, large arrays of distances lie in a folder, if there is one."""
    token = _FOLDER.set(folder)
    try:
        yield
    finally:
        _FOLDER.reset(token)


def empty_distances(shape, dtype=np.float32):
    """Return a new array, mapped from a file where it is large and a folder is named.

    The file has no name, so nobody else reads it, and it is gone with the array or the process.
    """
    folder = _FOLDER.get()
    if folder is None or np.dtype(dtype).itemsize * math.prod(shape) < _SMALLEST_IN_FILE:
        return np.empty(shape, dtype)
    with tempfile.TemporaryFile(dir=folder) as file:
        # A plain array, so that what is computed of it is one too.
        return np.memmap(file, dtype, "w+", shape=tuple(shape)).view(np.ndarray)


def side_by_side(distances, axis):
    """Return several arrays of distances beside each other, in a file likewise."""
    if _FOLDER.get() is None:
        return np.concatenate(distances, axis=axis)
    shape = list(distances[0].shape)
    shape[axis] = sum(some.shape[axis] for some in distances)
    written = empty_distances(shape, np.result_type(*distances))
    return np.concatenate(distances, axis=axis, out=written)


def queries_of(distances, queries):
    """Return a copy of the distances of some queries, by their places, in a file likewise."""
    if _FOLDER.get() is None:
        return distances[queries]
    chosen = empty_distances((len(queries), *distances.shape[1:]), distances.dtype)
    for query, written in zip(queries, chosen, strict=True):
        written[:] = distances[query]
    return chosen

"""What `fit` makes of images, kept in a folder for the next call."""

import os
from pathlib import Path

from sklearn.utils.validation import check_memory

from .._version import __version__
from ..images._known_files import known_files
from ..images._patients import check_groups
from ..images._survey import content_keys


def fit_once(pairing, images, sets, groups, memory, **watch):
    """Return an `ImagePairer` that was checked, fitted, and the distances of its real images.

    With `memory` both may be those that an earlier call has left there.
    """
    if memory is None:
        return _fit(pairing, None, images, sets, groups, watch)
    if pairing.store is not None:
        raise ValueError(
            "memory and store are both given, and memory would keep all that is in store a second "
            "time, and read it whole; give memory=None. What was described is found in store."
        )
    if isinstance(memory, (str, os.PathLike)):
        # Distances tell of images: they are nobody else's.
        folder = Path(memory, "ganisi-distances")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        memory = os.fspath(folder)
    memory = check_memory(memory)
    # Their depth is among what `pairing` knows by now.
    contents = [content_keys(some) for some in (images, *sets)]
    # A file that holds another image by then must not be kept as this one.
    images, *sets = map(known_files, (images, *sets), contents)
    patients = None if groups is None else check_groups(groups, len(images))
    known = contents, patients, __version__
    cached = memory.cache(_fit, ignore=["images", "sets", "groups", "watch"])
    return cached(pairing, known, images, sets, groups, watch)


def _fit(pairing, known, images, sets, groups, watch):
    return pairing, pairing._fit_checked(images, sets, groups, **watch)

"""Many images to rows, in one array that is filled block by block."""

from contextlib import contextmanager
from contextvars import ContextVar
from copy import deepcopy
from pickle import PicklingError

import joblib
import numpy as np
from joblib import effective_n_jobs
from sklearn.utils import gen_batches

from .._compat._callbacks import UNWATCHED, watched
from .._compat._progress import progress_bar
from ..images._given import as_given, check_unchanged
from ..images._survey import content_keys
from ..images._views import Views

#: Images, under all their views, between two steps of a progress bar; and how many of them there
#: are for each worker at least, so that workers do not wait for each other most of the time.
_IMAGES_PER_BLOCK = 32
_IMAGES_PER_WORKER = 16
#: Rows that are kept for later, by descriptor, views and image; None where none are.
_KEPT = ContextVar("rows kept", default=None)


@contextmanager
def keeping_rows():
    """While this lasts, describe no image twice in one way; all rows stay in memory until it ends.

    What cannot be pickled, such as a function without a name, is not known again.
    """
    token = _KEPT.set({})
    try:
        yield
    finally:
        _KEPT.reset(token)


def described(
    descriptor, images, task="describing", verbose=0, *, views=None, within=UNWATCHED, model=None
):
    """Return a fitted descriptor's rows of images, read-only, so that all may share them.

    The rows of an image under several views stand side by side. Callbacks of `model` are told of
    the blocks, as subtasks of the task `within`.
    """
    views = Views.of(views)
    kept, keys = _KEPT.get(), None
    if kept is not None and (how := settings_of(descriptor)) is not None:
        keys = [(how, repr(views), content) for content in content_keys(images)]
    size = max(_IMAGES_PER_BLOCK, _IMAGES_PER_WORKER * effective_n_jobs(-1))
    size = max(1, size // len(views))
    blocks = list(gen_batches(len(images), size))
    describing = within.subcontext(task, max_subtasks=len(blocks))
    rows = None
    with watched(describing, model):
        sizes = [block.stop - block.start for block in blocks]
        for block in progress_bar(blocks, task, verbose, sizes):
            with watched(describing.subcontext("block of images"), model):
                some = _block(descriptor, images, views, block, keys, kept)
                if rows is None:
                    rows = np.empty((len(images), some.shape[1]), some.dtype)
                rows[block] = some
    rows.flags.writeable = False
    for key, row in zip(keys or (), rows, strict=False):
        kept.setdefault(key, row)
    return rows


def _block(descriptor, images, views, block, keys, kept):
    """Return the rows of some images, kept ones as they are, ``(n_images, n_features)``."""
    if keys is None or not any(key in kept for key in keys[block]):
        return _rows(descriptor, images[block], views)
    new = [i for i in range(block.start, block.stop) if keys[i] not in kept]
    described = _rows(descriptor, [images[i] for i in new], views) if new else ()
    of_new = dict(zip(new, described, strict=True))
    return np.stack(
        [of_new[i] if i in of_new else kept[keys[i]] for i in range(block.start, block.stop)]
    )


def _rows(descriptor, images, views):
    """Return the rows of images under all views, ``(n_images, n_features)``."""
    n_images = len(images)
    if len(views) > 1:
        images = [view for image in images for view in views.apply(image)]
    rows = np.asarray(descriptor.transform(as_given(images))).reshape(n_images, -1)
    # Whoever reads a file by its path does not look whether it is still the one that was given.
    check_unchanged(images)
    return rows


def rows_in_blocks(descriptor, images):
    """Return the rows of images as they are; nothing is kept, and nobody is told."""
    blocks = gen_batches(len(images), _IMAGES_PER_BLOCK)
    return np.concatenate([_rows(descriptor, images[block], Views.of(None)) for block in blocks])


def without_workers(descriptor, *also):
    """Return a fitted copy in which `n_jobs`, and what else is named, is None."""
    same = deepcopy(descriptor)
    for name in same.get_params():
        if name.split("__")[-1] in ("n_jobs", *also):
            same.set_params(**{name: None})
    return same


def settings_of(descriptor):
    """Return what two descriptors share that make the same rows; None where it cannot be told."""
    try:
        return joblib.hash(without_workers(descriptor, "memory", "verbose"))
    except (PicklingError, AttributeError, TypeError):
        return None

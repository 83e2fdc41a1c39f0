"""Many images to rows, in one array that is filled block by block."""

import numpy as np
from joblib import effective_n_jobs
from sklearn.utils import gen_batches

from .._compat._callbacks import UNWATCHED, watched
from .._compat._progress import progress_bar
from ..images._file import as_given
from ..images._views import Views

#: Images, under all their views, between two steps of a progress bar; and how many of them there
#: are for each worker at least, so that workers do not wait for each other most of the time.
_IMAGES_PER_BLOCK = 32
_IMAGES_PER_WORKER = 16


def described(
    descriptor, images, task="describing", verbose=0, *, views=None, within=UNWATCHED, model=None
):
    """Return a fitted descriptor's rows of images, read-only, so that all may share them.

    The rows of an image under several views stand side by side. Callbacks of `model` are told of
    the blocks, as subtasks of the task `within`.
    """
    views = Views.of(views)
    size = max(_IMAGES_PER_BLOCK, _IMAGES_PER_WORKER * effective_n_jobs(-1))
    size = max(1, size // len(views))
    blocks = list(gen_batches(len(images), size))
    describing = within.subcontext(task, max_subtasks=len(blocks))
    rows = None
    with watched(describing, model):
        sizes = [block.stop - block.start for block in blocks]
        for block in progress_bar(blocks, task, verbose, sizes):
            with watched(describing.subcontext("block of images"), model):
                some = images[block]
                n_images = len(some)
                if len(views) > 1:
                    some = [view for image in some for view in views.apply(image)]
                some = np.asarray(descriptor.transform(as_given(some))).reshape(n_images, -1)
                if rows is None:
                    rows = np.empty((len(images), some.shape[1]), some.dtype)
                rows[block] = some
    rows.flags.writeable = False
    return rows

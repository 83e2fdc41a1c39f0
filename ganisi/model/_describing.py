"""Many images to rows, in one array that is filled block by block."""

import numpy as np
from joblib import effective_n_jobs
from sklearn.utils import gen_batches

from .._compat._callbacks import UNWATCHED, watched
from .._compat._progress import progress_bar

#: Images between two steps of a progress bar, and how many of them there are for each worker at
#: least, so that none waits for the others.
_IMAGES_PER_BLOCK = 256
_IMAGES_PER_WORKER = 64


def described(descriptor, images, task="describing", verbose=0, *, within=UNWATCHED, model=None):
    """Return a fitted descriptor's rows of images, read-only, so that all may share them.

    Callbacks of `model` are told of the blocks, as subtasks of the task `within`.
    """
    size = max(_IMAGES_PER_BLOCK, _IMAGES_PER_WORKER * effective_n_jobs(-1))
    blocks = list(gen_batches(len(images), size))
    describing = within.subcontext(task, max_subtasks=len(blocks))
    rows = None
    with watched(describing, model):
        for block in progress_bar(blocks, task, verbose):
            with watched(describing.subcontext("block of images"), model):
                some = np.asarray(descriptor.transform(images[block]))
                if rows is None:
                    rows = np.empty((len(images), some.shape[1]), some.dtype)
                rows[block] = some
    rows.flags.writeable = False
    return rows

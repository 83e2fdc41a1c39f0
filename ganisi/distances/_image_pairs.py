"""Distances of pairs of images, block by block, by whatever compares two blocks."""

import numpy as np
from joblib import Parallel, delayed
from sklearn.utils import gen_batches

#: Queries that are prepared at a time.
_QUERIES_PER_BLOCK = 256
#: Generated images are prepared and compared as many at a time as have this many cells together.
_CELLS_PER_BLOCK = 2**18


def check_image_sets(queries, sets):
    """Return queries and sets as arrays ``(n_images, height, width)`` of one height and width."""
    queries, *sets = (np.asarray(images) for images in (queries, *sets))
    for images, name in [(queries, "queries"), *((images, "generated") for images in sets)]:
        if images.ndim != 3 or images.shape[1:] != queries.shape[1:]:
            raise ValueError(
                f"{name} has shape {images.shape}; expected images (n_images, height, width), all "
                "of one height and width."
            )
    return queries, tuple(sets)


def distances_by_block(queries, sets, prepare_queries, prepare_generated, compare, n_jobs=None):
    """Return distances ``(n_queries, n_generated)`` to several sets put end to end, as float32.

    ``compare(prepared queries, prepared generated)`` gives those of all pairs of two blocks; each
    pair must come out the same in any block.
    """
    n_generated = sum(len(generated) for generated in sets)
    distances = np.empty((len(queries), n_generated), np.float32)
    blocks = list(_blocks(sets, max(1, _CELLS_PER_BLOCK // queries[0].size)))
    for rows in gen_batches(len(queries), _QUERIES_PER_BLOCK):
        prepared = prepare_queries(queries[rows])

        def write(block, columns, rows=rows, prepared=prepared):
            distances[rows, columns] = compare(prepared, prepare_generated(block))

        # Every thread writes its own columns: nothing is sent anywhere, not even to a cluster.
        Parallel(n_jobs=n_jobs, require="sharedmem")(
            delayed(write)(block, columns) for block, columns in blocks
        )
    return distances


def _blocks(sets, size):
    """Blocks of generated images, each with the columns of its distances."""
    first = 0
    for generated in sets:
        for some in gen_batches(len(generated), size):
            yield generated[some], slice(first + some.start, first + some.stop)
        first += len(generated)

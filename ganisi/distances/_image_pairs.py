"""Pairs of images, block by block, so that memory is bounded."""

import numpy as np
from sklearn.utils import gen_batches

from ._sharing import share_queries

#: Queries that are prepared at a time.
_QUERIES_PER_BLOCK = 256
#: Generated images are prepared and compared as many at a time as have this many cells together.
_CELLS_PER_BLOCK = 2**18


def distances_of_images(write, queries, generated, n_jobs):
    """Check images, and return what ``write(queries, generated, distances)`` makes of them."""
    queries, generated = np.asarray(queries), np.asarray(generated)
    for images, name in [(queries, "queries"), (generated, "generated")]:
        if images.ndim != 3 or images.shape[1:] != queries.shape[1:]:
            raise ValueError(
                f"{name} has shape {images.shape}; expected images (n_images, height, width), all "
                "of one height and width."
            )
    distances = np.empty((len(queries), len(generated)), np.float32)
    share_queries(
        lambda some: write(queries[some], generated, distances[some]), len(queries), n_jobs
    )
    return distances


def write_by_block(queries, generated, distances, prepare_queries, prepare_generated, compare):
    """Write ``compare(prepared queries, prepared generated)`` of all blocks of images.

    A pair's distance must be the same bits in any block.
    """
    height, width = generated.shape[1:]
    size = max(1, _CELLS_PER_BLOCK // (height * width))
    for rows in gen_batches(len(queries), _QUERIES_PER_BLOCK):
        prepared = prepare_queries(queries[rows])
        for columns in gen_batches(len(generated), size):
            distances[rows, columns] = compare(prepared, prepare_generated(generated[columns]))

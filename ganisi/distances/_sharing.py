"""Queries shared by threads."""

import itertools

import numpy as np
from joblib import Parallel, delayed, effective_n_jobs


def share_queries(work, n_queries, n_jobs):
    """Call ``work(slice)`` for each thread's share of the queries."""
    bounds = np.linspace(0, n_queries, effective_n_jobs(n_jobs) + 1).astype(int)
    # Every thread writes its own rows: nothing is sent anywhere, not even to a cluster.
    Parallel(n_jobs=n_jobs, require="sharedmem")(
        delayed(work)(slice(start, stop))
        for start, stop in itertools.pairwise(bounds)
        if start < stop
    )

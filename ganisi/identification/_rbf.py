"""Decision functions of support vector machines with RBF kernels, in blocks through BLAS."""

from typing import NamedTuple

import numpy as np

# So many rows and support vectors at a time: their kernel stays in the cache.
_ROWS_PER_BLOCK, _VECTORS_PER_BLOCK = 256, 512


class RBFMachine(NamedTuple):
    """``f(x) = sum_i coefficients[i] exp(-gamma |x - vectors[i]|^2) + intercept``."""

    vectors: np.ndarray  # (n_vectors, n_features)
    coefficients: np.ndarray  # (n_vectors,)
    intercept: float
    gamma: float


def rbf_decision_functions(rows, machines):
    """Evaluate several machines at the same rows: values ``(n_rows, n_machines)``, float64."""
    # With |x - s|^2 = |x|^2 + |s|^2 - 2 x s the work is a matrix product. Machines that were fitted
    # on parts of one set of rows, as those of cross-validation are, have most of their support
    # vectors in common: squared distances are computed once for all of them, and what is left of
    # each is its exponentials. All in float64: from libsvm's loops the values differ by rounding.
    rows = np.asarray(rows, dtype=np.float64)
    vectors, coefficients = _in_common(machines)
    row_norms, vector_norms = (rows**2).sum(axis=1) / 2, (vectors**2).sum(axis=1) / 2
    values = np.tile([machine.intercept for machine in machines], (len(rows), 1)).astype(float)
    for i in range(0, len(rows), _ROWS_PER_BLOCK):
        some = slice(i, i + _ROWS_PER_BLOCK)
        for j in range(0, len(vectors), _VECTORS_PER_BLOCK):
            others = slice(j, j + _VECTORS_PER_BLOCK)
            # Minus half the squared distances; a distance of zero may come out on either side.
            closeness = rows[some] @ vectors[others].T
            closeness -= row_norms[some, np.newaxis]
            closeness -= vector_norms[others]
            np.minimum(closeness, 0, out=closeness)
            kernel = np.empty_like(closeness)
            for k, machine in enumerate(machines):
                np.multiply(closeness, 2 * machine.gamma, out=kernel)
                np.exp(kernel, out=kernel)
                values[some, k] += kernel @ coefficients[k, others]
    return values


def _in_common(machines):
    """Return all different support vectors, and the coefficients each machine has for them."""
    stacked = np.ascontiguousarray(np.concatenate([m.vectors for m in machines]), np.float64)
    # Rows as single items, which sort much faster than columns one by one.
    items = stacked.view(np.dtype((np.void, stacked.itemsize * stacked.shape[1]))).ravel()
    _, first, position = np.unique(items, return_index=True, return_inverse=True)
    coefficients = np.zeros((len(machines), len(first)))
    start = 0
    for k, machine in enumerate(machines):
        stop = start + len(machine.vectors)
        # A row may be a support vector twice.
        np.add.at(coefficients[k], position[start:stop], np.ravel(machine.coefficients))
        start = stop
    return stacked[first], coefficients

"""What distance a generated image typically has to real ones, and distances judged by it."""

from dataclasses import dataclass

import numpy as np
from sklearn.utils import gen_batches

from ..images._patients import TooFewError

#: Statistics look at this many pairs at a time.
_PAIRS_PER_BLOCK = 2**16
#: Smallest spread of the logarithm of a distance, so that a constant one divides by no zero.
_SPREAD_FLOOR = 0.01
#: Added to a distance before its logarithm is taken, in units of the map's median distance.
_OFFSET = 1e-6
#: The median is that of the distances to this many generated images, or up to twice as many.
_IMAGES_OF_MEDIAN = 256


@dataclass(frozen=True)
class RelativeScale:
    """Mean and spread of the logarithm of each generated image's distances, map by map.

    `offset` ``(n_maps,)`` is added before the logarithm is taken; `location` and `scale` are
    ``(n_generated, n_maps)``. Of two queries' size: no image can be read out of them.
    """

    offset: np.ndarray
    location: np.ndarray
    scale: np.ndarray

    @classmethod
    def fit(cls, distances_to, n_generated):
        """Learn from ``distances_to(columns)``, asked for a few generated images at a time."""
        # The median of all distances would need them all at once; a spread sample will do for a
        # constant whose only work is to keep the logarithm finite.
        sample = distances_to(slice(None, None, max(1, n_generated // _IMAGES_OF_MEDIAN)))
        n_queries, _, n_maps = sample.shape
        tiny = np.finfo(np.float32).tiny
        offset = np.maximum(_OFFSET * np.median(sample, axis=(0, 1)), tiny).astype(np.float32)
        location = np.empty((n_generated, n_maps), np.float32)
        scale = np.empty_like(location)
        for block in generated_blocks(n_queries, n_generated):
            logs = np.array(distances_to(block), np.float32)
            _take_logarithm(logs, offset)
            location[block] = logs.mean(axis=0, dtype=np.float64)
            scale[block] = np.maximum(logs.std(axis=0, dtype=np.float64), _SPREAD_FLOOR)
        return cls(offset, location, scale)

    def standardise(self, distances, out=None):
        """Return ``(log(d + offset) - location) / scale`` in float32; `out` may be `distances`."""
        if out is None:
            out = np.array(distances, np.float32)
        _take_logarithm(out, self.offset)
        out -= self.location
        out /= self.scale
        return out

    def standardise_left_out(self, distances, groups):
        """Standardise the queries of `fit` in place, each by the queries of other groups."""
        check_several(groups)
        n_queries = len(groups)
        members = [np.flatnonzero(groups == group) for group in range(groups.max() + 1)]
        for block in generated_blocks(n_queries, distances.shape[1]):
            logs = distances[:, block].astype(np.float64)
            _take_logarithm(logs, self.offset)
            # Centred first, so that the difference of squares keeps its digits.
            logs -= logs.mean(axis=0)
            total, squares = logs.sum(axis=0), (logs**2).sum(axis=0)
            for rows in members:
                own, n_others = logs[rows], n_queries - len(rows)
                mean = (total - own.sum(axis=0)) / n_others
                variance = (squares - (own**2).sum(axis=0)) / n_others - mean**2
                spread = np.sqrt(np.maximum(variance, 0))
                distances[rows, block] = (own - mean) / np.maximum(spread, _SPREAD_FLOOR)


def check_several(groups):
    """Refuse queries of one group, numbered from 0: nothing is left without it."""
    if groups.max() == 0:
        raise TooFewError(
            "relative=True leaves each group out of its own statistics, and groups holds only "
            "one; give at least 2 groups."
        )


def generated_blocks(n_queries, n_generated):
    """Return slices of the generated images, each of a bounded number of pairs."""
    return gen_batches(n_generated, max(1, _PAIRS_PER_BLOCK // n_queries))


def _take_logarithm(distances, offset):
    # Other pairers may round a distance of 0 to just below it.
    np.maximum(distances, 0, out=distances)
    distances += offset
    np.log(distances, out=distances)

"""Maps that are looked at together, and which of a query's distances are taken of each group."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from numbers import Integral, Real

import numpy as np

from ..images._patients import TooFewError
from ._distances import fit_scaler


@dataclass(frozen=True)
class Pools:
    """Groups of maps, each pooled to its mean over scaled distances, and the ranks of each."""

    maps: list  # of slices, one a group
    columns: list  # of arrays, one a group: places from 0, of distances in ascending order
    scaler: object  # spread of each map over all pairs of `fit`
    as_they_are: bool  # whether each map stands alone, in its own unit

    @classmethod
    def fit(cls, distances, pool_maps, ranks):
        """Find the groups and their places for distances ``(n_queries, n_generated, n_maps)``."""
        _, n_generated, n_maps = distances.shape
        maps = _groups_of_maps(pool_maps, n_maps)
        if _is_one_a_group(ranks):
            if len(ranks) != len(maps):
                raise ValueError(
                    f"ranks={ranks!r} has ranks for {len(ranks)} groups of maps, and there are "
                    f"{len(maps)}; give as many, or one tuple of ranks for all."
                )
        else:
            ranks = [ranks] * len(maps)
        columns = [_whole_ranks(of_group, n_generated) - 1 for of_group in ranks]
        return cls(maps, columns, fit_scaler(distances), pool_maps is False)

    def pooled(self, distances):
        """Return the distance of each pair over each group, ``(n_queries, n_generated, n_groups)``.

        The mean over the group's maps of the distance in units of the map's spread.
        """
        if self.as_they_are:
            return distances
        # Standardised up to a constant that all pairs share.
        means = [
            distances[..., maps] @ (1 / (scale * len(scale)))
            for maps in self.maps
            for scale in [self.scaler.scale_[maps]]
        ]
        return np.stack(means, axis=2)

    def at_ranks(self, pooled):
        """Return the distances that are taken: rank by rank, those of all groups that have it."""
        wanted = np.unique(np.concatenate(self.columns))
        ordered = np.partition(pooled, wanted, axis=1)
        taken = [
            ordered[:, columns[k], group]
            for k in range(max(map(len, self.columns)))
            for group, columns in enumerate(self.columns)
            if k < len(columns)
        ]
        return np.stack(taken, axis=1)


def check_pools(pool_maps, ranks):
    """Refuse what cannot be groups of maps, or ranks, before there are any distances."""
    if not isinstance(pool_maps, (bool, np.bool_)):
        _check_slices(pool_maps)
    for of_group in ranks if _is_one_a_group(ranks) else [ranks]:
        _check_ranks(of_group)


def _is_one_a_group(ranks):
    return any(isinstance(of_group, Sequence) for of_group in ranks)


def _groups_of_maps(pool_maps, n_maps):
    if isinstance(pool_maps, (bool, np.bool_)):
        return [slice(None)] if pool_maps else [slice(m, m + 1) for m in range(n_maps)]
    members = [m for maps in pool_maps for m in range(n_maps)[maps]]
    if sorted(members) != list(range(n_maps)) or not all(range(n_maps)[m] for m in pool_maps):
        raise ValueError(
            f"pool_maps={pool_maps!r} does not divide {n_maps} maps into groups: each map must be "
            "in one of them, and each needs a map."
        )
    return list(pool_maps)


def _check_slices(pool_maps):
    if not pool_maps or not all(isinstance(maps, slice) for maps in pool_maps):
        raise ValueError(
            f"pool_maps={pool_maps!r}; expected True, False, None or a list of slices, such as "
            "[slice(None, -1), slice(-1, None)]."
        )


def _check_ranks(ranks):
    for rank in ranks:
        if not (_is_share(rank) or (isinstance(rank, Integral) and rank >= 1)):
            raise ValueError(
                f"ranks={ranks!r}; expected whole numbers from 1, or shares between 0 and 1."
            )
    if not ranks:
        raise ValueError(f"ranks={ranks!r}; expected at least one rank.")


def _is_share(rank):
    return isinstance(rank, Real) and not isinstance(rank, Integral) and 0 < rank < 1


def _whole_ranks(ranks, n_generated):
    """Ranks from 1, those given as shares too."""
    whole = [ceil(rank * n_generated) if _is_share(rank) else rank for rank in ranks]
    if max(whole) > n_generated:
        raise TooFewError(
            f"ranks={ranks!r} asks for more than the {n_generated} generated images; use smaller "
            "ranks."
        )
    return np.asarray(whole)

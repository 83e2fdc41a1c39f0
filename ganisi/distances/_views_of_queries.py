"""Comparing queries under several views, and taking the nearest one of each pair."""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_left

import numpy as np
from sklearn.utils import gen_batches

from ._large import empty_distances
from ._sharing import share_queries
from ._typical import mean_over_maps, typical_distances

#: Distances of another view that a thread holds at a time: 16 MB.
_DISTANCES_PER_BLOCK = 2**22
#: Rows of generated images, where they are columns of wider ones, that are copied at a time.
_ROWS_PER_COPY = 256
#: Generated images that all views of all queries are compared with before the next ones come: each
#: of their rows is then read once, also from a disk, however many of them there are.
_GENERATED_PER_BLOCK = 1024


class ComparesViews(ABC):
    """What of a pairer compares rows, set by set and view by view, in threads.

    It reads `n_views` and `n_jobs`, and of what is fitted `generated_rows_`, `n_generated_` and
    `n_maps_`; it learns `view_scale_`.
    """

    @abstractmethod
    def _compare(self, queries: np.ndarray, generated: np.ndarray, distances: np.ndarray) -> None:
        """Write the distances of rows into ``distances (n_queries, n_generated, n_maps)``."""

    def _coarsen(self, rows):
        """Return the rows by which views are compared: smaller ones, or `rows` themselves."""
        return rows

    def _distances(self, queries, columns=None):
        """Return the distances to all generated images, or to a slice of them."""
        distances = self._first_view(queries, columns)
        self._take_nearer_views(queries, [(self, distances)], columns)
        return distances

    def _first_view(self, queries, columns=None, coarse=False):
        sets, view_of = self._sets(columns), self._under_view
        if coarse:
            sets, view_of = [self._coarsen(rows) for rows in sets], self._coarse_view
        n_generated = sum(len(rows) for rows in sets)
        distances = empty_distances((len(queries), n_generated, self.n_maps_))

        def compare(some):
            self._compare_to_sets(view_of(queries[some], 0), sets, distances[some])

        share_queries(compare, len(queries), self.n_jobs)
        return distances

    def _take_nearer_views(self, queries, wanted, columns=None, views=None):
        """Put the distances of the nearest view in place of the first one's; tell which it is.

        `wanted` lists pairers, whose scales say what is nearest, each with the distances that
        become its own; `views` are those of the first.
        """
        if self.n_views == 1:
            return
        chosen = range(self.n_generated_)[columns or slice(None)]
        for block in gen_batches(len(chosen), _GENERATED_PER_BLOCK):
            some = chosen[block]
            self._take_nearer_views_of(
                queries,
                self._sets(slice(some.start, some.stop, some.step)),
                [(pairer, distances[:, block]) for pairer, distances in wanted],
                None if views is None else views[:, block],
            )

    def _take_nearer_views_of(self, queries, sets, wanted, views):
        """Do so for the generated images whose rows are given."""
        coarse = [self._coarsen(rows) for rows in sets]
        is_exact = all(one is rows for one, rows in zip(coarse, sets, strict=True))
        scales = [pairer.view_scale_ for pairer, _ in wanted]
        size = max(1, _DISTANCES_PER_BLOCK // wanted[0][1][0].size)

        def choose(some):
            for start in range(some.start, some.stop, size):
                block = slice(start, min(start + size, some.stop))
                written = [distances[block] for _, distances in wanted]
                if is_exact:
                    chosen = self._take_nearest(queries[block], sets, written, scales)
                else:
                    near = [np.empty_like(distances) for distances in written]
                    self._compare_to_sets(self._coarse_view(queries[block], 0), coarse, near[0])
                    for other in near[1:]:
                        other[:] = near[0]
                    chosen = self._take_nearest(queries[block], coarse, near, scales)
                    for own, distances in zip(chosen, written, strict=True):
                        self._compare_chosen(queries[block], sets, own, distances)
                if views is not None:
                    views[block] = chosen[0]

        share_queries(choose, len(queries), self.n_jobs)

    def _take_nearest(self, queries, sets, written, scales):
        """For each of several scales put the distances of the nearest view in place; return it."""
        nearest = [mean_over_maps(*one) for one in zip(written, scales, strict=True)]
        chosen = [np.zeros(means.shape, np.intp) for means in nearest]
        other = np.empty_like(written[0])
        for view in range(1, self.n_views):
            self._compare_to_sets(self._coarse_view(queries, view), sets, other)
            for distances, least, views, scale in zip(
                written, nearest, chosen, scales, strict=True
            ):
                means = mean_over_maps(other, scale)
                nearer = means < least
                np.copyto(distances, other, where=nearer[:, :, None])
                np.copyto(least, means, where=nearer)
                views[nearer] = view
        return chosen

    def _compare_chosen(self, queries, sets, views, distances):
        """Compare each pair under its chosen view; those of the first view are there already."""
        for query, chosen, written in zip(queries, views, distances, strict=True):
            for view in np.unique(chosen[chosen > 0]):
                row = self._under_view(query[None], view)
                first = 0
                for rows in sets:
                    which = np.flatnonzero(chosen[first : first + len(rows)] == view)
                    if len(which):
                        some = np.empty((1, len(which), self.n_maps_), np.float32)
                        self._compare(row, rows[which].astype(np.float32, copy=False), some)
                        written[first + which] = some[0]
                    first += len(rows)

    def _under_view(self, queries, view):
        views = queries.reshape(len(queries), self.n_views, -1)
        return np.ascontiguousarray(views[:, view])

    def _coarse_view(self, queries, view):
        return self._coarsen(self._under_view(queries, view))

    def _compare_to_sets(self, queries, sets, distances):
        first = 0
        for rows in sets:
            as_they_are = rows.flags.c_contiguous and rows.dtype == np.float32
            size = len(rows) if as_they_are else _ROWS_PER_COPY
            for some in gen_batches(len(rows), size):
                part = distances[:, first + some.start : first + some.stop]
                self._compare(queries, np.ascontiguousarray(rows[some], np.float32), part)
            first += len(rows)

    def _sets(self, columns=None):
        """Return the rows of a slice of all generated images, set by set."""
        chosen = range(self.n_generated_)[columns or slice(None)]
        first, sets = 0, []
        for rows in self.generated_rows_:
            last = first + len(rows)
            inside = chosen[bisect_left(chosen, first) : bisect_left(chosen, last)]
            if inside:
                sets.append(rows[inside.start - first : inside.stop - first : inside.step])
            first = last
        return sets

    def _learn_view_scale(self, queries, distances=None):
        """Learn from the distances under the first view, known or not; of coarse rows, if any."""
        if self.n_views == 1:
            return
        known = distances is not None and self._coarsen(queries) is queries

        def distances_to(columns):
            if known:
                return distances[:, columns]
            return self._first_view(queries, columns, coarse=True)

        self.view_scale_ = typical_distances(distances_to, len(queries), self.n_generated_)

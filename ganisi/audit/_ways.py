"""Several ways to look at images, side by side, for a search that chooses among them."""

from copy import copy

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin, clone
from sklearn.pipeline import FeatureUnion

from .._compat._sklearn import Composition
from ..distances import _large
from ..distances._folds import pair_folds, pair_more, pair_others
from ..distances._union import finest_grid
from ..images._given import as_given
from ..images._views import ViewsOfSeveral
from .report._seen import attack_meaning

#: What changes no distance.
WORK = frozenset({"n_jobs", "memory", "store", "verbose"})


def side_by_side(looks):
    """Return a descriptor, a pairer and views that do the work of several, and the way of each.

    `looks` lists (descriptor, pairer, views), those of each candidate of a search; candidates that
    look alike have one way. Every descriptor is there once, under all views that there are.
    """
    descriptors, ways = [], []
    of_each = [
        _place((_place(descriptor, descriptors), pairer, views), ways)
        for descriptor, pairer, views in looks
    ]
    views = ViewsOfSeveral.of_all([own for _, _, own in ways])
    reads = [(which, [views.names.index(name) for name in own.names]) for which, _, own in ways]
    pairers = [(f"way{i}", pairer) for i, (_, pairer, _) in enumerate(ways)]
    if len(descriptors) == 1:
        (descriptor,) = descriptors
    else:
        descriptor = FeatureUnion([(f"look{i}", one) for i, one in enumerate(descriptors)])
    return (descriptor, EachWay(pairers, reads, len(views)), views), of_each


def _place(one, known):
    """Return the place of what is the same among those known; it may be a new one."""
    for place, other in enumerate(known):
        if same(one, other):
            return place
    known.append(one)
    return len(known) - 1


class EachWay(TransformerMixin, Composition):
    """Distances of several ways to look, side by side: the maps of one, then those of the next.

    `ways` lists (name, pairer), and `reads` says of each which descriptor's columns it reads,
    and which of the `n_views` views, by their places. A row holds the columns of all descriptors
    under one view after the other, that of a generated image under the first alone; `n_columns`
    are those of each descriptor, where there are several.
    """

    composed_of = "ways"

    def __init__(self, ways, reads, n_views=1, n_columns=None):
        self.ways = ways
        self.reads = reads
        self.n_views = n_views
        self.n_columns = n_columns

    @property
    def n_ways(self):
        """How many ways to look there are."""
        return len(self.ways)

    @property
    def grid(self):
        """The finest grid of all: what images must have pixels for."""
        return finest_grid(self.ways)

    def in_plain_words(self):
        """Say how images are compared, to somebody who reads a report and no code."""
        words = dict.fromkeys(attack_meaning(pairer) for _, pairer in self.ways)
        return " or ".join(words)

    def learn_columns(self, descriptor, images):
        """Learn from a fitted union which columns are whose: of one image, where it must be."""
        if self._n_descriptors() > 1:
            self.n_columns = [_n_columns(one, images) for _, one in descriptor.transformer_list]

    def fit_transform(self, X, y=None, *, generated=None, groups=None):
        """Fit each, and return the distances ``(n_queries, n_generated, n_maps)`` of all."""
        fitted = []
        for pairer, rows, sets in self._each(X, generated):
            own = clone(pairer)
            fitted.append((own, own.fit_transform(rows, generated=sets, groups=groups)))
        return self._hold(fitted)[1]

    def transform(self, X):
        """Return the distances of new queries."""
        pairs = zip(self.pairers_, self._parts(X), strict=True)
        return _beside([pairer.transform(rows) for pairer, rows in pairs])

    def fit_transform_folds(self, X, folds, *, generated=None, groups=None):
        """Fit each in each of several folds; see :meth:`Pairer.fit_transform_folds`."""
        of_ways = [
            pair_folds(pairer, rows, folds, generated=sets, groups=groups)
            for pairer, rows, sets in self._each(X, generated)
        ]
        # Taken out of the lists, so that no fold is there twice for long.
        return [copy(self)._hold([way.pop(0) for way in of_ways]) for _ in folds]

    def pair_more(self, paired, X, folds, *, generated, more, groups=None):
        """Return the distances to more images too; see `ganisi.distances._folds.pair_more`."""
        of_ways, ends = [], np.cumsum(paired[0][0].n_maps_)
        for k, (pairer, rows, (*own, new)) in enumerate(self._each(X, (*generated, more))):
            maps = slice(ends[k] - paired[0][0].n_maps_[k], ends[k])
            known = [
                (fitted.pairers_[k], *(one[:, :, maps] for one in distances))
                for fitted, *distances in paired
            ]
            given = {"generated": tuple(own), "more": new, "groups": groups}
            of_ways.append(pair_more(pairer, known, rows, folds, **given))
        return [
            tuple(map(_beside, zip(*of_fold, strict=True)))
            for of_fold in zip(*of_ways, strict=True)
        ]

    @staticmethod
    def _pair_others(fitted, X, folds, others, columns, patients):
        """Put others in place of the generated images of the pairers of folds."""
        of_ways = []
        for k, (pairer, rows, (own,)) in enumerate(fitted[0]._each(X, (others,))):
            known = [one.pairers_[k] for one in fitted]
            given = {"others": own, "columns": columns, "groups": patients}
            of_ways.append(pair_others(pairer, known, rows, folds, **given))
        return [copy(fitted[0])._hold([way.pop(0) for way in of_ways]) for _ in folds]

    def _each(self, X, generated):
        """Yield each pairer, and the rows that it reads of queries and of generated sets."""
        parts = zip(self.ways, self.reads, self._parts(X), strict=True)
        for (_, pairer), (which, _), rows in parts:
            own = self._columns()[which]
            yield pairer, rows, tuple(set_[:, own] for set_ in generated)

    def _parts(self, X):
        """Yield the rows that each pairer reads of queries."""
        rows = np.asarray(X).reshape(len(X), self.n_views, -1)
        for which, views in self.reads:
            yield rows[:, views, self._columns()[which]].reshape(len(X), -1)

    def _columns(self):
        """Return the columns of each descriptor, under one view."""
        if self._n_descriptors() == 1:
            return [slice(None)]
        ends = np.cumsum(self.n_columns).tolist()
        return [slice(start, end) for start, end in zip([0, *ends], ends, strict=False)]

    def _n_descriptors(self):
        return 1 + max(which for which, _ in self.reads)

    def _hold(self, of_ways):
        """Keep fitted pairers, one a way; return itself, and their distances side by side."""
        self.pairers_, *distances = zip(*of_ways, strict=True)
        self.n_maps_ = [one.shape[2] for one in distances[0]]
        return (self, *map(_beside, distances))


def _beside(distances):
    """Put the distances of each way side by side."""
    if len({one.shape[1] for one in distances}) > 1:
        raise ValueError(
            "some of the pairers that are searched over also give the distances among real images, "
            "as a ReferencePairer does, and others do not; search over these apart."
        )
    return _large.side_by_side(distances, axis=2)


def _n_columns(descriptor, images):
    try:
        return len(descriptor.get_feature_names_out())
    except (AttributeError, ValueError):  # Not everybody else's descriptor has names.
        return np.asarray(descriptor.transform(as_given(images[:1]))).size


class OfOneWay(TransformerMixin, BaseEstimator):
    """The distances of one way among those of several: of `n_maps` each."""

    def __init__(self, n_maps, way=0):
        self.n_maps = n_maps
        self.way = way

    def fit(self, X, y=None):
        """Learn nothing."""
        return self

    def transform(self, X):
        """Return the maps of this way, as that way alone would give them."""
        start = sum(self.n_maps[: self.way])
        return np.ascontiguousarray(X[:, :, start : start + self.n_maps[self.way]])

    def __sklearn_is_fitted__(self):
        return True


def same(one, other, but=WORK):
    """Tell whether two estimators, or lists of them, do the same; parameters in `but` aside."""
    if type(one) is not type(other):
        return False
    if isinstance(one, (list, tuple)):
        pairs = list(zip(one, other, strict=False))
        return len(one) == len(other) and all(same(a, b, but) for a, b in pairs)
    if hasattr(one, "get_params") and not isinstance(one, type):
        mine, others = one.get_params(deep=False), other.get_params(deep=False)
        return mine.keys() == others.keys() and all(
            name in but or same(value, others[name], but) for name, value in mine.items()
        )
    return bool(np.all(one == other)) if np.shape(one) == np.shape(other) else False

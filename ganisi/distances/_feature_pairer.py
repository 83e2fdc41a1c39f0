"""From rows of features to the distances of every pair."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from numbers import Integral
from typing import Literal

import numpy as np
from scipy.spatial.distance import cdist
from sklearn.preprocessing import StandardScaler

from .._compat._sklearn import StrOptions
from ..descriptors import MapInfo
from ._base import Pairer

#: The one map where nobody names groups of columns.
_ALL = "features"


class FeaturePairer(Pairer):
    """Distances of rows of features of any kind, such as radiomics or embeddings of a network.

    ``d[i, j, m]`` is the distance between query i and generated image j in the columns of map m.
    What the columns mean is yours to say: a map is a group of them that you name.

    Parameters
    ----------
    maps : dict of str to list, or None, default=None
        Names of the maps, and the columns of each: their names or their places, from 0. A column
        may be in several maps; one that is in none is not looked at. Names are those of the
        descriptor's ``get_feature_names_out``, or of the columns of a DataFrame. None is one map of
        all columns.
    metric : {"euclidean", "cityblock", "cosine"}, default="euclidean"
        Distance of the columns of a map, as :func:`scipy.spatial.distance.cdist` has it; "cosine"
        of a row of zeros, which has no direction, is 1.
    standardise : bool, default=True
        Whether each column has first the mean of the generated images taken away, and is divided by
        their standard deviation (by 1 where that is 0). False where columns are of one unit already
        and no column shall count more for varying less.
    relative : bool, default=False
        Whether each distance is judged by what its generated image typically has to the queries
        of `fit`; see :class:`ganisi.CDFWassersteinPairer`.
    n_views : int, default=1
        Views of each query in its row, the image as it is first; see
        :class:`ganisi.CDFWassersteinPairer`.
    n_jobs : int or None, default=None
        Threads of joblib, which share the queries; None means 1. The same bits for any number.

    Attributes
    ----------
    map_info_ : list of MapInfo
        What the maps are called.
    scaler_ : StandardScaler or None
        Mean and standard deviation of each column. None without `standardise`.
    generated_rows_ : tuple of ndarray of shape (n_images of the set, n_features), float32
        Rows of the generated images as they were given, set by set, read-only; the caller's own
        memory where `fit` was given float32 rows, columns side by side.
    n_generated_ : int
        Number of generated images.
    n_maps_ : int
        Number of maps.
    view_scale_ : ndarray of shape (n_maps,), float32
        Mean distance of all pairs of `fit` under the first view. Only if `n_views` is above 1.
    relative_scale_ : RelativeScale
        See :class:`ganisi.CDFWassersteinPairer`. Only if `relative`.
    n_features_in_ : int
        Number of columns of queries, ``n_views * n_features``.
    feature_names_in_ : ndarray of shape (n_columns,), object
        Names of the columns. Only if `fit` was given a DataFrame.

    See Also
    --------
    ganisi.descriptors.Precomputed : Rows of a table in the descriptor's place.
    ganisi.CDFWassersteinPairer : Of quantile functions; with ``n_quantiles=1`` each column is a
        map, the distance being the absolute difference.

    Notes
    -----
    Columns are standardised by the generated images, not by the queries: nothing then depends on
    who is asked about, no label enters, and the folds of a cross-validation share all distances.
    Rows are kept as float32, seven decimal digits: take a large constant away from a column that
    hardly varies around it.

    Not part of the paper.

    Examples
    --------
    A table of features is cross-validated without any image:

    >>> import numpy as np
    >>> from sklearn.model_selection import cross_val_predict
    >>> from sklearn.pipeline import make_pipeline
    >>> from ganisi.baselines import NearestGenerated
    >>> from ganisi.distances import FeaturePairer
    >>> rng = np.random.default_rng(0)
    >>> table = rng.normal(size=(20, 5))
    >>> used = np.arange(20) % 2
    >>> of_generated = table[used == 1] + 0.1 * rng.normal(size=(10, 5))
    >>> maps = {"shape": [0, 1], "texture": [2, 3, 4]}
    >>> model = make_pipeline(FeaturePairer(maps, relative=True), NearestGenerated())
    >>> params = {"featurepairer__generated": (of_generated,)}
    >>> found = cross_val_predict(model, table, used, params=params, cv=5)
    >>> bool((found == used).mean() >= 0.9)
    True
    """

    _parameter_constraints = {  # noqa: RUF012
        **Pairer._parameter_constraints,
        "maps": [dict, None],
        "metric": [StrOptions({"euclidean", "cityblock", "cosine"})],
        "standardise": ["boolean"],
    }

    def __init__(
        self,
        maps: Mapping[str, Sequence[str | int]] | None = None,
        *,
        metric: Literal["euclidean", "cityblock", "cosine"] = "euclidean",
        standardise: bool = True,
        relative: bool = False,
        n_views: int = 1,
        n_jobs: int | None = None,
    ) -> None:
        self.maps = maps
        self.metric = metric
        self.standardise = standardise
        self.relative = relative
        self.n_views = n_views
        self.n_jobs = n_jobs

    @property
    def map_info_(self) -> list[MapInfo]:
        """What the maps are, in order."""
        unit = "standard deviations of the generated images" if self.standardise else "features"
        return [MapInfo(name, family=name, unit=unit) for name in self.maps or [_ALL]]

    def in_plain_words(self) -> str:
        """Say how images are compared, to somebody who reads a report and no code."""
        if self.maps is None:
            return "all of them together"
        return f"group by group ({', '.join(self.maps)})"

    def _count_maps(self, n_features):
        names = getattr(self, "feature_names_in_", None)
        self._columns = columns_of_maps(
            self.maps, n_features, None if names is None else list(names[:n_features])
        )
        return len(self._columns)

    def _keep(self, X, generated):
        queries = super()._keep(X, generated)
        self.scaler_ = None
        if self.standardise:
            self.scaler_ = StandardScaler().fit(np.concatenate(self.generated_rows_, dtype=float))
        return queries

    def _check_generated(self, rows):
        names = getattr(self, "feature_names_in_", None)
        if names is not None and hasattr(rows, "columns"):
            wanted = list(names[: len(names) // self.n_views])
            if other := set(wanted) ^ set(rows.columns):
                raise ValueError(
                    "generated and X have not the same columns: only one of them has "
                    f"{_few(sorted(map(str, other)))}; give tables with the same columns."
                )
            rows = rows[wanted]
        return super()._check_generated(rows)

    def _compare(self, queries, generated, distances):
        queries, generated = map(self._standardised, (queries, generated))
        for m, columns in enumerate(self._columns):
            found = cdist(queries[:, columns], generated[:, columns], self.metric)
            if self.metric == "cosine":
                found = np.nan_to_num(found, copy=False, nan=1.0).clip(0)
            distances[:, :, m] = found

    def _standardised(self, rows):
        rows = rows.astype(np.float64)
        return rows if self.scaler_ is None else self.scaler_.transform(rows, copy=False)


def columns_of_maps(maps, n_features, names=None):
    """Return the places of the columns of each map; names of columns, if any, are looked up."""
    if maps is None:
        return [list(range(n_features))]
    if not maps:
        raise ValueError("maps is empty; name at least one group of columns, or None for all.")
    return [_places(name, list(columns), n_features, names) for name, columns in maps.items()]


def _places(of, columns, n_features, names):
    """Return the places of the columns of one map."""
    if not isinstance(of, str):
        raise TypeError(f"maps has the name {of!r}, a {type(of).__name__}; give text.")
    if not columns:
        raise ValueError(f"maps[{of!r}] has no column; leave it out, or name its columns.")
    if len(set(columns)) < len(columns):
        raise ValueError(f"maps[{of!r}] names a column twice; name each once.")
    if all(isinstance(one, str) for one in columns):
        if names is None:
            raise ValueError(
                f"maps[{of!r}] names columns, {_few(columns)}, and the rows have no names; give "
                "places, from 0, or rows with names: a DataFrame, or a descriptor with "
                "get_feature_names_out in a GANISI or an ImagePairer."
            )
        unknown = [one for one in columns if one not in names]
        if unknown:
            raise ValueError(
                f"maps[{of!r}] names columns that the rows have not: {_few(unknown)}; they have "
                f"{_few(names)}."
            )
        return [names.index(one) for one in columns]
    wrong = [one for one in columns if not isinstance(one, Integral) or not 0 <= one < n_features]
    if wrong:
        raise ValueError(
            f"maps[{of!r}] has {_few(wrong)}; expected names of columns, or places from 0 to "
            f"{n_features - 1}."
        )
    return [int(one) for one in columns]


def _few(values):
    """List a few values."""
    return ", ".join(map(repr, values[:5])) + (", ..." if len(values) > 5 else "")

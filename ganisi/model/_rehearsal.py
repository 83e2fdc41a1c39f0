"""All steps after describing, on a few rows: what would fail hours later fails at once."""

import threading
import warnings
from contextlib import contextmanager
from functools import partial

import numpy as np
from joblib import parallel_config
from sklearn.base import BaseEstimator, clone
from sklearn.utils.validation import has_fit_parameter

from .._compat._sklearn import check_params
from ..identification._base import predicts_jointly
from ..images._given import as_given
from ..images._patients import check_groups

#: Patients of each label, and generated images, that a rehearsal makes do with.
_PATIENTS, _GENERATED = 4, 12
_lock = threading.RLock()


class Rehearsal:
    """Rows that a descriptor could give, and what the stages behind it make of them.

    There are few of them. Where a stage refuses those, there may be too few for its settings, so
    that it is asked again with as many as there will be: what it says then holds. The real images
    are only counted. But what a pairer of somebody else wants of rows nobody knows, nor how many
    columns there are where a descriptor does not name them: a few images are described for these.
    """

    def __init__(
        self,
        descriptor,
        pairer,
        images,
        n_generated,
        n_views,
        groups=None,
        y=None,
        method="fit_transform",
    ):
        for stage in (descriptor, pairer):
            check_params(stage)
        self._n_images, self._n_generated = len(images), n_generated
        self._groups, self._y = groups, y
        self._few = _few(len(images), groups, y)
        rows = self._source_of_rows(descriptor, pairer, images)

        def pair(queries, n_generated):
            real, generated = rows(len(queries), n_views, 0), (rows(n_generated, 1, 1),)
            fitted = clone(pairer)
            distances = getattr(fitted, method)(
                real, generated=generated, groups=_at(groups, queries)
            )
            if method == "fit":
                distances = fitted.transform(real)
            self.pairer = fitted
            # Some pairers also give the distances among the queries.
            return distances, distances.shape[1] > n_generated

        self._distances, self._among = self._try(pair)

    def _source_of_rows(self, descriptor, pairer, images):
        """Return what gives a number of rows under a number of views, by a seed."""
        n_columns = _count_columns(descriptor)
        if n_columns is not None and _is_ours(pairer):
            return partial(_made_up, n_columns)
        known = np.asarray(descriptor.transform(as_given([images[i] for i in self._few])))
        return partial(_drawn, known.reshape(len(known), -1))

    def identify(self, identifier, groups_if_wanted=False):
        """Raise what an identifier would say to such distances, and to the labels.

        Patients are given to all, or, `groups_if_wanted`, to those whose `fit` takes them.
        """
        check_params(identifier)

        def fit_and_ask(queries, n_generated):
            n_queries = len(queries)
            distances = self._like_those(n_queries, n_generated + self._among * n_queries)
            fitted, known, keys = clone(identifier), {}, {}
            if not groups_if_wanted or has_fit_parameter(fitted, "groups"):
                known = {"groups": _at(self._groups, queries)}
            if predicts_jointly(fitted):
                keys = {"keys": list(range(n_queries))}
            fitted.fit(distances, _at(self._y, queries), **known, **keys)
            fitted.predict_proba(distances, **keys)

        self._try(fit_and_ask)

    def _try(self, step):
        """Return what a step gives for few images, or else for as many as there will be."""
        with _quietly():
            try:
                return step(self._few, min(_GENERATED, self._n_generated))
            except Exception:
                # Whatever it was, it is raised again if more do not help.
                return step(np.arange(self._n_images), self._n_generated)

    def _like_those(self, n_queries, n_generated):
        """Draw distances of other numbers of images from those that the pairer gave."""
        known, shape = self._distances, (n_queries, n_generated)
        if known.shape[:2] == shape:
            return known
        rng = np.random.default_rng(0)
        return known[
            rng.integers(known.shape[0], size=shape), rng.integers(known.shape[1], size=shape)
        ]


@contextmanager
def _quietly():
    """Warn of nothing that made-up rows are the cause of, and start no workers."""
    # Filters of warnings are those of all threads: two that change them in turn must not overlap.
    with _lock, warnings.catch_warnings(), parallel_config(backend="sequential"):
        warnings.simplefilter("ignore")
        yield


def _count_columns(descriptor):
    try:
        return len(descriptor.get_feature_names_out())
    except (AttributeError, ValueError):  # Not everybody else's descriptor has names.
        return None


def _is_ours(pairer):
    """Tell whether a pairer, and all that it consists of, is of this package."""
    parts = [one for one in pairer.get_params().values() if isinstance(one, BaseEstimator)]
    ours = __name__.partition(".")[0]
    return all(type(one).__module__.partition(".")[0] == ours for one in (pairer, *parts))


def _made_up(n_columns, n_rows, n_views, seed):
    """Rows that ascend, as quantile functions do, whatever the number of their steps."""
    rows = np.random.default_rng(seed).random((n_rows, n_views, n_columns), np.float32)
    return np.sort(rows).reshape(n_rows, n_views * n_columns)


def _drawn(known, n_rows, n_views, seed):
    """Rows of images, again where there are more than known, the same under all views."""
    order = np.random.default_rng(seed).permutation(len(known))
    return np.tile(known[np.resize(order, n_rows)], n_views)


def _few(n_images, groups, y):
    """Return the places of an image of each of a few patients, of each label."""
    patients = check_groups(groups, n_images)
    labels = np.zeros(n_images, int) if y is None else np.unique(y, return_inverse=True)[1]
    chosen = []
    for label in np.unique(labels):
        of_label = np.flatnonzero(labels == label)
        first = np.unique(patients[of_label], return_index=True)[1]
        chosen.append(of_label[np.sort(first)[:_PATIENTS]])
    return np.sort(np.concatenate(chosen))


def _at(values, places):
    return None if values is None else np.asarray(values)[places]

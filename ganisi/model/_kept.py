"""Distances kept in a folder, for all who look at the same images in the same way."""

import os
from pathlib import Path

import joblib
import numpy as np
from sklearn.utils.validation import check_memory

from .._compat._callbacks import UNWATCHED
from .._version import __version__
from ..images._survey import image_facts


class KeptDistances:
    """What an `ImagePairer` makes of images: computed once for each of its settings, then read.

    `memory` is that of a scikit-learn Pipeline, or a path: None keeps nothing.
    """

    def __init__(self, memory):
        if isinstance(memory, (str, os.PathLike)):
            folder = Path(memory, "ganisi-distances")
            # Distances tell of images: they are nobody else's.
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            memory = os.fspath(folder)
        self._keeps = memory is not None
        memory = check_memory(memory)
        self._fit = memory.cache(_fit, ignore=["pairing", "images", "sets", "groups", "watch"])
        self._transform = memory.cache(_transform, ignore=["pairing", "images"])

    def fit(self, pairing, images, sets, groups, within=UNWATCHED, model=None):
        """Fit what has checked the images; return their distances, and what the fit goes by."""
        watch = {"within": within, "model": model}
        known_by = self._known_by(pairing, images, sets, groups) if self._keeps else None
        pairing.pairer_, distances = self._fit(known_by, pairing, images, sets, groups, watch)
        return distances, known_by

    def transform(self, pairing, known_by, images, blocks):
        """Yield the distances of queries that were checked, one block after the other.

        Of a fit of which nothing was kept nothing is: nobody knows what it goes by.
        """
        if not self._keeps or known_by is None:
            rows = pairing._described(images, "describing queries", views=pairing.views)
            for block in blocks:
                yield pairing.pairer_.transform(rows[block])
            return
        for block in blocks:
            some = images[block]
            yield self._transform((known_by, _what_they_are(some)), pairing, some)

    def _known_by(self, pairing, images, sets, groups):
        """Return what two fits share if and only if all they depend on is the same."""
        settings = pairing.stages(), pairing.views
        images = [_what_they_are(set_) for set_ in (images, *sets)]
        groups = None if groups is None else np.asarray(groups).tolist()
        return joblib.hash((__version__, settings, images, groups))


def _what_they_are(images):
    """Return what each image is known by, and how its grey levels are stored."""
    facts = map(image_facts, images)
    return [(one.content, one.dtype.name) for one in facts]


def _fit(known_by, pairing, images, sets, groups, watch):
    distances = pairing._fit_checked(images, sets, groups, **watch)
    return pairing.pairer_, distances


def _transform(known_by, pairing, images):
    rows = pairing._described(images, "describing queries", views=pairing.views)
    return pairing.pairer_.transform(rows)

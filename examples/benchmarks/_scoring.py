"""Attacks that are compared, and their scores of images by models that saw no such patient."""

import _generator_data as data
import numpy as np
from sklearn.model_selection import StratifiedGroupKFold

from ganisi import GANISI, baselines, recommended
from ganisi.audit import CrossFit
from ganisi.identification import baselines as on_distances
from ganisi.model._describing import described


def attacks(side):
    """Models for images of so many pixels, each with the identifiers tried on its distances."""
    simple = {name: getattr(on_distances, name)() for name in on_distances.__all__}
    eyes = {name: getattr(baselines, name)() for name in ("pixels", "correlation")}
    eyes["similarity rules"] = baselines.similarity_rules(grid=min(64, side))
    return [
        (GANISI(), {"GANISI()": None}),
        (recommended(grid=cells_for(side)), {"recommended()": None, **simple}),
        *((eye, {name: None}) for name, eye in eyes.items()),
    ]


def cells_for(side):
    """The grid of `recommended` for images of so many pixels a side: as fine as they allow."""
    return min(32, side // 2)


def partition(arrays, n_folds, seed):
    """Folds by patient of used images and those of other patients; the fold of every image."""
    labelled = arrays["role"] != data.SIBLING
    used, groups = arrays["used"][labelled], arrays["groups"][labelled]
    folds = StratifiedGroupKFold(n_folds, shuffle=True, random_state=seed)
    folds = list(folds.split(used, used, groups))
    fold = np.empty(len(arrays["groups"]), int)
    for k, (_, asked) in enumerate(folds):
        fold[np.isin(arrays["groups"], groups[asked])] = k
    return folds, fold


def real_rows(model, arrays):
    """The fitted descriptor of a model, and its rows of all real images."""
    descriptor, _, _ = model.stages()
    descriptor.fit(arrays["images"][arrays["role"] != data.SIBLING])
    return descriptor, described(descriptor, arrays["images"], views=model.views)


def score_with(model, identifiers, arrays, partitions, seen=None):
    """Yield the name of each identifier, and the scores and folds of all images in each partition.

    Fitted are used images and those of other patients; an unused slice of a used patient is asked
    about, by the model that has not seen its patient. None is the identifier of the model. What
    `real_rows` gave is not computed again where it is given.
    """
    labelled = arrays["role"] != data.SIBLING
    _, pairer, own = model.stages()
    descriptor, rows = real_rows(model, arrays) if seen is None else seen
    fits = [
        CrossFit(
            pairer,
            own,
            rows[labelled],
            arrays["used"][labelled],
            generated=(described(descriptor, arrays["generated"]),),
            groups=arrays["groups"][labelled],
            cv=folds,
        )
        for folds, _ in partitions
    ]
    for name, identifier in identifiers.items():
        scored = []
        for fit, (_, fold) in zip(fits, partitions, strict=True):
            asked = fit if identifier is None else fit.with_identifier(identifier)
            scores = np.empty(len(rows))
            scores[labelled] = asked.out_of_fold()
            if not labelled.all():
                scores[~labelled] = asked.score_new(rows[~labelled], fold[~labelled])
            scored.append((scores, fold))
        yield name, scored

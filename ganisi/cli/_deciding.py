"""Probabilities and decisions of queries from one description of every image."""

import numpy as np

from ..audit import CrossFit, query_decisions, reference_split
from ..audit._door import check_apart
from ..audit._query_decisions import check_can_decide
from ..identification._base import predicts_jointly
from ..images import Views
from ..images._checks import check_images
from ..images._patients import check_groups, patient_ids
from ..images._survey import check_sets, content_keys
from ..model._describing import described


def probabilities_and_decisions(
    model, images, labels, generated, queries, *, groups, query_groups, fdr, seed
):
    """Return of each query what `model` would say after `fit`, and what can be decided.

    Low, probability and high are of the model fitted on all images. For the decisions half of the
    not-used patients are set aside.
    """
    used = np.asarray(labels) == 1
    if groups is not None and query_groups is not None:
        check_apart(
            patient_ids(groups, len(images)),
            patient_ids(query_groups, len(queries), "patients of the queries"),
        )
    asked = check_groups(query_groups, len(queries))
    split = reference_split(used, groups, seed)
    check_can_decide(used, groups, split, asked, fdr)
    descriptor, pairer, identifier = model.stages()
    views = Views.of(model.views)
    images, generated, queries = map(check_images, (images, generated, queries))
    named = [("X", images), ("generated", generated), ("queries", queries)]
    check_sets(named, pairer, views, labels=labels)
    patients = None if groups is None else check_groups(groups, len(images))

    descriptor.fit(images)
    verbose = {"verbose": model.verbose}
    rows = described(descriptor, images, views=views, **verbose)
    query_rows = described(descriptor, queries, views=views, **verbose)
    generated_rows = (described(descriptor, generated, **verbose),)
    jointly = predicts_jointly(identifier)
    keys, query_keys = (content_keys(one) if jointly else None for one in (images, queries))
    fit = CrossFit(
        pairer,
        identifier,
        rows,
        used,
        generated=generated_rows,
        groups=patients,
        cv=split,
        keys=keys,
    )
    decided = query_decisions(
        fit, query_rows, groups=asked, keys=query_keys, fdr=fdr, random_state=seed
    )
    distances = pairer.fit_transform(rows, generated=generated_rows, groups=patients)
    identifier.fit(distances, used, groups=patients, **({"keys": keys} if jointly else {}))
    distances = pairer.transform(query_rows)
    asked_keys = {"keys": query_keys} if jointly else {}
    return identifier.predict_proba_interval(distances, **asked_keys), decided

"""Which queries were used, asked of a fitted model and of images that were kept from its fit."""

from __future__ import annotations

from typing import Literal

from numpy.typing import ArrayLike
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted

from .._compat._hints import ImageSet, Seed
from ..identification._query_decisions import QueryDecisions, check_enough_patients, decide
from ..images._checks import check_images
from ..images._patients import check_groups, patient_ids
from ..images._survey import image_facts
from ..metrics._labels import positive_class


class DecidesOnQueries:
    """A fitted estimator of images that says which of them were used, at a bounded rate."""

    def query_decisions(
        self,
        X: ImageSet,
        reference: ImageSet,
        *,
        groups: ArrayLike | None = None,
        reference_groups: ArrayLike | None = None,
        fdr: float = 0.1,
        method: Literal["bh", "by"] = "bh",
        random_state: Seed = None,
    ) -> QueryDecisions:
        r"""Name the queries that were used, at a bounded rate of false discoveries among patients.

        A query is compared with not-used patients whom the model has not seen, and the patients of
        all queries are decided about together. So some not-used patients must be kept from `fit`:
        half of them is a good choice.

        Parameters
        ----------
        X : array of shape (n_queries, height, width), list of arrays, or list of paths
            Query images, of unknown status.
        reference : images as `X`
            Images of patients of whom no image was used, and none was in `fit`.
        groups : array of shape (n_queries,) or None, default=None
            Patient of each query; None counts each query as a patient of its own, which is wrong
            where it is not so: images of one patient are recognised together, by chance too.
        reference_groups : array of shape (n_reference_images,) or None, default=None
            Patient of each image of `reference`, likewise.
        fdr : float, default=0.1
            False discovery rate, above 0 and below 1.
        method : {"bh", "by"}, default="bh"
            Benjamini-Hochberg, or Benjamini-Yekutieli, which holds however the p-values depend on
            each other, and finds less.
        random_state : int, RandomState instance or None, default=None
            Which images of a not-used patient count where it has more than the query's patient.

        Returns
        -------
        decisions : QueryDecisions
            One answer a query: "used", or "not distinguishable", which is never "not used".

        Raises
        ------
        TooFewError
            If no answer could be "used", whatever the queries show. It is a ValueError.
        TypeError, ValueError
            If images, patients, `fdr` or `method` are none; if images of `reference` or queries
            were in `fit`; if a query, or its patient, is in `reference` too; or if one image stands
            in `reference` as of two patients. All of it is checked before an image is described.

        See Also
        --------
        ganisi.audit.query_decisions : On distances, by the models of one fold or several.
        ganisi.audit.audit : Whether there is anything to be told at all.

        Notes
        -----
        The p-value of a query is that of :func:`ganisi.audit.query_decisions` with one model,

        .. math:: p = \frac{1 + \#\{i: s(i) \ge s(\text{query})\}}{1 + n}

        where n counts the patients of `reference`, and s(i) is the largest probability of as many
        images of patient i as the query's patient has. It is exact where a not-used query's patient
        and those of `reference` are exchangeable: of one population, none of them in `fit`. Images
        of `fit` are known again by `image_keys_`; patients are not, as no name of a patient is
        kept, so that other images of a patient of `fit` pass unseen, and make p too small.

        Examples
        --------
        >>> import numpy as np
        >>> from ganisi.baselines import pixels
        >>> from ganisi.datasets import make_source_identification
        >>> data = make_source_identification(20, 60, 30, size=32, leakage=1.0, random_state=0)
        >>> used, not_used = (np.unique(data.groups[data.used == label]) for label in (1, 0))
        >>> asked = np.isin(data.groups, [*used[:2], *not_used[:2]])
        >>> aside = np.isin(data.groups, not_used[2:26])
        >>> known = ~asked & ~aside
        >>> model = pixels().fit(
        ...     data.real[known],
        ...     data.used[known],
        ...     generated=(data.generated,),
        ...     groups=data.groups[known],
        ... )
        >>> found = model.query_decisions(
        ...     data.real[asked],
        ...     data.real[aside],
        ...     groups=data.groups[asked],
        ...     reference_groups=data.groups[aside],
        ... )
        >>> found
        QueryDecisions(n_queries=8, n_used=4, fdr=0.1, n_reference=24)
        >>> bool(np.all(data.used[asked][found.decision == "used"] == 1))
        True
        """
        check_is_fitted(self)
        queries, held_out = check_images(X), check_images(reference, "reference")
        patients = check_groups(groups, len(queries))
        whose = check_groups(reference_groups, len(held_out), "reference_groups")
        if groups is not None and reference_groups is not None:
            _check_patients(groups, reference_groups, len(queries), len(held_out))
        together = check_images([*held_out, *queries], "reference and X")
        used = positive_class(self.classes_, getattr(self.identifier_, "pos_label", None))
        rng = check_random_state(random_state)
        check_enough_patients([whose], patients, fdr, method, rng)
        _check_new(self.image_keys_, known_by(queries), known_by(held_out), whose)
        # In one call: rivals are those beside each other.
        probability = self.predict_proba(together)[:, used]
        n = len(held_out)
        return decide([probability[n:]], patients, [probability[:n]], [whose], fdr, method, rng)


def known_by(images):
    """Return what each image is known by; None for one that shows next to nothing, as many do."""
    return [None if facts.plain else facts.content for facts in map(image_facts, images)]


def _check_patients(groups, reference_groups, n_queries, n_reference):
    asked = patient_ids(groups, n_queries)
    both = sorted(set(asked) & set(patient_ids(reference_groups, n_reference, "reference_groups")))
    if both:
        raise ValueError(
            f"{len(both)} patients have images both in X and in reference, such as {both[0]!r}; of "
            "those in reference no image was used, so leave them out of one or the other."
        )


def _check_new(fitted, queries, held_out, whose):
    """Refuse images that the model has seen, and any that is there twice."""
    for name, keys, instead in (
        (
            "reference",
            held_out,
            "the model has seen them, and new images would look used beside them. Keep some "
            "not-used patients from fit, and give their images as reference.",
        ),
        ("X", queries, "their status is known, so leave them out of X, or out of fit."),
    ):
        _refuse([i for i, key in enumerate(keys) if key in fitted], name, keys, "in fit", instead)
    known = set(held_out) - {None}
    both = [i for i, key in enumerate(queries) if key in known]
    _refuse(
        both, "X", queries, "in reference", "no image of which was used; leave them out of one."
    )
    first = {}
    for i, key in enumerate(held_out):
        if key is not None and whose[i] != whose[j := first.setdefault(key, i)]:
            raise ValueError(
                f"reference[{j}] and reference[{i}] are one image, and count as of two patients; "
                "give both the same patient in reference_groups, or leave one out."
            )


def _refuse(those, name, keys, where, instead):
    if those:
        raise ValueError(
            f"{len(those)} of {len(keys)} images of {name} are also {where}, {name}[{those[0]}] "
            f"first; {instead}"
        )

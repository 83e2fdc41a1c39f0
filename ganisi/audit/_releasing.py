"""From an audit to a release: withhold what leaks, audit what is left, and again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from numbers import Integral
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator

from .._compat._brief import Words
from .._compat._hints import FilePath, ImageSet, ImageSets, Seed
from .._compat._progress import Teller
from .._compat._writing import written
from ..distances._generated import generated_sets
from ..images._checks import check_images
from ..metrics._proportions import check_between
from ..model._describing import keeping_rows
from ._auditing import audit
from ._image_table import ImageTable, listed_names
from ._release_list import COPY, NEAR, NEAR_COPY, WITHHOLD, Listing, ReleaseList, release_list
from ._verdict import CANNOT_SAY, LEAKAGE
from .report import AuditReport
from .report._rendering import release_page, release_text
from .report._report import SCHEMA_VERSION


@dataclass(frozen=True, repr=False)
class Release(ImageTable):
    """What may be released, and the audits before and after. Print it to read it.

    Attributes
    ----------
    before : AuditReport
        The audit of all generated images.
    after : AuditReport or None
        The audit of those that are left; `before` where none had to be withheld, and None where
        what is left could not be audited.
    lists : tuple of ReleaseList
        One a round, of the images that were left before it.
    round : ndarray of shape (n_generated,), int
        The round, from 1, whose list withholds the image; 0 where none does.
    stopped : str
        Why there was no further round.
    max_withheld : float or None
        The largest tolerable share of withheld images, as given.
    names : tuple of n_generated str
        What the generated images are called.
    verdict : str
        That of `after`; "cannot say" where there is none.
    within_bound : bool
        Whether no larger share than `max_withheld` had to be withheld.
    nearest : ndarray of shape (n_generated,), int
        Index of the real image nearest to it, by the last list that it is in.
    withheld : ndarray of shape (n_generated,), bool
        Whether a list withholds the image.
    still_found : bool
        Whether an attack still tells used images from others in what is left, for whatever reason:
        leakage is detected, or p, adjusted for the choice of the attack, is at most alpha.
    may_go : ndarray of shape (n_generated,), bool
        What is not withheld; nothing, where something is `still_found`, where what is left could
        not be audited, or where more than `max_withheld` had to be withheld.

    Notes
    -----
    The columns of the table are those of `ReleaseList`, of the last list that an image is in, and
    "round".
    """

    before: AuditReport
    after: AuditReport | None
    lists: tuple[ReleaseList, ...]
    round: np.ndarray
    stopped: str
    max_withheld: float | None
    names: tuple[str, ...]

    @property
    def verdict(self) -> str:
        """The verdict on what is left."""
        return CANNOT_SAY if self.after is None else self.after.verdict

    @property
    def withheld(self) -> NDArray[np.bool_]:
        """Whether each generated image is withheld, ``(n_generated,)``."""
        return self.round > 0

    @property
    def within_bound(self) -> bool | np.bool_:
        """Whether no more had to be withheld than tolerated."""
        return self.max_withheld is None or self.withheld.mean() <= self.max_withheld

    @property
    def still_found(self) -> bool:
        """Whether an attack still tells used images from others in what is left."""
        return self.after is not None and _finds(self.after)

    @property
    def may_go(self) -> NDArray[np.bool_]:
        """Which generated images may go, as far as these audits can say, ``(n_generated,)``."""
        good = self.after is not None and not self.still_found and self.within_bound
        return ~self.withheld & good

    def columns(self) -> dict[str, Any]:
        """Return the columns by name, each of one value an image."""
        columns = self._of_last_list(lambda found: found.columns())
        return {**{name: list(column) for name, column in columns.items()}, "round": self.round}

    @property
    def nearest(self) -> NDArray[np.int_]:
        """Index of the real image nearest to each generated one, ``(n_generated,)``."""
        return self._of_last_list(lambda found: {"": found.nearest})[""].astype(int)

    def _of_last_list(self, values_of):
        """Return values by name, those of each image from the last list that it is in."""
        left, columns = np.arange(len(self.names)), {}
        for k, found in enumerate(self.lists, 1):
            for name, values in values_of(found).items():
                column = columns.setdefault(name, np.empty(len(self.names), dtype=object))
                for i, value in zip(left, values, strict=True):
                    column[i] = value
            left = left[self.round[left] != k]
        return columns

    def reasons(self) -> list[dict[str, int]]:
        """Count the withheld images of each round by reason.

        Returns
        -------
        rounds : list of dict of str to int
            One a round: "copy", "near copy" and "near".
        """
        return [
            {reason: int(np.sum(found.reason == reason)) for reason in (COPY, NEAR_COPY, NEAR)}
            for found in self.lists
        ]

    def __str__(self):
        return release_text(self)

    def _main_figures(self):
        return {
            "verdict": Words(self.verdict),
            "n_generated": len(self.names),
            "n_withheld": int(self.withheld.sum()),
            "n_may_go": int(self.may_go.sum()),
            "rounds": len(self.lists),
        }

    def dated(self, command: str = "not given", inputs: Sequence[dict] = ()) -> Release:
        """Return a copy whose reports say when they were made, and from what.

        Parameters
        ----------
        command : str, default="not given"
            What made it.
        inputs : sequence of dict, default=()
            As for `AuditReport.dated`; in the report `before` only, as `after` is not of all.

        Returns
        -------
        release : Release
            With dated reports.
        """
        before = self.before.dated(command, inputs)
        after = before if self.after is self.before else self.after
        if after is not None and after is not before:
            after = after.dated(command)
        return replace(self, before=before, after=after)

    def to_dict(self) -> dict[str, Any]:
        """Return everything but the table as dictionaries, lists, numbers and strings.

        Returns
        -------
        release : dict
            "before" and "after" are what `AuditReport.from_dict` reads. No name of a file is in it
            unless the audits were asked for names.
        """
        return {
            "schema_version": SCHEMA_VERSION,
            "verdict": self.verdict,
            "fdr": self.lists[0].fdr,
            "max_withheld": self.max_withheld,
            "within_bound": bool(self.within_bound),
            "generated": len(self.names),
            "withheld": int(self.withheld.sum()),
            "still_found": bool(self.still_found),
            "may_go": int(self.may_go.sum()),
            "rounds": self.reasons(),
            "stopped": self.stopped,
            "before": self.before.to_dict(),
            "after": None if self.after is None else self.after.to_dict(),
        }

    def to_json(self, path: FilePath | None = None) -> str:
        """Return `to_dict` as JSON.

        Parameters
        ----------
        path : path-like or None, default=None
            File to write it to as well, in one step.

        Returns
        -------
        text : str
            The JSON.
        """
        return written(json.dumps(self.to_dict(), indent=1, allow_nan=False) + "\n", path)

    def to_html(self, path: FilePath | None = None) -> str:
        """Return a page with both audits in full.

        Parameters
        ----------
        path : path-like or None, default=None
            File to write it to as well, in one step.

        Returns
        -------
        page : str
            HTML that needs nothing from elsewhere, runs no script and shows no image.
        """
        return written(release_page(self), path)


def release(
    estimator: BaseEstimator, X: ImageSet, y: ArrayLike, *, generated: ImageSets,
    groups: ArrayLike | None = None, fdr: float = 0.05, method: Literal["bh", "by"] = "bh",
    rounds: int = 1, max_withheld: float | None = None, pos_label: object = None,
    generated_names: Sequence[str] | None = None, real_names: Sequence[str] | None = None,
    random_state: Seed = None, **audit_options: Any,
) -> Release:  # fmt: skip
    """Audit, withhold what leaks, and audit what is left.

    Parameters
    ----------
    estimator : GANISI
        The attack, of the audits and of the lists; unfitted.
    X : array of shape (n_images, height, width), list of arrays, or list of paths
        Real images of known status, used and not. All that were used: no list protects a patient
        who is not among them.
    y : array of shape (n_images,)
        Two labels.
    generated : images as `X`, or tuple of these
        The images that may be released; a tuple holds several sets, put end to end.
    groups : array of shape (n_images,) or None, default=None
        Patient of each real image; None counts each as a patient of its own.
    fdr, method : float, {"bh", "by"}, default=0.05, "bh"
        Of each list; see `release_list`.
    rounds : int, default=1
        How many lists are made at most. A further one is made where an attack still tells used
        images from others in what is left.
    max_withheld : float or None, default=None
        The largest share of the generated images, above 0 and below 1, that you would tolerate to
        withhold. Where more have to be, nothing may go. None is no bound.
    pos_label : label or None, default=None
        The label that means "used"; None means 1 or True.
    generated_names, real_names : sequence of str, or None, default=None
        What the table calls generated and real images; None calls them by their place.
    random_state : int, RandomState instance or None, default=None
        Determines all random numbers.
    **audit_options : dict
        Further arguments of `audit`, such as `max_auc`, `n_permutations`, `n_jobs` and `names`.

    Returns
    -------
    release : Release
        ``print(release)`` to read it.

    Raises
    ------
    TooFewError
        If nothing could be withheld, whatever the images show; see `release_list`.
    TypeError, ValueError
        If something does not fit together; before the first image is described.

    See Also
    --------
    release_list : One list, without audits.
    copy_list : What can be done without not-used images.

    Notes
    -----
    *What the second audit is worth.* The lists are made from the real images that it looks at, so
    it is optimistic: what was near to these used patients is gone because it was near. So it says
    little of another attack, and nothing of used patients who are not in `X`. With several rounds
    the first audit that finds nothing ends them, which weakens its silence once more. And the
    absence of images may itself be seen: an attack that takes used images for the ones that are
    *far* from what is left shows as an AUC below 1/2, and then the verdict is "cannot say".

    *Rate.* `fdr` is of each list. Over several rounds more may be withheld without need.

    *Cost.* The rows of all images, by all eyes, are kept in memory from the first audit to the
    last, so that no image is described again for a later list or audit.

    Examples
    --------
    >>> from ganisi.audit import release
    >>> from ganisi.baselines import pixels
    >>> from ganisi.datasets import load_phantom_diffusion
    >>> data = load_phantom_diffusion("flips")
    >>> found = release(
    ...     pixels(), data.real, data.used, generated=(data.generated,), groups=data.groups,
    ...     n_permutations=19, baselines={}, random_state=0,
    ... )
    >>> found.before.verdict
    'leakage detected'
    >>> found.withheld.shape
    (250,)
    """  # fmt: skip
    if not isinstance(rounds, Integral) or rounds < 1:
        raise ValueError(f"rounds={rounds!r}; expected a whole number, at least 1.")
    if max_withheld is not None:
        check_between("max_withheld", max_withheld)
    images = check_images(X)
    sets = [check_images(set_, "generated") for set_ in generated_sets(generated, len(images))]
    names = listed_names(generated_names, "generated", sum(map(len, sets)), "generated_names")
    dials = {"groups": groups, "pos_label": pos_label}
    listing = {**dials, "fdr": fdr, "method": method, "real_names": real_names}
    # Audits take hours; whether a list can be made at all is known before.
    Listing.of(estimator, images, y, tuple(sets), names=names, random_state=0, **listing)

    teller = Teller("release", audit_options.get("verbose", 0))

    def audited(which, seed):
        teller.say(f"auditing {len(which)} of {len(names)} generated images")
        left = _taken(sets, which)
        return audit(
            estimator, images, y, generated=left, random_state=seed, **dials, **audit_options
        )

    with keeping_rows():
        left, of_round, lists = np.arange(len(names)), np.zeros(len(names), int), []
        before = after = audited(left, random_state)
        seed = before.settings.seed
        for k in range(1, rounds + 1):
            teller.say(f"round {k}: listing what is to be withheld of {len(left)} images")
            found = release_list(
                estimator, images, y, generated=_taken(sets, left), names=[names[i] for i in left],
                random_state=seed, **listing,
            )  # fmt: skip
            lists.append(found)
            withheld = found.decision == WITHHOLD
            of_round[left[withheld]] = k
            left = left[~withheld]
            if not withheld.any():
                stopped = f"the list of round {k} withholds nothing"
                break
            after, stopped = _audit_of_rest(audited, left, seed)
            share = 1 - len(left) / len(names)
            if stopped is None and max_withheld is not None and share > max_withheld:
                stopped = f"{share:.0%} are withheld, more than the bound of {max_withheld:.0%}"
            if stopped is not None:
                break
        else:
            stopped = f"{rounds} round{'s were' if rounds > 1 else ' was'} asked for"
    return Release(before, after, tuple(lists), of_round, stopped, max_withheld, names)


def _audit_of_rest(audited, left, seed):
    """Return the audit of what is left, and why there is no further round; None where there is."""
    if not len(left):
        return None, "nothing is left"
    try:
        after = audited(left, seed)
    except ValueError as error:
        # The list took hours, and is no less true.
        return None, f"what is left could not be audited: {error}"
    return after, None if _finds(after) else "no attack does better than chance in what is left"


def _finds(report):
    """Tell whether an attack tells used images from others, whatever it is that it sees."""
    least = min(report.best.p_value, report.standing_out.p_value)
    return report.verdict == LEAKAGE or least <= report.settings.alpha


def _taken(sets, which):
    """Return the generated images of these places, as sets; empty ones are left out."""
    starts = np.cumsum([0, *map(len, sets)])
    parts = [which[(which >= start) & (which < end)] - start for start, end in pairwise(starts)]
    return tuple(
        images[part] if isinstance(images, np.ndarray) else [images[i] for i in part]
        for images, part in zip(sets, parts, strict=True)
        if len(part)
    )

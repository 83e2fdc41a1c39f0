"""Which generated images must go: those nearer to a used patient than chance brings them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_consistent_length

from .._compat._hints import ImageSet, ImageSets, Seed
from ..distances._generated import generated_sets
from ..distances._large import large_distances_in
from ..distances._relative import RelativeScale
from ..identification._conformal import (
    NotUsedPatients,
    check_can_find,
    images_of_patient,
    q_values,
)
from ..identification._query_decisions import METHODS
from ..identification._rivals import NearestReal
from ..images import Views
from ..images._checks import check_images
from ..images._patients import check_groups
from ..metrics._labels import encode_labels, positive_class
from ..metrics._proportions import check_between
from ..model import ImagePairer
from ..model._evidence import map_weights, raw_maps
from ._copies import Identities
from ._image_table import ImageTable, listed_names
from ._near_copies import AS_IT_IS, nearest_thumbnails
from ._tail import patients_used

WITHHOLD, RELEASE = "withhold", "release"
COPY, NEAR_COPY, NEAR = "copy", "near copy", "near"
_COLUMNS = (
    "generated",
    "nearest",
    "nearest_used",
    "view",
    "margin",
    "q_value",
    "reason",
    "decision",
)


@dataclass(frozen=True, repr=False)
class ReleaseList(ImageTable):
    """One row a generated image, in their order.

    Attributes
    ----------
    nearest : ndarray of shape (n_generated,), int
        Index of the real image nearest to it.
    nearest_used : ndarray of shape (n_generated,), bool
        Whether the patient of that image has a used one.
    view : ndarray of shape (n_generated,), object
        Name of the view under which that image is nearest.
    margin : ndarray of shape (n_generated,)
        How much nearer it is than the images of all other patients, in standard deviations.
    q_value : ndarray of shape (n_generated,)
        The smallest `fdr` at which the generated image is withheld for its nearness; 1 where the
        nearest image is not of a used patient.
    reason : ndarray of shape (n_generated,), str
        "copy" of a real image, pixel for pixel; "near copy", as an audit names them (see
        `AuditReport.images`); "near" to a used patient; or "".
    fdr : float
        Expected share of patients without a leak, at most, among the used patients for whose
        nearness a generated image is withheld.
    names : tuple of n_generated str
        What the generated images are called.
    real_names : tuple of n_images str
        What the real images are called.
    decision : ndarray of shape (n_generated,), str
        "withhold" where there is a reason, else "release".

    Notes
    -----
    The columns of the table are "generated" and "nearest", names; "nearest_used"; "view"; "margin";
    "q_value"; "reason"; "decision".
    """

    nearest: np.ndarray
    nearest_used: np.ndarray
    view: np.ndarray
    margin: np.ndarray
    q_value: np.ndarray
    reason: np.ndarray
    fdr: float
    names: tuple[str, ...]
    real_names: tuple[str, ...]

    @property
    def decision(self) -> NDArray[np.str_]:
        """What to do with each generated image, ``(n_generated,)``."""
        return np.where(self.reason != "", WITHHOLD, RELEASE)

    def _main_figures(self):
        withheld = int((self.reason != "").sum())
        return {"n_generated": len(self.reason), "n_withheld": withheld, "fdr": self.fdr}

    def columns(self) -> dict[str, Any]:
        """Return the columns by name, each of one value an image."""
        nearest = [self.real_names[i] for i in self.nearest]
        of = (
            list(self.names),
            nearest,
            self.nearest_used,
            self.view,
            self.margin,
            self.q_value,
            self.reason,
            self.decision,
        )
        return dict(zip(_COLUMNS, of, strict=True))


def release_list(
    estimator: BaseEstimator,
    X: ImageSet,
    y: ArrayLike,
    *,
    generated: ImageSets,
    groups: ArrayLike | None = None,
    fdr: float = 0.05,
    method: Literal["bh", "by"] = "bh",
    pos_label: object = None,
    names: Sequence[str] | None = None,
    real_names: Sequence[str] | None = None,
    random_state: Seed = None,
) -> ReleaseList:
    r"""Tell which generated images to withhold, at a bounded rate of false reasons.

    For each generated image used and not-used real images compete for being the nearest. How
    clearly not-used patients win shows what chance does (target-decoy competition [1]_), and
    generated images that a used patient wins more clearly than that are withheld. Patients are
    counted, not images: what one patient wins, it wins together. A copy of a real image, pixel for
    pixel or nearly, is withheld without any statistics.

    Parameters
    ----------
    estimator : GANISI
        Its descriptor, pairer and views say what near means; unfitted. Its identifier has no say.
    X : array of shape (n_images, height, width), list of arrays, or list of paths
        Real images of known status, used and not.
    y : array of shape (n_images,)
        Two labels.
    generated : images as `X`, or tuple of these
        The images that may be released; a tuple holds several sets, put end to end.
    groups : array of shape (n_images,) or None, default=None
        Patient of each real image; None counts each as a patient of its own.
    fdr : float, default=0.05
        False discovery rate, above 0 and below 1.
    method : {"bh", "by"}, default="bh"
        As in `query_decisions`.
    pos_label : label or None, default=None
        The label that means "used"; None means 1 or True.
    names, real_names : sequence of str, or None, default=None
        What the list calls generated and real images; None calls them by their place, such as
        ``generated[3]`` and ``X[3]``.
    random_state : int, RandomState instance or None, default=None
        Which images of a not-used patient count where it has more than a used one.

    Returns
    -------
    release : ReleaseList
        One row a generated image.

    Raises
    ------
    TooFewError
        If nothing could be withheld, whatever the images show: at ``fdr=0.05`` it needs 20 used
        patients who leak, or many more not-used than used ones. It is a ValueError.
    TypeError, ValueError
        If images, labels, patients or names do not fit together.

    Notes
    -----
    Let z[i, g] be the distance of real image i to generated image g: the mean over maps, each
    relative to what g has to the real images of other patients (as in `GANISI.evidence`), under the
    nearest view. The margin is

    .. math:: m[i, g] = \min_{j \text{ of other patients}} z[j, g] - z[i, g]

    and the score of a real image its largest margin. The margin is that to other patients, used or
    not, instead of to those of the other status: so no label enters a score, and where a patient
    was not leaked, it is exchangeable with not-used ones. Then the competition is that of
    `query_decisions`: the p-value of a used patient is the share of not-used patients, itself
    counted, with a score as high, and Benjamini-Hochberg's estimate of the false discoveries is
    ``(1 + not-used winners) / used winners`` times ``n_used / (1 + n_not_used)``, patients counted.
    So numbers need not be equal. A generated image has the p-value of its own margin.

    Patients who share an image that is not blank are taken for one; a patient with used and
    not-used images is a used one. Images of a patient need not be as many as those of another
    (see `query_decisions`), but large patients find little to be compared with where
    not-used ones are small.

    "release" is no clearance: it says that this attack found no reason. A list made by one attack
    does not bind another one.

    References
    ----------
    .. [1] Elias, J. E., Gygi, S. P. (2007). Target-decoy search strategy for increased confidence
       in large-scale protein identifications by mass spectrometry. Nature Methods 4, 207-214.

    Examples
    --------
    >>> from ganisi import GANISI, Intensity
    >>> from ganisi.audit import release_list
    >>> from ganisi.datasets import make_source_identification
    >>> data = make_source_identification(20, 20, 40, size=32, leakage=1.0, random_state=0)
    >>> pixels = GANISI(Intensity(grid=32, n_quantiles=1))
    >>> found = release_list(
    ...     pixels, data.real, data.used, generated=(data.generated,), groups=data.groups, fdr=0.2
    ... )
    >>> len(found.decision)
    40
    """
    listing = Listing.of(
        estimator,
        X,
        y,
        generated,
        groups=groups,
        fdr=fdr,
        method=method,
        pos_label=pos_label,
        names=names,
        real_names=real_names,
        random_state=random_state,
    )
    return listing.decide()


@dataclass(frozen=True)
class Listing:
    """What a list is made from, checked: nothing is described yet."""

    pairing: ImagePairer
    images: object
    sets: tuple
    identities: Identities
    contest: object
    fdr: float
    names: tuple
    real_names: tuple

    @classmethod
    def of(
        cls, estimator, X, y, generated, *, groups, fdr, method, pos_label, names, real_names,
        random_state,
    ):  # fmt: skip
        """Check everything; refuse where nothing could be withheld, whatever the images show."""
        check_between("fdr", fdr)
        if method not in METHODS:
            raise ValueError(f"method={method!r}; expected one of {', '.join(map(repr, METHODS))}.")
        images = check_images(X)
        check_consistent_length(images, y)
        sets = [check_images(set_, "generated") for set_ in generated_sets(generated, len(images))]
        classes, encoded = encode_labels(y)
        used = encoded == positive_class(classes, pos_label)
        names = listed_names(names, "generated", sum(map(len, sets)))
        real_names = listed_names(real_names, "X", len(images), "real_names")
        identities = Identities.of(images, [image for set_ in sets for image in set_], None)
        patients = alike_as_one(check_groups(groups, len(images)), identities)
        images, sets, _ = identities.files_of(images, sets, None)
        return cls(
            pairing=ImagePairer(
                estimator.descriptor,
                pairer=estimator.pairer,
                views=estimator.views,
                store=estimator.store,
                half=estimator.half,
            ),
            images=images,
            sets=tuple(sets),
            identities=identities,
            contest=_Contest(patients, used, fdr, method, random_state),
            fdr=fdr,
            names=names,
            real_names=real_names,
        )

    def decide(self):
        """Describe all images, and decide about the generated ones."""
        contest, patients = self.contest, self.contest.patients
        thumbnails = nearest_thumbnails(self.images, patients, self.sets, self.identities)
        z = _mean_z(self.pairing, self.images, self.sets, patients)
        nearest, margin, q = contest.decide(z)
        view = _views(self.pairing, self.images, nearest)
        nearest = np.where(thumbnails.is_copy, thumbnails.nearest, nearest)
        view = np.where(thumbnails.is_copy, thumbnails.view, view)
        copied = copied_images(self.identities)
        nearest = np.where(copied >= 0, copied, nearest)
        view = np.where(copied >= 0, AS_IT_IS, view)
        reason = np.where(q <= self.fdr, NEAR, "")
        reason = np.where(thumbnails.is_copy, NEAR_COPY, reason)
        return ReleaseList(
            nearest=nearest,
            nearest_used=contest.used[nearest],
            view=view,
            margin=margin,
            q_value=q,
            reason=np.where(copied >= 0, COPY, reason),
            fdr=self.fdr,
            names=self.names,
            real_names=self.real_names,
        )


class _Contest:
    """Used patients against not-used ones; refuses where nothing could be decided."""

    def __init__(self, patients, used, fdr, method, random_state):
        self.patients, self.method, self._random_state = patients, method, random_state
        self.used = patients_used(used, patients)[patients]
        if self.used.all():
            raise ValueError("no patient has not-used images only; give some to compare with.")
        self.n_images = images_of_patient(patients)
        self._of_used = np.unique(patients[self.used], return_inverse=True)[1]
        blank = np.zeros(len(patients))
        held_out = self._held_out(blank)
        _, least = held_out.p_values([blank[self.used]], self.n_images[self.used])
        check_can_find(least, self._of_used, fdr, method, held_out.n_patients, "images")

    def _held_out(self, score):
        others = ~self.used
        return NotUsedPatients([score[others]], [self.patients[others]], self._random_state)

    def decide(self, z):
        """Return nearest image, margin and q-value of each generated one of ``z (n_real, ...)``."""
        margins = -NearestReal.among(z, self.patients).margins(z, self.patients)
        nearest = z.argmin(axis=0)
        margin = np.take_along_axis(margins, nearest[None], axis=0)[0].astype(float)
        score = margins.max(axis=1)
        held_out = self._held_out(score)
        p_values, _ = held_out.p_values([score[self.used]], self.n_images[self.used])
        own, _ = held_out.p_values([margin], self.n_images[nearest])
        q = q_values(p_values, self._of_used, self.method, asked=own)
        return nearest, margin, np.where(self.used[nearest], q, 1.0)


def _mean_z(pairing, images, sets, patients):
    """Return the mean over maps of relative distances, ``(n_real, n_generated)``, float32."""
    z = pairing.fit_transform(images, generated=sets, groups=patients)
    raw = raw_maps(pairing.pairer_, z.shape[2])
    if raw.any():
        distances = z[..., raw]
        scale = RelativeScale.fit(lambda columns: distances[:, columns], distances.shape[1])
        scale.standardise_left_out(distances, patients)
        z[..., raw] = distances
    weights = map_weights(pairing.pairer_, z.shape[2])
    # Image by image: distances in a file are not all brought into memory, in double precision.
    return np.stack([(of_image @ weights).astype(np.float32) for of_image in z])


def _views(pairing, images, nearest):
    """Return under which view each nearest real image is nearest, by name."""
    views = Views.of(pairing.views)
    chosen = np.zeros(len(nearest), int)
    if len(views) > 1:
        winners, place = np.unique(nearest, return_inverse=True)
        rows = pairing.describe([images[i] for i in winners])
        with large_distances_in(pairing.store):
            chosen = pairing.pairer_.best_views(rows)[place, np.arange(len(nearest))]
    return np.array(views.names, dtype=object)[chosen]


def copied_images(identities):
    """Return which real image each generated one is a copy of; -1 where it is of none."""
    known = {}
    for i, (key, blank) in enumerate(zip(identities.real, identities.real_blank, strict=True)):
        if not blank:
            known.setdefault(key, i)
    return np.array([known.get(key, -1) for key in identities.generated])


def alike_as_one(patients, identities):
    """Return the patients, those who share an image taken for one."""
    owners = defaultdict(list)
    for key, blank, one in zip(identities.real, identities.real_blank, patients, strict=True):
        if not blank:
            owners[key].append(one)
    pairs = [(shared[0], one) for shared in owners.values() for one in shared]
    first, second = np.array(pairs, int).reshape(-1, 2).T
    n = patients.max() + 1
    graph = coo_array((np.ones(len(first)), (first, second)), shape=(n, n))
    return connected_components(graph, directed=False)[1][patients]

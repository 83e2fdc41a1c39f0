"""Which generated images must go: those nearer to a used patient than chance brings them."""

import csv
import io
from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from sklearn.utils.validation import check_consistent_length

from .._compat._printable import printable
from .._compat._spreadsheets import quoted
from .._compat._writing import check_target, write_text
from ..distances._generated import generated_sets
from ..distances._relative import RelativeScale
from ..identification._rivals import NearestReal
from ..images import Views
from ..images._checks import check_images
from ..images._patients import check_groups
from ..metrics._labels import encode_labels, positive_class
from ..metrics._proportions import check_between
from ..model import ImagePairer
from ..model._evidence import map_weights, raw_maps
from ._conformal import NotUsedPatients, check_can_find, images_of_patient, q_values
from ._copies import Identities
from ._query_decisions import METHODS
from ._tail import patients_used

WITHHOLD, RELEASE = "withhold", "release"
_COPY, _NEAR = "copy", "near"
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


@dataclass(frozen=True)
class ReleaseList:
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
        "copy" of a real image, pixel for pixel; "near" to a used patient; or "".
    fdr : float
        Expected share of patients without a leak, at most, among the used patients for whose
        nearness a generated image is withheld.
    names : tuple of n_generated str
        What the generated images are called.
    real_names : tuple of n_images str
        What the real images are called.
    decision : ndarray of shape (n_generated,), str
        "withhold" where there is a reason, else "release".
    """

    nearest: np.ndarray
    nearest_used: np.ndarray
    view: np.ndarray
    margin: np.ndarray
    q_value: np.ndarray
    reason: np.ndarray
    fdr: float
    names: tuple
    real_names: tuple

    @property
    def decision(self):
        """What to do with each generated image, ``(n_generated,)``."""
        return np.where(self.reason != "", WITHHOLD, RELEASE)

    def _columns(self):
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

    def to_frame(self):
        """Return a table, one row a generated image.

        Returns
        -------
        frame : pandas.DataFrame
            Columns "generated" and "nearest", names; "nearest_used"; "view"; "margin"; "q_value";
            "reason"; "decision".

        Raises
        ------
        ImportError
            If pandas is not installed.
        """
        try:
            import pandas as pd
        except ImportError as error:
            raise ImportError(
                "to_frame needs pandas; install it with `pip install pandas`, or write the table "
                "with to_csv."
            ) from error
        return pd.DataFrame(self._columns())

    def to_csv(self, path):
        """Write the table of `to_frame`, whole or not at all.

        Parameters
        ----------
        path : str or path-like
            The file, in UTF-8; an earlier one is replaced. Cells that a spreadsheet would execute
            begin with an apostrophe, and control characters are written as Python does it.

        Raises
        ------
        ValueError
            If the file cannot be written.
        """
        check_target(path)
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(_COLUMNS)
        writer.writerows(map(_cell, row) for row in zip(*self._columns().values(), strict=True))
        write_text(path, text.getvalue())


def _cell(value):
    if isinstance(value, str):
        return quoted(printable(value))
    return f"{value:.6g}" if isinstance(value, float) else int(value)


def release_list(
    estimator,
    X,
    y,
    *,
    generated,
    groups=None,
    fdr=0.05,
    method="bh",
    pos_label=None,
    names=None,
    real_names=None,
    random_state=None,
):
    r"""Tell which generated images to withhold, at a bounded rate of false reasons.

    For each generated image used and not-used real images compete for being the nearest. How
    clearly not-used patients win shows what chance does (target-decoy competition [1]_), and
    generated images that a used patient wins more clearly than that are withheld. Patients are
    counted, not images: what one patient wins, it wins together. A copy of a real image, pixel for
    pixel, is withheld without any statistics.

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
    check_between("fdr", fdr)
    if method not in METHODS:
        raise ValueError(f"method={method!r}; expected one of {', '.join(map(repr, METHODS))}.")
    images = check_images(X)
    check_consistent_length(images, y)
    sets = [check_images(set_, "generated") for set_ in generated_sets(generated, len(images))]
    classes, encoded = encode_labels(y)
    used = encoded == positive_class(classes, pos_label)
    n_generated = sum(map(len, sets))
    names = _named(names, "generated", n_generated)
    real_names = _named(real_names, "X", len(images), "real_names")
    identities = Identities.of(images, [image for set_ in sets for image in set_], None)
    patients = _alike_as_one(check_groups(groups, len(images)), identities)
    contest = _Contest(patients, used, fdr, method, random_state)
    pairing = ImagePairer(estimator.descriptor, pairer=estimator.pairer, views=estimator.views)
    z = _mean_z(pairing, images, tuple(sets), patients)
    nearest, margin, q = contest.decide(z)
    copied = _copied(identities)
    nearest = np.where(copied >= 0, copied, nearest)
    reason = np.where(copied >= 0, _COPY, np.where(q <= fdr, _NEAR, ""))
    return ReleaseList(
        nearest=nearest,
        nearest_used=contest.used[nearest],
        view=_views(pairing, images, nearest),
        margin=margin,
        q_value=q,
        reason=reason,
        fdr=fdr,
        names=names,
        real_names=real_names,
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
    return (z @ map_weights(pairing.pairer_, z.shape[2])).astype(np.float32)


def _views(pairing, images, nearest):
    """Return under which view each nearest real image is nearest, by name."""
    views = Views.of(pairing.views)
    chosen = np.zeros(len(nearest), int)
    if len(views) > 1:
        winners, place = np.unique(nearest, return_inverse=True)
        rows = pairing.describe([images[i] for i in winners])
        chosen = pairing.pairer_.best_views(rows)[place, np.arange(len(nearest))]
    return np.array(views.names, dtype=object)[chosen]


def _copied(identities):
    """Return which real image each generated one is a copy of; -1 where it is of none."""
    known = {}
    for i, (key, blank) in enumerate(zip(identities.real, identities.real_blank, strict=True)):
        if not blank:
            known.setdefault(key, i)
    return np.array([known.get(key, -1) for key in identities.generated])


def _alike_as_one(patients, identities):
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


def _named(names, place, n_images, argument="names"):
    if names is None:
        return tuple(f"{place}[{i}]" for i in range(n_images))
    if len(names) != n_images:
        raise ValueError(
            f"{argument} has {len(names)} entries for {n_images} images; give one name an image."
        )
    return tuple(map(str, names))

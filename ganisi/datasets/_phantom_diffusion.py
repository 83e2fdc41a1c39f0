"""Images of a real diffusion model, trained on phantoms whose membership is known."""

from __future__ import annotations

import hashlib
import io
from importlib.resources import files
from typing import Literal

import numpy as np
from sklearn.utils import Bunch

from ._data_bunch import DataBunch

#: SHA-256 of the files, as examples/benchmarks/ship_phantom_diffusion.py prints them.
_CHECKSUMS = {
    "flips": "9993bbdc3acc70db05e17ed4cfc1b38cc192f2983e3725f46716458df262870d",
    "other": "2d6d94a72cef25139e971c561e8c8393acd42a52a69244057325f90f5e3559d0",
}
_TRAINED_ON = {
    "flips": "the used ones, so it remembers them",
    "other": "those of other patients and on none of these, so nothing leaked",
}
_FOLDER = files("ganisi.datasets") / "data"
_SIBLING = "unused slice of a used patient"


def load_phantom_diffusion(kind: Literal["flips", "other"] = "flips") -> Bunch:
    """Load images sampled from a diffusion model, and phantoms of which it was trained on some.

    The model is a U-Net trained to denoise [1]_, long on few images, each flipped left-right at
    random: ``"flips"`` on the used ones, which it remembers, ``"other"`` in the same way on the
    slices of other patients, so that no image called used was used and no honest method can beat
    chance. The real images are the same in both. Nothing is downloaded.

    Parameters
    ----------
    kind : {"flips", "other"}, default="flips"
        What the model was trained on.

    Returns
    -------
    data : :class:`~sklearn.utils.Bunch`
        Dictionary-like object with the attributes

        real : ndarray of shape (96, 64, 64), uint8
            Phantom CT slices in random order, two of each of 48 patients. Black is 0.
        used : ndarray of shape (96,), int
            1 for the images that ``"flips"`` was trained on, 0 for those of other patients.
        generated : ndarray of shape (n_generated, 64, 64), uint8
            The images sampled from the model.
        groups : ndarray of shape (96,), int
            The patient of each real image. No patient has both labels.
        unused_slices : ndarray of shape (48, 64, 64), uint8
            Other slices of the used patients, on which no model was trained.
        unused_groups : ndarray of shape (48,), int
            The patient of each of them, numbered as in `groups`.
        queries : ndarray of shape (48, 64, 64), uint8
            Images of 16 further patients, to be asked about: used, of other patients, and unused
            slices of used patients, 16 each.
        query_used : ndarray of shape (48,), int
            1 for the queries that ``"flips"`` was trained on.
        query_groups : ndarray of shape (48,), int
            The patient of each query; none is in `groups`.
        query_roles : ndarray of shape (48,), str
            What each query is: ``"used"``, ``"not used"`` or ``"unused slice of a used patient"``.
        target_names : list of str
            What the values of `used` mean.
        kind : str
            As asked for.
        license : str
            Under what licence the images stand.
        DESCR : str
            What the data are, in a paragraph.

    Raises
    ------
    ValueError
        If there is no such kind.
    OSError
        If the file that came with the package is missing or is not the one that was published.

    See Also
    --------
    make_source_identification : A generator made on the spot, with a dial for what it remembers.

    Notes
    -----
    Made by ``python examples/benchmarks/generators.py --only flips other``: three scales of 32, 64
    and 128 channels on blocks of 4 x 4 pixels, v-prediction [2]_, 6,000 steps of 16 images on 64
    slices of 32 patients, a moving average of the weights, 40 deterministic steps of sampling. The
    phantoms are those of :func:`make_source_identification` on scanners that differ more, and at
    closer slices, so that slices of one patient and of different patients lie about as far apart as
    those of a public CT set. There is no `source` as in :func:`make_source_identification`: such a
    model draws no image from another.

    ROC AUC of all used images, those of the queries among them, against all others, cross-validated
    by patient, with standard errors by patient, as printed by
    ``python examples/benchmarks/evidence_table.py``; "pixels" is the nearest generated image or
    mirror image, and fits nothing:

    ===== =============== ============== =============
    kind  attack          other patients same patients
    ===== =============== ============== =============
    flips pixels          1.00 +- 0.00   0.65 +- 0.03
    flips recommended()   1.00 +- 0.00   0.65 +- 0.03
    other pixels          0.42 +- 0.07   0.49 +- 0.01
    other recommended()   0.42 +- 0.05   0.52 +- 0.01
    ===== =============== ============== =============

    So the model gives away the patient without fail, and hardly which of the slices it saw.

    References
    ----------
    .. [1] J. Ho, A. Jain, P. Abbeel, "Denoising Diffusion Probabilistic Models", NeurIPS 2020.
    .. [2] T. Salimans, J. Ho, "Progressive Distillation for Fast Sampling of Diffusion Models",
       ICLR 2022.

    Examples
    --------
    >>> from ganisi.datasets import load_phantom_diffusion
    >>> data = load_phantom_diffusion()
    >>> data.real.shape, data.queries.shape
    ((96, 64, 64), (48, 64, 64))

    How near the nearest generated image is to each real one, or to its mirror image, tells which
    real images were used:

    >>> import numpy as np
    >>> from sklearn.metrics import pairwise_distances, roc_auc_score
    >>> def nearness(data):
    ...     views = np.concatenate([data.generated, data.generated[:, :, ::-1]])
    ...     real, views = (x.reshape(len(x), -1).astype(float) for x in (data.real, views))
    ...     return -pairwise_distances(real, views).min(axis=1)
    >>> bool(roc_auc_score(data.used, nearness(data)) > 0.9)
    True

    The same of a model that was trained on other patients is guesswork:

    >>> other = load_phantom_diffusion("other")
    >>> bool(0.35 < roc_auc_score(other.used, nearness(other)) < 0.65)
    True
    """
    if kind not in list(_CHECKSUMS):
        raise ValueError(f"kind must be one of {list(_CHECKSUMS)}, got {kind!r}.")
    arrays = _read(kind)
    role, held_out = arrays["role"], arrays["held_out"]
    labelled = ~held_out & (role != _SIBLING)
    siblings = ~held_out & (role == _SIBLING)
    images, used, groups = arrays["images"], arrays["used"], arrays["groups"]
    return DataBunch(
        real=images[labelled],
        used=used[labelled],
        generated=arrays["generated"],
        groups=groups[labelled],
        unused_slices=images[siblings],
        unused_groups=groups[siblings],
        queries=images[held_out],
        query_used=used[held_out],
        query_groups=groups[held_out],
        query_roles=role[held_out],
        target_names=["not used", "used"],
        kind=kind,
        license="BSD-3-Clause, as ganisi: phantoms and images of models trained on phantoms.",
        DESCR=(
            f"{used[labelled].sum()} used and {(used[labelled] == 0).sum()} not used phantom chest "
            f"CT slices, {siblings.sum()} unused slices of the used patients, {held_out.sum()} "
            f"queries of further patients, and {len(arrays['generated'])} images of a diffusion "
            f"model trained with left-right flips on {_TRAINED_ON[kind]}; 64x64, 8 bit."
        ),
    )


def _read(kind):
    """The arrays of a file, once it is known to be the one that was published."""
    path = _FOLDER / f"phantom_diffusion_{kind}.npz"
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise OSError(
            f"{path} is missing, though it comes with ganisi; install ganisi again."
        ) from error
    digest = hashlib.sha256(content).hexdigest()
    if digest != _CHECKSUMS[kind]:
        raise OSError(
            f"{path} is not the file that was published: its SHA-256 is {digest}, expected "
            f"{_CHECKSUMS[kind]}; install ganisi again."
        )
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        return dict(arrays)

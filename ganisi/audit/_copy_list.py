"""Near copies among generated images where no real image is known not to be used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .._compat._hints import ImageSet, ImageSets
from ..distances._generated import generated_sets
from ..images._checks import check_images
from ..images._patients import check_groups
from ._copies import Identities
from ._image_table import ImageTable, listed_names
from ._near_copies import AS_IT_IS, nearest_thumbnails
from ._release_list import COPY, NEAR_COPY, WITHHOLD, alike_as_one, copied_images

NOT_CLEARED = "not cleared"
#: Which further images would make an audit possible.
WHAT_IS_MISSING = (
    "What would make an audit possible: real images that did not train the generator, of other "
    "patients than those that did, at least 20 of them and better as many as were used; from the "
    "same scanners, sites and years, chosen as the used ones were. Best is a hold-out that lots "
    "chose before training; of a generator that is trained already, images of patients who came "
    "later, or were left out for reasons that have nothing to do with what the images show. And "
    "all images that were used, not a sample."
)


@dataclass(frozen=True, repr=False)
class CopyList(ImageTable):
    """One row a generated image, in their order.

    Attributes
    ----------
    nearest : ndarray of shape (n_generated,), int
        Index of the real image nearest to it; -1 where it was not judged: it shows next to nothing,
        is smaller than 16 pixels a side, or there is one patient only.
    view : ndarray of shape (n_generated,), object
        How the generated image lies then: "as it is", or turned or mirrored.
    distance : ndarray of shape (n_generated,)
        To that image; 1 is the smallest distance of two real images of different patients.
    as_near : ndarray of shape (n_generated,)
        Share of the real images whose nearest image of another patient is at most as far.
    reason : ndarray of shape (n_generated,), str
        "copy" of a real image, pixel for pixel; "near copy", at a distance below 1/2; or "".
    names : tuple of n_generated str
        What the generated images are called.
    real_names : tuple of n_images str
        What the real images are called.
    decision : ndarray of shape (n_generated,), str
        "withhold" where there is a reason, else "not cleared".

    Notes
    -----
    The columns of the table are "generated" and "nearest", names; "view"; "distance"; "as_near";
    "reason"; "decision".
    """

    nearest: np.ndarray
    view: np.ndarray
    distance: np.ndarray
    as_near: np.ndarray
    reason: np.ndarray
    names: tuple[str, ...]
    real_names: tuple[str, ...]

    @property
    def decision(self) -> NDArray[np.str_]:
        """What to do with each generated image, ``(n_generated,)``."""
        return np.where(self.reason != "", WITHHOLD, NOT_CLEARED)

    def _main_figures(self):
        return {"n_generated": len(self.reason), "n_withheld": int((self.reason != "").sum())}

    def columns(self) -> dict[str, Any]:
        """Return the columns by name, each of one value an image."""
        return {
            "generated": list(self.names),
            "nearest": ["" if i < 0 else self.real_names[i] for i in self.nearest],
            "view": self.view,
            "distance": self.distance,
            "as_near": self.as_near,
            "reason": self.reason,
            "decision": self.decision,
        }


def copy_list(
    X: ImageSet,
    *,
    generated: ImageSets,
    groups: ArrayLike | None = None,
    names: Sequence[str] | None = None,
    real_names: Sequence[str] | None = None,
) -> CopyList:
    r"""Name near copies of used images where no image is known not to be used.

    That is all that can be done then: an attack needs not-used images to be compared with. So the
    list is never a clearance; what is no near copy may be recognised by any other means.

    Parameters
    ----------
    X : array of shape (n_images, height, width), list of arrays, or list of paths
        Real images that the generator was trained on.
    generated : images as `X`, or tuple of these
        Images from the generator; a tuple holds several sets, put end to end.
    groups : array of shape (n_images,) or None, default=None
        Patient of each real image; None counts each as a patient of its own. Slices of one patient
        that count as of several make "near" so small that copies pass.
    names, real_names : sequence of str, or None, default=None
        What the list calls generated and real images; None calls them by their place, such as
        ``generated[3]`` and ``X[3]``.

    Returns
    -------
    copies : CopyList
        One row a generated image.

    Raises
    ------
    TypeError, ValueError
        If images, patients or names do not fit together.

    See Also
    --------
    release_list : The list where there are not-used images, with a bounded rate of false reasons.

    Notes
    -----
    Images are brought to 32 x 32 pixels, mean 0 and length 1, and a generated image is looked at
    under the 8 turns and mirrors:

    .. math:: d(x, g) = \min_T \lVert x - T g \rVert

    The unit is the smallest d of two real images of different patients who share no image. Below
    1/2 an image is a near copy, as in an audit. The more patients there are, the nearer are the
    nearest two, and the less is withheld. Both numbers are conventions, and there is no error
    rate: what generated images of patients who were not used would show is what nobody knows here.

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi.audit import copy_list
    >>> from ganisi.datasets import load_phantom_diffusion
    >>> data = load_phantom_diffusion("flips")
    >>> used = data.used == 1
    >>> found = copy_list(
    ...     data.real[used], generated=(data.generated,), groups=data.groups[used]
    ... )
    >>> sorted(set(found.decision.tolist()))
    ['not cleared', 'withhold']
    """
    images = check_images(X)
    sets = [check_images(set_, "generated") for set_ in generated_sets(generated, len(images))]
    names = listed_names(names, "generated", sum(map(len, sets)))
    real_names = listed_names(real_names, "X", len(images), "real_names")
    groups = check_groups(groups, len(images))
    identities = Identities.of(images, [image for set_ in sets for image in set_], None)
    patients = alike_as_one(groups, identities)
    images, sets, _ = identities.files_of(images, sets, None)
    found = nearest_thumbnails(images, patients, sets, identities)
    copied = copied_images(identities)
    return CopyList(
        nearest=np.where(copied >= 0, copied, found.nearest),
        view=np.where(copied >= 0, AS_IT_IS, found.view),
        distance=np.where(copied >= 0, 0.0, found.distance),
        as_near=np.where(copied >= 0, 0.0, found.as_near),
        reason=np.where(copied >= 0, COPY, np.where(found.is_copy, NEAR_COPY, "")),
        names=names,
        real_names=real_names,
    )

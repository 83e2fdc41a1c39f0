"""What a folder of images holds, and what of it was left alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from .._compat._brief import Brief
from .._compat._hints import FilePath, Self
from ._file import ImageFile


class ImageFolder(Brief, tuple):
    """The images of a folder and their names, as a pair, and what else is known of it.

    What :func:`ganisi.datasets.load_image_folder` returns: ``images, names = folder``.

    Parameters
    ----------
    images : list of str, or list of ImageFile
        The images.
    names : list of str
        Their names.
    directory : str or path-like, default=""
        The folder.
    left_alone : sequence of (path, why), default=()
        Every entry that was not read, and why.
    groups : ndarray of shape (n_images,), str, or None, default=None
        The patient of each image, where asked for: what `groups` takes wherever it is asked for.
        Where not, and slices of volumes or frames of a file are among the images, the patient in
        the header of DICOM, under a pseudonym, and of other files the file.

    Attributes
    ----------
    images, names, left_alone, groups
        As above.
    account : str
        What was read and what was left alone, counted, in a line.

    Examples
    --------
    >>> from ganisi.datasets import ImageFolder
    >>> folder = ImageFolder(["a.png"], ["a"], "real", [("notes.txt", "no image (.txt)")])
    >>> images, names = folder
    >>> folder.account
    'real: 1 images; left alone: 1 x no image (.txt).'
    """

    images: list[str] | list[ImageFile]
    names: list[str]
    left_alone: list[tuple[str, str]]
    groups: NDArray[np.str_] | None
    account: str

    def __new__(
        cls,
        images: list[str] | list[ImageFile],
        names: list[str],
        directory: FilePath = "",
        left_alone: Iterable[tuple[str, str]] = (),
        groups: NDArray[np.str_] | None = None,
    ) -> Self:
        """Make the pair; the rest are attributes."""
        self = super().__new__(cls, (images, names))
        self.images, self.names = images, names
        self.left_alone = list(left_alone)
        self.groups = groups
        self.account = f"{directory}: {len(images)} images; {account_of(self.left_alone)}"
        return self

    def _main_figures(self):
        return {
            "n_images": len(self.images),
            "n_left_alone": len(self.left_alone),
            "n_patients": None if self.groups is None else len(set(self.groups)),
        }

    def __getnewargs__(self):
        return self.images, self.names


def account_of(left_alone):
    """Count what was left alone, by reason."""
    reasons = Counter(why for _, why in left_alone)
    counted = ", ".join(f"{number} x {why}" for why, number in sorted(reasons.items()))
    return f"left alone: {counted or 'nothing'}."

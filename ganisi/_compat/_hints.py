"""Names that stand in hints at public signatures; nothing is done with them at run time."""

import os
from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    # Python has it from 3.11 on; those who check types have it for every version.
    from typing_extensions import Self
else:
    Self = Any

__all__ = [
    "FilePath",
    "Folds",
    "Image",
    "ImageSets",
    "Images",
    "Keys",
    "RowSets",
    "Seed",
    "Self",
]

#: The name of a file or a folder.
FilePath: TypeAlias = str | os.PathLike[str]
#: One image: grey levels (height, width), or the file that holds them.
Image: TypeAlias = ArrayLike | FilePath
#: A set of images: an array (n_images, height, width), or a list.
Images: TypeAlias = ArrayLike | Sequence[Image]
#: One set of images, or several, each of a generator of its own.
ImageSets: TypeAlias = Images | tuple[Images, ...]
#: The same of rows (n_images, n_features), which describe images.
RowSets: TypeAlias = ArrayLike | tuple[ArrayLike, ...]
#: What each image is known by.
Keys: TypeAlias = Sequence[Hashable] | NDArray[Any]
#: Indices of the images to fit on, and of those to ask about, a pair a fold.
Folds: TypeAlias = Sequence[tuple[ArrayLike, ArrayLike]]
#: Where random numbers begin.
Seed: TypeAlias = int | np.random.RandomState | None

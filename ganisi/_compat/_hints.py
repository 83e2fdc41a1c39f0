"""Names that stand in hints at public signatures; nothing is done with them at run time."""

import os
from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from joblib import Memory
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    # What is heavy, or not always there; and what Python has from 3.11 on.
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap
    from pandas import DataFrame
    from torch.nn import Module
    from typing_extensions import Self
else:
    Axes = Colormap = DataFrame = Module = Self = Any

__all__ = [
    "Axes",
    "Cache",
    "Colormap",
    "DataFrame",
    "FilePath",
    "Folds",
    "Image",
    "ImageSet",
    "ImageSets",
    "Keys",
    "Module",
    "RowSets",
    "Seed",
    "Self",
]

#: The name of a file or a folder.
FilePath: TypeAlias = str | os.PathLike[str]
#: A folder that keeps what was computed, or what joblib keeps in one.
Cache: TypeAlias = FilePath | Memory
#: One image: grey levels (height, width), or the file that holds them.
Image: TypeAlias = ArrayLike | FilePath
#: Images: an array (n_images, height, width), or a list.
ImageSet: TypeAlias = ArrayLike | Sequence[Image]
#: One set of images, or several, each of a generator of its own.
ImageSets: TypeAlias = ImageSet | tuple[ImageSet, ...]
#: The same of rows (n_images, n_features), which describe images.
RowSets: TypeAlias = ArrayLike | tuple[ArrayLike, ...]
#: What each image is known by.
Keys: TypeAlias = Sequence[Hashable] | NDArray[Any]
#: Indices of the images to fit on, and of those to ask about, a pair a fold.
Folds: TypeAlias = Sequence[tuple[ArrayLike, ArrayLike]]
#: Where random numbers begin.
Seed: TypeAlias = int | np.random.RandomState | None

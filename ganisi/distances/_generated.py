"""The generated images as an argument: one set, or a tuple of sets."""

import os

import numpy as np


def generated_sets(generated, n_queries):
    """Return the generated sets of a ``generated=`` argument, one set an element.

    Parameters
    ----------
    generated : array, list, or tuple of these
        One set of generated images (or of their quantile functions), or a tuple of such sets,
        for instance from several generators. A tuple always means sets.
    n_queries : int
        Number of rows of `X` in the same call.

    Returns
    -------
    sets : tuple
        The sets, none of them empty.

    Raises
    ------
    TypeError
        If `generated` is missing, or a tuple holds paths instead of sets of paths.
    ValueError
        If a set is empty, or if a bare set is exactly as long as `X`: scikit-learn's
        cross-validation slices such an argument silently, and the tuple ``(generated,)`` never.

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi.distances._generated import generated_sets
    >>> len(generated_sets(np.zeros((5, 8, 8)), n_queries=3))
    1
    """
    if generated is None:
        raise TypeError("generated is missing; pass the generated images: generated=(images,).")
    if isinstance(generated, (str, bytes, os.PathLike)):
        raise TypeError(
            f"generated is the single path {str(generated)!r}; expected a set of images. "
            "List the images of a folder first."
        )
    if isinstance(generated, tuple):
        sets = generated
        for element in sets:
            if isinstance(element, (str, bytes, os.PathLike)):
                raise TypeError(
                    f"generated is a tuple that holds the path {str(element)!r}; a tuple means "
                    "sets of images. Pass a list of paths, or a tuple of lists of paths."
                )
            if np.ndim(element) == 0 and not hasattr(element, "__len__"):
                raise TypeError(
                    f"generated is a tuple that holds a {type(element).__name__}; expected sets "
                    "of images: generated=(images,)."
                )
    else:
        if not hasattr(generated, "__len__"):
            raise TypeError(
                f"generated is a {type(generated).__name__}; expected a set of images or a tuple "
                "of sets: generated=(images,)."
            )
        if len(generated) == n_queries:
            raise ValueError(
                f"generated has as many images as X ({n_queries}), so cross-validation may have "
                "cut it; pass it as generated=(generated,)."
            )
        sets = (generated,)
    if not sets or any(len(element) == 0 for element in sets):
        raise ValueError("generated holds an empty set; every set needs at least one image.")
    return sets

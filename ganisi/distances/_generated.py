"""The generated images as an argument: one set, or a tuple of sets."""

import os

import numpy as np
from sklearn.utils import check_array


def generated_sets(generated, n_queries):
    """Return the sets of a ``generated=`` argument as a tuple; a tuple always means sets."""
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
            _check_element(element)
    else:
        _check_bare_set(generated, n_queries)
        sets = (generated,)
    if not sets or any(len(element) == 0 for element in sets):
        raise ValueError("generated holds an empty set; every set needs at least one image.")
    return sets


def check_generated_rows(set_):
    """Return a set as rows (n_generated, n_features); refuse images that nobody described."""
    # A DataFrame would list its columns.
    set_ = set_.to_numpy() if hasattr(set_, "to_numpy") else set_
    is_paths = any(isinstance(one, (str, bytes, os.PathLike)) for one in set_)
    if is_paths or np.ndim(set_[0]) > 1:
        raise ValueError(
            "generated holds images, and a pairer takes the rows that a descriptor makes of them. "
            "In a Pipeline from pixels begin with ganisi.ImagePairer, which describes both; or "
            "write Pipeline(..., transform_input=['generated']) after "
            "sklearn.set_config(enable_metadata_routing=True), and fit(X, y, generated=(images,))."
        )
    # Half precision stays as it is, and is widened a few rows at a time.
    dtype = (np.float32, np.float16) if _is_half(set_) else np.float32
    return check_array(set_, dtype=dtype, input_name="generated")


def _is_half(set_):
    return isinstance(set_, np.ndarray) and set_.dtype == np.float16


def _check_element(element):
    if isinstance(element, (str, bytes, os.PathLike)):
        raise TypeError(
            f"generated is a tuple that holds the path {str(element)!r}; a tuple means "
            "sets of images. Pass a list of paths, or a tuple of lists of paths."
        )
    # A list of files is no array: it would be one only once all are read.
    if not hasattr(element, "__len__"):
        raise TypeError(
            f"generated is a tuple that holds a {type(element).__name__}; expected sets "
            "of images: generated=(images,)."
        )


def _check_bare_set(generated, n_queries):
    if not hasattr(generated, "__len__"):
        raise TypeError(
            f"generated is a {type(generated).__name__}; expected a set of images or a tuple "
            "of sets: generated=(images,)."
        )
    # scikit-learn's cross-validation slices such an argument silently, and a tuple never.
    if len(generated) == n_queries:
        raise ValueError(
            f"generated has as many images as X ({n_queries}), so cross-validation may have "
            "cut it; pass it as generated=(generated,)."
        )

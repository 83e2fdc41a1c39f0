"""Copies of an image as a generator might return them: never quite the image itself."""

import numpy as np
from scipy import ndimage
from sklearn.utils import check_random_state

#: What the positive control plants: the kind of each copy, and how strong.
DEGRADATIONS = {
    "exact": ("exact", 0.0),
    "noise 0.25": ("noise", 0.25),
    "blur 1": ("blur", 1.0),
    "blend 0.3": ("blend", 0.3),
    "shift 2": ("shift", 2.0),
}

#: What each kind means, for the reader of a report.
MEANINGS = {
    "exact": "the images themselves",
    "noise": "with noise of {strength:g} of their own standard deviation",
    "blur": "blurred by a Gaussian, standard deviation {pixels}",
    "blend": "mixed with {strength:.0%} of another image",
    "shift": "moved by {pixels} down and right",
}


def degrade(image, kind, strength, other=None, random_state=None):
    """Return a degraded copy of an image.

    Parameters
    ----------
    image : array of shape (height, width)
        uint8, uint16 or float.
    kind : {"exact", "noise", "blur", "blend", "shift"}
        What is done.
    strength : float
        Standard deviation of the noise in units of the image's; standard deviation of the
        Gaussian in pixels; share of the other image; pixels down and right.
    other : array of shape (height, width) or None, default=None
        The image blended in, cut or repeated at its border to the size of `image`.
    random_state : int, RandomState instance or None, default=None
        For the noise.

    Returns
    -------
    copy : ndarray of shape (height, width)
        Of the same data type, within its range.

    Raises
    ------
    ValueError
        If `kind` is not one of those, or "blend" has no other image.

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi.audit._degradation import degrade
    >>> degrade(np.array([[0, 10], [20, 30]], dtype=np.uint8), "shift", 1)
    array([[0, 0],
           [0, 0]], dtype=uint8)
    """
    image = np.asarray(image)
    values = image.astype(np.float64)
    if kind == "noise":
        rng = check_random_state(random_state)
        values += strength * values.std() * rng.standard_normal(values.shape)
    elif kind == "blur":
        values = ndimage.gaussian_filter(values, strength, mode="nearest")
    elif kind == "blend":
        if other is None:
            raise ValueError("kind='blend' needs another image; give other=.")
        missing = [(0, max(0, n - m)) for n, m in zip(values.shape, other.shape, strict=True)]
        other = np.pad(np.asarray(other, np.float64), missing, mode="edge")
        values = (1 - strength) * values + strength * other[: values.shape[0], : values.shape[1]]
    elif kind == "shift":
        values = ndimage.shift(values, strength, order=1, mode="nearest")
    elif kind != "exact":
        raise ValueError(f"kind={kind!r}; expected one of {sorted(MEANINGS)}.")
    if image.dtype.kind == "f":
        return np.clip(values, image.min(), image.max()).astype(image.dtype)
    return np.clip(np.rint(values), 0, np.iinfo(image.dtype).max).astype(image.dtype)

"""What a report was made from, so that somebody else can make it again."""

import hashlib
import platform
from importlib.metadata import version

import numpy as np

from .._version import __version__
from ..images import read_image

_PACKAGES = ("numpy", "scipy", "scikit-image", "scikit-learn", "joblib")


def hash_images(images):
    """Return the SHA-256 of data type, shape and grey levels of each image.

    Parameters
    ----------
    images : iterable of images or paths
        As `check_images` returns them. A file is known by what is in it, not by its name.

    Returns
    -------
    digests : list of str
        In hexadecimal.

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi.audit.provenance import hash_images
    >>> a, b = hash_images(np.zeros((2, 4, 4)))
    >>> a == b
    True
    """
    return [hash_array(read_image(image)) for image in images]


def hash_array(array):
    """Return the SHA-256 of data type, shape and values of an array.

    Parameters
    ----------
    array : ndarray
        Of numbers.

    Returns
    -------
    digest : str
        The same on machines of either byte order.
    """
    little = array.dtype.newbyteorder("<")
    head = f"{little.str} {array.shape}".encode()
    body = np.ascontiguousarray(array.astype(little, copy=False)).tobytes()
    return hashlib.sha256(head + body).hexdigest()


def hash_set(digests):
    """Return the SHA-256 of a list of digests, in their order.

    Parameters
    ----------
    digests : list of str
        From `hash_images`.

    Returns
    -------
    digest : str
        Of the whole set.
    """
    return hashlib.sha256("".join(digests).encode()).hexdigest()


def software_versions():
    """Return the versions of what computes the figures.

    Returns
    -------
    versions : dict of str to str
        Python, ganisi, and what it needs.
    """
    return {
        "python": platform.python_version(),
        "ganisi": __version__,
        **{name: version(name) for name in _PACKAGES},
    }

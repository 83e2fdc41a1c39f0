"""What a report was made from, so that somebody else can make it again."""

import hashlib
import platform
from datetime import datetime, timezone
from importlib.metadata import version

import numpy as np

from .._version import __version__
from ..images._checks import check_images, read_image
from ..images._identity import image_key
from ..images._survey import scan_images

_PACKAGES = ("numpy", "scipy", "scikit-image", "scikit-learn", "joblib")


def hash_images(images):
    """Return what each image is known by: its `image_key`, whatever file or type it comes in.

    Parameters
    ----------
    images : iterable of images or paths
        As `check_images` returns them.

    Returns
    -------
    digests : list of str
        SHA-256 in hexadecimal.

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi.audit._provenance import hash_images
    >>> hash_images(np.zeros((1, 4, 4))) == hash_images(np.zeros((1, 4, 4), np.uint8))
    True
    """
    return [image_key(read_image(image)) for image in images]


def hash_array(array):
    """Return the SHA-256 of an array of whole numbers, the same on machines of either order."""
    return hashlib.sha256(np.asarray(array, "<i8").tobytes()).hexdigest()


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


def describe_folder(role, folder, images):
    """Say what a folder held, for the reader of a report.

    Parameters
    ----------
    role : str
        What its images are to the audit.
    folder : str
        Its name, as the user gave it.
    images : list of paths
        Of its images.

    Returns
    -------
    row : dict
        "role"; "folder"; "images", their number; "sizes", as "height x width" in pixels; "depth".

    Raises
    ------
    ValueError
        If a file cannot be read, is not grey, or bit depths are mixed.
    """
    depth, shapes = scan_images(check_images(images, folder), folder)
    return {
        "role": role,
        "folder": folder,
        "images": len(images),
        "sizes": [f"{height} x {width}" for height, width in sorted(shapes)],
        "depth": depth,
    }


def today():
    """Return the date and time to the minute, in UTC.

    Returns
    -------
    date : str
        As in "2026-01-31 17:05 UTC".
    """
    return datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC")

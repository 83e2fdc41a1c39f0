"""What an image is: checked once, at the door, with errors that say what to do."""

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

_DEPTHS = {"uint8": "uint8", "uint16": "uint16", "float32": "float", "float64": "float"}


def bit_depth(image):
    """Name the bit depth of a grey image.

    Parameters
    ----------
    image : ndarray of shape (height, width)
        A grey image.

    Returns
    -------
    depth : {"uint8", "uint16", "float"}
        float32 and float64 are one depth: they hold the same grey levels.

    Raises
    ------
    ValueError
        If the data type is another one.

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi.images import bit_depth
    >>> bit_depth(np.zeros((4, 4)))
    'float'
    """
    try:
        return _DEPTHS[image.dtype.name]
    except KeyError:
        raise ValueError(
            f"images have data type {image.dtype}; expected uint8, uint16, float32 or float64. "
            "Convert them without changing their grey levels, e.g. images.astype(np.uint8)."
        ) from None


def check_images(X, name="X"):
    """Check what can be checked of a set of images without reading files.

    Parameters
    ----------
    X : array of shape (n_images, height, width), list of arrays of shape (height, width), \
            or list or 1-D array of paths
        Grey images of data type uint8, uint16, float32 or float64, or the files they are in.
    name : str, default="X"
        What the set is called in error messages.

    Returns
    -------
    images : array of shape (n_images, height, width), list of arrays, or list of str
        The same images; nothing is copied or converted.

    Raises
    ------
    TypeError
        If `X` is not a set of images at all: a string, a mixture of paths and arrays.
    ValueError
        If the set is empty, an image is not 2-D or not finite, bit depths are mixed, or a file
        does not exist.

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi.images import check_images
    >>> check_images(np.zeros((2, 8, 8), dtype=np.uint8)).shape
    (2, 8, 8)
    """
    if isinstance(X, (str, bytes, os.PathLike)):
        raise TypeError(
            f"{name} is the single path {str(X)!r}; expected a set of images. Pass a list, "
            f"[{str(X)!r}], or list the images of a folder first."
        )
    if not isinstance(X, (Sequence, np.ndarray)) and hasattr(X, "__array__"):
        X = np.asarray(X)
    if not isinstance(X, (Sequence, np.ndarray)):
        raise TypeError(
            f"{name} is a {type(X).__name__}; expected an array of shape (n_images, height, "
            "width), a list of grey images, or a list of paths."
        )
    if len(X) == 0:
        raise ValueError(f"{name} holds no image; at least one is needed.")
    if isinstance(X, np.ndarray) and X.dtype.kind not in "OUST":
        return _check_stack(X, name)
    images = list(X)
    are_paths = [isinstance(image, (str, os.PathLike)) for image in images]
    if all(are_paths):
        return [_check_path(path, name) for path in images]
    if any(are_paths):
        raise TypeError(f"{name} mixes paths and arrays; pass one or the other.")
    images = [_check_grey(np.asarray(image), f"{name}[{i}]") for i, image in enumerate(images)]
    depths = {bit_depth(image) for image in images}
    if len(depths) > 1:
        raise ValueError(
            f"{name} mixes bit depths {sorted(depths)}; grey levels would not be comparable. "
            "Convert all images to one depth first."
        )
    return images


def read_image(image, name="image"):
    """Return one grey image, read from its file if need be.

    Parameters
    ----------
    image : array of shape (height, width), str or path-like
        The image, or the file it is in (any format that Pillow reads).
    name : str, default="image"
        What the image is called in error messages; a file is called by its path.

    Returns
    -------
    image : ndarray of shape (height, width)
        uint8, uint16, float32 or float64, as stored.

    Raises
    ------
    ValueError
        If the file cannot be read or is not a grey image of a known depth.

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi.images import read_image
    >>> read_image(np.zeros((4, 6))).shape
    (4, 6)
    """
    if isinstance(image, (str, os.PathLike)):
        name = os.fspath(image)
        try:
            image = _read_file(name)
        except Exception as error:
            raise ValueError(
                f"{name} cannot be read as an image: {error}. Replace it or leave it out."
            ) from error
    image = _check_grey(np.asarray(image), name)
    bit_depth(image)
    return image


def scan_images(images, name="X"):
    """Look at every image once, files too, before any long work.

    Parameters
    ----------
    images : sequence of images or paths
        As `check_images` returns it.
    name : str, default="X"
        What the set is called in error messages.

    Returns
    -------
    depth : {"uint8", "uint16", "float"}
        The one bit depth of the set.
    shapes : set of (height, width)
        The sizes that occur, in pixels.

    Raises
    ------
    ValueError
        If a file cannot be read, is not grey, or bit depths are mixed.

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi.images import scan_images
    >>> scan_images(np.zeros((2, 4, 6), dtype=np.uint8))
    ('uint8', {(4, 6)})
    """
    if isinstance(images, np.ndarray):
        return bit_depth(images), {images.shape[1:]}
    depth, shapes = None, set()
    for i, item in enumerate(images):
        image = read_image(item, f"{name}[{i}]")
        depth = depth or bit_depth(image)
        check_depth(image, depth, item if isinstance(item, str) else f"{name}[{i}]")
        shapes.add(image.shape)
    return depth, shapes


def check_depth(image, depth, name="image"):
    """Refuse an image of another bit depth than the set it belongs to.

    Parameters
    ----------
    image : ndarray of shape (height, width)
        A grey image.
    depth : {"uint8", "uint16", "float"}
        The depth expected.
    name : str, default="image"
        What the image is called in the error message.

    Raises
    ------
    ValueError
        If the depths differ.
    """
    if bit_depth(image) != depth:
        raise ValueError(
            f"{name} is {bit_depth(image)}, the images before it are {depth}; grey levels would "
            "not be comparable. Convert all images, queries and generated, to one depth first."
        )


def _read_file(path):
    with Image.open(path) as file:
        # A palette's indices are no grey levels; its colours are.
        pixels = np.asarray(file.convert("RGB") if file.mode == "P" else file)
        # Old versions of Pillow widen 16-bit PNG to 32 bits.
        return pixels.astype(np.uint16) if file.mode == "I" and file.format == "PNG" else pixels


def _check_stack(X, name):
    if X.ndim == 2:
        raise ValueError(
            f"{name} has shape {X.shape}; expected (n_images, height, width). "
            f"For one image pass {name}[None]."
        )
    if X.ndim == 4:
        raise ValueError(_colour_message(X.shape, name))
    if X.ndim != 3 or 0 in X.shape:
        raise ValueError(f"{name} has shape {X.shape}; expected (n_images, height, width).")
    bit_depth(X)
    if X.dtype.kind == "f" and not np.isfinite(X).all():
        bad = np.flatnonzero(~np.isfinite(X).all(axis=(1, 2)))
        raise ValueError(_not_finite_message(f"{name}[{bad[0]}]"))
    return X


def _check_grey(image, name):
    if image.ndim == 3:
        raise ValueError(_colour_message(image.shape, name))
    if image.ndim != 2 or 0 in image.shape:
        raise ValueError(f"{name} has shape {image.shape}; expected (height, width).")
    bit_depth(image)
    if image.dtype.kind == "f" and not np.isfinite(image).all():
        raise ValueError(_not_finite_message(name))
    return image


def _check_path(path, name):
    if not Path(path).is_file():
        raise ValueError(f"{name} names the file {os.fspath(path)!r}, which does not exist.")
    return os.fspath(path)


def _colour_message(shape, name):
    return (
        f"{name} has shape {shape}, which looks like a colour image; expected grey images "
        "(height, width). Convert it first, e.g. with skimage.color.rgb2gray, or take one channel."
    )


def _not_finite_message(name):
    return f"{name} holds NaN or infinite grey levels; replace them or leave the image out."

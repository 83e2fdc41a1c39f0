"""What an image is: checked once, at the door, with errors that say what to do."""

import hashlib
import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from sklearn.utils import gen_batches

from .image_file import ImageFile

_DEPTHS = {"uint8": "uint8", "uint16": "uint16", "float32": "float", "float64": "float"}
# By kind of data type. Never uint8 for integers: -1000 would become 24, and 300 become 44.
_KEEP = (
    "Convert it by astype(np.float32), which keeps negative and large grey levels; "
    "ganisi.image_file.rescale_intensities windows them if wanted."
)
_CONVERSIONS = {"b": "Convert it by astype(np.uint8).", "i": _KEEP, "u": _KEEP, "f": _KEEP}


def bit_depth(image, name="image"):
    """Name the bit depth of a grey image.

    Parameters
    ----------
    image : ndarray of shape (height, width)
        A grey image.
    name : str, default="image"
        What the image is called in the error message.

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
        advice = _CONVERSIONS.get(image.dtype.kind, "Convert it to one of these.")
        raise ValueError(
            f"{name} has data type {image.dtype}; expected uint8, uint16, float32 or float64. "
            + advice
        ) from None


def check_images(X, name="X"):
    """Check what can be checked of a set of images without reading files.

    Parameters
    ----------
    X : array of shape (n_images, height, width), list of arrays of shape (height, width), \
            or list or 1-D array of paths
        Grey images of data type uint8, uint16, float32 or float64, or the files they are in. A
        path is a string, a path-like object, or an `ImageFile` where reading needs options.
    name : str, default="X"
        What the set is called in error messages.

    Returns
    -------
    images : array of shape (n_images, height, width), list of arrays, or list of ImageFile
        The same images; copied only where their bytes stand in the other order in memory.

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
            f"{name} is the single path {os.fspath(X)!r}; expected a set of images. Pass a list, "
            f"[{os.fspath(X)!r}], or what ganisi.datasets.load_image_folder finds in a folder."
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
        return [_check_file(path, name) for path in images]
    if any(are_paths):
        raise TypeError(f"{name} mixes paths and arrays; pass one or the other.")
    images = [_check_grey(np.asarray(image), f"{name}[{i}]") for i, image in enumerate(images)]
    depths = {bit_depth(image, f"{name}[{i}]") for i, image in enumerate(images)}
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
    image : array of shape (height, width), str, path-like or ImageFile
        The image, or the file it is in; see `ImageFile` for the formats.
    name : str, default="image"
        What the image is called in error messages; a file is called by its path.

    Returns
    -------
    image : ndarray of shape (height, width)
        uint8 or uint16 as stored, or float32.

    Raises
    ------
    ImportError
        If the file is DICOM and pydicom is not installed.
    ValueError
        If the file cannot be read or is not a grey image of a known depth.

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi.images import read_image
    >>> read_image(np.zeros((4, 6))).shape
    (4, 6)
    """
    name = image_name(image, name)
    if isinstance(image, (str, os.PathLike)):
        image = _as_file(image).read()
    return _check_grey(np.asarray(image), name)


def image_name(image, name="image"):
    """Say what an image is called in error messages: a file by its path.

    Parameters
    ----------
    image : array of shape (height, width), str, path-like or ImageFile
        The image, or the file it is in.
    name : str, default="image"
        What an image is called that is not a file.

    Returns
    -------
    name : str
        The path, or `name`.

    Examples
    --------
    >>> from ganisi.images import image_name
    >>> image_name("scan.png", "X[0]")
    'scan.png'
    """
    return os.fspath(image) if isinstance(image, (str, os.PathLike)) else name


def image_key(image):
    """Return what two images share if and only if they are the same image.

    The SHA-256 of shape and grey levels as float32, -0.0 as 0.0: not of the data type, which a
    copy may change, nor of the order of bytes or of rows in memory.
    """
    # Adding 0 turns -0.0 into 0.0; little-endian on every machine.
    levels = np.asarray(image, dtype="<f4") + np.float32(0)
    head = f"{levels.shape} ".encode()
    return hashlib.sha256(head + np.ascontiguousarray(levels, "<f4").tobytes()).hexdigest()


class ImageFacts(NamedTuple):
    """What stands for an image where its grey levels are not needed."""

    dtype: np.dtype
    shape: tuple
    content: str
    span: float


def image_facts(image):
    """Return data type, shape, a digest and the span of the grey levels of an image.

    Parameters
    ----------
    image : array of shape (height, width), str, path-like or ImageFile
        A grey image, or the file it is in.

    Returns
    -------
    facts : ImageFacts
        `dtype` and `shape` of the image, and `content`, which two images share if and only if
        they are the same image (`image_key`); `span` is its highest grey level minus its lowest. A file is read
        once a process, as long as it stays as it is.

    Raises
    ------
    ValueError
        If the file cannot be read or is not a grey image of a known depth.

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi.images import image_facts
    >>> facts = image_facts(np.zeros((4, 6), dtype=np.uint8))
    >>> facts.dtype, facts.shape, len(facts.content), facts.span
    (dtype('uint8'), (4, 6), 64, 0.0)
    """
    if isinstance(image, (str, os.PathLike)):
        stat = os.stat(image)
        version = stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns
        return _file_facts(_as_file(image), *version)
    return ImageFacts(image.dtype, image.shape, image_key(image), grey_span(image))


@lru_cache(maxsize=2**16)
def _file_facts(file, *_version):
    return image_facts(read_image(file))


def grey_span(image):
    """Return the highest grey level of an image minus its lowest.

    Parameters
    ----------
    image : ndarray of shape (height, width)
        A grey image.

    Returns
    -------
    span : float
        0 where the image is constant.

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi.images import grey_span
    >>> grey_span(np.array([[7, 9], [255, 8]], dtype=np.uint8))
    248.0
    """
    return float(image.max()) - float(image.min())


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
    facts = survey_images(images, name)
    return facts.depth, facts.shapes


class SetFacts(NamedTuple):
    """What stands for a set of images where it is compared with another."""

    depth: str
    shapes: set
    span: float


def survey_images(images, name="X"):
    """Look at every image once, as `scan_images` does, for its span of grey levels too.

    Parameters
    ----------
    images : sequence of images or paths
        As `check_images` returns it.
    name : str, default="X"
        What the set is called in error messages.

    Returns
    -------
    facts : SetFacts
        `depth`, the one bit depth of the set; `shapes`, the sizes (height, width) that occur, in
        pixels; and `span`, the median over images of the highest minus the lowest grey level. A
        few blank images or burnt-in marks do not move it.

    Raises
    ------
    ValueError
        If a file cannot be read, is not grey, or bit depths are mixed.

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi.images import survey_images
    >>> survey_images(np.eye(4)[None])
    SetFacts(depth='float', shapes={(4, 4)}, span=1.0)
    """
    depth, shapes, spans = None, set(), []
    for i, item in enumerate(images):
        is_array = isinstance(item, np.ndarray)
        image = item if is_array else image_facts(item)
        depth = depth or bit_depth(image)
        check_depth(image, depth, image_name(item, f"{name}[{i}]"))
        shapes.add(image.shape)
        spans.append(grey_span(image) if is_array else image.span)
    return SetFacts(depth, shapes, float(np.median(spans)))


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
    bit_depth(X, name)
    if X.dtype.kind == "f":
        for rows in gen_batches(len(X), 256):
            _check_finite(X[rows], lambda i, start=rows.start: f"{name}[{start + i}]")
    return _in_byte_order(X)


def _check_grey(image, name):
    if image.ndim == 3:
        raise ValueError(_colour_message(image.shape, name))
    if image.ndim != 2 or 0 in image.shape:
        raise ValueError(f"{name} has shape {image.shape}; expected (height, width).")
    bit_depth(image, name)
    if image.dtype.kind == "f":
        _check_finite(image[None], lambda _: name)
        return image.astype(np.float32, copy=False)
    return _in_byte_order(image)


def _check_finite(stack, name_of):
    """Refuse grey levels that are not finite as float32, which is what images become."""
    with np.errstate(over="ignore"):
        good = np.isfinite(stack.astype(np.float32, copy=False)).all(axis=(1, 2))
    if not good.all():
        name = name_of(int(np.flatnonzero(~good)[0]))
        raise ValueError(
            f"{name} holds NaN or infinite grey levels, or levels beyond what float32 holds; "
            "replace them or leave the image out."
        )


def _in_byte_order(array):
    """Return an array as it is, or, where its bytes stand in the other order, a copy."""
    return array.astype(array.dtype.newbyteorder("="), copy=False)


def _as_file(path):
    return path if isinstance(path, ImageFile) else ImageFile(path)


def _check_file(path, name):
    if Path(path).is_dir():
        raise ValueError(
            f"{name} names the folder {os.fspath(path)!r}; expected image files. "
            "ganisi.datasets.load_image_folder lists those of a folder."
        )
    if not Path(path).is_file():
        raise ValueError(f"{name} names the file {os.fspath(path)!r}, which does not exist.")
    return _as_file(path)


def _colour_message(shape, name):
    """Say what is wrong with a set of 4 dimensions or an image of 3."""
    channels = len(shape) - 3
    if 1 in (shape[channels], shape[-1]):
        index = ":, 0" if channels else "0"
        kept = "(n_images, height, width)" if channels else "(height, width)"
        return (
            f"{name} has shape {shape}, with an axis of length 1 for the channel; expected "
            f"{kept}. Drop that axis: {name}[{'..., 0' if shape[-1] == 1 else index}]."
        )
    return (
        f"{name} has shape {shape}, which looks like a colour image; expected grey images "
        "(height, width). Convert it first, e.g. with skimage.color.rgb2gray, or take one channel."
    )

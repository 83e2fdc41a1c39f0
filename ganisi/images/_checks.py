"""What an image is: checked once, at the door, with errors that say what to do."""

import mmap
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sklearn.utils import gen_batches

from ._file import as_image_file
from ._grey_levels import bit_depth


def check_images(X, name="X"):
    """Check what can be checked of a set of images without reading files, and return it.

    A stack (n_images, height, width), a list of images (height, width), or of ImageFile; copied
    only where workers would see other pixels.
    """
    if isinstance(X, (str, bytes, os.PathLike)):
        raise TypeError(
            f"{name} is the single path {os.fspath(X)!r}; expected a set of images. Pass a list, "
            f"[{os.fspath(X)!r}], or what ganisi.datasets.load_image_folder finds in a folder."
        )
    if not isinstance(X, (Sequence, np.ndarray)) and hasattr(X, "__array__"):
        X = np.asarray(X)
    if isinstance(X, np.ma.MaskedArray):
        X = _unmasked(X, name)
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
    missing = [i for i, image in enumerate(images) if image is None]
    if missing:
        raise TypeError(f"{name}[{missing[0]}] is None; expected an image or a path. Leave it out.")
    if any(are_paths):
        raise TypeError(f"{name} mixes paths and arrays; pass one or the other.")
    images = [
        _check_grey(_as_array(image, f"{name}[{i}]"), f"{name}[{i}]")
        for i, image in enumerate(images)
    ]
    depths = {bit_depth(image, f"{name}[{i}]") for i, image in enumerate(images)}
    if len(depths) > 1:
        raise ValueError(
            f"{name} mixes bit depths {sorted(depths)}; grey levels would not be comparable. "
            "Convert all images to one depth first."
        )
    return images


def read_image(image, name="image"):
    """Return one checked grey image, read from its file if need be; floats as float32."""
    name = image_name(image, name)
    if isinstance(image, (str, os.PathLike)):
        image = as_image_file(image).read()
    return _check_grey(_as_array(image, name), name)


def image_name(image, name="image"):
    """Say what an image is called in error messages: a file by its path."""
    return as_image_file(image).name if isinstance(image, (str, os.PathLike)) else name


def _check_stack(X, name):
    """Check an array (n_images, height, width), its floats by blocks."""
    if X.ndim == 2:
        raise ValueError(
            f"{name} has shape {X.shape}; expected (n_images, height, width). "
            f"For one image pass {name}[None]. A table of features goes, without images, to a "
            "ganisi.distances.FeaturePairer, or, with them, to ganisi.descriptors.Precomputed."
        )
    if X.ndim == 4:
        raise ValueError(_colour_message(X.shape, name))
    if X.ndim != 3 or 0 in X.shape:
        raise ValueError(f"{name} has shape {X.shape}; expected (n_images, height, width).")
    bit_depth(X, name)
    if X.dtype.kind == "f":
        for rows in gen_batches(len(X), 256):
            _check_finite(X[rows], lambda i, start=rows.start: f"{name}[{start + i}]")
    return _in_memory_order(X)


def _check_grey(image, name):
    """Check one image (height, width); floats become float32."""
    if image.ndim == 3:
        raise ValueError(_colour_message(image.shape, name))
    if image.ndim != 2 or 0 in image.shape:
        raise ValueError(f"{name} has shape {image.shape}; expected (height, width).")
    bit_depth(image, name)
    if image.dtype.kind == "f":
        _check_finite(image[None], lambda _: name)
        return image.astype(np.float32, copy=False)
    return _in_memory_order(image)


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


def _as_array(image, name):
    """Return an image as an array, whatever it is."""
    return _unmasked(image, name) if isinstance(image, np.ma.MaskedArray) else np.asarray(image)


def _unmasked(array, name):
    """Return the data of a masked array without masked pixels; others have no grey level."""
    if np.ma.getmaskarray(array).any():
        raise ValueError(
            f"{name} is a masked array with masked pixels, which have no grey level; fill them: "
            f"{name}.filled(0)."
        )
    return np.asarray(array.data)


def _in_memory_order(array):
    """Return an array as it is, or a copy where it would not reach every reader as it is.

    Its bytes may stand in the other order; or it may be part of a file in memory, read backwards,
    of which joblib hands its workers other pixels, or which ends them.
    """
    if any(stride < 0 for stride in array.strides) and _is_part_of_a_file(array):
        array = array.copy()
    return array.astype(array.dtype.newbyteorder("="), copy=False)


def _is_part_of_a_file(array):
    """Tell whether an array looks at a file that is mapped into memory."""
    while array is not None:
        if isinstance(array, (np.memmap, mmap.mmap)):
            return True
        array = getattr(array, "base", None)
    return False


def _check_file(path, name):
    """Return the ImageFile of a path to a file that is there."""
    if Path(path).is_dir():
        raise ValueError(
            f"{name} names the folder {os.fspath(path)!r}; expected image files. "
            "ganisi.datasets.load_image_folder lists those of a folder."
        )
    if not Path(path).is_file():
        raise ValueError(f"{name} names the file {os.fspath(path)!r}, which does not exist.")
    return as_image_file(path)


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
    is_listed, ends = name.endswith("]"), (shape[0], shape[-1])
    if is_listed and not channels and not {2, 3, 4} & set(ends):
        whole = name.partition("[")[0]
        return (
            f"{name} has shape {shape}, which is a stack of images; expected one grey image "
            f"(height, width). Pass the stack itself, {whole}=stack, or for generated images of "
            "one or several generators a tuple of stacks, generated=(stack,)."
        )
    return (
        f"{name} has shape {shape}, which looks like a colour image; expected grey images "
        "(height, width). Convert it first, e.g. with skimage.color.rgb2gray, or take one channel."
    )

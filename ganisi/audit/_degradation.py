"""Copies of an image as a generator might return them: never quite the image itself."""

from __future__ import annotations

import io
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage
from sklearn.utils import check_random_state

from .._compat._hints import Seed
from ..images._checks import read_image
from ..images._views import Views

#: What the positive control plants: the kind of each copy, and how strong.
DEGRADATIONS = {
    "exact": ("exact", 0.0),
    "noise 0.25": ("noise", 0.25),
    "blur 1": ("blur", 1.0),
    "JPEG 50": ("JPEG", 50.0),
    "blend 0.3": ("blend", 0.3),
    "pasted 0.5": ("paste", 0.5),
    "mirrored": ("mirror", 0.0),
    "up-down": ("up-down", 0.0),
    "turned 90": ("turn", 90.0),
    "turned 180": ("turn", 180.0),
    "moved 2": ("shift", 2.0),
    "moved 4": ("shift", 4.0),
    "moved 8": ("shift", 8.0),
    "turned 3": ("turn", 3.0),
    "turned 5": ("turn", 5.0),
    "turned 10": ("turn", 10.0),
    "zoomed 1.05": ("zoom", 1.05),
    "zoomed 1.1": ("zoom", 1.1),
    "cropped 0.8": ("crop", 0.8),
    "gamma 0.7": ("gamma", 0.7),
    "gamma 1.5": ("gamma", 1.5),
    "contrast 0.7": ("contrast", 0.7),
    "inverted": ("invert", 0.0),
}

#: Of these, what must be found before silence means anything, unless the user says otherwise.
REQUIRED = (
    *("exact", "noise 0.25", "blur 1", "JPEG 50", "mirrored", "up-down", "moved 2", "moved 4"),
    *("moved 8", "turned 3", "turned 5", "turned 10", "zoomed 1.05", "zoomed 1.1"),
)

#: What each kind means, for the reader of a report, and how a dose of it is written.
MEANINGS = {
    "exact": ("the images themselves", ""),
    "noise": ("with noise of {} of their own standard deviation", "{:g}"),
    "blur": ("blurred by a Gaussian of standard deviation {} (pixels)", "{:g}"),
    "JPEG": ("saved as JPEG of quality {}", "{:g}"),
    "blend": ("mixed with {} of another image", "{:.0%}"),
    "paste": ("their middle, {} of each side, pasted into another image", "{:.0%}"),
    "mirror": ("mirrored left-right", ""),
    "up-down": ("mirrored up-down", ""),
    "turn": ("turned by {} degrees", "{:g}"),
    "shift": ("moved by {} pixels down and right", "{:g}"),
    "zoom": ("enlarged {} times", "{:g}"),
    "crop": ("cut to the middle {} of each side and resized", "{:.0%}"),
    "gamma": ("with gamma {}", "{:g}"),
    "contrast": ("with {} of their contrast", "{:.0%}"),
    "invert": ("with black and white exchanged", ""),
}
#: Kinds that put another image beside or behind the copy.
_WITH_ANOTHER = ("blend", "paste")
#: Smallest sides, in units of the shift, that leave enough of a moved image.
_SIDES_PER_SHIFT = 4


def meaning_of(*names):
    """Say in words what kinds of copies are, with doses and units; doses of a kind together."""
    doses = {}
    for kind, strength in sorted((DEGRADATIONS[name] for name in names), key=_place):
        doses.setdefault(kind, []).append(MEANINGS[kind][1].format(strength))
    return "; ".join(MEANINGS[kind][0].format(", ".join(of)) for kind, of in doses.items())


def _place(kind_and_strength):
    kind, strength = kind_and_strength
    return list(MEANINGS).index(kind), strength


def possible_kinds(shapes):
    """Return the names of the copies that can be made of images of these sizes (height, width)."""
    smallest = min(map(min, shapes))
    square = all(height == width for height, width in shapes)
    return [
        name
        for name, (kind, strength) in DEGRADATIONS.items()
        if (kind != "shift" or _SIDES_PER_SHIFT * strength <= smallest)
        and (square or (kind, strength) != ("turn", 90))
    ]


def degrade(
    image: NDArray[Any],
    kind: str,
    strength: float,
    other: NDArray[Any] | None = None,
    random_state: Seed = None,
) -> NDArray[Any]:
    """Return a degraded copy of an image.

    Parameters
    ----------
    image : array of shape (height, width)
        uint8, uint16 or float.
    kind : str
        What is done: "exact", "noise", "blur", "JPEG", "blend", "paste", "mirror", "up-down",
        "turn", "shift", "zoom", "crop", "gamma", "contrast" or "invert".
    strength : float
        Standard deviation of the noise in units of the image's; standard deviation of the
        Gaussian in pixels; quality of the JPEG file; share of the other image blended in; share
        of a side that is pasted or cropped to; degrees counter-clockwise; pixels down and right;
        factor of the zoom; exponent; factor of the contrast. Of no meaning to the others.
    other : array of shape (height, width) or None, default=None
        The image blended in or pasted into, cut or repeated at its border to the size of `image`.
    random_state : int, RandomState instance or None, default=None
        For the noise.

    Returns
    -------
    copy : ndarray of shape (height, width)
        Of the same data type, within its range; turned by 90 degrees, of shape (width, height).

    Raises
    ------
    ValueError
        If `kind` is not one of those, or "blend" or "paste" has no other image.

    Notes
    -----
    Gamma, contrast and inversion are about the range of 8 bits for uint8, and about that of the
    image itself for others; JPEG files have 8 bits, to which others are scaled and back. What
    comes in at a border repeats the edge.

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi.audit._degradation import degrade
    >>> degrade(np.array([[0, 10], [20, 30]], dtype=np.uint8), "shift", 1)
    array([[0, 0],
           [0, 0]], dtype=uint8)
    """
    image = np.asarray(image)
    if kind not in MEANINGS:
        raise ValueError(f"kind={kind!r}; expected one of {sorted(MEANINGS)}.")
    if kind in _WITH_ANOTHER:
        if other is None:
            raise ValueError(f"kind={kind!r} needs another image; give other=.")
        missing = [(0, max(0, n - m)) for n, m in zip(image.shape, other.shape, strict=True)]
        other = np.pad(np.asarray(other, np.float64), missing, mode="edge")
        other = other[: image.shape[0], : image.shape[1]]
    if kind in _GEOMETRY:
        return np.ascontiguousarray(_GEOMETRY[kind](image, strength))
    low, high = (
        (0.0, 255.0) if image.dtype == np.uint8 else (float(image.min()), float(image.max()))
    )
    values = image.astype(np.float64)
    if kind == "noise":
        rng = check_random_state(random_state)
        values += strength * values.std() * rng.standard_normal(values.shape)
    elif kind == "blur":
        values = ndimage.gaussian_filter(values, strength, mode="nearest")
    elif kind == "blend":
        values = (1 - strength) * values + strength * other
    elif kind == "paste":
        low, high = min(low, float(other.min())), max(high, float(other.max()))
        middle = _middle(image.shape, strength)
        other[middle] = values[middle]
        values = other
    elif kind == "JPEG":
        values = _jpeg(values, low, high, strength)
    elif kind == "gamma":
        span = max(high - low, np.finfo(np.float64).tiny)
        values = low + span * ((values - low) / span) ** strength
    elif kind == "contrast":
        values = (low + high) / 2 + strength * (values - (low + high) / 2)
    elif kind == "invert":
        values = low + high - values
    if image.dtype.kind == "f":
        return np.clip(values, low, high).astype(image.dtype)
    return np.clip(np.rint(values), 0, np.iinfo(image.dtype).max).astype(image.dtype)


def _middle(shape, share):
    """The middle of an image, a share of each side."""
    borders = [round(side * (1 - share) / 2) for side in shape]
    return tuple(slice(border, side - border) for border, side in zip(borders, shape, strict=True))


def _jpeg(values, low, high, quality):
    """Write and read an 8-bit JPEG file."""
    span, file = max(high - low, np.finfo(np.float64).tiny), io.BytesIO()
    image = Image.fromarray(np.rint(255 * (values - low) / span).astype(np.uint8))
    image.save(file, "JPEG", quality=int(quality))
    return low + span * np.asarray(Image.open(file), np.float64) / 255


def _seen(image, **views):
    """An image moved, zoomed or rotated: what `Views` make of it beside the image itself."""
    _, seen = Views(**views).apply(image)
    return seen.astype(image.dtype, copy=False)


def _turn(image, degrees):
    if degrees % 90:
        return _seen(image, rotations=[degrees])
    return np.rot90(image, int(degrees) // 90)


def _shift(image, pixels):
    return _seen(image, shifts=[(int(pixels), int(pixels))])


def _zoom(image, factor):
    return _seen(image, zooms=[factor])


def _crop(image, share):
    """Cut out the middle and resize it to the size that the image had."""
    cut = image[_middle(image.shape, share)]
    resized = Image.fromarray(cut if cut.dtype == np.uint8 else cut.astype(np.float32)).resize(
        image.shape[::-1], Image.Resampling.BILINEAR
    )
    values = np.asarray(resized)
    return (values if image.dtype.kind == "f" else np.rint(values)).astype(image.dtype)


#: Kinds that move pixels, within the grey levels that there are.
_GEOMETRY = {
    "exact": lambda image, _: image.copy(),
    "mirror": lambda image, _: image[:, ::-1],
    "up-down": lambda image, _: image[::-1],
    "turn": _turn,
    "shift": _shift,
    "zoom": _zoom,
    "crop": _crop,
}


def degraded_copies(given, design):
    """Return degraded copies of the images to be planted, by what was done to them."""
    not_used = np.flatnonzero(design.not_used)
    images = [read_image(given.images[i]) for i in not_used[design.planted]]
    if not images:
        return {}
    rng = check_random_state(design.seeds.of("blended images"))
    others = list(chain(*given.sets))
    blended = [read_image(others[i]) for i in rng.randint(len(others), size=len(images))]
    return {
        name: [
            degrade(image, kind, strength, other, noise)
            for image, other in zip(images, blended, strict=True)
        ]
        for name in possible_kinds({image.shape for image in images})
        for kind, strength in [DEGRADATIONS[name]]
        for noise in [check_random_state(design.seeds.of(f"copies: {name}"))]
    }

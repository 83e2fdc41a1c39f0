"""What stands for images where their grey levels are not needed: facts, looked up once."""

import os
import warnings
from functools import cache
from itertools import combinations, count
from typing import NamedTuple

import numpy as np

from ._checks import image_name, read_image
from ._file import as_image_file
from ._grey_levels import bit_depth, check_depth, grey_span
from ._identity import image_key
from ._known_files import KnownFile
from ._views import Views


class ImageFacts(NamedTuple):
    """What stands for an image where its grey levels are not needed; by `content` it is known."""

    dtype: np.dtype
    shape: tuple
    content: str
    span: float
    lowest: float
    plain: bool  # it shows next to nothing: almost all pixels have one grey level


#: An image of which a larger share of pixels has one grey level holds a small marker at most.
_LARGEST_PLAIN_SHARE = 0.99


def image_facts(image):
    """Return the facts of an image; a file is read once a process, as long as it stays as it is."""
    if isinstance(image, (str, os.PathLike)):
        file = as_image_file(image)
        if isinstance(file, KnownFile):
            facts = image_facts(file.plain)
            file.check(facts.content)
            return facts
        return _file_facts(file, *file.version())
    # A level that so many pixels have is their median.
    plain = bool(np.mean(image == np.median(image)) > _LARGEST_PLAIN_SHARE)
    return ImageFacts(image.dtype, image.shape, image_key(image), *_extremes(image), plain)


def _extremes(image):
    """Span and lowest grey level of an image."""
    return grey_span(image), float(np.float32(image.min()))


# Without a bound: of more files than that, looked at in turn, none would be found again. Facts are
# no larger than the paths that whoever asks holds anyway.
@cache
def _file_facts(file, *_version):
    """Facts of a file, and of no later version of it."""
    return image_facts(read_image(file))


def content_keys(images):
    """Return what each image is known by; copies of an image share it, and nothing else does."""
    return [image_facts(image).content for image in images]


class SetFacts(NamedTuple):
    """What stands for a set of images where it is compared with another."""

    depth: str
    shapes: set  # of (height, width) in pixels
    span: float  # median over images of the highest minus the lowest grey level


class SetLevels(NamedTuple):
    """The grey levels of a set."""

    lowest: float
    highest: float
    typical_lowest: float  # median over images of the lowest grey level


class _Looked(NamedTuple):
    """What is seen of one image of a set."""

    shape: tuple
    span: float
    lowest: float


def _look_at(images, name):
    """Look at every image once, files too, before any long work; mixed depths are refused."""
    depth, looked = None, []
    for i, item in enumerate(images):
        is_array = isinstance(item, np.ndarray)
        image = item if is_array else image_facts(item)
        depth = depth or bit_depth(image)
        check_depth(image, depth, image_name(item, f"{name}[{i}]"))
        levels = _extremes(image) if is_array else (image.span, image.lowest)
        looked.append(_Looked(image.shape, *levels))
    return depth, looked


def _summary(depth, looked):
    """Facts and grey levels of a set, or of some of it.

    The typical ones are medians, so that a few blank images or burnt-in marks do not move them.
    """
    shapes, spans, lows = zip(*looked, strict=True)
    highest = max(low + span for low, span in zip(lows, spans, strict=True))
    facts = SetFacts(depth, set(shapes), float(np.median(spans)))
    return facts, SetLevels(min(lows), highest, float(np.median(lows)))


def survey_levels(images, name="X"):
    """Return facts and grey levels of a set of images."""
    return _summary(*_look_at(images, name))


def survey_images(images, name="X"):
    """Return the facts of a set of images."""
    return survey_levels(images, name)[0]


def scan_images(images, name="X"):
    """Return the one bit depth of a set, and the set of sizes (height, width) that occur."""
    facts = survey_images(images, name)
    return facts.depth, facts.shapes


#: How many times the grey levels that one set typically spans another may span. What is mistaken
#: for one scale is 16 times apart or more (12 bits and 16, 12 bits and 8, 0..1 and 0..255); images
#: that are merely darker or of less contrast than others stay below.
_LARGEST_SPAN_RATIO = 4
#: Shares of the typical span: below minus the first a set goes below zero; between minus the second
#: and the third it begins there, whatever has been smoothed, resampled or is a little bright.
_BELOW_ZERO, _AT_ZERO, _ABOVE_ZERO = 0.25, 0.1, 0.5
_FOR_FILES = (
    "For files load_image_folder does so with window= and bits=, the same for every folder; on the "
    "command line --window and --bits."
)
#: Sizes that a message names.
_SIZES_NAMED = 3


def check_sets(sets, pairer, views=None, few=("queries",), labels=None):
    """Look at every image of every set (name, images) before the first is described.

    Returns the facts of the first set; the real ones of known status come first. Sets named in
    `few` may be a single dark slice: their scale is warned about and not refused. Those that are
    not named "generated" are looked at under the views. `labels` are those of the first set, whose
    images of each label are compared like sets.
    """
    looked = [_look_at(images, name) for name, images in sets]
    if labels is not None:
        _check_labels(sets[0][0], *looked[0], labels)
    surveys = [_summary(*one) for one in looked]
    scans = [(name, facts) for (name, _), (facts, _) in zip(sets, surveys, strict=True)]
    first, facts = scans[0]
    for name, other in scans:
        if other.depth != facts.depth:
            raise ValueError(
                f"{first} is {facts.depth} and {name} is {other.depth}; grey levels would not be "
                f"comparable. Convert all images to one depth first. {_FOR_FILES}"
            )
    check_cells_and_views(sets, pairer, views)
    names = _tell_apart([name for name, _ in sets])
    scans = [(name, other) for name, (_, other) in zip(names, scans, strict=True)]
    levels = [levels for _, levels in surveys]
    many = [(scan, of) for scan, of in zip(scans, levels, strict=True) if scan[0] not in few]
    for (known, its_levels), (other, other_levels) in combinations(many, 2):
        _check_scales((*known, its_levels), (*other, other_levels))
    for scan in scans[1:]:
        warn_of_scales(scans[0], scan)
        warn_of_sizes(scans[0], scan)
    return facts


def check_cells_and_views(sets, pairer, views=None):
    """Refuse what some image of the sets (name, images) cannot do: cells without a pixel, views.

    Generated images are looked at as they are.
    """
    grid = getattr(pairer, "grid", None) or 1
    for name, images in sets:
        shapes = _shapes(images)
        smallest = min(map(min, shapes))
        if smallest < grid:
            raise ValueError(
                f"{name} has an image of {smallest} pixels a side, which grid={grid} cuts into "
                f"empty cells; use grid <= {smallest}, the same in every descriptor and in the "
                'pairer: in get_params() of the model their names end in "grid". On the command '
                f"line take images of at least {grid} pixels a side."
            )
        if name != "generated":
            Views.of(views).check_shapes(shapes, name)


def smallest_side(sets):
    """Return the smallest height or width, in pixels, of all images of the sets (name, images)."""
    return min(min(shape) for _, images in sets for shape in _shapes(images))


def _shapes(images):
    """Return the sizes (height, width) that occur in a set."""
    if isinstance(images, np.ndarray) and images.ndim == 3:
        return {images.shape[1:]}
    return {(i if isinstance(i, np.ndarray) else image_facts(i)).shape for i in images}


def _tell_apart(names):
    """Number the sets that share a name, as in the tuple that they came in."""
    counts = {name: count() for name in names}
    return [f"{name}[{next(counts[name])}]" if names.count(name) > 1 else name for name in names]


def _of_different_scales(known, other):
    """Compare typical spans of grey levels; 0, that of blank images, says nothing of a scale."""
    low, high = sorted((known[1].span, other[1].span))
    return 0 < _LARGEST_SPAN_RATIO * low < high


def _check_labels(name, depth, looked, labels):
    """Compare the images of each label: what tells them apart by their scale is no trace."""
    labels = np.asarray(labels)
    parts = []
    for label in np.unique(labels):
        of_label = [looked[i] for i in np.flatnonzero(labels == label)]
        parts.append((f"{name} labelled {label}", *_summary(depth, of_label)))
    for known, other in combinations(parts, 2):
        _check_scales(known, other)
        warn_of_sizes(known[:2], other[:2])


def _check_scales(known, other):
    """Refuse two sets (name, facts, levels) whose grey levels are of different scales."""
    if _of_different_scales(known, other):
        raise ValueError(_scale_message(known, other))
    _check_zeros(known, other)


def _check_zeros(*both):
    """Refuse two sets (name, facts, levels) of which one typically goes as far below 0 as above.

    The other begins at 0: levels of -1..1, the usual output of a generator, beside 0..1.
    """
    (name, facts, levels), (other, its_facts, its_levels) = sorted(
        both, key=lambda one: one[2].typical_lowest
    )
    if (
        levels.typical_lowest < -_BELOW_ZERO * facts.span
        and -_AT_ZERO * its_facts.span < its_levels.typical_lowest < _ABOVE_ZERO * its_facts.span
    ):
        raise ValueError(
            f"the grey levels of {name} typically begin at {levels.typical_lowest:g}, those of "
            f"{other} at {its_levels.typical_lowest:g}; distances would tell the scale, not the "
            "texture. Bring both to one scale first; (images + 1) / 2 does so for levels in "
            "[-1, 1] beside [0, 1]."
        )


def _scale_message(known, other):
    """Say how far the scales of two sets are apart."""
    return (
        f"the images of {known[0]} typically span {known[1].span:g} grey level(s), those of "
        f"{other[0]} {other[1].span:g}; distances would tell the scale, not the texture. Bring "
        f"both to one scale first. {_FOR_FILES}"
    )


def warn_of_scales(known, other):
    """Warn where two sets (name, facts) have grey levels of different scales."""
    if _of_different_scales(known, other):
        warnings.warn(_scale_message(known, other), UserWarning, stacklevel=2)


def warn_of_sizes(known, other):
    """Warn where two sets (name, facts) have no size in common."""
    if known[1].shapes & other[1].shapes:
        return
    warnings.warn(
        f"the images of {known[0]} have {_sizes(known[1].shapes)} pixels, those of {other[0]} "
        f"{_sizes(other[1].shapes)}; textures are measured in pixels, so that probabilities "
        "mislead. Bring both to one size first, by the same steps.",
        UserWarning,
        stacklevel=2,
    )


def _sizes(shapes):
    """Name a few sizes."""
    named = [f"{height} x {width}" for height, width in sorted(shapes)]
    return ", ".join(named[:_SIZES_NAMED]) + (", ..." if len(named) > _SIZES_NAMED else "")

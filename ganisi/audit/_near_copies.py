"""Real images that are among the generated ones almost as they are: re-encoded, turned, resized."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

import numpy as np

from ..images._checks import read_image
from .report._sections import Copies

#: Side of what is compared, in pixels; what is smaller than the least is not judged.
_SIDE, _LEAST_SIDE = 32, 16
#: A near copy is nearer than this share of the smallest distance of two real images of different
#: patients.
MARGIN = 0.5
#: Images whose distances are held at once.
_BLOCK = 256
AS_IT_IS = "as it is"
#: How a generated image is looked at: turns by 90 degrees of itself and of its mirror image.
_VIEWS = (
    (AS_IT_IS, lambda image: image),
    ("turned by 90 degrees", np.rot90),
    ("turned by 180 degrees", lambda image: image[::-1, ::-1]),
    ("turned by 270 degrees", lambda image: np.rot90(image, 3)),
    ("mirrored", lambda image: image[:, ::-1]),
    ("mirrored and turned by 90 degrees", lambda image: np.rot90(image[:, ::-1])),
    ("upside down", lambda image: image[::-1]),
    ("mirrored and turned by 270 degrees", lambda image: np.rot90(image[:, ::-1], 3)),
)


def laid_as(image, name):
    """Lay a real image as a generated one lies that is nearest to it under a view of this name."""
    turns_back = {"turned by 90 degrees": "turned by 270 degrees"}
    turns_back |= {back: there for there, back in turns_back.items()}
    # Half turns, and mirror images however they are turned, undo themselves.
    return dict(_VIEWS)[turns_back.get(name, name)](image)


def find_near_copies(given, design, exact):
    """Name the real images that have a near copy among the generated ones, and that copy.

    Images are brought to 32 x 32 pixels, mean 0 and length 1, so that neither brightness nor
    contrast matters, and a generated one is looked at under the 8 turns and mirrors. It is a near
    copy of the real image nearest to it, where it is nearer than half of what any two real images
    of different patients are. `exact` names those that are copies as they are; they are not named
    again.
    """
    n_known = len(given.images)
    groups = np.arange(n_known) if design.groups is None else design.groups
    facts = given.identities
    known = _Thumbnails(given.images, facts.real_blank)
    smallest = _smallest_between_patients(known, groups, np.array(facts.real))
    if smallest is None:
        return Copies((), (), ())
    asked = _Thumbnails(() if given.queries is None else given.queries, facts.query_blank)
    shown = _Thumbnails(chain(*given.sets), facts.generated_blank)
    pairs = _nearest_pairs(known.joined(asked), shown, MARGIN**2 * smallest)
    names = facts.real_names + facts.query_names

    def named(first, which, of_exact):
        which = first + np.flatnonzero(which)
        found = [i for i in which if i in pairs and names[i] not in of_exact]
        return [f"{names[i]}, like generated image {pairs[i][0]} {pairs[i][1]}" for i in found]

    return Copies(
        used=named(0, design.used, exact.used),
        not_used=named(0, design.not_used, exact.not_used),
        queries=named(n_known, np.ones(asked.n_images, dtype=bool), exact.queries),
    )


@dataclass(frozen=True)
class NearestThumbnails:
    """Of each generated image the real one nearest to it, brightness and contrast aside.

    Distances are in units of the smallest one of two real images of different patients. What shows
    next to nothing, or is too small, is not judged: -1, NaN and "".
    """

    nearest: np.ndarray
    view: np.ndarray
    distance: np.ndarray
    #: Share of the real images whose nearest image of another patient is at most as far.
    as_near: np.ndarray

    @property
    def is_copy(self):
        """Whether each generated image is a near copy."""
        return self.distance < MARGIN


def nearest_thumbnails(images, patients, sets, identities):
    """Compare each generated image with all real ones, in the measure of `find_near_copies`."""
    known = _Thumbnails(images, identities.real_blank)
    shown = _Thumbnails(chain(*sets), identities.generated_blank)
    others = _nearest_of_others(known, patients, np.array(identities.real))
    found = NearestThumbnails(
        nearest=np.full(shown.n_images, -1),
        view=np.full(shown.n_images, "", dtype=object),
        distance=np.full(shown.n_images, np.nan),
        as_near=np.full(shown.n_images, np.nan),
    )
    smallest = min(others, default=np.inf)
    if not 0 < smallest < np.inf:
        return found
    for kept, apart, view in known.apart(shown):
        nearest, columns = apart.argmin(axis=0), np.arange(len(kept))
        found.nearest[kept] = known.kept[nearest]
        found.view[kept] = [_VIEWS[i][0] for i in view[nearest, columns]]
        found.distance[kept] = np.sqrt(apart[nearest, columns] / smallest)
        found.as_near[kept] = np.mean(others[:, None] <= apart[nearest, columns], axis=0)
    return found


class _Thumbnails:
    """Small images of a set, without those that show next to nothing."""

    def __init__(self, images, blank):
        rows = [
            (i, None if empty else _thumbnail(read_image(image)))
            for i, (image, empty) in enumerate(zip(images, blank, strict=True))
        ]
        self.n_images = len(rows)
        self.kept = np.array([i for i, row in rows if row is not None], dtype=int)
        self.rows = np.array([row for _, row in rows if row is not None], np.float32)
        self.rows = self.rows.reshape(-1, _SIDE, _SIDE)

    def joined(self, others):
        """Return these and others as one set."""
        both = _Thumbnails((), ())
        both.n_images = self.n_images + others.n_images
        both.kept = np.r_[self.kept, self.n_images + others.kept]
        both.rows = np.concatenate([self.rows, others.rows])
        return both

    def apart(self, others):
        """Yield blocks of half the squared distances of others under their nearest view.

        Each with the indices of its others, ``(n_images, n_block)``, and with the views.
        """
        flat = self.rows.reshape(len(self.rows), -1)
        for start in range(0, len(others.rows), _BLOCK):
            block = others.rows[start : start + _BLOCK]
            alike = np.stack(
                [flat @ np.array([view(row).ravel() for row in block]).T for _, view in _VIEWS]
            )
            kept = others.kept[start : start + _BLOCK]
            yield kept, np.maximum(1 - alike.max(axis=0), 0), alike.argmax(axis=0)


def _nearest_pairs(real, shown, threshold):
    """Return of each real image that has a near copy the copy that is nearest, and how it lies."""
    pairs = {}
    for kept, apart, view in real.apart(shown) if len(real.kept) else ():
        nearest = apart.argmin(axis=0)
        for column in np.flatnonzero(apart.min(axis=0) < threshold):
            row = nearest[column]
            found = (apart[row, column], kept[column], _VIEWS[view[row, column]][0])
            i = real.kept[row]
            pairs[i] = min(found, pairs.get(i, found), key=lambda one: one[0])
    return {i: found[1:] for i, found in pairs.items()}


def _smallest_between_patients(real, groups, keys):
    """Return half the smallest squared distance of two real images of different patients."""
    smallest = min(_nearest_of_others(real, groups, keys), default=np.inf)
    return smallest if np.isfinite(smallest) else None


def _nearest_of_others(real, groups, keys):
    """Return of each real image half the squared distance of the nearest of another patient.

    Copies of one image under two patients say nothing of how near patients are.
    """
    smallest = np.full(len(real.kept), np.inf)
    for kept, apart, _ in real.apart(real) if len(real.kept) else ():
        same = groups[real.kept, None] == groups[kept]
        same |= keys[real.kept, None] == keys[kept]
        smallest = np.minimum(smallest, np.where(same, np.inf, apart).min(axis=1))
    return smallest


def _thumbnail(image):
    """Return an image of 32 x 32 pixels, mean 0 and length 1; None where there is no such."""
    if min(image.shape) < _LEAST_SIDE:
        return None
    small = shrunk(image, _SIDE)
    small = small - np.mean(small, dtype=np.float64)
    length = np.linalg.norm(small)
    return (small / length).astype(np.float32) if length > 0 else None


def shrunk(image, side):
    """Return an image brought to so many pixels a side, each the mean of what it covers.

    A pixel at the edge of two counts for each as far as it lies in it, so that turning and
    mirroring an image turns and mirrors the small one.
    """
    rows, columns = (_shares(n, side) for n in image.shape)
    return (rows @ np.asarray(image, np.float64) @ columns.T).astype(np.float32)


@lru_cache(maxsize=8)
def _shares(n, side):
    """Return how much of each of `side` equal parts each of n pixels is, ``(side, n)``."""
    edges = np.linspace(0, n, side + 1)
    pixels = np.arange(n)
    covered = np.minimum(edges[1:, None], pixels + 1) - np.maximum(edges[:-1, None], pixels)
    return np.maximum(covered, 0) * (side / n)

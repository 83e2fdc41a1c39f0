"""Views of an image: mirrored, turned, moved, zoomed and rotated copies of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import partial
from itertools import product
from numbers import Integral, Real
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import affine_transform

from .._compat._hints import Image
from ._checks import read_image

#: Mirrors and quarter turns, counter-clockwise, by slicing: no grey level changes.
_LOSSLESS = {
    "": lambda image: image,
    "mirrored left-right": lambda image: image[:, ::-1],
    "mirrored up-down": lambda image: image[::-1],
    "turned by 180 degrees": lambda image: image[::-1, ::-1],
    "turned by 90 degrees": lambda image: image.T[::-1],
    "turned by 270 degrees": lambda image: image.T[:, ::-1],
    "mirrored at the main diagonal": lambda image: image.T,
    "mirrored at the other diagonal": lambda image: image.T[::-1, ::-1],
}
#: Which of them there are, by whether mirrors are asked for, and turns.
_GROUPS = {
    (False, False): ("",),
    (True, False): tuple(_LOSSLESS)[:4],
    (False, True): tuple(name for name in _LOSSLESS if not name.startswith("mirrored")),
    (True, True): tuple(_LOSSLESS),
}
_SHORTHANDS = {
    None: {},
    "mirrors": {"mirrors": True},
    "dihedral": {"mirrors": True, "turns": True},
}


@dataclass(frozen=True, repr=False)
class Views:
    """The transforms under which a query is looked at, so that a mirrored copy is found too.

    Each of the mirrors and turns asked for, the image as it is among them, is followed by at most
    one shift, zoom or rotation: ``(1, 4 or 8) * (1 + n_shifts + n_zooms + n_rotations)`` views,
    the image as it is first; or, not `combined`, only the image as it is is followed by one:
    ``(1, 4 or 8) + n_shifts + n_zooms + n_rotations``. Describing queries and pairing them costs
    as many times as much as without views; generated images are described once, as they are.

    Parameters
    ----------
    mirrors : bool, default=False
        Left-right, up-down, and both, which is a half turn: 4 views. "mirrors" is short for it.
    turns : bool or "square", default=False
        Quarter turns: 4 views; with `mirrors` the 8 of a square, for which "dihedral" is short.
        Images must be square. With "square" an image that is not square has none, and stands as it
        is in their places.
    shifts : sequence of (int, int), default=()
        Whole pixels down and right; negative ones go up and left. What comes in at a border
        repeats its edge.
    zooms : sequence of float, default=()
        Factors about the centre, such as 1.1 or 0.9; the size of the image stays.
    rotations : sequence of float, default=()
        Degrees about the centre, counter-clockwise; the size of the image stays.
    combined : bool, default=True
        Whether shifts, zooms and rotations follow each of the mirrors and turns, or only the image
        as it is.

    Attributes
    ----------
    names : list of str
        What each view does.

    Raises
    ------
    TypeError, ValueError
        If a shift is not two whole numbers, a zoom not a positive number, a rotation not a number;
        if one changes nothing or stands there twice.

    See Also
    --------
    ganisi.GANISI : Its `views` takes one of these.

    Notes
    -----
    Mirrors, turns and shifts move pixels and change no grey level. Zooms and rotations interpolate
    bilinearly and repeat the edge; whole numbers are rounded and stay in their type. A query that
    is itself mirrored has the same views in another order, to the bit, if they are
    `combined`.

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi import Views
    >>> views = Views(mirrors=True, shifts=[(0, 1)])
    >>> len(views)
    8
    >>> image = np.array([[1, 2], [3, 4]], dtype=np.uint8)
    >>> for name, view in zip(views.names[:4], views.apply(image)):
    ...     print(name, view.tolist())
    as it is [[1, 2], [3, 4]]
    moved right 1 [[1, 1], [3, 3]]
    mirrored left-right [[2, 1], [4, 3]]
    mirrored left-right, moved right 1 [[2, 2], [4, 4]]
    """

    mirrors: bool = False
    turns: bool | Literal["square"] = False
    shifts: Sequence[tuple[int, int]] = ()
    zooms: Sequence[float] = ()
    rotations: Sequence[float] = ()
    combined: bool = True

    def __post_init__(self):
        for name in ("mirrors", "turns", "combined"):
            given = getattr(self, name)
            or_square = name == "turns"
            if not isinstance(given, (bool, np.bool_)) and not (or_square and given == "square"):
                or_what = ", or 'square'" if or_square else ""
                raise TypeError(f"{name}={given!r}; expected True or False{or_what}.")
        for name, read in (("shifts", _shift), ("zooms", _zoom), ("rotations", _rotation)):
            object.__setattr__(self, name, _read_all(name, getattr(self, name), read))

    @classmethod
    def of(cls, views: AnyViews | None) -> Views:
        """Return the views that a parameter `views` means.

        Parameters
        ----------
        views : Views, {"mirrors", "dihedral"} or None
            None is the image as it is alone.

        Returns
        -------
        views : Views
            The same, or those that the name is short for.
        """
        if isinstance(views, cls):
            return views
        if views is None or (isinstance(views, str) and views in _SHORTHANDS):
            return cls(**_SHORTHANDS[views])
        raise ValueError(
            f"views={views!r}; expected None, 'mirrors', 'dihedral', or a ganisi.Views."
        )

    def _steps(self):
        """Return the name of each view, and the two functions that make it of an image."""
        group = _GROUPS[bool(self.mirrors), bool(self.turns)]
        then = {
            "": _LOSSLESS[""],
            **{_name_of_shift(by): partial(_moved, by=by) for by in self.shifts},
            **{f"zoomed by {by}": partial(_zoomed, by=by) for by in self.zooms},
            **{f"rotated by {by} degrees": partial(_rotated, by=by) for by in self.rotations},
        }
        pairs = product(group, then)
        if not self.combined:
            pairs = [*((first, "") for first in group), *(("", name) for name in then if name)]
        return {
            ", ".join(filter(None, names)) or "as it is": (_LOSSLESS[names[0]], then[names[1]])
            for names in pairs
        }

    @property
    def names(self) -> list[str]:
        """What each view does."""
        return list(self._steps())

    def in_plain_words(self) -> str:
        """Say what is done to an image, to somebody who reads a report and no code.

        Returns
        -------
        words : str
            A phrase such as "each real image mirrored too", empty for the image as it is alone.
        """
        what = {
            "mirrors": "mirrored",
            "turns": "turned",
            "shifts": "moved",
            "zooms": "zoomed",
            "rotations": "rotated",
        }
        done = [word for name, word in what.items() if getattr(self, name)]
        return f"each real image {' or '.join(done)} too" if done else ""

    def __len__(self):
        return len(self._steps())

    def __repr__(self):
        given = [
            f"{field.name}={getattr(self, field.name)!r}"
            for field in fields(self)
            if getattr(self, field.name) != field.default
        ]
        return f"Views({', '.join(given)})"

    def apply(self, image: Image) -> Iterator[NDArray[Any]]:
        """Yield an image under each view.

        Parameters
        ----------
        image : array of shape (height, width), or path
            A grey image: uint8, uint16, float32 or float64.

        Yields
        ------
        view : ndarray of shape (height, width)
            Of the type of the image, float64 as float32; in the order of `names`.

        Raises
        ------
        ValueError
            If `turns` meets an image that is not square, or a shift one that is no larger.
        """
        image = read_image(image)
        self.check_shapes([image.shape], "image")
        for first, then in self._steps().values():
            turned = first(image)
            if self.turns == "square" and turned.shape != image.shape:
                turned = image
            # As a contiguous copy: whoever filters it then computes the same bits for the same
            # grey levels, however they were reached.
            yield np.ascontiguousarray(then(turned))

    def check_shapes(self, shapes: Iterable[tuple[int, int]], name: str = "X") -> None:
        """Refuse sizes of images that have not all of these views.

        Parameters
        ----------
        shapes : iterable of (height, width)
            Sizes in pixels.
        name : str, default="X"
            What to call the images.

        Raises
        ------
        ValueError
            As `apply`.
        """
        for height, width in sorted(shapes):
            if self.turns and self.turns != "square" and height != width:
                raise ValueError(
                    f"{name} has {height} x {width} pixels, and a quarter turn needs a square "
                    "image; use views='mirrors', or crop the images to squares."
                )
            for shift in self.shifts:
                if any(abs(by) >= side for by, side in zip(shift, (height, width), strict=True)):
                    raise ValueError(
                        f"{name} has {height} x {width} pixels, and a shift by {shift} moves all "
                        "of it out of sight; use smaller shifts."
                    )


@dataclass(frozen=True, repr=False)
class ViewsOfSeveral(Views):
    """Each view once that is among several views, the image as it is first."""

    each: tuple = ()

    @classmethod
    def of_all(cls, each):
        """Return what has the views of all of several `Views`; those themselves if all are one."""
        each = tuple(dict.fromkeys(each))
        if len(each) == 1:
            return each[0]

        def merged(name):
            return tuple(dict.fromkeys(entry for views in each for entry in getattr(views, name)))

        turns = [views.turns for views in each]
        return cls(
            mirrors=any(views.mirrors for views in each),
            turns="square" if "square" in turns else any(turns),
            **{name: merged(name) for name in ("shifts", "zooms", "rotations")},
            each=each,
        )

    def _steps(self):
        return {name: step for views in self.each for name, step in views._steps().items()}

    def check_shapes(self, shapes, name="X"):
        """Refuse what one of them refuses."""
        for views in self.each:
            views.check_shapes(shapes, name)


#: Views, or what some are called for short.
AnyViews: TypeAlias = Views | Literal["mirrors", "dihedral"]


def _read_all(name, given, read):
    """Return what a parameter lists as a tuple, each entry checked, none twice."""
    if isinstance(given, (str, bytes, Real)) or not hasattr(given, "__iter__"):
        raise TypeError(f"{name}={given!r}; expected a list.")
    entries = tuple(read(one) for one in given)
    for one in entries:
        if entries.count(one) > 1:
            raise ValueError(f"{name} has {one} twice; give each once.")
    return entries


def _shift(given):
    pair = tuple(given) if hasattr(given, "__len__") and not isinstance(given, str) else ()
    if len(pair) != 2 or not all(isinstance(by, Integral) for by in pair):
        raise TypeError(
            f"shifts has {given!r}; expected whole pixels down and right, such as (4, -2)."
        )
    if not any(pair):
        raise ValueError("shifts has (0, 0), which is the image as it is; leave it out.")
    return tuple(int(by) for by in pair)


def _zoom(given):
    if not (_is_number(given) and given > 0):
        raise ValueError(f"zooms has {given!r}; expected a positive factor, such as 1.1.")
    if given == 1:
        raise ValueError("zooms has 1, which is the image as it is; leave it out.")
    return int(given) if given == int(given) else float(given)


def _rotation(given):
    if not _is_number(given):
        raise ValueError(f"rotations has {given!r}; expected degrees, such as 5 or -5.")
    if given % 360 == 0:
        raise ValueError(f"rotations has {given!r}, which is the image as it is; leave it out.")
    return int(given) if given == int(given) else float(given)


def _is_number(given):
    return isinstance(given, Real) and not isinstance(given, bool) and np.isfinite(given)


def _name_of_shift(by):
    down, right = by
    ways = [(down, "down", "up"), (right, "right", "left")]
    return "moved " + " and ".join(
        f"{there if d > 0 else back} {abs(d)}" for d, there, back in ways if d
    )


def _moved(image, by):
    rows, columns = (
        np.clip(np.arange(n) - d, 0, n - 1) for n, d in zip(image.shape, by, strict=True)
    )
    return image[np.ix_(rows, columns)]


def _zoomed(image, by):
    return _about_the_centre(image, np.eye(2) / by)


def _rotated(image, by):
    # Rows run down, so what turns counter-clockwise on the screen turns the other way here.
    cos, sin = np.cos(np.deg2rad(by)), np.sin(np.deg2rad(by))
    return _about_the_centre(image, np.array([[cos, sin], [-sin, cos]]))


def _about_the_centre(image, matrix):
    """Look each pixel up where the matrix sends it, between four neighbours."""
    centre = (np.array(image.shape) - 1) / 2
    offset = centre - matrix @ centre
    levels = affine_transform(image.astype(np.float64), matrix, offset, order=1, mode="nearest")
    if image.dtype.kind in "ui":
        levels = np.rint(levels)
    return levels.astype(image.dtype)

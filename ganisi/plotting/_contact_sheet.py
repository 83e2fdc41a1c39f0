"""A list of what to withhold, to be looked at: generated, nearest real, and their difference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from skimage.transform import resize

from .._compat._hints import Colormap, ImageSet, Self
from ..audit import Release, ReleaseList
from ..audit._copy_list import NOT_CLEARED, CopyList
from ..audit._near_copies import laid_as
from ..audit._release_list import COPY, NEAR, NEAR_COPY, WITHHOLD
from ..images import Views
from ..images._checks import check_images, read_image
from ..images._views import AnyViews
from ._axes import get_panels
from ._style import COLOURS

#: Width and height of a panel in inches.
_PANEL = (1.6, 1.95)
#: Panels beside each other in a new figure.
_PANELS = 6
_REASONS = (COPY, NEAR_COPY, NEAR, "")
_PRIVATE = (
    "PRIVATE: real images, and synthetic ones that are withheld for being near to them. "
    "Do not pass on."
)
_PUBLIC = "Images that are withheld are private as the real ones are, and not shown."
_UNCLEARED = "Nothing is cleared: what is no near copy may show a patient all the same."


class ContactSheetDisplay:
    """What a list withholds and what it lets go, image by image.

    Without private images only those generated ones are drawn that are not withheld; of the others
    there is an empty frame with the reason, since what is withheld may show a patient as well as
    the real image does. Where nothing is cleared, as by a list of copies, that holds for all. With
    them, each generated image stands beside the real one nearest to it, under the view in which it
    is, and the difference of the two; what is private has a thick frame and is called so.

    Parameters
    ----------
    names : sequence of n_images str
        What the generated images are called.
    generated : list of n_images arrays of shape (height, width)
        The images; what is private is not kept where `nearest` is None.
    reasons : sequence of n_images str
        Why each is withheld; "" where it is not.
    nearest : list of n_images arrays of shape (height, width), or None, default=None
        The real image nearest to each, as it was compared, or None where there is none. None
        instead of the list draws nothing private.
    nearest_names : sequence of n_images str, or None, default=None
        What these are called, and the view.
    cleared : bool, default=True
        Whether what is not withheld may go. Else it is private too, and the sheet says so.

    Attributes
    ----------
    generated : list of n_images arrays, or None
        What is drawn; None where nothing is.
    ax_ : ndarray of shape (n_panels,), object
        The axes: one an image, or, with private images, three.
    figure_ : matplotlib.figure.Figure
        The figure.

    Raises
    ------
    ValueError
        If there is no image, or lengths differ.

    See Also
    --------
    ganisi.audit.release_list, ganisi.audit.release : What makes such lists.
    ganisi.audit.copy_list : A list where no image is known not to be used; it clears nothing.
    ReleaseDisplay : How a list came about.

    Notes
    -----
    All images share one scale of grey levels. In the difference, generated minus real, white is
    none, and full colour half of that scale; a real image of another size is brought to that of the
    generated one.

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi.plotting import ContactSheetDisplay
    >>> sheet = ContactSheetDisplay(["a.png", "b.png"], np.eye(4)[None].repeat(2, 0), ["near", ""])
    >>> [image is None for image in sheet.generated]
    [True, False]

    ``sheet.plot()`` draws it.
    """

    def __init__(
        self,
        names: Sequence[str],
        generated: Sequence[ArrayLike],
        reasons: Sequence[str],
        *,
        nearest: Sequence[ArrayLike] | None = None,
        nearest_names: Sequence[str] | None = None,
        cleared: bool = True,
    ) -> None:
        self.names, self.reasons = list(names), list(reasons)
        self.nearest = nearest if nearest is None else list(map(_as_array, nearest))
        self.nearest_names, self.cleared = nearest_names, cleared
        given = {
            "generated": generated,
            "reasons": reasons,
            "nearest": nearest,
            "nearest_names": nearest_names,
        }
        lengths = {name: len(one) for name, one in given.items() if one is not None}
        if not self.names or set(lengths.values()) != {len(self.names)}:
            raise ValueError(
                f"{len(self.names)} names and {lengths}; expected one of each for every image, and "
                "at least one image."
            )
        self.generated = [
            None if nearest is None and self._is_private(reason) else np.asarray(image)
            for image, reason in zip(generated, self.reasons, strict=True)
        ]

    @classmethod
    def from_list(
        cls,
        release: ReleaseList | Release | CopyList,
        generated: ImageSet,
        *,
        real: ImageSet | None = None,
        with_images: bool = False,
        views: AnyViews | None = None,
        n_withheld: int = 18,
        n_released: int = 6,
    ) -> Self:
        """Take a list: what is withheld, copies first and then by margin, and what comes next.

        Parameters
        ----------
        release : ReleaseList, Release or CopyList
            From :func:`ganisi.audit.release_list`, :func:`ganisi.audit.release` or
            :func:`ganisi.audit.copy_list`, which has no margin, so that the nearest come first.
        generated : array of shape (n_generated, height, width), list of arrays, or list of paths
            The generated images of the list, in its order, several sets put end to end.
        real : images as `generated`, or None, default=None
            The real images of the list, in its order; for `with_images` only.
        with_images : bool, default=False
            Whether to show private images: those of `real`, and what is withheld.
        views : Views, {"mirrors", "dihedral"} or None, default=None
            Those of the attack that made the list, so that real images can be shown as they were
            compared; for `with_images` only. No attack makes a CopyList.
        n_withheld, n_released : int, default=18 and 6
            How many of each to show at most.

        Returns
        -------
        display : ContactSheetDisplay
            Not drawn yet.

        Raises
        ------
        ValueError
            If there are not as many images as the list has, `real` is missing where private images
            were asked for or given where they were not, a view of the list is none of `views`, or
            there are `views` for a CopyList.
        """
        if with_images != (real is not None):
            raise ValueError(
                "real images are private, and drawn on request only; give real= and "
                "with_images=True, or neither."
            )
        columns, only_copies = release.columns(), isinstance(release, CopyList)
        if only_copies and views is not None:
            raise ValueError(
                f"views={views!r} are those of an attack, and copies were looked for under the "
                "turns and mirrors that the list names; leave views out."
            )
        images = check_images(generated, "generated")
        if len(images) != len(release.names):
            raise ValueError(
                f"generated has {len(images)} images and the list {len(release.names)}; give those "
                "of the list, in its order, sets put end to end."
            )
        which = _chosen(columns, n_withheld, n_released)
        reasons = [columns["reason"][i] for i in which]
        nearest = titles = None
        if with_images:
            known, indices = check_images(real, "real"), release.nearest
            nearest = [
                # What shows next to nothing has no nearest one.
                None
                if indices[i] < 0
                else _as_compared(
                    read_image(known[indices[i]]),
                    columns["view"][i],
                    only_copies or reason in (COPY, NEAR_COPY),
                    views,
                )
                for i, reason in zip(which, reasons, strict=True)
            ]
            titles = [f"{columns['nearest'][i]}\n{columns['view'][i]}" for i in which]
        return cls(
            [columns["generated"][i] for i in which],
            [read_image(images[i]) for i in which],
            reasons,
            nearest=nearest,
            nearest_names=titles,
            cleared=not only_copies,
        )

    def plot(self, ax: NDArray[Any] | None = None, *, cmap: str | Colormap = "gray") -> Self:
        """Draw the sheet.

        Parameters
        ----------
        ax : array of n_panels matplotlib Axes, or None, default=None
            Where to draw: one axes an image, three where there are private images. None makes a new
            figure, which says whether there are.
        cmap : str or Colormap, default="gray"
            Of the images.

        Returns
        -------
        self : ContactSheetDisplay
            With `ax_` and `figure_`.

        Raises
        ------
        ImportError
            If matplotlib is not installed.
        ValueError
            If `ax` holds another number of axes.
        """
        each = 1 if self.nearest is None else 3
        self.figure_, self.ax_, _ = get_panels(
            ax, each * len(self.names), _PANELS, panel=_PANEL, above=0.6, narrowest=6
        )
        if ax is None:
            private = self.nearest is not None
            said = [_PRIVATE] if private else [_PUBLIC] if any(self.reasons) else []
            self.figure_.suptitle(
                "\n".join(said if self.cleared else [*said, _UNCLEARED]),
                fontsize="medium",
                wrap=True,
                color=COLOURS[1] if private else "black",
            )
        shown = [one for one in (*self.generated, *(self.nearest or ())) if one is not None]
        low = min((float(one.min()) for one in shown), default=0)
        high = max((float(one.max()) for one in shown), default=1)
        scale = {"cmap": cmap, "vmin": low, "vmax": high}
        for i, panels in enumerate(self.ax_.reshape(-1, each)):
            self._draw_generated(panels[0], i, scale)
            if self.nearest is not None:
                self._draw_private(panels[1:], i, scale)
        return self

    def _draw_private(self, panels, i, scale):
        image, real = self.generated[i], self.nearest[i]
        if real is None:
            for ax in panels:
                ax.set_axis_off()
            _write(panels[0], "none is nearest")
            return
        _draw(panels[0], real, f"PRIVATE {self._nearest_name(i)}", True, scale)
        half = max(scale["vmax"] - scale["vmin"], 1e-9) / 2
        apart = image.astype(float) - _sized(real, image.shape)
        colours = {"cmap": "PuOr", "vmin": -half, "vmax": half}
        _draw(panels[1], apart, "PRIVATE difference", True, colours)

    def _is_private(self, reason):
        return bool(reason) or not self.cleared

    def _nearest_name(self, i):
        return "" if self.nearest_names is None else self.nearest_names[i]

    def _draw_generated(self, ax, i, scale):
        reason, image = self.reasons[i], self.generated[i]
        decision = "not withheld" if self.cleared else NOT_CLEARED
        title = f"{self.names[i]}\n{f'withheld: {reason}' if reason else decision}"
        _draw(ax, image, title, self._is_private(reason), scale)
        if image is None:
            _write(ax, "not shown")


def _chosen(columns, n_withheld, n_released):
    """Return which images to show: copies, other withheld ones, and then those that are not."""
    # A list of copies has distances, and NaN where an image was not judged.
    far = columns["distance"] if "distance" in columns else -np.asarray(columns["margin"])
    far = np.nan_to_num(far, nan=np.inf)
    order = sorted(range(len(far)), key=lambda i: (_REASONS.index(columns["reason"][i]), far[i]))
    withheld = [i for i in order if columns["decision"][i] == WITHHOLD]
    others = [i for i in order if columns["decision"][i] != WITHHOLD]
    return withheld[:n_withheld] + others[:n_released]


def _as_compared(image, view, turned_only, views):
    """Return a real image as it was compared with the generated one."""
    if turned_only:
        return laid_as(image, view)
    views = Views.of(views)
    if view not in views.names:
        raise ValueError(
            f"the list has an image nearest as {view!r}, which is none of views={views}; give "
            "those of the attack that made the list."
        )
    return list(views.apply(image))[views.names.index(view)]


def _sized(image, shape):
    if image.shape == shape:
        return image.astype(float)
    return resize(image, shape, order=1, preserve_range=True, anti_aliasing=True)


def _as_array(image):
    return None if image is None else np.asarray(image)


def _write(ax, text):
    """Write into an empty frame of the shape of an image."""
    ax.text(0.5, 0.5, text, ha="center", va="center", fontsize="small")
    ax.set(xlim=(0, 1), ylim=(0, 1), aspect="equal")


def _draw(ax, image, title, private, scale):
    """Draw an image in a frame, a thick one where it is private."""
    if image is not None:
        ax.imshow(image, interpolation="nearest", **scale)
    ax.set_title(title, fontsize="x-small", color=COLOURS[1] if private else "black")
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set(color=COLOURS[1] if private else "black", linewidth=2.5 if private else 0.6)

"""The evidence of one query: what is close to it, and in which textures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .._compat._hints import Colormap, Image, ImageSet, Self
from ..descriptors import MapInfo
from ..images import Views
from ..images._checks import check_images, read_image
from ..metrics._labels import has_natural_order, positive_class
from ..model import GANISI
from ._axes import get_axes
from ._style import COLOURS, NEUTRAL

#: Characters that fit below an image.
_NAME_LENGTH = 22


class EvidenceDisplay:
    """One query, its nearest generated images, and the textures in which they are close.

    Above, the query and a generated image side by side, the query in the view in which it is
    nearest; below, a bar for each family of textures: the mean over its maps of z, and a dot for
    each map. A bar to the left is a family in which the image is closer than usual.

    Parameters
    ----------
    index : array of shape (n_nearest,), int
        Which generated images, closest first.
    z : array of shape (n_nearest, n_maps)
        How close in each map, in standard deviations; see :class:`ganisi.model.Evidence`.
    maps : list of MapInfo of length n_maps
        What each map is, as :class:`ganisi.model.Evidence` has it.
    query_images : list of n_nearest arrays of shape (height, width), or None, default=None
        The query, in the view in which it is nearest to each generated image.
    generated_images : list of n_nearest arrays of shape (height, width), or None, default=None
        The nearest generated images.
    generated_names : list of n_nearest str, or None, default=None
        What the generated images are called; None calls them by `index`.
    view_names : list of n_nearest str, or None, default=None
        What was done to the query in these views; None is "as it is".
    probability : float or None, default=None
        That the query was used to train the generator, if it is to be told.
    mean_z : array of shape (n_nearest,) or None, default=None
        How close each image is over all maps; None is the mean of `z`.

    Attributes
    ----------
    families : list of str
        In the order of the maps.
    family_z : ndarray of shape (n_nearest, n_families)
        The bars: mean of z over the maps of each family.
    ax_ : ndarray of shape (2, n_nearest), object, or (1, n_nearest) without images
        The axes.
    figure_ : matplotlib.figure.Figure
        The figure.

    Raises
    ------
    ValueError
        If shapes or numbers do not fit together, or only one of query and generated images is
        given.

    Notes
    -----
    Among many generated images some are unusually close to any query by chance: look at the
    evidence of queries known not to be used beside it.

    Examples
    --------
    >>> from ganisi.descriptors import MapInfo
    >>> from ganisi.plotting import EvidenceDisplay
    >>> maps = [MapInfo("gabor 0", "gabor"), MapInfo("gabor 45", "gabor")]
    >>> maps.append(MapInfo("intensity", "intensity"))
    >>> display = EvidenceDisplay([7, 3], [[-3, -1, -2], [-1, 0, 1]], maps)
    >>> display.families
    ['gabor', 'intensity']
    >>> display.family_z
    array([[-2. , -2. ],
           [-0.5,  1. ]])

    ``display.plot()`` draws it.
    """

    def __init__(
        self,
        index: ArrayLike,
        z: ArrayLike,
        maps: Sequence[MapInfo],
        *,
        query_images: Sequence[ArrayLike] | None = None,
        generated_images: Sequence[ArrayLike] | None = None,
        generated_names: Sequence[str] | None = None,
        view_names: Sequence[str] | None = None,
        probability: float | None = None,
        mean_z: ArrayLike | None = None,
    ) -> None:
        self.index = np.asarray(index)
        self.z = np.asarray(z, dtype=float)
        self.maps = list(maps)
        if self.z.ndim != 2 or self.z.shape != (self.index.size, len(self.maps)):
            raise ValueError(
                f"index has {self.index.size} images, z shape {self.z.shape} and there are "
                f"{len(self.maps)} maps; give (n_nearest,), (n_nearest, n_maps) and n_maps, "
                "of one query."
            )
        self.mean_z = np.asarray(self.z.mean(axis=1) if mean_z is None else mean_z)
        if (query_images is None) != (generated_images is None):
            raise ValueError("give both query_images and generated_images, or neither.")
        if view_names is None:
            view_names = Views().names * self.index.size
        if generated_names is None:
            generated_names = [f"generated {i}" for i in self.index]
        self.query_images, self.generated_images = query_images, generated_images
        self.generated_names = list(generated_names)
        self.view_names, self.probability = view_names, probability
        for name in (
            "query_images",
            "generated_images",
            "generated_names",
            "view_names",
            "mean_z",
        ):
            given = getattr(self, name)
            if given is not None and len(given) != self.index.size:
                raise ValueError(
                    f"{len(given)} {name} for {self.index.size} in index; give those of index, in "
                    "its order."
                )
        families = [info.family for info in self.maps]
        self.families = list(dict.fromkeys(families))
        self._members = [
            [m for m, family in enumerate(families) if family == one] for one in self.families
        ]
        self.family_z = np.column_stack([self.z[:, m].mean(axis=1) for m in self._members])

    @classmethod
    def from_estimator(
        cls, estimator: GANISI, query: Image, generated: ImageSet, *, n_nearest: int = 3
    ) -> Self:
        """Ask a fitted model for the evidence of one query.

        Parameters
        ----------
        estimator : GANISI
            Fitted.
        query : array of shape (height, width), or path
            One image.
        generated : array of shape (n_generated, height, width), list of arrays, or list of paths
            The generated images of `fit`, in its order, since a model keeps none.
        n_nearest : int, default=3
            How many to show.

        Returns
        -------
        display : EvidenceDisplay
            Not drawn yet. It has the probability that the query was used where the labels of
            `fit`, or the identifier's `pos_label`, say which of them means "used".

        Raises
        ------
        ValueError
            If `generated` has not as many images as `fit` had.
        """
        generated = check_images(generated, "generated")
        n_generated = estimator.n_generated_
        if len(generated) != n_generated:
            raise ValueError(
                f"generated has {len(generated)} images and fit had {n_generated}; give the same, "
                "in the same order, sets put end to end."
            )
        image = read_image(query)
        evidence = estimator.evidence([image], n_nearest=n_nearest)
        views = list(evidence.views.apply(image))
        return cls(
            evidence.index[0],
            evidence.z[0],
            evidence.maps,
            query_images=[views[view] for view in evidence.view[0]],
            generated_images=[read_image(generated[i]) for i in evidence.index[0]],
            generated_names=list(evidence.generated_names[0]),
            view_names=list(evidence.view_names[0]),
            probability=_probability_of_use(estimator, image),
            mean_z=evidence.mean_z[0],
        )

    def plot(self, ax: NDArray[Any] | None = None, *, cmap: str | Colormap = "gray") -> Self:
        """Draw the images and the bars.

        Parameters
        ----------
        ax : array of matplotlib Axes, or None, default=None
            Where to draw: 2 x n_nearest axes, or 1 x n_nearest where no images were given. None
            makes a new figure.
        cmap : str or Colormap, default="gray"
            Of the images, which share one scale.

        Returns
        -------
        self : EvidenceDisplay
            With `ax_` and `figure_`.

        Raises
        ------
        ImportError
            If matplotlib is not installed.
        ValueError
            If `ax` does not hold as many axes as needed.
        """
        n_nearest, with_images = self.index.size, self.query_images is not None
        heights = [1.7] * with_images + [max(0.25 * len(self.families), 0.6)]
        size = (3.4 * n_nearest + 1.2, 1.4 + sum(heights) + 0.8 * with_images)
        self.figure_, self.ax_ = get_axes(
            ax, len(heights), n_nearest, size=size, height_ratios=heights
        )
        if ax is None:
            self.figure_.suptitle(self._headline(), fontsize="medium")
        if with_images:
            self._draw_images(cmap)
        # Near images have no values to the right of 0: no half is kept for these.
        ends = np.array([min(-1.0, self.z.min()), max(0.0, self.z.max())])
        ends += np.array([-0.04, 0.04]) * np.ptp(ends)
        for i, one in enumerate(self.ax_[-1]):
            self._draw_bars(one, i, names_of_families=i == 0)
            one.set(xlim=ends, xlabel="z (standard deviations)\n< 0 is closer than usual")
            mean = f"mean z = {self.mean_z[i]:.2f}"
            one.set_title(mean if with_images else f"{self._name(i)}\n{mean}", fontsize="small")
        return self

    def _headline(self):
        """Say what is drawn, and of which query."""
        query = "the query"
        if self.probability is not None:
            query += f" (probability of use {self.probability:.2f})"
        return (
            f"Generated images nearest to {query}, and in which textures\n"
            "(bar: mean over a family of textures; dot: one map)"
        )

    def _name(self, i):
        view = self.view_names[i]
        under = "" if view in Views().names else f", query {view}"
        return f"{_ordinal(i + 1)}: {self.generated_names[i]}{under}"

    def _draw_images(self, cmap):
        """Draw the query beside each generated image, all on one scale of grey levels."""
        images = [*self.query_images, *self.generated_images]
        scale = {
            "vmin": min(float(np.min(one)) for one in images),
            "vmax": max(float(np.max(one)) for one in images),
        }
        pairs = zip(self.query_images, self.generated_images, self.view_names, strict=True)
        for i, (ax, (query, generated, view)) in enumerate(zip(self.ax_[0], pairs, strict=True)):
            name = _end_of(self.generated_names[i])
            left, middles = 0.0, []
            for image in (query, generated):
                height, width = np.shape(image)
                extent = (left, left + width, height, 0)
                ax.imshow(image, cmap=cmap, extent=extent, interpolation="nearest", **scale)
                middles.append(left + width / 2)
                left += 1.05 * width
            ax.set(xlim=(0, left - 0.05 * width), ylim=(max(len(query), len(generated)), 0))
            done = view.replace(", ", ",\n")
            ax.set_xticks(middles, [f"query,\n{done}", name])
            ax.set_yticks([])
            ax.tick_params(length=0, labelsize="small")
            ax.spines[:].set_visible(False)
            ax.set_title(_ordinal(i + 1), fontsize="small")

    def _draw_bars(self, ax, i, names_of_families):
        """Draw a bar for each family of the i-th generated image, and a dot for each map."""
        rows = np.arange(len(self.families))
        values = self.family_z[i]
        # Close is filled, far is hatched: told apart without colour.
        for which, style in [
            (values < 0, {"color": COLOURS[0]}),
            (values >= 0, {"facecolor": "white", "edgecolor": COLOURS[1], "hatch": "////"}),
        ]:
            ax.barh(rows[which], values[which], height=0.6, **style)
        for row, members in enumerate(self._members):
            ax.plot(
                self.z[i, members],
                np.full(len(members), row),
                linestyle="none",
                marker="o",
                markersize=3,
                markerfacecolor="white",
                markeredgecolor="black",
                markeredgewidth=0.6,
            )
        ax.axvline(0, color=NEUTRAL, linewidth=0.8)
        ax.set(ylim=(len(rows) - 0.5, -0.5))
        ax.set_yticks(rows, self.families if names_of_families else [""] * len(rows))
        ax.tick_params(labelsize="small")
        ax.xaxis.label.set_fontsize("small")


def _probability_of_use(estimator, image):
    """Return it, or None where nobody has said which label means "used"."""
    pos_label = getattr(estimator.identifier_, "pos_label", None)
    if pos_label is None and not has_natural_order(estimator.classes_):
        return None
    positive = positive_class(estimator.classes_, pos_label)
    return float(estimator.predict_proba([image])[0, positive])


def _end_of(name):
    """Return as much of a name as fits below an image; names of files differ at the end."""
    return name if len(name) <= _NAME_LENGTH else f"...{name[3 - _NAME_LENGTH :]}"


def _ordinal(i):
    """Say which of the nearest."""
    return {1: "nearest", 2: "2nd", 3: "3rd"}.get(i, f"{i}th")

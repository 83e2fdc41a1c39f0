"""The evidence of one query: what is close to it, and in which textures."""

import numpy as np

from ..images._checks import check_images, read_image
from ._axes import get_axes
from ._style import COLOURS, NEUTRAL


class EvidenceDisplay:
    """One query, its nearest generated images, and the textures in which they are close.

    Above, the images; below each generated one, a bar for each family of textures: the mean over
    its maps of z, and a dot for each map. A bar to the left is a family in which the image is
    closer than usual.

    Parameters
    ----------
    index : array of shape (n_nearest,), int
        Which generated images, closest first.
    z : array of shape (n_nearest, n_maps)
        How close in each map, in standard deviations; see :class:`ganisi.model.Evidence`.
    maps : list of MapInfo of length n_maps
        What each map is, as :class:`ganisi.model.Evidence` has it.
    query_image : array of shape (height, width), or None, default=None
        The query.
    generated_images : list of n_nearest arrays of shape (height, width), or None, default=None
        The nearest generated images.

    Attributes
    ----------
    families : list of str
        In the order of the maps.
    family_z : ndarray of shape (n_nearest, n_families)
        The bars: mean of z over the maps of each family.
    ax_ : ndarray of shape (n_rows, n_nearest + 1), object, or (1, n_nearest) without images
        The axes.
    figure_ : matplotlib.figure.Figure
        The figure.

    Raises
    ------
    ValueError
        If shapes do not fit together, or only one of query and generated images is given.

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

    def __init__(self, index, z, maps, *, query_image=None, generated_images=None):
        self.index = np.asarray(index)
        self.z = np.asarray(z, dtype=float)
        self.maps = list(maps)
        if self.z.ndim != 2 or self.z.shape != (self.index.size, len(self.maps)):
            raise ValueError(
                f"index has {self.index.size} images, z shape {self.z.shape} and there are "
                f"{len(self.maps)} maps; give (n_nearest,), (n_nearest, n_maps) and n_maps, "
                "of one query."
            )
        if (query_image is None) != (generated_images is None):
            raise ValueError("give both query_image and generated_images, or neither.")
        if generated_images is not None and len(generated_images) != self.index.size:
            raise ValueError(
                f"{len(generated_images)} generated_images for {self.index.size} in index; give "
                "those of index, in its order."
            )
        self.query_image = query_image
        self.generated_images = generated_images
        families = [info.family for info in self.maps]
        self.families = list(dict.fromkeys(families))
        self._members = [
            [m for m, family in enumerate(families) if family == one] for one in self.families
        ]
        self.family_z = np.column_stack([self.z[:, m].mean(axis=1) for m in self._members])

    @classmethod
    def from_estimator(cls, estimator, query, generated, *, n_nearest=3):
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
            Not drawn yet.

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
        return cls(
            evidence.index[0],
            evidence.z[0],
            evidence.maps,
            query_image=image,
            generated_images=[read_image(generated[i]) for i in evidence.index[0]],
        )

    def plot(self, ax=None, *, cmap="gray"):
        """Draw the images and the bars.

        Parameters
        ----------
        ax : array of matplotlib Axes, or None, default=None
            Where to draw: 2 x (n_nearest + 1) axes, or 1 x n_nearest where no images were given.
            None makes a new figure.
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
        n_nearest = self.index.size
        with_images = self.query_image is not None
        n_rows, n_columns = (2, n_nearest + 1) if with_images else (1, n_nearest)
        height = 1.0 + 0.25 * len(self.families) + 2.6 * with_images
        size = (2.6 * n_columns + 1.2 * (not with_images), max(height, 2.4))
        self.figure_, self.ax_ = get_axes(ax, n_rows, n_columns, size=size)
        if ax is None:
            self.figure_.suptitle(
                "Generated images nearest to the query, and in which textures\n"
                "(bar: mean over a family of textures; dot: one map)",
                fontsize="medium",
            )
        names = [f"{_ordinal(i + 1)}: generated {image}" for i, image in enumerate(self.index)]
        if with_images:
            images = [self.query_image, *self.generated_images]
            low = min(float(np.min(one)) for one in images)
            high = max(float(np.max(one)) for one in images)
            for one, image, name in zip(self.ax_[0], images, ["query", *names], strict=True):
                one.imshow(image, cmap=cmap, vmin=low, vmax=high, interpolation="nearest")
                one.set_title(name, fontsize="small")
                one.set(xticks=[], yticks=[])
            self.ax_[1, 0].set_axis_off()
        bars = self.ax_[-1, 1:] if with_images else self.ax_[0]
        reach = max(1.0, float(abs(self.z).max())) * 1.08
        for i, one in enumerate(bars):
            self._draw_bars(one, i, names_of_families=i == 0)
            one.set(
                xlim=(-reach, reach), xlabel="z (standard deviations)\n< 0 is closer than usual"
            )
            mean = f"mean z = {self.z[i].mean():.2f}"
            one.set_title(mean if with_images else f"{names[i]}\n{mean}", fontsize="small")
        return self

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


def _ordinal(i):
    """Say which of the nearest."""
    return {1: "nearest", 2: "2nd", 3: "3rd"}.get(i, f"{i}th")

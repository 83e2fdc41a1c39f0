"""Rows of features that were computed elsewhere, in the descriptor's place."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, TransformerMixin

from .._compat._hints import DataFrame, ImageSet, Self
from .._compat._sklearn import DocumentationLinkMixin, TakesImages
from ..images._checks import check_images, image_name
from ..images._survey import content_keys
from ..images._views import AnyViews, Views


class NoRowError(ValueError):
    """An image of which a table has no row."""


class _Table:
    """Rows by image, never written to: a copy of it is the same object."""

    def __init__(self, rows, names, places):
        self.rows, self.names, self.places = rows, names, places

    def __repr__(self):
        return f"<{len(self.rows)} rows of {len(self.names)} features>"

    def __deepcopy__(self, memo):
        return self


class Precomputed(TakesImages, TransformerMixin, DocumentationLinkMixin, BaseEstimator):
    """Rows of a table that was computed elsewhere, looked up by image.

    Radiomics, FRD features, embeddings of any network: what another program has made of the images,
    one row each. It stands in the descriptor's place, and whoever asks still gives the images, so
    that an audit sees these too: near copies, grey levels, pixels as a second eye. A `GANISI`
    without a pairer pairs its rows by a `FeaturePairer`.

    Parameters
    ----------
    table : object
        What :meth:`from_images` makes of rows and images: write
        ``Precomputed.from_images(rows, images)``.

    See Also
    --------
    ganisi.distances.FeaturePairer : Distances of groups of columns. With a table alone, and no
        images, begin with it: ``make_pipeline(FeaturePairer(), identifier)``.

    Notes
    -----
    An image is known by its shape and grey levels, and not by the name of its file: files may be
    moved, arrays do as well, folds and searches take any part of them. But a file that is read
    with another window, or in which anything was changed, is another image and has no row. So have
    the copies that an audit plants on purpose, but for exact ones: it may find leakage, but says
    "cannot say" where it finds none, as long as its `required_kinds` name others. Where the
    features can be computed from images here, a transformer that does it has no such limit
    (:doc:`/guide/extending`).

    Clones share the table, which nobody writes to; a pickle holds it, and no image.

    Examples
    --------
    >>> import numpy as np
    >>> import pandas as pd
    >>> from ganisi import GANISI
    >>> from ganisi.baselines import NearestGenerated
    >>> from ganisi.datasets import make_source_identification
    >>> from ganisi.descriptors import Precomputed
    >>> from ganisi.distances import FeaturePairer
    >>> data = make_source_identification(10, 10, 30, size=32, leakage=1.0, random_state=0)
    >>> images = [*data.real, *data.generated]
    >>> table = pd.DataFrame({"mean": np.mean(images, (1, 2)), "sd": np.std(images, (1, 2))})
    >>> model = GANISI(
    ...     Precomputed.from_images(table, images),
    ...     pairer=FeaturePairer({"brightness": ["mean"], "contrast": ["sd"]}),
    ...     identifier=NearestGenerated(),
    ... )
    >>> model = model.fit(data.real, data.used, generated=data.generated, groups=data.groups)
    >>> model.evidence(data.real[:3]).map_names
    ['brightness', 'contrast']
    """

    def __init__(self, table: object) -> None:
        self.table = table

    @classmethod
    def from_images(cls, rows: ArrayLike | DataFrame, images: ImageSet) -> Self:
        """Make one of a table and the images that its rows are of.

        Parameters
        ----------
        rows : array or DataFrame of shape (n_images, n_features)
            Finite numbers, a row an image.
        images : array of shape (n_images, height, width), list of arrays, or list of paths
            The images, in the order of the rows; of a table that is indexed by names of files
            ``[folder / name for name in table.index]``. Files are read.

        Returns
        -------
        descriptor : Precomputed
            Knows the images by their contents, and keeps none.

        Raises
        ------
        TypeError, ValueError
            If `images` is no set of grey images or there are not as many as rows, or if rows hold
            what is no finite number, or different ones of the same image.
        """
        images = check_images(images, "images")
        if len(images) != len(rows):
            raise ValueError(
                f"rows has {len(rows)} rows and images {len(images)} images; give the image of "
                "each row, in the order of the rows."
            )
        values, names = _checked(rows)
        places = {}
        for i, key in enumerate(content_keys(images)):
            first = places.setdefault(key, i)
            if not np.array_equal(values[first], values[i]):
                raise ValueError(
                    f"{image_name(images[first], f'images[{first}]')} and "
                    f"{image_name(images[i], f'images[{i}]')} are the same image and have "
                    "different rows; keep the row that is right."
                )
        return cls(_Table(values, names, places))

    def fit(self, X: ImageSet, y: object = None) -> Self:
        """Check that there is a row of each image. Nothing is learned.

        Parameters
        ----------
        X : array of shape (n_images, height, width), list of arrays, or list of paths
            Grey images.
        y : None
            Ignored.

        Returns
        -------
        self : object
            The descriptor.

        Raises
        ------
        TypeError, ValueError
            If `X` is no set of grey images, or an image has no row.
        """
        self.check_known(X)
        return self

    def transform(self, X: ImageSet) -> NDArray[np.float32]:
        """Look up the rows of images.

        Parameters
        ----------
        X : array of shape (n_images, height, width), list of arrays, or list of paths
            Grey images.

        Returns
        -------
        rows : ndarray of shape (n_images, n_features), float32
            As they were given.

        Raises
        ------
        TypeError, ValueError
            If `X` is no set of grey images, or an image has no row.
        """
        return self.table.rows[self._find(check_images(X), "X")]

    def check_known(self, images: ImageSet, name: str = "X", views: AnyViews | None = None) -> None:
        """Refuse images, under any of their views, of which there is no row.

        Parameters
        ----------
        images : array of shape (n_images, height, width), list of arrays, or list of paths
            Grey images.
        name : str, default="X"
            What they are called.
        views : Views, {"mirrors", "dihedral"} or None, default=None
            Under which each is asked about.

        Raises
        ------
        ValueError
            If an image has no row; its text names the first one.
        """
        images, views = check_images(images, name), Views.of(views)
        self._find(images, name)
        for i, image in enumerate(images if len(views) > 1 else ()):
            seen = list(views.apply(image))
            of_image = image_name(image, f"{name}[{i}]")
            self._find(seen, f"the views of {of_image}", [f"{of_image} {v}" for v in views.names])

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[Any]:
        """Names of the columns: those of a DataFrame, or ``"feature 0"`` and so on.

        Parameters
        ----------
        input_features : None
            Ignored: an image has no feature names.

        Returns
        -------
        names : ndarray of shape (n_features,), object
            In their order.
        """
        return np.array(self.table.names, dtype=object)

    def in_plain_words(self) -> str:
        """Say what is looked at, to somebody who reads a report and no code."""
        return f"{len(self.table.names)} features of a table that was given"

    def _find(self, images, name, called=None):
        """Return the places of the rows of images."""
        if not isinstance(self.table, _Table):
            raise TypeError(
                f"table is a {type(self.table).__name__}; write Precomputed.from_images(rows, "
                "images), so that it is known which row is whose."
            )
        found = [self.table.places.get(key) for key in content_keys(images)]
        missing = [i for i, place in enumerate(found) if place is None]
        if missing:
            i = missing[0]
            first = called[i] if called else image_name(images[i], f"{name}[{i}]")
            raise NoRowError(
                f"{len(missing)} of {len(images)} images of {name} have no row in the table of "
                f"{type(self).__name__}, such as {first}; give their rows and the images to "
                "Precomputed.from_images. An image is known by its grey levels, so that one that "
                "was changed, moved or read with another window is another image; where there may "
                "be such, use a transformer that computes the features from images."
            )
        return found

    def __sklearn_is_fitted__(self):
        return True

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.requires_fit = False
        tags.transformer_tags.preserves_dtype = []
        return tags


def check_known(descriptor, sets, views=None):
    """Refuse images of sets (name, images) that a table, in a union or alone, has no row of."""
    for one in (descriptor, *descriptor.get_params(deep=True).values()):
        if isinstance(one, Precomputed):
            for name, images in sets:
                one.check_known(images, name, None if name == "generated" else views)


def _checked(rows):
    """Return rows as float32, and the names of columns; say which column holds no finite number."""
    if np.ndim(rows) != 2 or 0 in np.shape(rows):
        raise ValueError(f"rows has shape {np.shape(rows)}; expected (n_images, n_features).")
    names = getattr(rows, "columns", [f"feature {i}" for i in range(np.shape(rows)[1])])
    names = [str(name) for name in names]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"rows has two columns called {twice!r}; give each a name of its own.")
    try:
        with np.errstate(over="ignore"):
            values = np.array(rows, np.float32)
    except (TypeError, ValueError) as error:
        raise TypeError(
            f"rows holds what is no number ({error}); drop such columns, or put numbers in their "
            f"place. The columns are {', '.join(names[:5])}{', ...' * (len(names) > 5)}."
        ) from error
    bad = ~np.isfinite(values)
    if bad.any():
        column = int(bad.any(axis=0).argmax())
        raise ValueError(
            f"rows has NaN, infinity or what float32 cannot hold in {bad[:, column].sum()} of "
            f"{len(values)} rows of column {names[column]!r}; drop the column, or put numbers in "
            "their place."
        )
    return values, names

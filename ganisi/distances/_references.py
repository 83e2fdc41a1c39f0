"""Distances to the generated images, and to the real images of `fit` beside them."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, TransformerMixin, clone
from sklearn.utils import check_array
from sklearn.utils.validation import check_is_fitted

from .._compat._hints import RowSets, Self
from .._compat._sklearn import DocumentationLinkMixin, HasMethods, fit_context
from ._generated import generated_sets
from ._pairer import CDFWassersteinPairer


class ReferencePairer(TransformerMixin, DocumentationLinkMixin, BaseEstimator):
    """Distances of queries to the generated images, and then to the real images of `fit`.

    What `SimilarityRules` needs: how similar real images are to each other tells how similar a
    generated one would be by chance. No label enters.

    Parameters
    ----------
    pairer : Pairer or None, default=None
        From rows to distances, not relative: both kinds of distances must be of one scale. None is
        :class:`ganisi.CDFWassersteinPairer`, in a `GANISI` with the settings of the descriptor.

    Attributes
    ----------
    pairer_ : Pairer
        Fitted; the queries of `fit` are the last of its generated sets.
    n_generated_ : int
        Number of generated images.
    n_references_ : int
        Number of queries of `fit`.
    n_features_in_ : int
        Number of columns.

    See Also
    --------
    ganisi.identification.SimilarityRules : What comes next.
    ganisi.baselines.similarity_rules : The whole, from images to decisions.

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi import CDFWassersteinPairer
    >>> from ganisi.distances import ReferencePairer
    >>> rng = np.random.default_rng(0)
    >>> real, fake = rng.random((4, 1)), rng.random((5, 1))
    >>> pairer = ReferencePairer(CDFWassersteinPairer(n_quantiles=1))
    >>> pairer.fit_transform(real, generated=(fake,)).shape
    (4, 9, 1)
    """

    # Saves the user set_fit_request where scikit-learn routes metadata.
    __metadata_request__fit = {"generated": True, "groups": True}  # noqa: RUF012

    _parameter_constraints = {  # noqa: RUF012
        "pairer": [HasMethods(["fit_transform", "transform"]), None],
    }

    def __init__(self, pairer: BaseEstimator | None = None) -> None:
        self.pairer = pairer

    @property
    def grid(self) -> int | None:
        """Cells a side that `pairer` reads."""
        return getattr(self.pairer, "grid", 1)

    @property
    def n_views(self) -> int:
        """Views of each query that `pairer` reads."""
        return getattr(self.pairer, "n_views", 1)

    def fit(
        self,
        X: ArrayLike,
        y: object = None,
        *,
        generated: RowSets | None = None,
        groups: ArrayLike | None = None,
    ) -> Self:
        """Keep the generated images and the queries.

        Parameters
        ----------
        X : array of shape (n_queries, n_features)
            Rows of real images, from a descriptor.
        y : None
            Ignored.
        generated : array of shape (n_generated, n_features), or tuple of these
            Rows of the generated images, from the same descriptor. Inside cross-validation write
            ``generated=(array,)``: a tuple is never sliced.
        groups : None
            Ignored.

        Returns
        -------
        self : object
            The fitted pairer.

        Raises
        ------
        TypeError, ValueError
            As `pairer` does, and where it is relative.
        """
        self.fit_transform(X, generated=generated, groups=groups)
        return self

    @fit_context(prefer_skip_nested_validation=False)
    def fit_transform(
        self,
        X: ArrayLike,
        y: object = None,
        *,
        generated: RowSets | None = None,
        groups: ArrayLike | None = None,
    ) -> NDArray[np.float32]:
        """Fit, and return the distances of the same queries.

        Parameters
        ----------
        X : array of shape (n_queries, n_features)
            Rows of real images, from a descriptor.
        y : None
            Ignored.
        generated : array of shape (n_generated, n_features), or tuple of these
            Rows of the generated images; see `fit`.
        groups : None
            Ignored.

        Returns
        -------
        distances : ndarray of shape (n_queries, n_generated + n_queries, n_maps), float32
            To the generated images, then to the queries.
        """
        if getattr(self.pairer, "relative", False):
            raise ValueError(
                "pairer is relative, which puts the distances to each image on a scale of its own; "
                "give one with relative=False."
            )
        rows = check_array(X, dtype=np.float32, order="C", input_name="X")
        # As generated images, the real ones have no views.
        references = rows[:, : rows.shape[1] // self.n_views]
        sets = generated_sets(generated, len(rows))
        self.n_references_ = len(rows)
        self.n_generated_ = sum(len(set_) for set_ in sets)
        self.pairer_ = CDFWassersteinPairer() if self.pairer is None else clone(self.pairer)
        distances = self.pairer_.fit_transform(X, generated=(*sets, references), groups=groups)
        self.n_features_in_ = self.pairer_.n_features_in_
        return distances

    def transform(self, X: ArrayLike) -> NDArray[np.float32]:
        """Return the distances of queries to every generated image, and to those of `fit`.

        Parameters
        ----------
        X : array of shape (n_queries, n_features)
            Rows of the queries, from the same descriptor.

        Returns
        -------
        distances : ndarray of shape (n_queries, n_generated + n_references, n_maps), float32
            A row depends on its own query only.
        """
        check_is_fitted(self)
        return self.pairer_.transform(X)

    def best_views(self, X: ArrayLike) -> NDArray[np.intp]:
        """Tell which view of each query is nearest to each image.

        Parameters
        ----------
        X : array of shape (n_queries, n_views * n_features)
            Rows of the queries, from the same descriptor.

        Returns
        -------
        views : ndarray of shape (n_queries, n_generated + n_references), int
            From 0, the image as it is.
        """
        check_is_fitted(self)
        return self.pairer_.best_views(X)

    def in_plain_words(self) -> str:
        """Say how images are compared, to somebody who reads a report and no code."""
        return (CDFWassersteinPairer() if self.pairer is None else self.pairer).in_plain_words()

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = []
        return tags

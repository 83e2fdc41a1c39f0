"""Out-of-fold probabilities, by patient, that can be asked again for other labels."""

import numpy as np
from sklearn.base import clone
from sklearn.metrics import roc_auc_score
from sklearn.utils.validation import check_consistent_length

from ..labels import encode_labels, positive_class
from ..splitting import check_groups, query_folds


class CrossFit:
    """The distances of every fold, computed once, since labels do not enter them.

    Parameters
    ----------
    pairer : CDFWassersteinPairer
        Cloned and fitted in every fold, without labels.
    identifier : classifier
        `SourceIdentifier`, `ProfileIdentifier` or a baseline; cloned and fitted in every fold.
    X : array of shape (n_images, n_features)
        Quantile functions of real images of known status.
    y : array of shape (n_images,)
        Two labels.
    generated : array of shape (n_generated, n_features), or tuple of these
        Quantile functions of the generated images.
    groups : array of shape (n_images,) or None, default=None
        Patient of each real image; no patient stands on both sides of a split.
    cv : int, default=5
        Number of folds, stratified.
    pos_label : label or None, default=None
        The label that means "used"; None means 1 or True.

    Attributes
    ----------
    used : ndarray of shape (n_images,), bool
        Which images were used to train the generator.
    groups : ndarray of shape (n_images,) or None
        Patient of each image.
    folds : list of (train, test)
        Indices of images.

    Examples
    --------
    >>> from ganisi import GANISI, Intensity
    >>> from ganisi.audit import CrossFit
    >>> from ganisi.baselines import NearestGenerated
    >>> from ganisi.datasets import make_source_identification
    >>> data = make_source_identification(20, 20, 60, size=32, leakage=1.0, random_state=0)
    >>> pixels = GANISI(Intensity(grid=32, n_quantiles=1), identifier=NearestGenerated())
    >>> descriptor, pairer, identifier = pixels.stages()
    >>> fit = CrossFit(
    ...     pairer,
    ...     identifier,
    ...     descriptor.fit_transform(data.real),
    ...     data.used,
    ...     generated=descriptor.transform(data.generated),
    ...     groups=data.groups,
    ... )
    >>> fit.out_of_fold().shape
    (40,)
    """

    def __init__(self, pairer, identifier, X, y, *, generated, groups=None, cv=5, pos_label=None):
        classes, encoded = encode_labels(y)
        check_consistent_length(X, y)
        self.used = encoded == positive_class(classes, pos_label)
        self.groups = None if groups is None else check_groups(groups, len(self.used))
        self.folds = query_folds(self.used, groups, cv)
        self._identifier = identifier
        if not isinstance(generated, tuple):
            generated = (generated,)
        self._distances = []
        for train, test in self.folds:
            fold_pairer = clone(pairer)
            train_distances = fold_pairer.fit_transform(
                X[train], generated=generated, groups=self._groups_of(train)
            )
            self._distances.append((train_distances, fold_pairer.transform(X[test])))

    def _groups_of(self, images):
        return None if self.groups is None else self.groups[images]

    def out_of_fold(self, used=None):
        """Probability of each image by the model that has not seen it, nor its patient.

        Parameters
        ----------
        used : array of shape (n_images,), bool, or None, default=None
            Labels to fit on instead of the true ones.

        Returns
        -------
        probability : ndarray of shape (n_images,)
            Of having been used.
        """
        used = self.used if used is None else used
        probability = np.empty(len(used))
        for (train, test), (train_distances, test_distances) in zip(
            self.folds, self._distances, strict=True
        ):
            identifier = clone(self._identifier)
            identifier.fit(train_distances, used[train], groups=self._groups_of(train))
            probability[test] = identifier.predict_proba(test_distances)[:, 1]
        return probability

    def roc_auc(self, probability, used=None):
        """Mean over the folds of the ROC AUC within each.

        Each fold has a model of its own, and probabilities of different models need not be on one
        scale; pooled, chance would not be 1/2.

        Parameters
        ----------
        probability : array of shape (n_images,)
            From `out_of_fold`.
        used : array of shape (n_images,), bool, or None, default=None
            Labels instead of the true ones.

        Returns
        -------
        roc_auc : float
            Between 0 and 1; 1/2 is chance.
        """
        used = self.used if used is None else used
        return float(
            np.mean([roc_auc_score(used[test], probability[test]) for _, test in self.folds])
        )

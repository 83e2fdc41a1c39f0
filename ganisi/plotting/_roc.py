"""How well used images are told from others, at every rate of false alarms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator
from sklearn.metrics import auc
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_consistent_length

from .._compat._hints import Axes, Folds, ImageSet, Seed, Self
from ..audit import AuditReport, CrossFit
from ..audit.report._seen import blind_checks as checks_of
from ..images._patients import check_groups
from ._axes import get_axes
from ._roc_curves import bootstrap_band, check_rates, mean_curve, parts_of, used_and_scores
from ._roc_drawing import add_legend, draw_curves


class RocDisplay:
    """ROC of an attack with its band, of baselines and of blind checks; linear and log axes.

    What an attacker finds at few false alarms shows on log axes only, and what the groups tell
    apart without any leak shows in the blind checks' curves: the attack must be above those.

    Parameters
    ----------
    fpr, tpr : list of n_curves arrays
        Rates between 0 and 1, non-decreasing, one array of points a curve.
    names : list of str of length n_curves
        Of the curves; the first is the attack, and stands out.
    roc_auc : list of float, or None, default=None
        ROC AUC of each, for the legend; None is the area under each curve.
    kinds : list of {"attack", "baseline", "blind check"}, or None, default=None
        What each curve is; None makes the first an attack and the others baselines.
    band : (fpr, low, high) or None, default=None
        Pointwise band of the first curve's true positive rate, arrays of one length.
    kind_of_curve : str, default=""
        How folds were put together, for the title.
    kind_of_auc : str, default="AUC"
        What `roc_auc` is, for the legend.

    Attributes
    ----------
    ax_ : ndarray of shape (n_scales,), object
        The axes: linear, logarithmic, or both in this order.
    figure_ : matplotlib.figure.Figure
        The figure.

    Raises
    ------
    ValueError
        If lists differ in length, or rates are not rates.

    See Also
    --------
    RocDisplay.from_cross_fit : The curve whose area is the audit's ROC AUC.
    RocDisplay.from_cv_results : That of scikit-learn's ``cross_validate``.

    Notes
    -----
    Every fold has a model of its own, and the audit's ROC AUC is the mean over the folds of the AUC
    within each (:meth:`ganisi.audit.CrossFit.roc_auc`). Where the folds are known the curve here is
    the mean over the folds of the true positive rate at each false positive rate, and its area is
    exactly that AUC. Where they are not known (`from_report`), all out-of-fold probabilities are
    pooled into one curve. Its area is another number, usually lower, since probabilities of
    different models need not be on one scale.

    A band by bootstrap of patients holds the models fixed, and is too narrow by what another
    model would have changed. Whether a leak was detected is for the audit to say, not for a band.

    Examples
    --------
    >>> from ganisi.plotting import RocDisplay
    >>> used = [1, 1, 1, 0, 0, 0]
    >>> display = RocDisplay.from_predictions(
    ...     used,
    ...     [0.9, 0.8, 0.4, 0.5, 0.2, 0.1],
    ...     baselines={"nearest": [0.7, 0.3, 0.6, 0.5, 0.4, 0.2]},
    ...     random_state=0,
    ... )
    >>> display.names, [round(float(area), 2) for area in display.roc_auc]
    (['attack', 'nearest'], [0.89, 0.78])

    ``display.plot()`` draws it on two axes.
    """

    def __init__(
        self, fpr: Sequence[ArrayLike], tpr: Sequence[ArrayLike], names: Sequence[str], *,
        roc_auc: Sequence[float] | None = None, kinds: Sequence[str] | None = None,
        band: tuple[ArrayLike, ArrayLike, ArrayLike] | None = None, kind_of_curve: str = "",
        kind_of_auc: str = "AUC",
    ) -> None:  # fmt: skip
        self.fpr = [np.asarray(rates, dtype=float) for rates in fpr]
        self.tpr = [np.asarray(rates, dtype=float) for rates in tpr]
        self.names = list(names)
        n_curves = len(self.names)
        if kinds is None:
            kinds = ["attack"] + ["baseline"] * (n_curves - 1)
        self.kinds = list(kinds)
        if n_curves == 0 or not len(self.fpr) == len(self.tpr) == len(self.kinds) == n_curves:
            raise ValueError(
                f"{len(self.fpr)} fpr, {len(self.tpr)} tpr, {len(self.kinds)} kinds and {n_curves} "
                "names; give one of each for every curve, and at least one curve."
            )
        for name, *pair in zip(self.names, self.fpr, self.tpr, strict=True):
            check_rates(name, *pair)
        unknown = sorted(set(self.kinds) - {"attack", "baseline", "blind check"})
        if unknown:
            raise ValueError(
                f"kinds has {unknown[0]!r}; expected 'attack', 'baseline' or 'blind check'."
            )
        if roc_auc is None:
            roc_auc = [auc(*pair) for pair in zip(self.fpr, self.tpr, strict=True)]
        self.roc_auc = list(roc_auc)
        if len(self.roc_auc) != n_curves:
            raise ValueError(f"{len(self.roc_auc)} roc_auc for {n_curves} curves; give one each.")
        self.band = None if band is None else tuple(np.asarray(one, dtype=float) for one in band)
        if self.band is not None and len({one.shape for one in self.band}) != 1:
            raise ValueError("band must be (fpr, low, high), three arrays of one length.")
        self.kind_of_curve = kind_of_curve
        self.kind_of_auc = kind_of_auc

    @classmethod
    def from_predictions(
        cls, used: ArrayLike, probability: ArrayLike, *, name: str = "attack",
        baselines: Mapping[str, ArrayLike] | None = None,
        blind_checks: Mapping[str, ArrayLike] | None = None, groups: ArrayLike | None = None,
        folds: Folds | None = None, confidence: float = 0.95, n_resamples: int = 200,
        random_state: Seed = None,
    ) -> Self:  # fmt: skip
        """Compute the curves of out-of-fold probabilities.

        Parameters
        ----------
        used : array of shape (n_images,), bool
            Which images were used to train the generator.
        probability : array of shape (n_images,)
            Of having been used, by the attack, or any score that is higher where that is likelier.
        name : str, default="attack"
            Of the attack.
        baselines, blind_checks : dict of str to array of shape (n_images,), or None, default=None
            Probabilities of the same images by others.
        groups : array of shape (n_images,) or None, default=None
            Patient of each image, for the band.
        folds : list of (train, test), or None, default=None
            Indices of images, such as `CrossFit.folds`: the curves are then means over folds.
        confidence : float, default=0.95
            Of the band, at each false positive rate.
        n_resamples : int, default=200
            Bootstrap resamples of patients for the band; 0 makes none.
        random_state : int, RandomState instance or None, default=None
            For the resamples.

        Returns
        -------
        display : RocDisplay
            Not drawn yet.

        Raises
        ------
        ValueError
            If lengths differ, a fold lacks used or not-used images, or `confidence` is not between
            0 and 1.
        """
        if not 0 < confidence < 1:
            raise ValueError(f"confidence={confidence!r}; expected a share between 0 and 1.")
        used = np.asarray(used).astype(bool)
        tests = [np.arange(len(used))] if folds is None else [test for _, test in folds]
        if any(used[test].all() or not used[test].any() for test in tests):
            raise ValueError(
                "used and not-used images are both needed, in every fold; give fewer folds."
            )
        named = [(name, probability, "attack")]
        named += [(key, p, "baseline") for key, p in (baselines or {}).items()]
        named += [(key, p, "blind check") for key, p in (blind_checks or {}).items()]
        curves = []
        for _, scores, _ in named:
            check_consistent_length(used, scores)
            curves.append(mean_curve(used, np.asarray(scores), tests))
        band = None
        if n_resamples:
            groups = check_groups(groups, len(used))
            rng = check_random_state(random_state)
            band = bootstrap_band(
                used, np.asarray(probability), tests, groups, confidence, n_resamples, rng
            )
        names, _, kinds = zip(*named, strict=True)
        averaged = len(tests) > 1
        return cls(
            *zip(*curves, strict=True),
            names,
            kinds=kinds,
            band=band,
            kind_of_curve=f"mean of {len(tests)} folds" if averaged else "",
        )

    @classmethod
    def from_estimator(
        cls, estimator: BaseEstimator, X: ImageSet, y: ArrayLike, *,
        groups: ArrayLike | None = None, pos_label: object = None, **dials: Any,
    ) -> Self:  # fmt: skip
        """Score images by a fitted model, and compute its curve.

        Parameters
        ----------
        estimator : GANISI, or another fitted classifier
            Fitted on other images, of other patients: of those of `fit` the curve says nothing.
        X : array of shape (n_images, height, width), list of arrays, or list of paths
            Images of known status.
        y : array of shape (n_images,)
            Their labels, of those of `fit`.
        groups : array of shape (n_images,) or None, default=None
            Patient of each image, for the band.
        pos_label : label or None, default=None
            The class that means "used"; None means 1 or True.
        **dials : dict
            `name`, `confidence`, `n_resamples` and `random_state` of `from_predictions`.

        Returns
        -------
        display : RocDisplay
            Not drawn yet.

        Raises
        ------
        ValueError
            If `y` has labels that the model does not know, or one of them only.
        """
        used, score = used_and_scores(estimator, X, y, pos_label)
        return cls.from_predictions(used, score, groups=groups, **dials)

    @classmethod
    def from_cv_results(
        cls, cv_results: Mapping[str, Any], X: ImageSet, y: ArrayLike, *,
        groups: ArrayLike | None = None, pos_label: object = None, **dials: Any,
    ) -> Self:  # fmt: skip
        """Score what each fold of a cross-validation left out; the curve is their mean.

        Parameters
        ----------
        cv_results : dict
            From :func:`sklearn.model_selection.cross_validate` with ``return_estimator=True`` and
            ``return_indices=True``.
        X, y : images and labels
            As given to `cross_validate`.
        groups : array of shape (n_images,) or None, default=None
            Patient of each image, for the band; the folds are as they were made.
        pos_label : label or None, default=None
            The class that means "used"; None means 1 or True.
        **dials : dict
            `name`, `confidence`, `n_resamples` and `random_state` of `from_predictions`.

        Returns
        -------
        display : RocDisplay
            Not drawn yet.

        Raises
        ------
        ValueError
            If `cv_results` has no estimators or indices, or a fold left out one label only.
        """
        parts = list(parts_of(cv_results, X, y, groups))
        scored = [used_and_scores(*part[:3], pos_label) for part in parts]
        used, score = (np.concatenate(one) for one in zip(*scored, strict=True))
        ends = np.cumsum([0, *(len(one) for one, _ in scored)])
        return cls.from_predictions(
            used,
            score,
            groups=np.concatenate([patients for *_, patients in parts]),
            folds=[(None, np.arange(*pair)) for pair in pairwise(ends)],
            **dials,
        )

    @classmethod
    def from_cross_fit(
        cls, cross_fit: CrossFit, *, name: str = "attack",
        baselines: Mapping[str, CrossFit] | None = None,
        blind_checks: Mapping[str, CrossFit] | None = None, **dials: Any,
    ) -> Self:  # fmt: skip
        """Compute the curves of cross-fitted models; their areas are the audit's ROC AUC.

        Parameters
        ----------
        cross_fit : CrossFit
            Of the attack.
        name : str, default="attack"
            Of the attack.
        baselines, blind_checks : dict of str to CrossFit, or None, default=None
            On the same folds: by ``cross_fit.with_identifier``, and by
            :func:`ganisi.audit.textures_alone` and :func:`ganisi.audit.stand_in_generator`.
        **dials : dict
            `confidence`, `n_resamples` and `random_state` of `from_predictions`.

        Returns
        -------
        display : RocDisplay
            Not drawn yet.
        """
        baselines, blind_checks = (
            {key: fit.raw_scores() for key, fit in (others or {}).items()}
            for others in (baselines, blind_checks)
        )
        return cls.from_predictions(
            cross_fit.used,
            cross_fit.raw_scores(),
            name=name,
            baselines=baselines,
            blind_checks=blind_checks,
            groups=cross_fit.groups,
            folds=cross_fit.folds,
            **dials,
        )

    @classmethod
    def from_report(
        cls, report: AuditReport, *, groups: ArrayLike | None = None, **dials: Any
    ) -> Self:
        """Draw the attack, the baselines and the blind checks of an audit, all folds pooled.

        The legend has the report's ROC AUC, a mean over folds, which is not the area under the
        pooled curve; `from_cross_fit` draws the curves whose areas those are.

        Parameters
        ----------
        report : AuditReport
            From :func:`ganisi.audit.audit`.
        groups : array of shape (n_images,) or None, default=None
            Patient of each image, for the band; a report does not keep them.
        **dials : dict
            `confidence`, `n_resamples` and `random_state` of `from_predictions`.

        Returns
        -------
        display : RocDisplay
            Not drawn yet.
        """
        (name, first), *others = ((key, row.score) for key, row in report.attacks.items())
        checks = dict(checks_of(report))
        display = cls.from_predictions(
            report.images.used,
            first,
            name=name,
            baselines=dict(others),
            blind_checks={key: check.score for key, check in checks.items()},
            groups=groups,
            **dials,
        )
        display.roc_auc = [row.scores["roc_auc"] for row in report.attacks.values()]
        display.roc_auc += [check.roc_auc for check in checks.values()]
        display.kind_of_curve = "folds pooled"
        display.kind_of_auc = "mean AUC in folds"
        return display

    def plot(
        self,
        ax: Axes | Sequence[Axes] | None = None,
        *,
        scale: Literal["both", "linear", "log"] = "both",
    ) -> Self:
        """Draw the curves.

        Parameters
        ----------
        ax : matplotlib Axes, pair of Axes, or None, default=None
            Where to draw; two where `scale` is "both". None makes a new figure.
        scale : {"both", "linear", "log"}, default="both"
            Of both rates.

        Returns
        -------
        self : RocDisplay
            With `ax_` and `figure_`.

        Raises
        ------
        ImportError
            If matplotlib is not installed.
        ValueError
            If `scale` is unknown, or `ax` does not hold as many axes as scales.
        """
        if scale not in ("both", "linear", "log"):
            raise ValueError(f"scale={scale!r}; expected 'both', 'linear' or 'log'.")
        scales = ("linear", "log") if scale == "both" else (scale,)
        self.figure_, axes = get_axes(ax, 1, len(scales), size=(5.2 * len(scales), 5.6))
        self.ax_ = axes[0]
        for one, kind in zip(self.ax_, scales, strict=True):
            draw_curves(one, self, kind)
        add_legend(self, inside=ax is not None)
        return self

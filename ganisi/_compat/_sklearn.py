"""The door to scikit-learn's private names: when one of them moves, this file alone changes.

Two hooks that scikit-learn looks for on an estimator stand on the estimators themselves:
`_parameter_constraints` and `_sk_visual_block_`.
"""

from __future__ import annotations

from collections.abc import Callable
from numbers import Integral
from typing import TYPE_CHECKING, Any, TypeVar

from sklearn.base import BaseEstimator
from sklearn.calibration import _SigmoidCalibration as SigmoidCalibration
from sklearn.utils._param_validation import HasMethods, Interval, RealNotInt, StrOptions
from sklearn.utils.metaestimators import _BaseComposition

try:
    from sklearn.callback import CallbackSupportMixin
except ImportError:  # Before scikit-learn 1.9.

    class CallbackSupportMixin:
        """Stands in where there are no callbacks, so that there is no `set_callbacks` either."""


try:
    from sklearn.utils._repr_html.estimator import _get_visual_block, _VisualBlock
except ImportError:  # Before scikit-learn 1.7.
    from sklearn.utils._estimator_html_repr import _get_visual_block, _VisualBlock

from ._hints import Self
from ._links import page_address

if TYPE_CHECKING:
    Method = TypeVar("Method", bound=Callable[..., Any])

    # scikit-learn has no hints, and a decorator without any hides those of what it decorates.
    def fit_context(*, prefer_skip_nested_validation: bool) -> Callable[[Method], Method]: ...
    def available_if(check: Callable[[Any], bool]) -> Callable[[Method], Method]: ...
else:
    from sklearn.base import _fit_context as fit_context
    from sklearn.utils.metaestimators import available_if

#: What `n_jobs` may be: 0 means nothing to joblib, which says so when the work begins.
N_JOBS = [
    Interval(Integral, 1, None, closed="left"),
    Interval(Integral, None, -1, closed="right"),
    None,
]

__all__ = [
    "N_JOBS",
    "CallbackSupportMixin",
    "Composition",
    "DocumentationLinkMixin",
    "HasMethods",
    "Interval",
    "RealNotInt",
    "SigmoidCalibration",
    "StrOptions",
    "TakesImages",
    "available_if",
    "callback_context",
    "check_params",
    "fit_context",
    "fitted_gamma",
    "serial_diagram",
]


class Composition(_BaseComposition):
    """Base of estimators made of a list of (name, estimator), which have parameters by name."""

    #: The parameter that holds the list.
    composed_of: str | None = None

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the parameters, those of the members under their names.

        Parameters
        ----------
        deep : bool, default=True
            Whether to return those of the members too.

        Returns
        -------
        params : dict of str to object
            ``name`` is a member, ``name__parameter`` one of its parameters.
        """
        return self._get_params(self.composed_of, deep=deep)

    def set_params(self, **params: object) -> Self:
        """Set parameters, those of the members under their names.

        Parameters
        ----------
        **params : object
            As `get_params` returns them.

        Returns
        -------
        self : object
            The same estimator.
        """
        self._set_params(self.composed_of, **params)
        return self

    def _sk_visual_block_(self):
        """Draw the members side by side, by name: scikit-learn's hook."""
        names, members = zip(*getattr(self, self.composed_of), strict=True)
        details = [str(member) for member in members]
        return _VisualBlock("parallel", members, names=names, name_details=details)

    def check_names(self) -> None:
        """Raise ValueError unless each member has a name of its own that is no parameter's."""
        self._validate_names([name for name, _ in getattr(self, self.composed_of)])


class DocumentationLinkMixin:
    """Lets the diagram of an estimator link to its page of our documentation.

    scikit-learn asks only for classes whose module is ours, so subclasses elsewhere have no link.
    """

    _doc_link_module = "ganisi"
    _doc_link_template = "{page}"

    def _doc_link_url_param_generator(self):
        return {"page": page_address(type(self))}


class TakesImages:
    """Tells scikit-learn that what goes in is images, or the names of their files."""

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.input_tags.three_d_array = True
        tags.input_tags.string = True
        return tags


def fitted_gamma(svm):
    """Return the kernel width that ``gamma="scale"`` or ``"auto"`` became in `fit`."""
    return svm._gamma


def callback_context(estimator, max_subtasks):
    """Return what tells the callbacks of an estimator of its fit; None where there are none."""
    begin = getattr(estimator, "_init_callback_context", None)
    return None if begin is None else begin(max_subtasks=max_subtasks)


def serial_diagram(stages):
    """Return the diagram of named stages that follow each other."""
    names = [f"{name}: {type(stage).__name__}" for name, stage in stages.items()]
    labelled = [_Labelled(*pair) for pair in zip(stages.values(), names, strict=True)]
    details = [str(stage) for stage in stages.values()]
    return _VisualBlock("serial", labelled, names=names, name_details=details, dash_wrapped=False)


class _Labelled:
    """A stage whose box says its place too, which scikit-learn says of composed stages only."""

    def __init__(self, stage, label):
        self.stage, self.label = stage, label

    def __getattr__(self, name):
        return getattr(self.stage, name)

    def _sk_visual_block_(self):
        block = _get_visual_block(self.stage)
        if block.kind == "single":
            block.names = self.label
        return block


def check_params(estimator):
    """Raise ValueError unless all parameters of an estimator, and of those in it, are possible.

    `fit` of each does the same, once it is its turn.
    """
    for one in (estimator, *estimator.get_params(deep=True).values()):
        if isinstance(one, BaseEstimator) and hasattr(one, "_parameter_constraints"):
            one._validate_params()

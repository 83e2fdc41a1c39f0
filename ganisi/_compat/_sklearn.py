"""The door to scikit-learn's underscored names: when one of them moves, this file alone changes."""

from sklearn.base import _fit_context as fit_context
from sklearn.calibration import _SigmoidCalibration as SigmoidCalibration
from sklearn.utils._param_validation import HasMethods, Interval, StrOptions

try:
    from sklearn.utils._repr_html.estimator import _VisualBlock as VisualBlock
except ImportError:  # Before scikit-learn 1.7.
    from sklearn.utils._estimator_html_repr import _VisualBlock as VisualBlock

from ._links import page_address

__all__ = [
    "DocumentationLinkMixin",
    "HasMethods",
    "Interval",
    "SigmoidCalibration",
    "StrOptions",
    "VisualBlock",
    "fit_context",
    "fitted_gamma",
]


class DocumentationLinkMixin:
    """Lets the diagram of an estimator link to its page of our documentation.

    scikit-learn asks only for classes whose module is ours, so subclasses elsewhere have no link.
    """

    _doc_link_module = "ganisi"
    _doc_link_template = "{page}"

    def _doc_link_url_param_generator(self):
        return {"page": page_address(type(self))}


def fitted_gamma(svm):
    """Return the kernel width that ``gamma="scale"`` or ``"auto"`` became in `fit`."""
    return svm._gamma

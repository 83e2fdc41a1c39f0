"""The door to scikit-learn's underscored names: when one of them moves, this file alone changes."""

from sklearn.base import _fit_context as fit_context
from sklearn.calibration import _SigmoidCalibration as SigmoidCalibration
from sklearn.utils._param_validation import HasMethods, Interval, StrOptions

__all__ = [
    "HasMethods",
    "Interval",
    "SigmoidCalibration",
    "StrOptions",
    "fit_context",
    "fitted_gamma",
]


def fitted_gamma(svm):
    """Return the kernel width that ``gamma="scale"`` or ``"auto"`` became in `fit`."""
    return svm._gamma

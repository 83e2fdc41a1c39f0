"""Attacks that any method has to beat, on the same distances."""

from .identification.baselines import *  # noqa: F403
from .identification.baselines import __all__ as __all__

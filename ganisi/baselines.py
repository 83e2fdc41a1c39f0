"""Attacks that any method has to beat: on its own distances, or with an eye of their own."""

from .identification.baselines import *  # noqa: F403
from .identification.baselines import __all__ as _on_distances
from .model._eyes import correlation, pixels, similarity_rules
from .model._registered import registered

__all__ = [*_on_distances, "correlation", "pixels", "registered", "similarity_rules"]

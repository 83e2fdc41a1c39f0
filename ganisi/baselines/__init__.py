"""Attacks that any method has to beat, on the same distances."""

from .nearest import NearestGenerated

__all__ = ["NearestGenerated"]

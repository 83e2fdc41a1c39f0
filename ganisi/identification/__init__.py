"""Distances to probabilities."""

from ._fusion import fuse
from ._profile import ProfileIdentifier
from ._source import SourceIdentifier

__all__ = ["ProfileIdentifier", "SourceIdentifier", "fuse"]

"""Distances to probabilities."""

from ._fusion import fuse
from ._profile import ProfileIdentifier
from ._similarity_rules import SimilarityRules
from ._source import SourceIdentifier

__all__ = ["ProfileIdentifier", "SimilarityRules", "SourceIdentifier", "fuse"]

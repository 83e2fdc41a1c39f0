"""Attacks that any method has to beat, on the same distances."""

from ._calibrated import CalibratedNearest
from ._monte_carlo import MonteCarloMembership
from ._nearest import NearestGenerated
from ._rank import RankMembership
from ._retrieval import RetrievalMembership

__all__ = [
    "CalibratedNearest",
    "MonteCarloMembership",
    "NearestGenerated",
    "RankMembership",
    "RetrievalMembership",
]

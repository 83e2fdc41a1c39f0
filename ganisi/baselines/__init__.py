"""Attacks that any method has to beat, on the same distances."""

from .calibrated import CalibratedNearest
from .monte_carlo import MonteCarloMembership
from .nearest import NearestGenerated
from .rank import RankMembership
from .retrieval import RetrievalMembership

__all__ = [
    "CalibratedNearest",
    "MonteCarloMembership",
    "NearestGenerated",
    "RankMembership",
    "RetrievalMembership",
]

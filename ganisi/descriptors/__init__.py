"""Descriptors: images in, quantile functions of texture maps out."""

from .._compat._sklearn import Interval
from ._base import TextureDescriptor
from ._classical import classical_descriptors
from ._gabor_bank import GaborBank
from ._intensity import Intensity
from ._local_stats import LocalStats
from ._map_info import MapInfo
from ._multiscale_hessian import MultiscaleHessian
from ._precomputed import Precomputed
from ._quantiles import cell_quantiles, quantile_function
from ._resnet_features import ResNetFeatures
from ._steerable_gaussian import SteerableGaussian
from ._steps import step_edges

__all__ = [
    "GaborBank",
    "Intensity",
    "Interval",
    "LocalStats",
    "MapInfo",
    "MultiscaleHessian",
    "Precomputed",
    "ResNetFeatures",
    "SteerableGaussian",
    "TextureDescriptor",
    "cell_quantiles",
    "classical_descriptors",
    "quantile_function",
    "step_edges",
]

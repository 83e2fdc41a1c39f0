"""Descriptors: images in, quantile functions of texture maps out."""

from ._classical import classical_descriptors
from ._gabor_bank import GaborBank
from ._intensity import Intensity
from ._local_stats import LocalStats
from ._multiscale_hessian import MultiscaleHessian
from ._quantiles import cell_quantiles, quantile_function
from ._resnet_features import ResNetFeatures
from ._steerable_gaussian import SteerableGaussian

__all__ = [
    "GaborBank",
    "Intensity",
    "LocalStats",
    "MultiscaleHessian",
    "ResNetFeatures",
    "SteerableGaussian",
    "cell_quantiles",
    "classical_descriptors",
    "quantile_function",
]

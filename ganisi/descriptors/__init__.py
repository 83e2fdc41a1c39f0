"""Descriptors: images in, quantile functions of texture maps out."""

from .classical import classical_descriptors
from .gabor_bank import GaborBank
from .intensity import Intensity
from .local_stats import LocalStats
from .multiscale_hessian import MultiscaleHessian
from .resnet_features import ResNetFeatures
from .steerable_gaussian import SteerableGaussian

__all__ = [
    "GaborBank",
    "Intensity",
    "LocalStats",
    "MultiscaleHessian",
    "ResNetFeatures",
    "SteerableGaussian",
    "classical_descriptors",
]

"""The descriptors that the laws are asked of: each that ganisi.descriptors exports, and yours."""

import inspect

import pytest

from ganisi import descriptors as window
from ganisi.descriptors import TextureDescriptor


def small_network():
    """Deep features without a download: 4 maps of 7 x 7."""
    try:
        import torch
        from torchvision.models import feature_extraction  # noqa: F401
    except Exception as error:
        pytest.skip(f"torch cannot be used: {type(error).__name__}: {error}")
    torch.manual_seed(0)
    network = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 32, stride=32), torch.nn.ReLU())
    return window.ResNetFeatures(network, node="0", device="cpu")


#: What is made of a class whose defaults need what a test has not.
INSTEAD = {"ResNetFeatures": small_network}
#: What stands for the depth of images that have none.
OF_ANY_LEVELS = {"intensity_range": (-1000, 1000)}


def classes_of(module):
    """Return the descriptors of a module by name."""
    return {
        name: found
        for name, found in vars(module).items()
        if inspect.isclass(found)
        and issubclass(found, TextureDescriptor)
        and not inspect.isabstract(found)
    }


#: How to make one of each that the package exports.
EXPORTED = {name: INSTEAD.get(name, found) for name, found in classes_of(window).items()}


def with_known(descriptor, *stand_ins):
    """Set those of the parameters that the descriptor has."""
    known = descriptor.get_params()
    values = {key: value for one in stand_ins for key, value in one.items() if key in known}
    return descriptor.set_params(**values)


def for_rows(descriptor):
    """Make a descriptor take rows of any numbers: images one pixel high, of no depth."""
    descriptor = with_known(descriptor, OF_ANY_LEVELS, {"wavelengths": [4.0]})
    return descriptor.set_params(n_quantiles=1)

"""Networks for `ResNetFeatures`: a small one, and one of full size."""

import pytest

from ganisi import ResNetFeatures


@pytest.fixture
def small(torch):
    """A module of one layer, 4 maps of 7 x 7, that takes no time."""
    torch.manual_seed(0)
    return torch.nn.Sequential(torch.nn.Conv2d(3, 4, 32, stride=32), torch.nn.ReLU())


@pytest.fixture
def descriptor(small):
    return ResNetFeatures(small, node="0", device="cpu")


@pytest.fixture(scope="module")
def resnet(torch):
    """ResNet-50 with random weights, and statistics of its batch norms that are not 0 and 1."""
    from torchvision.models import resnet50

    torch.manual_seed(1)
    model = resnet50(weights=None)
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(std=0.1)
            module.running_var.uniform_(0.5, 1.5)
    return model.eval()

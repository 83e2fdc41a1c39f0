"""A file of grey levels."""

import pytest
from image_files import GREY
from skimage.io import imsave


@pytest.fixture
def png(tmp_path):
    path = tmp_path / "scan 1 é.png"
    imsave(path, GREY, check_contrast=False)
    return path

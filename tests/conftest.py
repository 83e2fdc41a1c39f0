"""What tests share: golden arrays, a small leaky data set, and real CT where it is at hand."""

import importlib
import os
from pathlib import Path

import pytest
from hypothesis import settings
from threadpoolctl import threadpool_limits

from ganisi.datasets import make_source_identification

#: A package of others, which is installed and run by CI.
collect_ignore = ["downstream"]
# The same examples in every run, and no deadline: machines that run tests are often busy.
settings.register_profile("ganisi", deadline=None, derandomize=True)
settings.load_profile("ganisi")
# Processes of a cluster start slowly on a busy machine; dask reads this when it is imported.
os.environ.setdefault("DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT", "120s")
# Thousands of small fits: threads of BLAS and OpenMP would only wait for each other.
threadpool_limits(limits=1)


@pytest.fixture(scope="session")
def golden_dir():
    """Arrays computed by other software, to be met."""
    return Path(__file__).parent / "golden"


@pytest.fixture(scope="session")
def real_data_dir():
    """Real CT slices and images from a diffusion model; not ours to publish."""
    directory = os.environ.get("GANISI_TEST_DATA", "")
    if not Path(directory, "ddpm-ct").is_dir():
        pytest.skip("real CT is not at hand: GANISI_TEST_DATA names no folder that holds it")
    return Path(directory)


@pytest.fixture(scope="session")
def torch():
    """Torch, where it and torchvision work; one may be there and broken, whatever it raises."""
    return _import_or_skip("torch", "torchvision.models.feature_extraction")


@pytest.fixture(scope="session")
def pydicom():
    """Return pydicom, where it works."""
    return _import_or_skip("pydicom")


@pytest.fixture(scope="session")
def nibabel():
    """Return nibabel, where it works."""
    return _import_or_skip("nibabel")


@pytest.fixture(scope="session")
def matplotlib():
    """Return matplotlib, drawing on no screen, where it works."""
    matplotlib = _import_or_skip("matplotlib", "matplotlib.pyplot")
    matplotlib.pyplot.switch_backend("Agg")
    return matplotlib


def _import_or_skip(*names):
    try:
        modules = [importlib.import_module(name) for name in names]
    except Exception as error:
        pytest.skip(f"{names[0]} cannot be used: {type(error).__name__}: {error}")
    return modules[0]


@pytest.fixture(scope="session")
def leaky():
    """20 + 20 small phantoms and 50 images from a generator that memorised the used ones."""
    return make_source_identification(20, 20, 50, size=32, leakage=1.0, random_state=0)

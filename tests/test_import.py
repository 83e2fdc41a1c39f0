import os
import subprocess
import sys
from pathlib import Path

import pytest

import ganisi

OPTIONAL = [
    "torch",
    "torchvision",
    "numba",
    "matplotlib",
    "pydicom",
    "nibabel",
    "pandas",
    "tqdm",
    "dask",
]


def modules_after(code):
    """Run code in an interpreter of its own; return the optional modules that it has loaded."""
    code += f"\nimport sys; print('loaded', *({set(OPTIONAL)} & set(sys.modules)))"
    root = Path(ganisi.__file__).parents[1]
    path = os.pathsep.join([str(root), os.environ.get("PYTHONPATH", "")])
    result = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(result.stdout.split()[1:])


@pytest.mark.parametrize(
    "code",
    ["import ganisi", "import ganisi; ganisi.ResNetFeatures().get_feature_names_out()"],
    ids=["import", "naming deep features"],
)
def test_nothing_optional_is_loaded_that_scikit_learn_does_not_load(code):
    assert modules_after(code) <= modules_after("import sklearn.base")


def test_every_public_name_is_there_once():
    assert all(hasattr(ganisi, name) for name in ganisi.__all__)
    assert len(set(ganisi.__all__)) == len(ganisi.__all__)


KERNELS = """
import numpy as np
{trouble}
from ganisi import LocalStats
image = np.random.default_rng(0).integers(256, size=(1, 20, 20), dtype=np.uint8)
print(LocalStats(n_quantiles=2).fit_transform(image).sum())
"""


@pytest.mark.parametrize(
    "trouble",
    [
        # No folder to keep compiled loops in, as in a container that may not write.
        """
import numba.core.caching as caching
def refuse(self): raise OSError("read-only")
caching._CacheLocator.ensure_cache_path = refuse
""",
        # Installed, but it does not fit its libraries.
        """
import builtins
original = builtins.__import__
def broken(name, *args, **kwargs):
    if name == "numba":
        raise OSError("libllvmlite.so: wrong version")
    return original(name, *args, **kwargs)
builtins.__import__ = broken
""",
    ],
    ids=["nowhere to write", "broken"],
)
def test_trouble_with_numba_stops_nothing(trouble):
    pytest.importorskip("numba")
    expected, seen = (
        subprocess.run(
            [sys.executable, "-c", KERNELS.format(trouble=text)],
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for text in ("", trouble)
    )
    assert seen == expected

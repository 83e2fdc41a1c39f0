import os
import subprocess
import sys
from pathlib import Path

import pytest

import ganisi

OPTIONAL = ["torch", "torchvision", "numba", "matplotlib", "pydicom", "pandas", "tqdm", "dask"]


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

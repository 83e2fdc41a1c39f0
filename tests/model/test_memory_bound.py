"""Without the memory for all maps or all pairs, the work is done all the same."""

import subprocess
import sys

import pytest

resource = pytest.importorskip("resource", reason="this system limits no address space")

PRELUDE = """
import resource

import numpy as np
from sklearn.linear_model import LogisticRegression

from ganisi import GANISI, MultiscaleHessian, SourceIdentifier
from ganisi.datasets import make_source_identification

ALLOWANCE = 112 * 2**20


def run_within_the_allowance(work, n, bytes_if_all_were_kept):
    assert bytes_if_all_were_kept > 3 * ALLOWANCE
    work(20)
    with open("/proc/self/statm") as statm:
        size = int(statm.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (size + ALLOWANCE, size + ALLOWANCE))
    assert len(work(n)) == n
    try:
        np.ones(2 * ALLOWANCE, dtype=np.uint8)
    except MemoryError:
        print("done, and the limit holds")


data = make_source_identification(10, 10, 60, size=32, leakage=1.0, random_state=0)
"""
DESCRIBE = """
images = np.tile(data.generated, (48, 1, 1))
descriptor = MultiscaleHessian(n_quantiles=8).fit(images)
run_within_the_allowance(
    lambda n: descriptor.transform(images[:n]), len(images), len(images) * 30 * 32 * 32 * 4
)
"""
SCORE = """
generated, queries = np.tile(data.generated, (50, 1, 1)), np.tile(data.real, (50, 1, 1))
model = GANISI(
    MultiscaleHessian(n_quantiles=1),
    identifier=SourceIdentifier(LogisticRegression(), max_pairs=200, random_state=0),
).fit(data.real, data.used, generated=generated)
run_within_the_allowance(
    lambda n: model.predict_proba(queries[:n]), len(queries), len(queries) * len(generated) * 30 * 4
)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
@pytest.mark.parametrize("work", [DESCRIBE, SCORE], ids=["maps", "pairs"])
def test_memory_is_bounded_whatever_the_number_of(work):
    done = subprocess.run(
        [sys.executable, "-c", PRELUDE + work], capture_output=True, text=True, check=False
    )
    assert "done, and the limit holds" in done.stdout, done.stderr

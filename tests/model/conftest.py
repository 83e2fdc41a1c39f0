"""A data set that is smaller still."""

import pytest

from ganisi.datasets import make_source_identification


@pytest.fixture(scope="session")
def tiny():
    """Enough to run everything; nothing is concluded from it."""
    return make_source_identification(10, 10, 6, size=32, leakage=1.0, random_state=0)

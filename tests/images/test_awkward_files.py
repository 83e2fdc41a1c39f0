"""Files of every kind: what happens to each is what the page says, and grey levels are right."""

import importlib

import numpy as np
import pytest
from awkward import SECTIONS, what_happens
from awkward._kind import row
from awkward_files import END, PAGE, START

KINDS = [kind for kinds in SECTIONS.values() for kind in kinds]


@pytest.fixture(scope="module")
def page():
    """The lines of the table on the page."""
    text = PAGE.read_text(encoding="utf-8")
    return text[text.index(START) : text.index(END)].splitlines()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.what)
def test_what_happens_is_what_the_page_says(kind, page, tmp_path):
    if kind.needs:
        package, _, version = kind.needs.partition(">=")
        try:
            importlib.import_module(package)
        except ImportError:
            pytest.skip(f"needs {kind.needs}")
        pytest.importorskip(package, version or None)
    happens, images = what_happens(kind, tmp_path)
    assert row(kind, happens) in page
    if kind.levels is not None:
        assert images[-1].shape == np.shape(kind.levels)
        np.testing.assert_allclose(images[-1], kind.levels, rtol=1e-6, atol=1e-6)


def test_the_page_has_a_row_for_each_kind_and_no_other(page):
    rows = [line for line in page if line.startswith("| ") and not line.startswith("| what |")]
    assert len(rows) == len(KINDS) == len(set(rows)) >= 130
    titles = [line.removeprefix("### ") for line in page if line.startswith("### ")]
    assert titles == list(SECTIONS)

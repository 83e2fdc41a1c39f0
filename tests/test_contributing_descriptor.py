"""What the page says of a new descriptor is true: its own examples obey all laws of descriptors."""

import re
import sys
import types
from pathlib import Path

import numpy as np
import pytest
from adapters import AsRows
from all_descriptors import classes_of, for_rows
from scipy import ndimage
from sklearn.utils.estimator_checks import parametrize_with_checks

import ganisi
from ganisi.testing import check_descriptor

DOCS = Path(ganisi.__file__).parents[1] / "docs"
if not DOCS.is_dir():
    pytest.skip("the documentation is not here", allow_module_level=True)

SECTION = re.search(
    r"^## Add a descriptor\n(.*?)^## ",
    (DOCS / "contributing.md").read_text(encoding="utf-8"),
    re.DOTALL | re.MULTILINE,
)[1]
CODE = re.findall(r"^```python\n(.*?)^```", SECTION, re.DOTALL | re.MULTILINE)


def module_of_the_page():
    """Run the blocks that define a class as a module, so that pickles find what is in it."""
    module = types.ModuleType("contributing_descriptor")
    sys.modules[module.__name__] = module
    for block in CODE:
        if re.search(r"^class ", block, re.MULTILINE):
            exec(compile(block, "contributing.md", "exec"), vars(module))
    return module


PAGE = classes_of(module_of_the_page())


def test_the_page_writes_two_descriptors_by_public_names_alone():
    assert set(PAGE) == {"LocalMedian", "BinaryPatterns"}
    assert not re.findall(r"(?:from|import) ganisi\S*\._", SECTION)


@pytest.mark.parametrize("make", PAGE.values(), ids=PAGE)
def test_descriptors_of_the_page_obey(make):
    check_descriptor(make())


@parametrize_with_checks([AsRows(for_rows(make())) for make in PAGE.values()])
def test_descriptors_of_the_page_pass_on_rows(estimator, check):
    check(estimator)


def test_the_page_s_filter_computes_what_its_name_says():
    image = np.random.default_rng(0).integers(0, 256, (9, 12)).astype(np.uint8)
    (median,) = PAGE["LocalMedian"](side=5).feature_maps(image)
    expected = ndimage.generic_filter(image.astype(float), np.median, 5, mode="reflect")
    np.testing.assert_array_equal(median, expected)
    with pytest.raises(ValueError, match="'side' parameter of LocalMedian must be an int"):
        PAGE["LocalMedian"](side=0).fit(image[None])


def test_patterns_count_the_neighbours_that_are_as_bright():
    image = np.zeros((5, 5), np.uint8)
    image[:, 3:] = 200
    (patterns,) = PAGE["BinaryPatterns"]().feature_maps(image)
    # Left of the edge all 8 are as bright as the pixel; at the edge the dark side is not.
    assert patterns[2, 2] == 8
    assert patterns[2, 3] == 5


def test_the_row_of_the_page_fits_the_table_of_the_guide():
    (row,) = re.findall(r"^\| `LocalMedian`.*\|$", SECTION, re.MULTILINE)
    guide = (DOCS / "guide" / "descriptors.md").read_text(encoding="utf-8")
    header = re.search(r"^\| descriptor \|.*\|$", guide, re.MULTILINE)[0]
    assert row.count("|") == header.count("|")


def test_the_files_that_the_page_names_are_there():
    named = re.findall(r"`((?:ganisi|docs|tests)/[\w/.]+)`", SECTION)
    named += re.findall(r"\btests/[\w/.]+", SECTION)
    assert len(named) >= 5
    for name in named:
        assert (DOCS.parent / name).exists(), name

"""What a report calls images, folders and files of settings."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganisi import Intensity, classical_descriptors
from ganisi.audit import audit
from ganisi.audit._copies import Identities
from ganisi.audit.report._names import called, last_part, one_line
from ganisi.descriptors import ResNetFeatures


@pytest.mark.parametrize("names", ["all", None, 1, ["full"]])
def test_other_ways_are_refused_before_anything_is_looked_at(names):
    with pytest.raises(ValueError, match="expected one of 'none', 'short', 'full'"):
        audit(None, None, None, generated=None, names=names)


@given(st.text(), st.text(st.characters(exclude_characters="/\\"), min_size=1))
def test_a_short_name_is_the_last_part(folders, name):
    for sign in "/\\":
        assert last_part(f"{folders}{sign}{name}") == name
        assert called("short", f"{folders}{sign}{name}", "X[0]") == name
    assert last_part(name) == name
    assert called("none", name, "X[0]") == "X[0]"
    assert called("full", name, "X[0]") == name


def test_a_folder_is_called_by_its_name():
    assert last_part("a/b/") == "b"
    assert last_part("C:\\a\\b\\") == "b"
    assert last_part("/") == ""


def test_settings_hold_no_folder():
    for descriptor in (
        Intensity(memory="/home/mueller/cache"),
        classical_descriptors().set_params(gabor__memory="/home/mueller"),
        ResNetFeatures(weights=Path("/home/mueller/weights.pt")),
        ResNetFeatures(weights="/home/mueller/weights.pt"),
    ):
        before = repr(descriptor)
        assert "mueller" not in one_line(descriptor)
        assert repr(descriptor) == before
    assert "'weights.pt'" in one_line(descriptor)


def test_files_of_one_name_are_told_apart():
    known = Identities(
        ["a"] * 3, ["p/1.png", "q/1.png", "q/2.png"], [False] * 3, [], [], [], [], []
    )
    assert known.called("short").real_names == ["1.png (X[0])", "1.png (X[1])", "2.png"]
    assert known.called("none").real_names == ["X[0]", "X[1]", "X[2]"]
    assert known.called("full").real_names == known.real_names

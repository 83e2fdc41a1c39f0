"""Cells that a spreadsheet would execute are quoted, and read back as they were."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganisi._compat._spreadsheets import quoted, unquoted

CELLS = st.one_of(st.text(), st.text("'=+-@\t\r7a"))


@given(CELLS)
def test_what_is_quoted_is_read_back_and_is_no_formula(text):
    assert unquoted(quoted(text)) == text
    assert not quoted(text).startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_formulas_are_quoted(text):
    assert quoted(text) == "'" + text


@pytest.mark.parametrize("text", ["", "real_1", "'real'", "1-2", "a=b", "1.2.840"])
def test_nothing_else_is(text):
    assert quoted(text) == text
    assert unquoted(text) == text

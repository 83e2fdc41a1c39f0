"""What is shown does nothing to the terminal, and nobody listening is no error."""

import io
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from ganisi._compat._printable import Printer, printable

NAMES = st.text(st.characters())


@given(NAMES)
def test_nothing_that_acts_is_left(text):
    shown = printable(text)
    assert all(
        sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs", "Zl", "Zp")
        for sign in shown
    )
    assert not set(shown) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")
    shown.encode("utf-8")
    assert printable(shown) == shown


def test_what_is_shown_can_be_read():
    assert printable("Jürgen\x1b[2J\udcff\u202e\n\t×") == r"Jürgen\x1b[2J\udcff\u202e" + "\n\t×"


class Stream(io.TextIOWrapper):
    def __init__(self, encoding="utf-8"):
        self.raw_bytes = io.BytesIO()
        super().__init__(self.raw_bytes, encoding=encoding, write_through=True)


@given(NAMES)
def test_an_ascii_stream_takes_any_text(text):
    stream = Stream("ascii")
    printer = Printer(stream)
    print(text, file=printer, flush=True)
    assert not printer.lost
    assert all(byte in b"\r\n\t" or 32 <= byte < 127 for byte in stream.raw_bytes.getvalue())


def test_progress_bars_reach_the_terminal_and_names_that_move_it_do_not():
    stream = Stream()
    for text in ("\n\x1b[A", "\rhalf done", "a name \x1b[A"):
        Printer(stream).write(text)
    assert stream.raw_bytes.getvalue() == rb"".join(
        [b"\n\x1b[A", b"\rhalf done", rb"a name \x1b[A"]
    )


def test_nobody_listening_is_no_error():
    closed, none = io.StringIO(), None
    closed.close()
    for stream in (closed, none):
        printer = Printer(stream)
        print("text", file=printer, flush=True)
        assert printer.lost
        assert not printer.isatty()

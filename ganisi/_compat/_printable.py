"""Text that does nothing to the terminal or page that shows it."""

import os
import re
from contextlib import suppress

#: Control characters other than line break and tab, halves of characters (bytes of file names that
#: are no UTF-8), and what changes the direction of writing or breaks lines unseen.
_UNFIT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]"
)

#: What progress bars write alone to go from one to another. Beside text they also go back to the
#: beginning of their line.
_MOVES = re.compile("(\n|\x1b\\[A)*")


def printable(text):
    """Return a text with what is not to be shown written as Python does it, by its number."""
    return _UNFIT.sub(lambda found: ascii(found[0])[1:-1], text)


class Printer:
    """A stream for people: shows what it can, and is silent once nobody listens.

    Characters that the stream does not have are written as in Python. `error` is what it was lost
    by, where it was not closed from the beginning.
    """

    def __init__(self, stream):
        self.stream = stream
        self.lost = stream is None
        self.error = None
        self.encoding = getattr(stream, "encoding", None) or "utf-8"

    def write(self, text):
        """Write a text, as far as the stream can show it."""
        if self.lost:
            return len(text)
        shown = text
        if not _MOVES.fullmatch(text):
            shown = "\r".join(map(printable, text.split("\r")))
        shown = shown.encode(self.encoding, "backslashreplace").decode(self.encoding)
        self._try(self.stream.write, shown)
        return len(text)

    def flush(self):
        """Bring down what was written."""
        if not self.lost:
            self._try(self.stream.flush)

    def isatty(self):
        """Tell whether the stream is a terminal."""
        return not self.lost and self.stream.isatty()

    def _try(self, function, *arguments):
        try:
            function(*arguments)
        # ValueError: it was closed.
        except (OSError, ValueError) as error:
            self.lost = True
            self.error = error
            _drain(self.stream)


def _drain(stream):
    """Send what a stream still holds to nowhere, or Python fails to write it when it ends."""
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, stream.fileno())
        finally:
            os.close(nowhere)

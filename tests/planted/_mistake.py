"""What a planted mistake is."""

from typing import NamedTuple


class Mistake(NamedTuple):
    """`right`, which stands once in `file`, becomes `wrong`; `tests` should see it."""

    name: str
    file: str
    right: str
    wrong: str
    tests: str

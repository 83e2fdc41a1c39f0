"""The list of planted mistakes stays true: each text stands once, and each named test is there."""

from pathlib import Path

import planted_mistakes as planted
import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("mistake", planted.MISTAKES, ids=lambda one: one.name)
def test_a_mistake_can_be_planted_and_its_tests_exist(mistake):
    text = (ROOT / mistake.file).read_text(encoding="utf-8")
    assert text.count(mistake.right) == 1
    assert mistake.right != mistake.wrong
    assert all((ROOT / path).exists() for path in mistake.tests.split())


def test_every_mistake_has_a_name_of_its_own():
    names = [mistake.name for mistake in planted.MISTAKES]
    assert len(set(names)) == len(names)

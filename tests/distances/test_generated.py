from pathlib import Path

import numpy as np
import pytest

from ganisi.distances._generated import generated_sets

SET = np.zeros((5, 4, 4))


@pytest.mark.parametrize(
    ("generated", "n_sets"),
    [(SET, 1), (list(SET), 1), (["a.png", "b.png"], 1), ((SET,), 1), ((SET, SET[:2]), 2)],
)
def test_a_set_or_a_tuple_of_sets_is_accepted(generated, n_sets):
    assert len(generated_sets(generated, n_queries=3)) == n_sets


@pytest.mark.parametrize(
    ("generated", "error", "message"),
    [
        (None, TypeError, "generated is missing"),
        ("folder", TypeError, "single path 'folder'"),
        (Path("folder"), TypeError, "single path 'folder'"),
        (("a.png", "b.png"), TypeError, "tuple that holds the path 'a.png'"),
        ((3,), TypeError, "tuple that holds a int"),
        (3, TypeError, "generated is a int"),
        ((), ValueError, "empty set"),
        ((SET, []), ValueError, "empty set"),
        (np.zeros((0, 4, 4)), ValueError, "empty set"),
    ],
)
def test_anything_else_is_refused_with_advice(generated, error, message):
    with pytest.raises(error, match=message):
        generated_sets(generated, n_queries=3)


@pytest.mark.parametrize("generated", [SET, list(SET)])
def test_a_bare_set_as_long_as_x_is_refused_and_a_tuple_is_not(generated):
    with pytest.raises(ValueError, match=r"as many images as X \(5\).*generated=\(generated,\)"):
        generated_sets(generated, n_queries=5)
    assert len(generated_sets((generated,), n_queries=5)) == 1

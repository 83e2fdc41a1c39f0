"""Laws of every fusion rule of the registry, and known answers."""

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ganisi.identification import fuse
from ganisi.identification._fusion import RULES as REGISTRY
from ganisi.identification._fusion import treats_classes_alike

GUIDE = Path(__file__).parents[2] / "docs" / "guide" / "classifiers.md"
RULES = {**{name: name for name in REGISTRY}, "top-3": ("top-k", 3), "min": lambda p: p.min(axis=1)}
probabilities = arrays(
    np.float64, st.tuples(st.integers(1, 4), st.integers(1, 30)), elements=st.floats(0, 1)
)


@pytest.mark.parametrize("rule", list(RULES.values()), ids=list(RULES))
@given(p=probabilities)
def test_the_order_of_pairs_changes_nothing_and_probabilities_stay_between_them(rule, p):
    fused = fuse(p, rule)
    order = np.random.default_rng(0).permutation(p.shape[1])
    np.testing.assert_allclose(fuse(p[:, order], rule), fused, atol=1e-6)
    assert (fused >= p.min(axis=1) - 2e-6).all()
    assert (fused <= p.max(axis=1) + 2e-6).all()


# Of fewer than ten pairs "trimmed" cuts none, of twice as many one on either side.
@pytest.mark.parametrize("rule", [name for name in REGISTRY if name != "trimmed"])
@given(p=probabilities)
def test_every_pair_twice_changes_nothing(rule, p):
    np.testing.assert_allclose(fuse(np.hstack([p, p]), rule), fuse(p, rule), atol=1e-6)


@pytest.mark.parametrize("rule", list(RULES.values()), ids=list(RULES))
def test_one_pair_is_its_own_fusion(rule):
    p = np.linspace(0.01, 0.99, 7)[:, None]
    np.testing.assert_allclose(fuse(p, rule), p[:, 0], atol=1e-6)


@pytest.mark.parametrize("rule", [name for name, rule in REGISTRY.items() if rule.symmetric])
@given(p=probabilities)
def test_symmetric_rules_treat_both_classes_alike(rule, p):
    np.testing.assert_allclose(fuse(1 - p, rule), 1 - fuse(p, rule), atol=1e-6)


@pytest.mark.parametrize("rule", list(RULES.values()), ids=list(RULES))
def test_a_rule_is_said_to_treat_the_classes_alike_where_it_does(rule):
    p = np.random.default_rng(0).random((20, 7)) ** 2
    alike = np.allclose(fuse(1 - p, rule), 1 - fuse(p, rule), atol=1e-6)
    assert treats_classes_alike(rule) == alike


def test_the_guide_and_the_docstring_say_what_every_rule_means():
    (table,) = re.findall(
        r"^\| `fusion=` .*\n\|[-|]+\n((?:\|.*\n)+)", GUIDE.read_text("utf-8"), re.M
    )
    told = dict(re.findall(r'^\| `"([\w-]+)"` \| (.*?) \|', table, re.M))
    assert told == {name: rule.meaning for name, rule in REGISTRY.items()}
    listed = dict(re.findall(r'- ``"(\w+)"``: (.*);', fuse.__doc__))
    assert listed == told


def test_known_answers():
    p = np.array([[0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0]])
    assert fuse(p, "trimmed") == pytest.approx(np.mean(p[0, 1:-1]))
    assert fuse(p, ("top-k", 2)) == pytest.approx(0.9)
    assert fuse(p, ("top-k", 99)) == pytest.approx(p.mean())
    assert fuse([[0.1, 0.9]], "geometric") == pytest.approx(0.5)
    # A certain pair counts as 1 - 1e-6, not as infinitely many others.
    assert fuse([[1.0, 1e-6]], "geometric") == pytest.approx(0.5)


@pytest.mark.parametrize("rule", ["average", None, ("top-k",), ("top-k", 0), ("bottom-k", 3), 3])
def test_unknown_rules_are_refused(rule):
    with pytest.raises(ValueError, match="is not a rule"):
        fuse([[0.5]], rule)


@pytest.mark.parametrize("rule", [lambda p: p, lambda p: p[:, 0] + 1, lambda p: p[:, 0] * np.nan])
def test_callables_that_give_no_probability_are_refused(rule):
    with pytest.raises(ValueError, match="the fusion callable returned"):
        fuse([[0.5, 0.6]], rule)

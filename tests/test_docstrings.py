"""Docstrings of what is public agree with the code."""

import dataclasses
import importlib
import inspect
import re

import pytest
from test_docs import PUBLIC

SECTION = r"^(?:{})\n-+\n(.*?)(?=^\S[^\n]*\n-{{3,}}$|\Z)"
NAMED = re.compile(r"^(\S[^\n]*?)(?: : |$)", re.MULTILINE)


def public_callables():
    """Functions and classes, and the public methods that are ours, each once."""
    found = {}
    for home in PUBLIC:
        module = importlib.import_module(home)
        for name in module.__all__:
            one = getattr(module, name)
            found.setdefault(id(one), (f"{home}.{name}", one))
            methods = inspect.getmembers(one, inspect.isfunction) if inspect.isclass(one) else []
            for method, function in methods:
                if not method.startswith("_") and function.__module__.startswith("ganisi."):
                    found.setdefault(id(function), (f"{home}.{name}.{method}", function))
    return [
        pytest.param(one, id=name)
        for name, one in found.values()
        # A base without a constructor says what those of its children take.
        if callable(one) and not inspect.isabstract(one)
    ]


def documented(one, sections="Parameters"):
    """Names in sections of a docstring in numpydoc's form."""
    pattern = re.compile(SECTION.format(sections), re.DOTALL | re.MULTILINE)
    text = "".join(pattern.findall(inspect.getdoc(one) or ""))
    return {name.strip("*") for line in NAMED.findall(text) for name in line.split(", ")}


@pytest.mark.parametrize("one", public_callables())
def test_every_parameter_is_documented_and_nothing_else(one):
    taken = set(inspect.signature(one).parameters) - {"self", "cls"}
    if dataclasses.is_dataclass(one):
        # What is returned, and never made by who reads about it, lists its attributes.
        assert taken <= documented(one, "Parameters|Attributes")
    else:
        assert taken == documented(one)

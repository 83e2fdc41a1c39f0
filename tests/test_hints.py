"""Whatever is public says which types it takes and gives; whether that is true, mypy says."""

import importlib
import inspect
import typing

import pytest
from public_modules import PUBLIC

import ganisi
from ganisi.descriptors import TextureDescriptor
from ganisi.distances import Pairer


def functions_of(kind):
    """The functions that a class of ours has for others, its own and inherited ones, by name."""
    for name in dir(kind):
        home = next(one for one in kind.__mro__ if name in vars(one))
        if not home.__module__.startswith("ganisi"):
            continue
        found = inspect.getattr_static(kind, name)
        if isinstance(found, property):
            found = found.fget
        elif isinstance(found, (classmethod, staticmethod)):
            found = found.__func__
        elif not inspect.isfunction(found):
            # A method that is there or not, by what scikit-learn calls available_if.
            found = getattr(found, "fn", None)
        made_here = name == "__init__" or (name == "__new__" and "__init__" not in vars(home))
        # What dataclasses write has the hints of the fields.
        if found is not None and (made_here or not name.startswith("_")):
            yield name, inspect.unwrap(found)


def public_functions():
    """Every function that the public surface has, each once."""
    found = {}
    for home in PUBLIC:
        module = importlib.import_module(home)
        for name in module.__all__:
            one = getattr(module, name)
            if not getattr(one, "__module__", "").startswith("ganisi"):
                continue
            if inspect.isfunction(one):
                found.setdefault(one, f"{home}.{name}")
            elif inspect.isclass(one):
                for method, function in functions_of(one):
                    found.setdefault(function, f"{home}.{name}.{method}")
    return found


#: What a descriptor or a pairer of others writes anew.
HOOKS = {
    TextureDescriptor._maps: "TextureDescriptor._maps",
    Pairer._count_maps: "Pairer._count_maps",
    Pairer._compare: "Pairer._compare",
}
FUNCTIONS = public_functions() | HOOKS


def without_hints(function):
    """The parameters of a function that have no hint, and "return"."""
    signature = inspect.signature(function)
    named = {**signature.parameters}
    for first in ("self", "cls"):
        named.pop(first, None)
    bare = [name for name, one in named.items() if one.annotation is inspect.Parameter.empty]
    return bare + ["return"] * (signature.return_annotation is inspect.Signature.empty)


@pytest.mark.parametrize("function", FUNCTIONS, ids=FUNCTIONS.values())
def test_every_parameter_and_what_is_returned_has_a_hint(function):
    assert not without_hints(function), (
        f"{FUNCTIONS[function]} has no hints for these; names for them stand in "
        "ganisi/_compat/_hints.py"
    )


@pytest.mark.parametrize("function", FUNCTIONS, ids=FUNCTIONS.values())
def test_hints_are_as_they_are_written_until_somebody_asks(function):
    """As text, they cost no import and stay short in `help`; all names in them are there."""
    made = [one for one in inspect.get_annotations(function).values() if not isinstance(one, str)]
    assert all(one is None or isinstance(one, type) for one in made), (
        f"{FUNCTIONS[function]}: begin its file with: from __future__ import annotations"
    )
    typing.get_type_hints(function)


def test_functions_of_all_kinds_are_looked_at():
    names = set(FUNCTIONS.values())
    for method in ("__init__", "fit", "predict", "evidence", "decision_function", "set_params"):
        assert f"ganisi.GANISI.{method}" in names
    assert {
        "ganisi.recommended",
        "ganisi.SourceIdentifier.predict_proba_interval",
        "ganisi.ImageFile.short_name",
        "ganisi.audit.AuditReport.from_json",
        "ganisi.datasets.ImageFolder.__new__",
    } <= names
    assert len(names) > 250


def test_a_missing_hint_is_told():
    def half(one: int, two, *, three=3) -> int:
        return one

    def nothing_returned(self, one: int, **rest: int):
        return None

    assert without_hints(half) == ["two", "three"]
    assert without_hints(nothing_returned) == ["return"]


def test_type_checkers_are_told_that_there_are_hints():
    assert importlib.resources.files(ganisi).joinpath("py.typed").is_file()

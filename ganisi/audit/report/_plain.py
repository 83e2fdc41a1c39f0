"""What a section of a report is: plain values, that can be written and read again."""

import math
from dataclasses import fields, is_dataclass
from types import NoneType, UnionType
from typing import get_args, get_origin, get_type_hints

import numpy as np

from ..._compat._brief import Brief, Words

#: Texts up to so many characters are written out where a section is shown.
_SHORT = 80


class Section(Brief):
    """Base of the sections: what has no value (NaN, infinite) is None, what is a list a tuple.

    A section reads like the dictionary that it becomes in JSON: ``report.power["power"]`` is
    ``report.power.power``.
    """

    def __post_init__(self):
        for field in fields(self):
            object.__setattr__(self, field.name, _plain(getattr(self, field.name)))

    def _main_figures(self):
        # What a report may say of names was settled when it was made.
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            name: Words(value) if isinstance(value, str) and len(value) <= _SHORT else value
            for name, value in values.items()
        }

    def __getitem__(self, name):
        if name not in {field.name for field in fields(self)}:
            raise KeyError(name)
        return getattr(self, name)


def _plain(value):
    """Return numbers, texts and tuples of Python, so that what is written is what is read again."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return tuple(_plain(one) for one in value)
    return value


def to_plain(value):
    """Return a section as dictionaries, lists, numbers and strings; a copy."""
    if is_dataclass(value):
        return {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {key: to_plain(one) for key, one in value.items()}
    if isinstance(value, tuple):
        return [to_plain(one) for one in value]
    return value


def from_plain(kind, value, where):
    """Return what `to_plain` returned as what it was; `where` names it in error messages."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is UnionType:
        if value is None:
            return None
        (kind,) = (one for one in arguments if one is not NoneType)
        return from_plain(kind, value, where)
    if is_dataclass(kind):
        return _section_from_plain(kind, value, where)
    if origin is dict:
        _check(isinstance(value, dict), where, "an object", value)
        return {key: from_plain(arguments[1], one, f"{where}.{key}") for key, one in value.items()}
    if origin is tuple:
        _check(isinstance(value, list), where, "a list", value)
        if arguments[-1] is not Ellipsis:
            _check(len(value) == len(arguments), where, f"{len(arguments)} entries", value)
        return tuple(from_plain(arguments[0], one, f"{where}[{i}]") for i, one in enumerate(value))
    wanted = (int, float) if kind is float else kind
    # True is a number to Python, and none to us.
    good = isinstance(value, wanted) and (kind is bool or not isinstance(value, bool))
    good &= not isinstance(value, float) or math.isfinite(value)
    _check(good, where, kind.__name__, value)
    return value


def _section_from_plain(kind, value, where):
    _check(isinstance(value, dict), where, "an object", value)
    hints = get_type_hints(kind)
    names = [field.name for field in fields(kind)]
    if set(value) != set(names):
        missing, unknown = sorted(set(names) - set(value)), sorted(set(value) - set(names))
        raise ValueError(
            f"{where} of the report lacks {missing} and has unknown {unknown}; read it with the "
            "version of ganisi that wrote it."
        )
    return kind(**{name: from_plain(hints[name], value[name], f"{where}.{name}") for name in names})


def _check(good, where, expected, value):
    if not good:
        raise ValueError(f"{where} of the report is {value!r}; expected {expected}.")

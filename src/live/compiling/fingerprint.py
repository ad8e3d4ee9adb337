"""What a function does, as one number: equal only where it would compile to the same."""

from __future__ import annotations

import hashlib
from types import BuiltinFunctionType, CodeType, FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

PLAIN = (int, float, str, bytes, bool, type(None))
MODULES = ("math",)
"""Modules of which a function may use what it likes: they change with Python only."""


class Unknown(Exception):  # noqa: N818 - an answer, and nobody's error
    """A function uses something of which nobody can say whether it is still the same."""


def fingerprint(functions: Iterable[Callable[..., Any]], *facts: object) -> str:
    """One number of functions, all that they use, and whatever else matters; empty where nobody can tell."""
    try:
        words = [word for one in functions for word in _value(one, set())]
    except Unknown:
        return ""
    return hashlib.sha256("\n".join([*words, *map(repr, facts)]).encode()).hexdigest()


def _value(value: Any, seen: set[int]) -> Iterator[str]:
    """What a value is, in words.

    Raises:
        Unknown: there are no words for it.
    """
    if type(value) in PLAIN:
        yield repr(value)
    elif isinstance(value, FunctionType):
        yield from _function(value, seen)
    elif isinstance(value, type) and issubclass(value, tuple):
        yield f"{value.__qualname__}{getattr(value, '_fields', ())}"
    elif isinstance(value, (tuple, frozenset)):
        yield f"{type(value).__qualname__} of {len(value)}"
        for one in sorted(value, key=repr) if isinstance(value, frozenset) else value:
            yield from _value(one, seen)
    elif isinstance(value, BuiltinFunctionType) or (
        isinstance(value, ModuleType) and value.__name__ in MODULES
    ):
        yield value.__name__
    else:
        raise Unknown


def _function(function: FunctionType, seen: set[int]) -> Iterator[str]:
    if id(function) in seen:
        return
    seen.add(id(function))
    yield function.__qualname__
    yield from _value(function.__defaults__, seen)
    for cell in function.__closure__ or ():
        yield from _value(cell.cell_contents, seen)
    yield from _code(function.__code__, function.__globals__, seen)


def _code(code: CodeType, names: dict[str, Any], seen: set[int]) -> Iterator[str]:
    yield repr((code.co_code, code.co_names, code.co_varnames, code.co_freevars, code.co_flags))
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _code(constant, names, seen)
        else:
            yield from _value(constant, seen)
    for name in code.co_names:
        if name in names:
            yield name
            yield from _value(names[name], seen)

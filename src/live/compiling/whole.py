"""A function compiled together with all of ours that it calls: small steps to read, one loop to run."""

from __future__ import annotations

from dis import get_instructions
from types import FunctionType
from typing import TYPE_CHECKING, Any

from numba import njit

from live.compiling.fingerprint import fingerprint
from live.compiling.hints import expected_not
from live.compiling.kept import Kept, circumstances
from live.compiling.seldom import is_seldom, unlikely

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

OPTIONS: dict[str, Any] = {"error_model": "numpy", "nogil": True}


def mark_of(functions: Iterable[Callable[..., Any]], *facts: object) -> str:
    """Under which mark these are kept; empty where nobody can tell whether they are still the same."""
    return fingerprint(functions, *facts, OPTIONS, circumstances())


def compiled(function: Callable[..., Any]) -> Any:
    """A function compiled for the types that it is called with, when it is."""
    mark = mark_of([function])
    return named(_with_steps(function, {}, mark), mark)


def named(function: FunctionType, mark: str) -> Any:
    """The same, where all that it calls is compiled; kept where there is a mark."""
    function.__qualname__ += mark  # what is kept and what is compiled now must not meet under one name
    made: Any = njit(**OPTIONS)(function)
    if mark:
        made._cache = Kept(mark)  # noqa: SLF001 - numba has no door for a folder of one's own
    return made


def step(function: Callable[..., Any], known: dict[Any, Any], mark: str) -> Any:
    """A function compiled into whatever calls it, unless it seldom does, and all of ours that it calls."""
    if function is unlikely:
        return expected_not
    if function not in known:
        copy = _with_steps(function, known, mark)
        copy.__qualname__ += mark
        known[function] = njit(**OPTIONS, forceinline=not is_seldom(function))(copy)
    return known[function]


def _with_steps(function: Callable[..., Any], known: dict[Any, Any], mark: str) -> FunctionType:
    """A copy of a function that calls compiled ones."""
    names = _globals_of(function)
    called = {
        name: step(value, known, mark)
        for name, value in function.__globals__.items()
        if name in names and isinstance(value, FunctionType)
    }
    own = {**function.__globals__, **called}
    return FunctionType(
        function.__code__, own, function.__name__, function.__defaults__, function.__closure__
    )


def _globals_of(function: Callable[..., Any]) -> set[str]:
    """Names that a function asks its module for; `co_names` has those of attributes as well."""
    return {one.argval for one in get_instructions(function) if one.opname == "LOAD_GLOBAL"}

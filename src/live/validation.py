"""From an untrusted mapping to a frozen dataclass, with every problem at once.

pydantic does the checking; it is imported when the first mapping is read, because the order path needs none
of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, get_type_hints

from live.config_errors import ConfigError, Problem, collect
from live.registry import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pydantic import BaseModel, ValidationError

T = TypeVar("T")


def read_dataclass(cls: type[T], values: object, *, finite: bool = True) -> T:
    """An instance of `cls` from a mapping of its fields.

    Args:
        cls: A frozen dataclass; fields without a default are required.
        values: What a file or a scenario says.
        finite: Whether NaN and infinity are refused; samples may hold them, thresholds may not.

    Raises:
        ConfigError: unknown or missing keys, wrong types, numbers that are not finite, or what the dataclass
            itself refuses; all of them at once.
    """
    if values == {} and _has_defaults(cls):  # type: ignore[arg-type]  # a class is hashable
        return cls()
    parts, problems = read_parts(cls, values, finite=finite)
    lacking = [one.name for one in fields(cls) if _default(one) is ... and one.name not in parts]  # type: ignore[arg-type]  # T is a dataclass
    with collect(problems):
        if not lacking:
            made = _made(cls, parts)
    if problems:
        raise ConfigError(problems)
    return made


def read_parts(cls: type[T], values: object, *, finite: bool = True) -> tuple[dict[str, Any], list[Problem]]:
    """The fields that can be read (of a list the elements that can), and what is wrong with the rest."""
    from pydantic import ValidationError

    model, problems = _model_of(cls, finite=finite), list[Problem]()  # type: ignore[arg-type]  # a class is hashable
    try:
        checked = model.model_validate(values)
    except ValidationError as error:
        problems = problems_of(error, [field.name for field in fields(cls)])  # type: ignore[arg-type]  # T is a dataclass
        if not isinstance(values, Mapping):
            return {}, problems
        rest = _without(values, [one["loc"] for one in error.errors(include_url=False)])
        try:
            checked = model.model_validate(rest)
        except ValidationError:  # a field that is needed is missing
            return {}, problems
    return {name: getattr(checked, name) for name in checked.model_fields_set}, problems


def problems_of(error: ValidationError, known: list[str]) -> list[Problem]:
    """Every error of a pydantic validation as a problem; an unknown key comes with the nearest of `known`."""
    return [problem for one in error.errors(include_url=False) for problem in _problems(one, known)]


def _problems(one: Mapping[str, Any], known: list[str]) -> Iterator[Problem]:
    cause = one.get("ctx", {}).get("error")
    if isinstance(cause, ConfigError):  # of a table within the table
        yield from (problem.under(*one["loc"]) for problem in cause.problems)
    else:
        yield Problem(tuple(one["loc"]), _wording(one, known))


def _made(cls: type[T], parts: Mapping[str, Any]) -> T:
    try:
        return cls(**parts)
    except ConfigError:
        raise
    except ValueError as error:
        raise ConfigError([Problem((), str(error))]) from None


def _without(values: Mapping[str, Any], places: Iterable[tuple[int | str, ...]]) -> dict[str, Any]:
    """The same without what stands in these places: an element of a list, or a key."""
    rest: dict[Any, Any] = dict(values)
    wrong = {(place[0], place[1] if len(place) > 1 else None) for place in places}
    for key in {key for key, _ in wrong}:
        given, numbers = rest.pop(key, None), {number for name, number in wrong if name == key}
        if isinstance(given, list | tuple) and all(isinstance(one, int) for one in numbers):
            rest[key] = [one for number, one in enumerate(given) if number not in numbers]
    return rest


def _wording(one: Mapping[str, Any], known: list[str]) -> str:
    if one["type"] == "extra_forbidden":
        return f"unknown key {one['loc'][-1]!r}; {nearest(str(one['loc'][-1]), known)}"
    if one["type"] == "missing":
        return "is missing"
    if (
        one["type"] == "value_error"
    ):  # a type's own check says all that may be said: the value can be a secret
        return str(one["ctx"]["error"])
    return f"got {one['input']!r}; {one['msg']}"


@cache
def _has_defaults(cls: type[Any]) -> bool:
    """Whether every field has a default, so that nothing need be said."""
    return all(_default(field) is not ... for field in fields(cls))


@cache
def _model_of(cls: type[Any], *, finite: bool) -> type[BaseModel]:
    from pydantic import ConfigDict, create_model

    hints = get_type_hints(cls)
    described: dict[str, Any] = {field.name: (hints[field.name], _default(field)) for field in fields(cls)}
    rules = ConfigDict(extra="forbid", strict=True, allow_inf_nan=not finite, arbitrary_types_allowed=True)
    return create_model(cls.__qualname__.replace(".", ""), __config__=rules, **described)


def _default(field: Any) -> Any:
    if field.default is not MISSING:
        return field.default
    return ... if field.default_factory is MISSING else field.default_factory()

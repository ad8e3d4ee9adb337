"""From an untrusted mapping to a frozen dataclass, with every problem at once.

pydantic does the checking; it is imported when the first mapping is read, because the order path needs none
of it.
"""

from __future__ import annotations

from dataclasses import MISSING, fields
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, get_type_hints

from live.config_errors import ConfigError, Problem
from live.registry import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    from pydantic import ValidationError

    try:
        checked = _model_of(cls, finite=finite).model_validate(values)  # type: ignore[arg-type]  # a class is hashable
        return cls(**{name: getattr(checked, name) for name in checked.model_fields_set})
    except ValidationError as error:
        raise ConfigError(problems_of(error, [field.name for field in fields(cls)])) from None  # type: ignore[arg-type]  # T is a dataclass
    except ValueError as error:
        raise ConfigError([Problem((), str(error))]) from None


def problems_of(error: ValidationError, known: list[str]) -> list[Problem]:
    """Every error of a pydantic validation as a problem; an unknown key comes with the nearest of `known`."""
    return [Problem(tuple(one["loc"]), _wording(one, known)) for one in error.errors(include_url=False)]


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

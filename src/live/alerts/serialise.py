"""Anything to strict JSON: it never raises, it is bounded, and what was cut is visible."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from itertools import islice
from types import NoneType
from typing import TYPE_CHECKING, Any

from live.clock import as_utc

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

MAX_DEPTH = 8
MAX_TEXT = 4_000
MAX_SIZE = 1_000_000
CUT = "…"


def to_jsonable(value: object, *, size: int = MAX_SIZE) -> Any:
    """The value as JSON types.

    Decimals and instants become text, NaN and infinities the texts "NaN", "Infinity" and "-Infinity", sets
    sorted lists, enumeration members their names, unknown objects their representation.

    Args:
        value: Anything.
        size: Characters that the whole may take, roughly; what goes beyond is replaced by "…".
    """
    return _Writer(size).write(value, 0)


def to_json(value: object) -> str:
    """The value as one line of strict JSON."""
    return _dumped(to_jsonable(value))


def to_body(value: object) -> bytes:
    """The value as strict JSON in UTF-8: as it is when that is JSON of a bearable size, else converted."""
    try:
        body = _dumped(value).encode()
    except (TypeError, ValueError, RecursionError):
        return to_json(value).encode()
    return body if len(body) <= MAX_SIZE else to_json(value).encode()


def _dumped(value: object) -> str:
    return json.dumps(value, allow_nan=False, ensure_ascii=False, separators=(",", ":"))


def clean_text(text: str, limit: int = MAX_TEXT) -> str:
    """Text that UTF-8 can carry, `limit` characters at most; one that was cut ends with its whole length."""
    if len(text) <= limit and text.isascii():
        return text
    shown = str.encode(text[: limit + 1], "utf-8", "backslashreplace").decode()
    if len(shown) <= limit:
        return shown
    mark = f"{CUT}({len(text)} characters)"
    return shown[: limit - len(mark)] + mark if limit > len(mark) else CUT


class _Writer:
    """One conversion: what is left of its size, and the containers that it is inside of."""

    def __init__(self, size: int) -> None:
        self._left = size
        self._inside: set[int] = set()

    def write(self, value: object, depth: int) -> Any:
        if type(value) is str and len(value) < min(MAX_TEXT, self._left) and value.isascii():
            self._left -= 1 + len(value)
            return value
        self._left -= 1
        if self._left <= 0:
            return CUT
        try:
            return self._convert(value, depth)
        except Exception:  # noqa: BLE001 - an alert is never lost to a value that cannot be shown
            return f"<unprintable {type(value).__name__}>"

    def _convert(self, value: object, depth: int) -> Any:
        kind: type = type(value)
        convert = _scalar(kind)
        if convert is not None:
            return self._sized(convert(value))
        if _is_array(value):
            return self._convert(value.tolist(), depth)  # type: ignore[attr-defined]  # the array has it
        contents = _contents(value)
        if contents is None:
            return self._sized(repr(value))
        return self._container(value, contents, depth)

    def _sized(self, value: Any) -> Any:
        sized = clean_text(value, max(0, min(MAX_TEXT, self._left))) if isinstance(value, str) else value
        self._left -= len(str(sized))
        return sized

    def _container(self, value: object, contents: Any, depth: int) -> Any:
        if id(value) in self._inside:
            return "<recursive>"
        if depth >= MAX_DEPTH:
            return CUT
        self._inside.add(id(value))
        try:
            return (
                self._mapping(contents, depth)
                if isinstance(contents, Mapping)
                else self._list(contents, depth)
            )
        finally:
            self._inside.discard(id(value))

    def _mapping(self, contents: Mapping[Any, Any], depth: int) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for key, item in contents.items():
            if self._left <= 0:
                return {**out, CUT: f"{len(contents) - len(out)} more"}
            name = _free(self._key(key, depth), out)
            out[name] = self.write(item, depth + 1)
        return out

    def _key(self, key: object, depth: int) -> str:
        name = self.write(key, depth)
        return name if isinstance(name, str) else json.dumps(name)

    def _list(self, contents: Iterable[Any], depth: int) -> list[Any]:
        out: list[Any] = []
        for item in contents:
            if self._left <= 0:
                return [*out, CUT]
            out.append(self.write(item, depth + 1))
        return out


def _free(key: str, taken: Mapping[str, Any]) -> str:
    while key in taken:
        key += "'"
    return key


def _contents(value: object) -> Mapping[Any, Any] | Iterable[Any] | None:
    """What a container holds; None for anything that is not one."""
    if isinstance(value, Mapping | list | tuple):
        return value
    if isinstance(value, set | frozenset):
        return sorted(islice(value, MAX_SIZE), key=to_json)
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    return None


def _is_array(value: object) -> bool:
    """Whether it is an array or a scalar of numpy or alike, and not too large to be listed."""
    size = getattr(value, "size", None)
    return isinstance(size, int) and size <= MAX_SIZE and callable(getattr(value, "tolist", None))


def _from_enum(value: Enum) -> str:
    return value.value if isinstance(value.value, str) else value.name


def _from_int(value: int) -> int | str:
    bits = int.bit_length(value)
    return int.__int__(value) if bits <= 64 else f"<integer of {bits} bits>"  # noqa: PLR2004 - what parsers take


def _from_float(value: float) -> float | str:
    if math.isnan(value):
        return "NaN"
    return float.__float__(value) if math.isfinite(value) else ("Infinity" if value > 0 else "-Infinity")


def _from_bytes(value: bytes | bytearray) -> str:
    return bytes(value[:MAX_TEXT]).decode("utf-8", "backslashreplace")


def _from_error(value: BaseException) -> str:
    return f"{type(value).__name__}: {value}"


@lru_cache(maxsize=256)
def _scalar(kind: type) -> Callable[[Any], Any] | None:
    """What makes a value of this type a scalar of JSON; None when it is no scalar."""
    return next((convert for base, convert in _SCALARS if issubclass(kind, base)), None)


_SCALARS: list[tuple[Any, Callable[[Any], Any]]] = [
    (bool | NoneType, lambda value: value),
    (Enum, _from_enum),
    (str, str.__str__),
    (int, _from_int),
    (float, _from_float),
    (Decimal, str),
    (datetime, lambda value: as_utc(value).isoformat()),
    (date | time, lambda value: value.isoformat()),
    (timedelta, str),
    (bytes | bytearray, _from_bytes),
    (BaseException, _from_error),
]

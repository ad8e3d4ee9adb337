"""Compares what a scenario says about a value with the JSON value in the history, and names what differs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from drills.words import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

RELATIVE_TOLERANCE = 1e-9
NOT_FINITE = {
    "nan": math.nan,
    "infinity": math.inf,
    "inf": math.inf,
    "-infinity": -math.inf,
    "-inf": -math.inf,
}


def differences(expected: Any, got: Any, path: str, *, exactly: bool = False) -> Iterator[str]:
    """Every place where `got` is not what was expected.

    A mapping is compared key by key and may hold more than was expected, unless `exactly`; an empty one is
    expected to be empty, because otherwise it could not differ from anything. Numbers agree
    within a relative tolerance of 1e-9; NaN and infinity agree with the words that a history has for them.

    Args:
        expected: The value that the scenario gives.
        got: The value that the history holds.
        path: Name of the value in messages: `context`.
        exactly: Whether a key that was not expected is a difference.
    """
    if isinstance(expected, Mapping) and isinstance(got, Mapping):
        yield from _of_mappings(expected, got, path, exactly=exactly)
    elif isinstance(expected, list | tuple) and isinstance(got, list):
        yield from _of_lists(expected, got, path, exactly=exactly)
    elif not _same(expected, got):
        yield f"{path} {said(got)} instead of {said(expected)}"


def said(value: Any) -> str:
    """A value as messages show it."""
    return printable(f"{value:.15g}" if _is_number(value) else repr(value))


def _of_mappings(
    expected: Mapping[Any, Any], got: Mapping[Any, Any], path: str, *, exactly: bool
) -> Iterator[str]:
    for key, value in expected.items():
        place = f"{path}.{printable(key)}"
        if key in got:
            yield from differences(value, got[key], place, exactly=exactly)
        else:
            near = get_close_matches(str(key), map(str, got), n=1)
            there = f", but {printable(near[0])} is there" if near else ""
            yield f"{place} is missing (expected {said(value)}){there}"
    for key in got if exactly or not expected else ():
        if key not in expected:
            yield f"{path}.{printable(key)} {said(got[key])} instead of nothing"


def _of_lists(
    expected: list[Any] | tuple[Any, ...], got: list[Any], path: str, *, exactly: bool
) -> Iterator[str]:
    if len(expected) != len(got):
        yield f"{path} {said(got)} instead of {said(list(expected))}"
        return
    for place, (one, other) in enumerate(zip(expected, got, strict=True)):
        yield from differences(one, other, f"{path}[{place}]", exactly=exactly)


def _same(expected: Any, got: Any) -> bool:
    if _is_number(expected):
        return _same_number(float(expected), got)
    if isinstance(expected, datetime) and isinstance(got, str):
        return _same_instant(expected, got)
    return type(expected) is type(got) and bool(expected == got)


def _same_number(expected: float, got: Any) -> bool:
    number = NOT_FINITE.get(got.lower()) if isinstance(got, str) else got
    if number is None or not _is_number(number):
        return False
    both_nan = math.isnan(expected) and math.isnan(number)
    return both_nan or math.isclose(expected, number, rel_tol=RELATIVE_TOLERANCE)


def _same_instant(expected: datetime, got: str) -> bool:
    try:
        instant = datetime.fromisoformat(got)
    except ValueError:
        return False
    return _aware(instant) == _aware(expected)


def _aware(instant: datetime) -> datetime:
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)

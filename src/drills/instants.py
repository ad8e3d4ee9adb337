"""Instants in a scenario file, ISO 8601 in UTC; with real series they may stand wherever an offset may."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from drills.durations import format_duration
from drills.refusal import refusal
from live.clock import as_utc

if TYPE_CHECKING:
    from collections.abc import Iterator

    from drills.problems import Problems
    from drills.yaml_nodes import Path

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
YEARS = range(1800, 2200)
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def read_instant(said: object) -> datetime:
    """The instant that a text stands for; without a zone it is taken as UTC.

    Raises:
        PydanticCustomError: it is no instant, or too far away for spans of time to be added to it.
    """
    try:
        instant = as_utc(said if isinstance(said, datetime) else datetime.fromisoformat(str(said)))
    except (ValueError, OverflowError):
        raise refusal("BAD_INSTANT", f"{said!r} is not an instant; write 2026-01-27T00:00:00Z") from None
    if instant.year not in YEARS:
        raise refusal(
            "BAD_INSTANT",
            f"{said!r} is not between {YEARS.start} and {YEARS.stop}; write 2026-01-27T00:00:00Z",
        )
    return instant


Instant = Annotated[datetime, BeforeValidator(read_instant)]
"""The type of an instant in a model."""


def make_instants_relative(data: dict[str, Any], start: datetime, problems: Problems) -> None:
    """Replace every instant under `until`, `at` and `between` by the time since the start.

    Args:
        data: The plain values of a scenario file; changed in place.
        start: Instant 0.
        problems: Where instants before the start, and what only looks like an instant, are noted.
    """
    for path, holder, key in _times(data):
        said = holder[key]
        if isinstance(said, str) and _DATE.match(said):
            holder[key] = _since(said, start, path, problems)


def _since(said: str, start: datetime, path: Path, problems: Problems) -> str:
    try:
        span = read_instant(said) - start
    except PydanticCustomError as refused:
        problems.say(path, str(refused), "BAD_INSTANT")
        return "0s"
    if span < timedelta():
        message = f"{said!r} lies {format_duration(-span)} before the start, {start.isoformat()}"
        problems.add(path, "NEGATIVE_TIME", message, "write a later instant, or let the drill start earlier")
        return "0s"
    return format_duration(span)


def _times(data: dict[str, Any]) -> Iterator[tuple[Path, Any, Any]]:
    """Every place where a time may stand: its path, what holds it, and under which key."""
    if "until" in data:
        yield ("until",), data, "until"
    expect = data.get("expect")
    lists: dict[Path, Any] = {("steps",): data.get("steps")}
    if isinstance(expect, dict):
        lists |= {("expect", name): items for name, items in expect.items()}
    for path, items in lists.items():
        for number, item in enumerate(items if isinstance(items, list) else ()):
            if isinstance(item, dict):
                yield from _times_of(item, (*path, number))


def _times_of(item: dict[str, Any], path: Path) -> Iterator[tuple[Path, Any, Any]]:
    if "at" in item:
        yield (*path, "at"), item, "at"
    between = item.get("between")
    if isinstance(between, list):
        yield from (((*path, "between", number), between, number) for number in range(len(between)))

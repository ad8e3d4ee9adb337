"""Stretches in which something does not trade although its calendar says so: `[[live_data.halts]]`.

A halt that cannot be understood, or that has no end, is an error: silence that nobody has asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from live.calendars import calendar_named
from live.clock import instant
from live.config_errors import ConfigError, Problem, collect
from live.config_files import unknown_keys

KEYS = ("symbols", "calendar", "from", "until", "reason")
NEVER = datetime(9000, 1, 1, tzinfo=UTC)
"""When a halt ends of which nobody has said when it ends."""
_EXAMPLE = "such as 2026-03-02T14:30:00Z"


@dataclass(frozen=True, slots=True)
class Halt:
    """One table of `[[live_data.halts]]`.

    Attributes:
        since: The instant from which nothing trades, UTC; the key is `from`.
        until: The instant from which it trades again.
        reason: Why, in a few words.
        symbols: Which symbols; empty when all of a calendar are meant.
        calendar: Every symbol on this calendar; empty when symbols are named.
    """

    since: datetime
    until: datetime
    reason: str
    symbols: tuple[str, ...] = ()
    calendar: str = ""

    def holds_for(self, symbol: str, calendar: str) -> bool:
        """Whether it is about this symbol, or about its calendar."""
        return symbol in self.symbols or (self.calendar != "" and calendar == self.calendar)


def read_halts(values: object) -> tuple[Halt, ...]:
    """The tables of `[[live_data.halts]]`.

    Raises:
        ConfigError: all that is wrong with all of them.
    """
    if not isinstance(values, Sequence) or isinstance(values, str):
        raise _refused((), values, "a list of tables, [[live_data.halts]]")
    problems: list[Problem] = []
    halts = list[Halt]()
    for number, table in enumerate(values):
        with collect(problems, number):
            halts.append(_read(table))
    if problems:
        raise ConfigError(problems)
    return tuple(halts)


def end_of_halt(symbol: str, reason: object, until: object, now: datetime) -> datetime:
    """When a halt ends that somebody asks for now; `NEVER` when that is not said.

    Raises:
        ValueError: there is no reason, or `until` is no instant after now.
    """
    if not isinstance(reason, str) or not reason.strip():
        raise ValueError(f"{symbol}: reason of a halt is {reason!r}; say why nothing trades")
    end = NEVER if until is None else instant(until)
    if end is None or end <= now:
        text = f"{symbol}: until of a halt is {until!r}; expected an instant after now, {now.isoformat()}"
        raise ValueError(text)
    return end


def _read(table: object) -> Halt:
    if not isinstance(table, Mapping):
        raise _refused((), table, f"a table with {', '.join(KEYS)}")
    problems = unknown_keys(table, KEYS)
    read: dict[str, Any] = {"symbols": (), "calendar": ""}
    for key, reader in _READERS.items():
        with collect(problems, key):
            if key in table:
                read[key] = reader(table[key])
            elif key not in read:
                raise ConfigError([Problem((), f"is missing; {_MISSING[key]}")])
    problems += _contradictions(table, read)
    if problems:
        raise ConfigError(problems)
    return Halt(read.pop("from"), **read)


def _contradictions(table: Mapping[str, Any], read: Mapping[str, Any]) -> list[Problem]:
    problems = []
    if ("symbols" in table) == ("calendar" in table):
        found = "both" if "symbols" in table else "neither"
        problems.append(Problem((), f"names {found} of symbols and calendar; write one of them"))
    since, until = read.get("from"), read.get("until")
    if since is not None and until is not None and until <= since:
        text = f"is {until.isoformat()}, not after from, {since.isoformat()}; a halt has a length"
        problems.append(Problem(("until",), text))
    return problems


def _instant(value: object) -> datetime:
    try:
        found = instant(datetime.fromisoformat(value) if isinstance(value, str) else value)
    except ValueError:
        found = None
    if found is None:
        raise _refused((), value, f"an instant, {_EXAMPLE}; without a zone it is UTC")
    return found


def _symbols(value: object) -> tuple[str, ...]:
    named = isinstance(value, list | tuple) and all(isinstance(one, str) and one for one in value)
    if not named or not value:
        raise _refused((), value, 'a list of symbols, such as ["BTC/EUR"]')
    return tuple(value)  # type: ignore[arg-type]  # it is a list of texts


def _calendar(value: object) -> str:
    try:
        return calendar_named(_text(value))
    except ValueError as error:
        raise ConfigError([Problem((), str(error))]) from None


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _refused((), value, "a text that is not empty")
    return value


def _refused(path: tuple[str | int, ...], value: object, expected: str) -> ConfigError:
    return ConfigError([Problem(path, f"got {value!r}; expected {expected}")])


_READERS: dict[str, Any] = {
    "symbols": _symbols,
    "calendar": _calendar,
    "from": _instant,
    "until": _instant,
    "reason": _text,
}
_MISSING = {
    "from": f"write the instant at which trading stops, {_EXAMPLE}",
    "until": f"write the instant at which trading goes on, {_EXAMPLE}; a halt without an end is silence",
    "reason": "say why nothing trades",
}

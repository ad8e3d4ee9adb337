"""The result of a day: from a registry file, from the snapshot, or from events that were recorded."""

from __future__ import annotations

import math
import os
from datetime import date, datetime
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from live.amounts import NAN, finite, total
from live.clock import as_utc
from live.risk_limits.wording import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from fractions import Fraction
    from os import stat_result

    from live.risk_limits.account import Account

TS, AMOUNT = "ts", "realized_pnl_net"


class DayPnl(NamedTuple):
    """The result of one day in the base currency.

    Attributes:
        amount: Realised and unrealised together; NaN when it is unknown.
        realized: The part that is closed; NaN when it is unknown.
        source: Where it comes from: `registry`, `snapshot`, `events`, `snapshot+events` or `none`.
        unknown: Why it is not known; empty when it is.
    """

    amount: float = 0.0
    realized: float = 0.0
    source: str = "none"
    unknown: str = ""


class DailyPnl:
    """Answers what a day has brought so far.

    A registry that is configured is the only source. Without one, what the snapshot and the recorded events
    say of closed results counts, the worse of the two when both speak, and the snapshot's open result on top.

    Attributes:
        version: Grows with everything that is recorded; None with a registry, which may change at any time.
    """

    def __init__(self, registry: str | None = None) -> None:
        """Know the sources; `registry` is a CSV file with the columns `ts` and `realized_pnl_net`."""
        self._registry = None if registry is None else PnlRegistry(registry)
        self.version: int | None = 0 if registry is None else None
        self._recording = Lock()
        self._recorded: dict[date, Fraction] = {}
        self._spoilt: dict[date, str] = {}

    def record(self, amount: object, at: datetime) -> None:
        """Add a result to its UTC day, from any thread; one that is no number makes the day unknown."""
        from fractions import Fraction

        day, number = as_utc(at).date(), finite(amount)
        if math.isnan(number):
            self._spoilt[day] = f"an amount of {shown(amount)} was recorded"
        else:
            with self._recording:
                self._recorded[day] = self._recorded.get(day, Fraction()) + Fraction(number)
        if self.version is not None:
            self.version += 1

    def of(self, day: date, account: Account) -> DayPnl:
        """What a UTC day has brought, as far as the sources know."""
        if self._registry is not None:
            return self._registry.of(day)
        if day in self._spoilt:
            return _unknown("events", self._spoilt[day])
        said = {"snapshot": account.realized, "events": self._recorded_on(day)}
        realized = [amount for amount in said.values() if amount is not None]
        sources = [name for name, amount in said.items() if amount is not None]
        if account.unrealized is not None and "snapshot" not in sources:
            sources.insert(0, "snapshot")
        closed = min(realized, default=0.0)
        return DayPnl(total((closed, account.unrealized or 0.0)), closed, "+".join(sources) or "none")

    def _recorded_on(self, day: date) -> float | None:
        return float(self._recorded[day]) if day in self._recorded else None


class PnlRegistry:
    """A CSV file of closed results, read once and again whenever it has changed."""

    def __init__(self, path: str) -> None:
        """Know the file; it is not opened before the first question."""
        self._path = path
        self._seen: tuple[int, int] | None = None
        self._days: Mapping[date, float] = {}
        self._unknown = ""

    def of(self, day: date) -> DayPnl:
        """The sum of the day's rows; unknown when the file cannot be read or understood."""
        self._refresh()
        if self._unknown:
            return _unknown("registry", self._unknown)
        amount = self._days.get(day, 0.0)
        return DayPnl(amount, amount, "registry")

    def _refresh(self) -> None:
        try:
            version = _version(os.stat(self._path))  # noqa: PTH116 - pathlib takes a sixth of the import time
            if version != self._seen:
                self._days, self._unknown = _read(self._path), ""
                self._seen = version
        except _UnreadableError as error:
            self._unknown, self._seen = str(error), version
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or error
            self._unknown, self._seen = f"{self._path}: cannot be read ({why})", None


class _UnreadableError(Exception):
    """What is wrong with the registry, with file and line."""


def _unknown(source: str, why: str) -> DayPnl:
    return DayPnl(NAN, NAN, source, f"PnL unknown: {why}")


def _version(stat: stat_result) -> tuple[int, int]:
    return stat.st_mtime_ns, stat.st_size


def _read(path: str) -> dict[date, float]:
    import csv

    try:
        with open(path, encoding="utf-8-sig", newline="") as file:  # noqa: PTH123 - as above
            rows = csv.DictReader(file)
            _check_header(path, rows.fieldnames)
            return _sums((*_entry(path, rows.line_num, row),) for row in rows)
    except UnicodeDecodeError:
        raise _UnreadableError(f"{path}: is not UTF-8 text") from None
    except csv.Error as error:
        raise _UnreadableError(f"{path}: is not CSV ({error})") from None


def _check_header(path: str, header: Iterable[str] | None) -> None:
    missing = [column for column in (TS, AMOUNT) if column not in (header or ())]
    if missing:
        raise _UnreadableError(
            f"{path}:1: column {missing[0]!r} is missing; the header must name {TS} and {AMOUNT}"
        )


def _entry(path: str, line: int, row: Mapping[str, Any]) -> tuple[date, float]:
    try:
        day = as_utc(datetime.fromisoformat(row[TS])).date()
    except (TypeError, ValueError, OverflowError):
        raise _UnreadableError(f"{path}:{line}: {TS} is {row[TS]!r}, not an ISO 8601 instant") from None
    amount = _number(row[AMOUNT])
    if math.isnan(amount):
        raise _UnreadableError(f"{path}:{line}: {AMOUNT} is {row[AMOUNT]!r}, not a number such as -12.50")
    return day, amount


def _number(text: str | None) -> float:
    try:
        return finite(float(text or ""))
    except ValueError:
        return NAN


def _sums(entries: Iterable[tuple[date, float]]) -> dict[date, float]:
    days: dict[date, list[float]] = {}
    for day, amount in entries:
        days.setdefault(day, []).append(amount)
    return {day: total(amounts) for day, amounts in days.items()}

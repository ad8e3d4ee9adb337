"""When markets are open, from 1990 to 2049.

`fx_week` trades from Sunday to Friday, 17:00 to 17:00 in New York, summer time followed. Its days of
25 December and 1 January, each from 17:00 of the eve, are thin: candles may come, but none is due.
"""

from __future__ import annotations

import warnings
from bisect import bisect_right
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from live.registry import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable

ALWAYS = "24x7"
FX_WEEK = "fx_week"
_FIRST, _LAST = date(1990, 1, 1), date(2049, 12, 31)
_DAY = timedelta(days=1)
_SATURDAY = 5


class Span(NamedTuple):
    """A stretch of trading, from `open` to just before `close`, both UTC."""

    open: datetime
    close: datetime


class Session(NamedTuple):
    """A trading day: when its daily bar opens (midnight UTC of its date), and when its trading ends, UTC."""

    day: datetime
    close: datetime


class Calendar(NamedTuple):
    """When one market trades, in the order of time.

    Attributes:
        spans: Stretches without a break; none touches the next.
        sessions: Trading days.
    """

    spans: tuple[Span, ...]
    sessions: tuple[Session, ...]


@cache
def trading_calendar(name: str) -> Calendar:
    """The calendar of a market that closes: `fx_week`, or an exchange that exchange_calendars knows."""
    return _fx_week() if name == FX_WEEK else _exchange(name)


def calendar_named(name: str, *more: str) -> str:
    """The name itself, when there is such a calendar, or when it is one of `more` that do where it stands.

    Raises:
        ValueError: there is none; the message names the nearest one.
    """
    own = (ALWAYS, FX_WEEK, *more)
    if name not in own and name not in _exchanges():
        raise ValueError(f"unknown calendar {name!r}; {nearest(name, [*own, *_exchanges()])}")
    return name


def is_open(name: str, at: datetime) -> bool:
    """Whether a market trades at an instant.

    Raises:
        ValueError: there is no such calendar, or it does not reach that far.
    """
    if calendar_named(name) == ALWAYS:
        return True
    spans = trading_calendar(name).spans
    if not spans[0].open <= at < spans[-1].close:
        known = f"{spans[0].open:%Y-%m-%d} to {spans[-1].close:%Y-%m-%d}"
        raise ValueError(f"calendar {name} knows {known}, not {at:%Y-%m-%d}")
    latest = spans[bisect_right(spans, at, key=lambda span: span.open) - 1]
    return at < latest.close


@cache
def _exchanges() -> tuple[str, ...]:
    from exchange_calendars import get_calendar_names

    return tuple(get_calendar_names())


def _fx_week() -> Calendar:
    zone = ZoneInfo("America/New_York")

    def evening(day: date) -> datetime:
        return datetime.combine(day, time(17), zone).astimezone(UTC)

    days = [day for n in range((_LAST - _FIRST).days) if _fx_trades(day := _FIRST + n * _DAY)]
    spans = joined(Span(evening(day - _DAY), evening(day)) for day in days)
    return Calendar(spans, tuple(Session(_midnight(day), evening(day)) for day in days))


def _fx_trades(day: date) -> bool:
    return day.weekday() < _SATURDAY and (day.month, day.day) not in ((12, 25), (1, 1))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _exchange(name: str) -> Calendar:
    table = _schedule(name)
    opens, closes = _instants(table["open"]), _instants(table["close"])
    pauses, resumptions = _instants(table["break_start"]), _instants(table["break_end"])
    days = zip(opens, pauses, resumptions, closes, strict=True)
    spans = joined(span for day in days for span in _around_break(*day))
    return Calendar(
        spans,
        tuple(Session(_midnight(day), close) for day, close in zip(table.index.date, closes, strict=True)),
    )


def _around_break(
    start: datetime, pause: datetime | None, resume: datetime | None, end: datetime
) -> list[Span]:
    if pause is None or resume is None:
        return [Span(start, end)]
    return [Span(start, pause), Span(resume, end)]


def _schedule(name: str) -> Any:
    """The table of sessions of an exchange, as far as it is known within our years."""
    from exchange_calendars import get_calendar

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # between exchange_calendars and pandas
        first, last = _bounds(get_calendar(name, start="2023-01-01", end="2023-03-31"))
        return get_calendar(name, start=first.isoformat(), end=last.isoformat()).schedule


def _bounds(exchange: Any) -> tuple[date, date]:
    first, last = exchange.bound_min(), exchange.bound_max()
    return max([_FIRST, *([first.date()] if first else [])]), min([_LAST, *([last.date()] if last else [])])


def _instants(column: Any) -> list[Any]:
    return [
        each.to_pydatetime().astimezone(UTC) if known else None
        for each, known in zip(column, column.notna(), strict=True)
    ]


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same time, in order, those that touch or overlap made one."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.open <= found[-1].close:
            found[-1] = Span(found[-1].open, max(found[-1].close, span.close))
        elif span.open < span.close:
            found.append(span)
    return tuple(found)

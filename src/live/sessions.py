"""When the bars of a series are due: which are missing between two candles, and when the next one opens.

A bar is due when it overlaps trading by a tenth of its length or more. Outside the years that a calendar
knows, every bar is due: one that is wrongly expected is an alarm, one that is wrongly excused is silence.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_right
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from live.calendars import ALWAYS, calendar_named, trading_calendar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from live.calendars import Calendar, Span

__all__ = ["BarGrid", "Missing", "calendar_named", "grid_of"]

_DAY = timedelta(days=1)


class Missing(NamedTuple):
    """Bars that were due and did not come.

    Attributes:
        bars: How many.
        first: Opening instant of the first one, UTC.
        last: Opening instant of the last one.
    """

    bars: int
    first: datetime
    last: datetime


class BarGrid(ABC):
    """The opening instants of a series' bars. All instants are timezone-aware.

    Attributes:
        may_be_thin: Whether bars that are due and do not come can be the nature of a market.
    """

    may_be_thin: bool = True

    def __init__(self, timeframe: timedelta) -> None:
        """Know the length of a bar."""
        self.timeframe = timeframe

    @abstractmethod
    def missing(self, after: datetime, before: datetime) -> Missing | None:
        """The bars that were due between two candles.

        Args:
            after: Opening instant of the earlier candle.
            before: Opening instant of the later one.
        """

    @abstractmethod
    def due(self, after: datetime, number: int = 1) -> datetime:
        """Opening instant of the first bar, or the `number`-th, due after the one that opened at `after`."""

    def trading(self, bar: datetime) -> tuple[datetime, datetime]:
        """From when to when the market trades in a bar that is due."""
        return bar, bar + self.timeframe

    def saw(self, newest: datetime, bars: int = 1) -> None:  # noqa: B027 - most calendars know all beforehand
        """So many bars have come in a row, the last of them this one; told again, it changes nothing."""

    def saved(self) -> dict[str, Any] | None:
        """What has been learned, as JSON values; None where nothing is."""
        return None

    def restore(self, state: Mapping[str, Any]) -> None:  # noqa: ARG002 - here nothing is learned
        """Go on from what was saved.

        Raises:
            ValueError: it is no such state, it belongs to bars of another length, or nothing is learned here.
        """
        raise ValueError("is of no use: the calendar is known and learns nothing; leave the state out")


@cache
def grid_of(calendar: str, timeframe: timedelta) -> BarGrid:
    """The bars of a timeframe on a calendar.

    Args:
        calendar: `24x7`, `fx_week`, or an exchange such as `XNYS`.
        timeframe: Length of a bar. Daily bars are due once per trading day, shorter ones while the market is
            open; longer ones know no sessions.

    Raises:
        ValueError: there is no such calendar, or the timeframe is not positive.
    """
    if timeframe <= timedelta():
        raise ValueError(f"timeframe {timeframe} is not positive; a bar has a length, such as 1m or 1d")
    if calendar_named(calendar) == ALWAYS or timeframe > _DAY:
        return EvenGrid(timeframe)
    times = trading_calendar(calendar)
    return DailyGrid(times) if timeframe == _DAY else IntradayGrid(timeframe, times.spans)


class EvenGrid(BarGrid):
    """One bar after the other, for ever."""

    def missing(self, after: datetime, before: datetime) -> Missing | None:
        """See `BarGrid`."""
        count = (before - after) // self.timeframe - 1
        if count <= 0:
            return None
        return Missing(count, after + self.timeframe, after + count * self.timeframe)

    def due(self, after: datetime, number: int = 1) -> datetime:
        """See `BarGrid`."""
        return after + number * self.timeframe


class DailyGrid(BarGrid):
    """One bar per trading day. A candle belongs to the first day whose trading ends after it opened."""

    def __init__(self, times: Calendar) -> None:
        """Know the trading days."""
        super().__init__(_DAY)
        self._sessions, self._spans = times.sessions, times.spans
        self._closes = [session.close for session in times.sessions]
        self._ends = [span.close for span in times.spans]
        self._unknown = EvenGrid(_DAY)

    def missing(self, after: datetime, before: datetime) -> Missing | None:
        """See `BarGrid`."""
        if not self._knows(after, before):
            return self._unknown.missing(after, before)
        first, last = bisect_right(self._closes, after) + 1, bisect_right(self._closes, before) - 1
        if first > last:
            return None
        return Missing(last - first + 1, self._sessions[first].day, self._sessions[last].day)

    def due(self, after: datetime, number: int = 1) -> datetime:
        """See `BarGrid`."""
        place = bisect_right(self._closes, after) + number
        if place < len(self._sessions) and self._knows(after, after):
            return self._sessions[place].day
        return self._unknown.due(after, number)

    def trading(self, bar: datetime) -> tuple[datetime, datetime]:
        """See `BarGrid`: the session of that day, breaks included."""
        if not self._knows(bar, bar):
            return self._unknown.trading(bar)
        place = bisect_right(self._closes, bar)
        before = self._closes[place - 1] if place else bar
        return max(before, self._spans[bisect_right(self._ends, before)].open), self._closes[place]

    def _knows(self, after: datetime, before: datetime) -> bool:
        return self._sessions[0].day <= after and before < self._closes[-1]


class IntradayGrid(BarGrid):
    """Bars within stretches of trading."""

    def __init__(self, timeframe: timedelta, spans: Sequence[Span]) -> None:
        """Know the length of a bar and the stretches of trading."""
        super().__init__(timeframe)
        self._spans = spans
        self._closes = [span.close for span in spans]
        self._unknown = EvenGrid(timeframe)
        self._most = timeframe * 9 / 10

    def missing(self, after: datetime, before: datetime) -> Missing | None:
        """See `BarGrid`."""
        due = after + self.timeframe
        if before <= due:
            return None
        if not self._knows(after, before):
            return self._unknown.missing(after, before)
        held = [
            (start, bars) for start, end in self._stretches(due, before) if (bars := self._bars(start, end))
        ]
        if not held:
            return None
        last, bars = held[-1]
        return Missing(sum(bars for _, bars in held), held[0][0], last + (bars - 1) * self.timeframe)

    def due(self, after: datetime, number: int = 1) -> datetime:
        """See `BarGrid`."""
        earliest, left = after + self.timeframe, number - 1
        place = bisect_right(self._closes, earliest)
        while place < len(self._spans) and self._knows(after, after):
            start = max(earliest, self._spans[place].open)
            bars = self._bars(start, self._closes[place])
            if left < bars:
                return start + left * self.timeframe
            left, place = left - bars, place + 1
        return self._unknown.due(after, number)

    def trading(self, bar: datetime) -> tuple[datetime, datetime]:
        """See `BarGrid`: what of the bar lies within its stretch of trading."""
        end = bar + self.timeframe
        if not self._knows(bar, bar):
            return bar, end
        span = self._spans[bisect_right(self._closes, bar)]
        return max(bar, span.open), min(end, span.close)

    def _stretches(self, since: datetime, until: datetime) -> list[tuple[datetime, datetime]]:
        """What of the trading lies between two instants."""
        first, last = bisect_right(self._closes, since), bisect_right(self._closes, until)
        return [(max(since, span.open), min(until, span.close)) for span in self._spans[first : last + 1]]

    def _bars(self, start: datetime, end: datetime) -> int:
        return max(0, (end - start + self._most) // self.timeframe)

    def _knows(self, after: datetime, before: datetime) -> bool:
        return self._spans[0].open <= after and before < self._closes[-1]

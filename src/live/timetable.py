"""When the bars of one series are due, its halts left out: what the guards of a series ask together.

A bar that stands for a halt is not due: less than a tenth of its trading lies outside.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from live.calendars import ALWAYS, Span, calendar_named, joined
from live.halts import NEVER
from live.learned import LEARNED, LearnedGrid
from live.sessions import BarGrid, Missing, grid_of
from live.states import entries, items, moment, numbers, plain, seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from live.candles import Series
    from live.halts import Halt

_LEAST = 10
_DAY = timedelta(days=1)


class Timetable(BarGrid):
    """The bars of a grid, without those that are due within halts.

    Attributes:
        grid: The bars without any halt.
        version: Grows whenever halts have changed, so that what was concluded from them is thought over.
    """

    def __init__(self, grid: BarGrid, halts: Iterable[Span] = ()) -> None:
        """Begin with the halts that are known; `NEVER` ends those whose end is not."""
        super().__init__(grid.timeframe)
        self.grid = grid
        self.version = 0
        self._halts = self._configured = joined(halts)

    @property
    def may_be_thin(self) -> bool:  # type: ignore[override]  # what the grid says
        """See `BarGrid`."""
        return self.grid.may_be_thin

    @property
    def halts(self) -> tuple[Span, ...]:
        """The halts, in the order of time; those that touch are one."""
        return self._halts

    def halt(self, since: datetime, until: datetime) -> None:
        """Nothing is due from one instant to another, `NEVER` when nobody knows."""
        self._change([*self._halts, Span(since, until)])

    def resume(self, at: datetime) -> None:
        """Bars are due again from this instant on; halts that have not begun by then stay."""
        self._change(Span(since, at if since <= at < until else until) for since, until in self._halts)

    def missing(self, after: datetime, before: datetime) -> Missing | None:
        """See `BarGrid`."""
        found = self.grid.missing(after, before)
        if found is None or not any(span.open < before and after < span.close for span in self._halts):
            return found
        runs = list(self._kept(after, found.bars))
        if not runs:
            return None
        first, last = self.grid.due(after, runs[0][0]), self.grid.due(after, runs[-1][-1])
        return Missing(sum(map(len, runs)), first, last)

    def due(self, after: datetime, number: int = 1) -> datetime:
        """See `BarGrid`; `NEVER` within a halt of which nobody knows the end."""
        for span in self._halts:
            if after < span.close:
                halted = self._halted(after, span, number)
                if halted.start > number:
                    break
                if span.close == NEVER:
                    return NEVER
                number += len(halted)
        return self.grid.due(after, number)

    def saw(self, newest: datetime, bars: int = 1) -> None:
        """See `BarGrid`; a bar that comes ends a halt of which nobody knew the end."""
        self.grid.saw(newest, bars)
        if self._halts and self._halts[-1].close == NEVER and newest >= self._halts[-1].open:
            self.resume(newest)

    def saved(self) -> dict[str, Any]:
        """See `BarGrid`; with the halts, and those of them that were configured."""
        return {
            "learned": self.grid.saved(),
            "configured": _plain(self._configured),
            "halts": _plain(self._halts),
        }

    def restore(self, state: Any) -> None:
        """See `BarGrid`; where other halts are configured than were then, those hold and no others."""
        parts = entries(state, "learned", "configured", "halts")
        halts = [_span(one) for one in items(parts["halts"])]
        if parts["learned"] is not None or self.grid.saved() is not None:
            self.grid.restore(parts["learned"])
        self._change(halts if parts["configured"] == _plain(self._configured) else self._configured)

    def _change(self, halts: Iterable[Span]) -> None:
        self._halts, self.version = joined(halts), self.version + 1

    def _kept(self, after: datetime, bars: int) -> Iterator[range]:
        """Of the bars 1 to `bars` after one, those that are due, as runs."""
        first = 1
        for span in self._halts:
            if after < span.close and first <= bars:
                halted = self._halted(after, span, bars)
                if first < halted.start:
                    yield range(first, min(halted.start, bars + 1))
                first = max(first, halted.stop)
        if first <= bars:
            yield range(first, bars + 1)

    def _halted(self, after: datetime, span: Span, most: int) -> range:
        """Numbers of the bars after one that stand for a halt; its end counts where it begins by `most`."""
        first = _first(lambda number: self._is_within(after, number, span.open), 1, most)
        if first > most or span.close == NEVER:
            return range(first, sys.maxsize)
        return range(first, _first(lambda number: self._is_beyond(after, number, span.close), first, None))

    def _is_within(self, after: datetime, number: int, since: datetime) -> bool:
        start, end = self.grid.trading(self.grid.due(after, number))
        return (since - start) * _LEAST < end - start

    def _is_beyond(self, after: datetime, number: int, until: datetime) -> bool:
        start, end = self.grid.trading(self.grid.due(after, number))
        return (end - until) * _LEAST >= end - start


def timetable_of(series: Series) -> Timetable:
    """What all guards of a series share; one of its own where nobody has given it one.

    Raises:
        ValueError: there is no such calendar, or the length of a bar is not positive.
    """
    return series.times or Timetable(_grid(series))


def with_timetable(series: Series, halts: Iterable[Halt]) -> Series:
    """The series, with a timetable that knows its halts."""
    spans = [Span(one.since, one.until) for one in halts if one.holds_for(series.symbol, series.calendar)]
    return replace(series, times=Timetable(_grid(series), spans))


def calendar_of_bars(name: str) -> str:
    """The name itself, when there is a calendar of that name, or when it is `learned`.

    Raises:
        ValueError: there is none; the message names the nearest one.
    """
    return calendar_named(name, LEARNED)


def _grid(series: Series) -> BarGrid:
    calendar, timeframe = calendar_of_bars(series.calendar), series.timeframe
    if calendar != LEARNED:
        return grid_of(calendar, timeframe)
    return LearnedGrid(timeframe) if timeframe <= _DAY else grid_of(ALWAYS, timeframe)


def _plain(spans: Iterable[Span]) -> list[list[float | str]]:
    return [plain(map(seconds, span)) for span in spans]


def _span(state: object) -> Span:
    since, until = map(moment, numbers(state, 2))
    if since is None or until is None:
        raise ValueError("has a halt without an instant")
    return Span(since, until)


def _first(holds: Callable[[int], bool], low: int, most: int | None) -> int:
    """The first number from `low` on for which something holds that then stays so; any beyond `most`."""
    below, step = low - 1, 1
    while not holds(below + step):
        below, step = below + step, 2 * step
        if most is not None and below >= most:
            return below + 1
    above = below + step
    while above - below > 1:
        middle = (below + above) // 2
        below, above = (below, middle) if holds(middle) else (middle, above)
    return above

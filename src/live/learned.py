"""When the bars of a series are due whose calendar is `learned`: in the hours of the week that have had bars.

Until two whole weeks have been seen every bar is due. Holidays are not learned: each is told as a hole.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from live.clock import instant
from live.sessions import BarGrid, EvenGrid, Missing
from live.weekly_slots import SLOT, WEEK, WeeklySlots, due_slots, runs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LEARNED = "learned"
_MONDAY = datetime(1970, 1, 5, tzinfo=UTC)
_DAY, _HALF_DAY, _HOUR = timedelta(days=1), timedelta(hours=12), timedelta(hours=1)
_LEAST = timedelta.resolution
_WEEKS = 8
"""In so many weeks at least one bar is due, or else all are."""


class LearnedGrid(BarGrid):
    """Bars of a day or shorter, in the slots that a series teaches; no hole in them is held for usual."""

    may_be_thin = False

    def __init__(self, timeframe: timedelta) -> None:
        """Know the length of a bar, and nothing else."""
        super().__init__(timeframe)
        self._slots = WeeklySlots()
        self._every = EvenGrid(timeframe)
        self._newest: datetime | None = None
        self._due: list[tuple[timedelta, timedelta]] = []

    def missing(self, after: datetime, before: datetime) -> Missing | None:
        """See `BarGrid`."""
        every = self._every.missing(after, before)
        if every is None or not self._slots.is_ready:
            return every
        held = list(self._numbers(after, every.bars))
        if not held:
            return None
        bars = sum(len(run) for run in held)
        return Missing(bars, after + held[0][0] * self.timeframe, after + held[-1][-1] * self.timeframe)

    def due(self, after: datetime, number: int = 1) -> datetime:
        """See `BarGrid`."""
        left = number
        weeks = (number + _WEEKS) * WEEK // self.timeframe if self._slots.is_ready else 0
        for run in self._numbers(after, weeks):
            if left <= len(run):
                return after + run[left - 1] * self.timeframe
            left -= len(run)
        return self._every.due(after, number)

    def saw(self, newest: datetime, bars: int = 1) -> None:
        """See `BarGrid`."""
        if self._newest is not None and newest <= self._newest:
            return
        self._newest, first = newest, newest - (bars - 1) * self.timeframe
        while first <= newest:
            week, since = divmod(first - _MONDAY, WEEK)
            last = min(newest, first + (WEEK - since - _LEAST) // self.timeframe * self.timeframe)
            if self._slots.saw(week, *self._covered(since, since + (last - first))):
                self._conclude()
            first = last + self.timeframe

    def saved(self) -> dict[str, Any]:
        """See `BarGrid`."""
        newest = self._newest.isoformat() if self._newest else None
        return {"timeframe_s": self.timeframe.total_seconds(), "newest": newest, **self._slots.saved()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """See `BarGrid`."""
        try:
            text, length = state["newest"], state["timeframe_s"]
            newest = None if text is None else instant(datetime.fromisoformat(text))
        except (KeyError, TypeError) as error:
            raise ValueError(f"is no saved state of a learned calendar: {error!r}") from None
        if length != self.timeframe.total_seconds():
            raise ValueError(f"was learned from bars of {length} s, not {self.timeframe.total_seconds():g} s")
        self._slots.restore(state)
        self._newest = newest
        self._conclude()

    def _conclude(self) -> None:
        """Work out which parts of the week are due; a daily bar stands for its day, however long."""
        bar = 1 if self.timeframe == _DAY else -(-self.timeframe // SLOT)
        due = due_slots(self._slots.open(), bar, _HOUR // SLOT)
        self._due = [(first * SLOT, end * SLOT) for first, end in runs(due)]

    def _covered(self, first: timedelta, last: timedelta) -> tuple[int, int]:
        """The slots of bars, from the first to the last; those of daily bars reach half a day to each side.

        The instant of a daily bar is midnight somewhere, and moves by an hour in summer: so it stays within.
        """
        if self.timeframe == _DAY:
            begin, end = ((at + _HALF_DAY) // _DAY * _DAY - _HALF_DAY for at in (first, last))
            return begin // SLOT, (end + _DAY) // SLOT
        return first // SLOT, -(-(last + self.timeframe) // SLOT)

    def _numbers(self, after: datetime, most: int) -> Iterator[range]:
        """Of the bars 1 to `most` after one, those that are due, as runs."""
        week = (after - _MONDAY) // WEEK
        for number in count(week):
            monday = _MONDAY + number * WEEK - after
            if monday > most * self.timeframe:
                return
            for since, until in self._due:
                first = max(1, -(-(monday + since) // self.timeframe))
                end = min(most, -(-(monday + until) // self.timeframe) - 1) + 1
                if first < end:
                    yield range(first, end)

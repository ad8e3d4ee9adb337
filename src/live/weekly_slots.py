"""Which slots of the week have bars, learned from a series: for markets of which nobody has a calendar.

A slot is five minutes of the week in UTC. It is open when it had bars in at least half of the last eight
weeks, rounded down: a new slot is learned within four weeks, an old one unlearned after five without a bar.
Weeks without any bar do not count, so that a dead feed does not teach that its market is closed; nor does the
first week, because it may have begun before the series.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

SLOT = timedelta(minutes=5)
WEEK = timedelta(days=7)
SLOTS = WEEK // SLOT
MEMORY, ENOUGH = 8, 2
"""So many weeks are remembered, and from so many on it is known when the market trades."""
_ALL = (1 << SLOTS) - 1
_BASE = 16


class WeeklySlots:
    """What a series has taught so far. Weeks are counted from any Monday, slots from midnight on Monday."""

    def __init__(self) -> None:
        """Begin with nothing seen."""
        self._week: int | None = None
        self._marks = 0
        self._is_whole = False
        self._weeks: list[int] = []

    @property
    def is_ready(self) -> bool:
        """Whether enough whole weeks have been seen."""
        return len(self._weeks) >= ENOUGH

    def saw(self, week: int, first: int, end: int) -> bool:
        """Bars of a week, none earlier than the one before, cover the slots from `first` to before `end`.

        Returns:
            Whether a week is over by that, so that what is open may have changed.
        """
        is_over = self._week is not None and week != self._week
        if is_over and self._is_whole:
            self._weeks = [*self._weeks, self._marks][-MEMORY:]
        if is_over or self._week is None:
            self._is_whole, self._week, self._marks = is_over, week, 0
        self._marks |= _turned(_ALL if end - first >= SLOTS else (1 << (end - first)) - 1, first)
        return is_over

    def open(self) -> int:
        """The open slots, a bit each."""
        needed = max(1, len(self._weeks) // 2)
        in_weeks = [_ALL] + [0] * needed
        for marks in self._weeks:
            for count in range(needed, 0, -1):
                in_weeks[count] |= in_weeks[count - 1] & marks
        return in_weeks[needed]

    def saved(self) -> dict[str, Any]:
        """The state as JSON values, 5 kB at most."""
        weeks = [f"{marks:x}" for marks in self._weeks]
        return {"week": self._week, "whole": self._is_whole, "marks": f"{self._marks:x}", "weeks": weeks}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from a saved state.

        Raises:
            ValueError: it is none; nothing has changed.
        """
        try:
            week, whole, weeks = state["week"], state["whole"], [_bits(one) for one in state["weeks"]]
            marks = _bits(state["marks"])
        except (KeyError, TypeError) as error:
            raise ValueError(f"is no saved state of a learned week: {error!r}") from None
        if not (week is None or type(week) is int) or type(whole) is not bool or len(weeks) > MEMORY:
            raise ValueError(f"is no saved state of a learned week: week {week!r}, whole {whole!r}")
        self._week, self._is_whole, self._marks, self._weeks = week, whole, marks, weeks


def due_slots(open_slots: int, bar: int, margin: int) -> int:
    """The slots in which bars are due: open, and open `margin` slots before the bar and after its end.

    So nothing is due that a step of the market's summer time could move away. Where nothing is left, as in a
    market that is open for an hour, every open slot is due: rather a false alarm than silence.

    Args:
        open_slots: A bit for each slot.
        bar: Length of a bar, in slots, 1 or more.
        margin: Slots by which the market may move.
    """
    later = _turned(open_slots, -(bar - 1 + margin))
    return open_slots & _turned(open_slots, margin) & later or open_slots


def runs(slots: int) -> list[tuple[int, int]]:
    """From which slot to before which one they are set, in order."""
    found, place = [], 0
    for is_set, group in groupby(reversed(f"{slots:0{SLOTS}b}")):
        length = len(list(group))
        if is_set == "1":
            found.append((place, place + length))
        place += length
    return found


def _turned(slots: int, later: int) -> int:
    """The same slots, so many later in the week, round its end."""
    steps = later % SLOTS
    return (slots << steps | slots >> (SLOTS - steps)) & _ALL


def _bits(text: str) -> int:
    bits = int(text, _BASE)
    if not 0 <= bits <= _ALL:
        raise ValueError("is no saved state of a learned week: a week has too many slots")
    return bits

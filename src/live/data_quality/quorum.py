"""Fewer feeds than agreed upon tell the bars of a series."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from live.bars.habit import NO_HABIT, Habit, after, longest
from live.bars.kind import Stage
from live.bars.values import QUIET, RAISED, RESOLVED, Bar, Move, Past, Said
from live.contracts import CandleKind, PositiveKeys
from live.events import AlertLevel

if TYPE_CHECKING:
    from live.bars.machine import Event


YOUNG = 50.0
"""Until so many have come, all is learnt from; later nothing while too few feeds tell."""
LONGEST = 20.0
"""A silence teaches no more than so many bars of it: an outage is no habit."""


@dataclass(frozen=True, slots=True)
class QuorumConfig(PositiveKeys):
    """`[live_data.quorum]`; where a series has one feed only it says nothing.

    Attributes:
        feeds: So many feeds have to tell a bar, this one included.
        bars: When fewer tell so many bars in a row, that is told; and when enough do, so many.
        odds: Where other feeds leave bars out by nature, as in thin markets, it is told only when so many
            in a row come less often than once in so many bars.
    """

    feeds: int = 2
    bars: int = 3
    odds: float = 10_000.0


class Count(NamedTuple):
    """What is counted.

    Attributes:
        silent: Bars in a row that too few have told.
        told: Bars that enough have told, since that was told or a silence was as long again.
        raised: 1 while too few tell.
    """

    silent: float
    told: float
    raised: float


def look(
    bar: Bar,
    past: Past,
    move: Move,
    limits: tuple[float, ...],
    own: tuple[float, ...],
) -> tuple[tuple[float, ...], Said]:
    """Whether too few feeds have told the bars before, for so long; and enough have told as many again.

    A silence that would be told begins the count of those that are told anew.
    """
    feeds, bars, odds = limits
    if not bar.others >= 0.0:
        return own, QUIET
    before, habit = Count(*own[:3]), Habit(*own[3:])
    count = 1.0 + bar.others
    if count >= feeds:
        if before.raised == 0.0 or habit.bars < YOUNG:
            habit = after(habit, min(before.silent, LONGEST))
        told = before.told + before.raised
        if told < bars:
            return Count(0.0, told, before.raised)[:] + habit[:], QUIET
        return Count(0.0, 0.0, 0.0)[:] + habit[:], Said(RESOLVED, count, feeds, past.newest)
    silent = before.silent + 1.0
    if silent < needed(habit, bars, odds):
        return Count(silent, before.told, before.raised)[:] + habit[:], QUIET
    said = Said(RAISED, count, feeds, past.newest) if before.raised == 0.0 else QUIET
    return Count(silent, 0.0, 1.0)[:] + habit[:], said


def needed(habit: Habit, bars: float, odds: float) -> float:
    """How many bars in a row have to be left out; where none ever was nothing is excused."""
    return bars if habit.times == 0.0 else max(bars, longest(habit.times / habit.bars, odds))


class Quorum(CandleKind):
    """Fewer feeds than agreed upon tell the bars of a series."""

    name = "quorum"
    codes = ("DATA_QUORUM",)
    Config: ClassVar[type[QuorumConfig]] = QuorumConfig
    config: QuorumConfig
    stage = Stage.NUMBERS
    level = AlertLevel.WARNING
    start = (0.0, 0.0, 0.0, *NO_HABIT)
    look = staticmethod(look)

    def words(self, event: Event) -> str:
        """Both numbers."""
        return f"told by {event.value:.0f} of {event.bound:.0f} feeds that have to; nobody can contradict it"

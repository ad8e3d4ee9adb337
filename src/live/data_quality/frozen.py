"""A feed that repeats its last bar, though the series does not do so by nature."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from live.bars.habit import MOST, NO_HABIT, Habit, after, again, longest
from live.bars.kind import Stage
from live.bars.moves import WARM_UP
from live.bars.values import QUIET, RAISED, RESOLVED, Bar, Move, Past, Said
from live.contracts import CandleKind, PositiveKeys
from live.events import AlertLevel

if TYPE_CHECKING:
    from live.bars.machine import Event

FLAT, RANGE = 0.05, 0.001
"""A bar without a range is taken to come again so often at the least, and one with a range."""


@dataclass(frozen=True, slots=True)
class FrozenConfig(PositiveKeys):
    """`[live_data.frozen]`.

    Attributes:
        odds: A run is no chance from odds of one to so many on.
        at_least_bars: A shorter run is never told.
    """

    odds: float = 1e8
    at_least_bars: float = 3.0


def look(
    bar: Bar, past: Past, move: Move, limits: tuple[float, ...], own: tuple[float, ...]
) -> tuple[tuple[float, ...], Said]:
    """How unlikely it is that so many bars in a row equal the one before.

    Where prices are fine, a bar with a range that comes again to the last digit is no chance. Where a tick is
    as large as a move it may be, and a bar without a range anywhere: how often the series does either by
    nature is learnt from runs that have ended, and a run is judged by its odds. So is one in which volumes
    come again as well: who trades at a price that stands hardly trades as much each time; and where each bar
    is traded, so many without a trade are no chance either.
    """
    odds, at_least = limits
    open_, high, low, close, volume, run, whole, told = own[:8]
    flats, flat_again, ranges, range_again = own[8:12]
    wholes, blanks = Habit(own[12], own[13]), Habit(own[14], own[15])
    if bar.open != open_ or bar.high != high or bar.low != low or bar.close != close:
        said = Said(RESOLVED, 0.0, at_least, bar.ts) if told == 1.0 else QUIET
        if told == 0.0 and high == low:
            flats, flat_again = after(Habit(flats, flat_again), run)
        elif told == 0.0:
            ranges, range_again = after(Habit(ranges, range_again), run)
        if told == 0.0 and whole > 0.0:
            wholes, blanks = taught(wholes, blanks, volume, whole)
        run = whole = told = 0.0
    else:
        run += 1.0
        if bar.volume == volume:
            whole += 1.0
        else:
            if told == 0.0:
                wholes, blanks = taught(wholes, blanks, volume, whole)
            whole = 0.0
        likely = (
            again(Habit(flats, flat_again), FLAT) if high == low else again(Habit(ranges, range_again), RANGE)
        )
        so_whole = again(wholes if volume > 0.0 else blanks, FLAT)
        if past.tick == 0.0:
            likely, so_whole = MOST, MOST  # nothing has moved yet: perhaps nothing does
        length, needed, said = whole, max(at_least, longest(so_whole, odds)), QUIET
        if length < needed:
            length, needed = run, max(at_least, longest(likely, odds))
        if told == 0.0 and past.seen >= WARM_UP and length >= needed:
            told, said = 1.0, Said(RAISED, length, needed, bar.ts)
    now = (bar.open, bar.high, bar.low, bar.close, bar.volume, run, whole, told)
    return now + (flats, flat_again, ranges, range_again) + wholes[:] + blanks[:], said  # noqa: RUF005 - numba knows no star


def taught(wholes: Habit, blanks: Habit, volume: float, whole: float) -> tuple[Habit, Habit]:
    """What a run of bars with one volume taught: of volumes that come again, or of bars without a trade."""
    return (after(wholes, whole), blanks) if volume > 0.0 else (wholes, after(blanks, whole))


class Frozen(CandleKind):
    """A feed that repeats its last bar, though the series does not do so by nature."""

    name = "frozen"
    codes = ("CANDLE_FROZEN",)
    Config: ClassVar[type[FrozenConfig]] = FrozenConfig
    config: FrozenConfig
    sensitivity = ("at_least_bars",)
    stage = Stage.PRICES
    level = AlertLevel.CRITICAL
    start = (*(0.0,) * 8, *NO_HABIT, *NO_HABIT, *NO_HABIT, *NO_HABIT)
    look = staticmethod(look)

    def words(self, event: Event) -> str:
        """Both numbers."""
        return f"{event.value:.0f} bars in a row equal the one before; {math.ceil(event.bound) - 1} may"

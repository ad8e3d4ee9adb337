"""A feed that repeats its last bar, though the series does not do so by nature."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from live.bars.habit import MOST, NO_HABIT, Habit, after, again, longest
from live.bars.kind import Stage
from live.bars.moves import WARM_UP
from live.bars.values import QUIET, RAISED, RESOLVED, Bar, Move, Past, Said
from live.compiling.seldom import seldom, unlikely
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


class Run(NamedTuple):
    """Bars in a row that equal the one before.

    Attributes:
        prices: How many their prices do.
        whole: How many at the end of them their volumes do as well.
        told: 1 when it is raised.
    """

    prices: float
    whole: float
    told: float


class Nature(NamedTuple):
    """How often bars of the series come again, as runs that have ended tell.

    Attributes:
        flats: Bars without a range.
        ranges: Bars with one.
        wholes: Bars with their volume.
        blanks: Bars without a trade.
    """

    flats: Habit
    ranges: Habit
    wholes: Habit
    blanks: Habit


NO_RUN = Run(0.0, 0.0, 0.0)


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
    last, run, said = move.last, Run(*own[:3]), QUIET
    nature = Nature(
        Habit(own[3], own[4]), Habit(own[5], own[6]), Habit(own[7], own[8]), Habit(own[9], own[10])
    )
    if unlikely(is_again(bar, last)):
        if run.told == 0.0 and bar.volume != last.volume:
            nature = by_volumes(nature, last, run)
        run = Run(run.prices + 1.0, run.whole + 1.0 if bar.volume == last.volume else 0.0, run.told)
        if run.told == 0.0 and past.seen >= WARM_UP:
            said = judged(bar, past, run, nature, limits)
            run = Run(run.prices, run.whole, 1.0 if said.what == RAISED else 0.0)
    else:
        if run.told == 1.0:
            said = Said(RESOLVED, 0.0, limits[1], bar.ts)
        else:
            nature = by_prices(nature, last, run)
            if run.whole > 0.0:
                nature = by_volumes(nature, last, run)
        run = NO_RUN
    flats, ranges, wholes, blanks = nature
    return run[:] + flats[:] + ranges[:] + wholes[:] + blanks[:], said


def is_again(bar: Bar, last: Bar) -> bool:
    """Whether a bar has the prices of the one before."""
    return bar.open == last.open and bar.high == last.high and bar.low == last.low and bar.close == last.close


def by_prices(nature: Nature, last: Bar, run: Run) -> Nature:
    """What a run taught that has ended, of bars without a range or with one."""
    flats, ranges, wholes, blanks = nature
    if last.high == last.low:
        return Nature(after(flats, run.prices), ranges, wholes, blanks)
    return Nature(flats, after(ranges, run.prices), wholes, blanks)


def by_volumes(nature: Nature, last: Bar, run: Run) -> Nature:
    """What one taught whose volumes came again: of bars with a trade or without one."""
    flats, ranges, wholes, blanks = nature
    if last.volume > 0.0:
        return Nature(flats, ranges, after(wholes, run.whole), blanks)
    return Nature(flats, ranges, wholes, after(blanks, run.whole))


@seldom
def judged(bar: Bar, past: Past, run: Run, nature: Nature, limits: tuple[float, ...]) -> Said:
    """Whether a run is longer than one that comes by chance."""
    odds, at_least = limits
    prices = again(nature.flats, FLAT) if bar.high == bar.low else again(nature.ranges, RANGE)
    whole = again(nature.wholes if bar.volume > 0.0 else nature.blanks, FLAT)
    if past.tick == 0.0:
        prices, whole = MOST, MOST  # nothing has moved yet: perhaps nothing does
    needed = max(at_least, longest(whole, odds))
    if run.whole >= needed:
        return Said(RAISED, run.whole, needed, bar.ts)
    needed = max(at_least, longest(prices, odds))
    return Said(RAISED, run.prices, needed, bar.ts) if run.prices >= needed else QUIET


class Frozen(CandleKind):
    """A feed that repeats its last bar, though the series does not do so by nature."""

    name = "frozen"
    codes = ("CANDLE_FROZEN",)
    Config: ClassVar[type[FrozenConfig]] = FrozenConfig
    config: FrozenConfig
    sensitivity = ("at_least_bars",)
    stage = Stage.PRICES
    level = AlertLevel.CRITICAL
    start = (*NO_RUN, *NO_HABIT, *NO_HABIT, *NO_HABIT, *NO_HABIT)
    look = staticmethod(look)

    def words(self, event: Event) -> str:
        """Both numbers."""
        return f"{event.value:.0f} bars in a row equal the one before; {math.ceil(event.bound) - 1} may"

"""One price of the bars that comes again to the last digit, far from the others, while these move."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from live.bars.habit import NO_HABIT, Habit, after, again, longest
from live.bars.kind import Stage
from live.bars.moves import WARM_UP
from live.bars.values import QUIET, RAISED, RESOLVED, Bar, Move, Past, Said
from live.compiling.seldom import seldom
from live.contracts import CandleKind, PositiveKeys
from live.events import AlertLevel

if TYPE_CHECKING:
    from live.bars.machine import Event

LEAST = 0.001
"""A price that lies far away is taken to come again so often at the least."""
FREE, OPEN, HIGH, LOW = 0.0, 1.0, 2.0, 3.0
"""Which price has been told."""


@dataclass(frozen=True, slots=True)
class StuckConfig(PositiveKeys):
    """`[live_data.stuck]`.

    Attributes:
        odds: A run is no chance from odds of one to so many on.
        at_least_bars: A shorter run is never told.
        least_moves: A bar does not count while the price is fewer usual moves away from what it follows.
    """

    odds: float = 1e8
    at_least_bars: float = 3.0
    least_moves: float = 2.0


def look(
    bar: Bar, past: Past, move: Move, limits: tuple[float, ...], own: tuple[float, ...]
) -> tuple[tuple[float, ...], Said]:
    """How unlikely it is that an open, high or low equals the one before in so many bars, though far away.

    An open follows the close before; a high and a low, their own open and close. Away from there a price
    hardly comes again to the last digit; in a thin market it may, where a quote stands: how often it does is
    learnt from runs that have ended. A bar that equals the one before in every price is `frozen`.
    """
    least, last = limits[2], move.last
    opens, highs, lows, _, _, _ = own
    far = least * move.usual * (1.0 if move.linear == 1 else bar.close)
    open_far = abs(bar.open - move.reference) > far
    high_far, low_far = bar.high - max(bar.open, bar.close) > far, min(bar.open, bar.close) - bar.low > far
    quiet = opens + highs + lows == 0.0 and not (open_far or high_far or low_far)
    if quiet or past.seen < WARM_UP or past.tick == 0.0:
        return own, QUIET
    if bar.open == last.open and bar.high == last.high and bar.low == last.low and move.distance == 0.0:
        return own, QUIET
    return far_away(bar, last, limits, own, open_far, high_far, low_far)


@seldom
def far_away(  # noqa: PLR0913, PLR0917 - numba knows no keywords only
    bar: Bar,
    last: Bar,
    limits: tuple[float, ...],
    own: tuple[float, ...],
    open_far: bool,  # noqa: FBT001 - as above
    high_far: bool,  # noqa: FBT001 - as above
    low_far: bool,  # noqa: FBT001 - as above
) -> tuple[tuple[float, ...], Said]:
    """The same where one of the prices is far from the others, or was so and goes on."""
    odds, at_least, _ = limits
    opens, highs, lows, told, bars, times = own
    known = habit = Habit(bars, times)
    opens, habit = longer(opens, habit, bar.open == last.open, open_far)
    highs, habit = longer(highs, habit, bar.high == last.high, high_far)
    lows, habit = longer(lows, habit, bar.low == last.low, low_far)
    said = QUIET
    if told != FREE:
        habit = known  # what is false teaches nothing
        if (opens if told == OPEN else highs if told == HIGH else lows) == 0.0:
            told, said = FREE, Said(RESOLVED, 0.0, at_least, bar.ts)
    elif max(opens, highs, lows) >= at_least:
        run, needed = max(opens, highs, lows), max(at_least, longest(again(habit, LEAST), odds))
        if run >= needed:
            told = HIGH if run == highs else LOW if run == lows else OPEN
            said = Said(RAISED, run, needed, bar.ts)
    return (opens, highs, lows, told, habit.bars, habit.times), said


def longer(
    run: float,
    habit: Habit,
    same: bool,  # noqa: FBT001 - numba knows no keywords only
    far: bool,  # noqa: FBT001 - as above
) -> tuple[float, Habit]:
    """The run after one bar more, and what one that has ended taught."""
    if same:
        return run + 1.0 if far else run, habit
    return 0.0, after(habit, run) if far or run > 0.0 else habit


class Stuck(CandleKind):
    """One price of the bars that comes again to the last digit, far from the others, while these move."""

    name = "stuck"
    codes = ("CANDLE_STUCK",)
    Config: ClassVar[type[StuckConfig]] = StuckConfig
    config: StuckConfig
    sensitivity = ("at_least_bars", "least_moves")
    stage = Stage.PRICES
    level = AlertLevel.CRITICAL
    start = (0.0, 0.0, 0.0, FREE, *NO_HABIT)
    look = staticmethod(look)

    def words(self, event: Event) -> str:
        """Both numbers."""
        return (
            f"an open, high or low far from the other prices equals that of the bar before, "
            f"{event.value:.0f} bars in a row; {math.ceil(event.bound) - 1} may; "
            f"it is false in all of them, whatever was withdrawn"
        )

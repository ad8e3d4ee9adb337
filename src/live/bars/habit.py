"""How often a thing befalls bars by nature, and how many in a row it befalls by chance."""

from __future__ import annotations

import math
from typing import NamedTuple

from live.bars.values import FAINT
from live.compiling.seldom import seldom, unlikely

MEMORY = 500.0
"""So many bars are remembered."""
FADES = MEMORY / (MEMORY + 1.0)
MOST = 0.98
"""Nothing is taken to be likelier: what is almost always so would be excused for ever."""
FEW = 5.0
"""So many bars that were not the same are taken for granted: one that came again is no habit."""


class Habit(NamedTuple):
    """What runs that have ended taught.

    Attributes:
        bars: How many there were, of the last 500.
        times: How many of them it befell.
    """

    bars: float
    times: float


NO_HABIT = Habit(0.0, 0.0)


def after(habit: Habit, run: float) -> Habit:
    """What is known after a run of so many bars that it befell, and one that it did not."""
    if unlikely(run != 0.0 or habit.bars < MEMORY):
        return after_run(habit, run)
    return Habit(MEMORY, max(FAINT, habit.times * FADES))


@seldom
def after_run(habit: Habit, run: float) -> Habit:
    """The same of bars that it befell, and while few are known."""
    bars, times = habit.bars + run + 1.0, habit.times + run
    if bars <= MEMORY:
        return Habit(bars, times)
    return Habit(MEMORY, max(FAINT, times * (MEMORY / bars)))


def again(habit: Habit, least: float) -> float:
    """How likely one more bar is the same, at the most: in a quiet hour it is likelier than it usually is."""
    share = habit.times / (habit.bars + FEW)
    return max(least, min(2.0 * share, 0.5 + 0.5 * share))


def longest(likely: float, odds: float) -> float:
    """The run that comes with odds of one to so many, when the next bar is befallen with that chance."""
    return math.log(odds) / -math.log(min(MOST, likely))

"""A feed that repeats its last bar, though the series does not do so by nature."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from live.bars.kind import Stage
from live.bars.moves import WARM_UP
from live.bars.values import QUIET, RAISED, RESOLVED, Bar, Move, Past, Said
from live.contracts import CandleKind, PositiveKeys
from live.events import AlertLevel

if TYPE_CHECKING:
    from live.bars.machine import Event


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

    A bar with a range that comes again to the last digit is no chance. One without a range may be: how often
    the series does that by nature is learnt, and the run is judged by its odds.
    """
    odds, at_least = limits
    open_, high, low, close, run, share, told = own
    same = bar.open == open_ and bar.high == high and bar.low == low and bar.close == close
    flat = bar.high == bar.low
    run = run + 1.0 if same else 0.0
    share += ((1.0 if same and flat else 0.0) - share) / 500.0 if told == 0.0 else 0.0
    after = (bar.open, bar.high, bar.low, bar.close, run, share, told)
    if not same:
        if told == 1.0:
            return (bar.open, bar.high, bar.low, bar.close, 0.0, share, 0.0), Said(
                RESOLVED, 0.0, at_least, bar.ts
            )
        return after, QUIET
    likely = min(0.98, max(0.05, 2.0 * share)) if flat else 0.001
    if past.tick == 0.0:
        likely = 0.98  # nothing has moved yet: perhaps nothing does
    needed = max(at_least, math.log(odds) / -math.log(likely))
    if told == 0.0 and past.seen >= WARM_UP and run >= needed:
        return (bar.open, bar.high, bar.low, bar.close, run, share, 1.0), Said(RAISED, run, needed, bar.ts)
    return after, QUIET


class Frozen(CandleKind):
    """A feed that repeats its last bar, though the series does not do so by nature."""

    name = "frozen"
    codes = ("CANDLE_FROZEN",)
    Config: ClassVar[type[FrozenConfig]] = FrozenConfig
    config: FrozenConfig
    sensitivity = ("at_least_bars",)
    stage = Stage.PRICES
    level = AlertLevel.CRITICAL
    start = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    look = staticmethod(look)

    def words(self, event: Event) -> str:
        """Both numbers."""
        return f"{event.value:.0f} bars in a row equal the one before; {event.bound:.0f} may"

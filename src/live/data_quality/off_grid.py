"""A clock that has shifted: bars begin at other moments than before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.bars.kind import Stage
from live.bars.values import QUIET, RAISED, Bar, Move, Past, Said
from live.compiling.seldom import seldom
from live.contracts import CandleKind
from live.events import AlertLevel

if TYPE_CHECKING:
    from live.bars.machine import Event


QUARTER_S = 900.0


def look(
    bar: Bar, past: Past, move: Move, limits: tuple[float, ...], own: tuple[float, ...]
) -> tuple[tuple[float, ...], Said]:
    """Whether it begins at another moment of the period than those before."""
    phase, seen = own
    period, step = limits
    if seen > 0.0 and bar.ts - past.newest == step and past.newest >= step:
        return (phase, seen + 1.0), QUIET  # whole periods later, and in that range exactly so
    return compared(bar, period, own)


@seldom
def compared(bar: Bar, period: float, own: tuple[float, ...]) -> tuple[tuple[float, ...], Said]:
    """The same of a bar that is not just one step later."""
    phase, seen = own
    now = bar.ts % period
    if seen == 0.0 or now == phase:
        return (now, seen + 1.0), QUIET
    if seen < 10.0:
        return (now, 1.0), QUIET
    return (now, 1.0), Said(RAISED, now, phase, bar.ts)


class OffGrid(CandleKind):
    """A clock that has shifted: bars begin at other moments than before."""

    name = "off_grid"
    codes = ("CANDLE_CLOCK_SHIFT",)
    stage = Stage.NUMBERS
    level = AlertLevel.WARNING
    start = (0.0, 0.0)
    look = staticmethod(look)

    def limits(self) -> tuple[float, ...]:
        """The period, seconds: summer time moves bars of days by an hour, and by no part of a quarter.

        And a step of whole periods that most bars take.
        """
        seconds = self.series.timeframe.total_seconds()
        period = min(seconds, QUARTER_S)
        return period, seconds if seconds % period == 0.0 else period

    def words(self, event: Event) -> str:
        """Both numbers."""
        return f"bars begin {event.value:g} s after the full period, before that it was {event.bound:g} s"

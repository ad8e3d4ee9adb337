"""A high that is not the highest price of its bar, or a low that is not the lowest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.bars.kind import Stage
from live.bars.values import QUIET, RAISED, Bar, Move, Past, Said
from live.contracts import CandleKind
from live.events import AlertLevel

if TYPE_CHECKING:
    from live.bars.machine import Event


def look(
    bar: Bar, past: Past, move: Move, limits: tuple[float, ...], own: tuple[float, ...]
) -> tuple[tuple[float, ...], Said]:
    """Whether open and close lie between low and high."""
    top, bottom = max(bar.open, bar.close), min(bar.open, bar.close)
    if bar.high < bar.low:
        return own, Said(RAISED, bar.high, bar.low, bar.ts)
    if top > bar.high:
        return own, Said(RAISED, top, bar.high, bar.ts)
    if bottom < bar.low:
        return own, Said(RAISED, bottom, bar.low, bar.ts)
    return own, QUIET


class Inconsistent(CandleKind):
    """A high that is not the highest price of its bar, or a low that is not the lowest."""

    name = "inconsistent"
    codes = ("CANDLE_INCONSISTENT",)
    stage = Stage.SHAPE
    skips_plain = True
    level = AlertLevel.CRITICAL
    look = staticmethod(look)

    def words(self, event: Event) -> str:
        """Both numbers."""
        side = "above its high" if event.value > event.bound else "below its low"
        return f"a price of {event.value:g} {side} of {event.bound:g}"

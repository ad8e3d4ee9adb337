"""A bar that is older than one before it."""

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
    """Whether it opens before the newest bar."""
    if bar.ts < past.newest:
        return own, Said(RAISED, past.newest - bar.ts, 0.0, bar.ts)
    return own, QUIET


class OutOfOrder(CandleKind):
    """A bar that is older than one before it."""

    name = "out_of_order"
    codes = ("CANDLE_OUT_OF_ORDER",)
    stage = Stage.TIME
    level = AlertLevel.CRITICAL
    look = staticmethod(look)

    def words(self, event: Event) -> str:
        """Both numbers."""
        return f"opens {event.value:g} s before the newest bar"

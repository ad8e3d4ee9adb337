"""A bar of an instant that is still to come."""

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
    """Whether it opens after the present instant, where that is known."""
    if bar.ts > bar.now:
        return own, Said(RAISED, bar.ts - bar.now, 0.0, bar.ts)
    return own, QUIET


class FromFuture(CandleKind):
    """A bar of an instant that is still to come."""

    name = "from_future"
    codes = ("CANDLE_FROM_FUTURE",)
    stage = Stage.TIME
    level = AlertLevel.CRITICAL
    look = staticmethod(look)

    def words(self, event: Event) -> str:
        """Both numbers."""
        return f"opens {event.value:g} s after the present instant"

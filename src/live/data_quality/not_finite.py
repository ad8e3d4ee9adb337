"""A price that is no number, or no finite one."""

from __future__ import annotations

import math
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
    """Whether one of the prices is NaN or infinite, or the volume infinite; a missing volume is sound."""
    for price in (bar.open, bar.high, bar.low, bar.close):
        if not math.isfinite(price):
            return own, Said(RAISED, price, 0.0, bar.ts)
    if math.isinf(bar.volume):
        return own, Said(RAISED, bar.volume, 0.0, bar.ts)
    return own, QUIET


class NotFinite(CandleKind):
    """A price that is no number, or no finite one."""

    name = "not_finite"
    codes = ("CANDLE_NOT_FINITE",)
    stage = Stage.NUMBERS
    skips_plain = True
    level = AlertLevel.CRITICAL
    look = staticmethod(look)

    def words(self, event: Event) -> str:
        """Both numbers."""
        return f"a price or the volume is {event.value!r}"

"""A bar of an instant that has come before."""

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
    """Whether its instant is that of the newest bar."""
    if bar.ts == past.newest:
        return own, Said(RAISED, 0.0, 0.0, bar.ts)
    return own, QUIET


class Repeated(CandleKind):
    """A bar of an instant that has come before."""

    name = "repeated"
    codes = ("CANDLE_REPEATED",)
    stage = Stage.TIME
    level = AlertLevel.CRITICAL
    look = staticmethod(look)

    def words(self, event: Event) -> str:  # noqa: ARG002 - it has no number
        """Both numbers."""
        return "a bar of that instant has come before"

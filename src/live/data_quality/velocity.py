"""A fast market: prices that move faster than usual, and are true."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from live.bars.kind import Stage
from live.bars.moves import is_smaller, score_of
from live.bars.values import QUIET, RAISED, RESOLVED, STAYED, Bar, Move, Past, Said
from live.contracts import CandleKind, PositiveKeys
from live.events import AlertLevel

if TYPE_CHECKING:
    from live.bars.machine import Event


@dataclass(frozen=True, slots=True)
class VelocityConfig(PositiveKeys):
    """`[live_data.velocity]`.

    Attributes:
        moves: A bar of so many usual moves that stays is a fast market.
        below_pct: A step so large, in percent, is a level shift instead, for which fewer usual moves suffice
            (`[live_data.level_shift]`: `moves`); keep it at its `least_pct`, or steps between are told twice,
            or not at all.
        calm_bars: It is over after so many bars without another such.
    """

    moves: float = 25.0
    below_pct: float = 20.0
    calm_bars: float = 10.0


def look(
    bar: Bar, past: Past, move: Move, limits: tuple[float, ...], own: tuple[float, ...]
) -> tuple[tuple[float, ...], Said]:
    """Whether the bar before has gone far and this one stays; it is over when moves are usual again."""
    moves, least, calm = limits
    left = own[0]
    if move.settled == STAYED and move.was_score >= moves and is_smaller(move.was_ratio, least):
        if left > 0.0:
            return (calm,), QUIET
        return (calm,), Said(RAISED, move.was_score, moves, move.was_ts)
    if left == 0.0:
        return own, QUIET
    left = calm if move.is_suspect == 1 else left - 1.0
    if left > 0.0:
        return (left,), QUIET
    return (0.0,), Said(RESOLVED, score_of(move), moves, bar.ts)


class Velocity(CandleKind):
    """A fast market: prices that move faster than usual, and are true."""

    name = "velocity"
    codes = ("MARKET_FAST",)
    Config: ClassVar[type[VelocityConfig]] = VelocityConfig
    config: VelocityConfig
    sensitivity = ("moves",)
    stage = Stage.PRICES
    level = AlertLevel.WARNING
    start = (0.0,)
    look = staticmethod(look)

    def words(self, event: Event) -> str:
        """Both numbers."""
        return f"a bar of {event.value:.3g} usual moves; {event.bound:.3g} are a fast market"

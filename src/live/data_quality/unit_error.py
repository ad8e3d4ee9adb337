"""A step by a power of ten that stays: prices come in another unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from live.bars.kind import Stage
from live.bars.moves import powers_of_ten
from live.bars.values import QUIET, RAISED, RESOLVED, STAYED, Bar, Move, Past, Said
from live.contracts import CandleKind, PositiveKeys
from live.events import AlertLevel

if TYPE_CHECKING:
    from live.bars.machine import Event


@dataclass(frozen=True, slots=True)
class UnitErrorConfig(PositiveKeys):
    """`[live_data.unit_error]`.

    Attributes:
        tolerance_pct: How far from a power of ten a step may lie, in percent of it.
        moves: A step of fewer usual moves is none.
    """

    tolerance_pct: float = 10.0
    moves: float = 12.0


def look(
    bar: Bar, past: Past, move: Move, limits: tuple[float, ...], own: tuple[float, ...]
) -> tuple[tuple[float, ...], Said]:
    """Whether the bar before has stepped by about a power of ten, and this one stays; and the step back."""
    tolerance, moves = limits
    offset = own[0]
    if move.settled != STAYED or move.was_score < moves:
        return own, QUIET
    power = powers_of_ten(move.was_ratio, tolerance)
    if power == 0.0:
        return own, QUIET
    if power + offset == 0.0:
        return (0.0,), Said(RESOLVED, move.was_ratio, 1.0, move.was_ts)
    return (power + offset,), Said(RAISED, move.was_ratio, 1.0, move.was_ts)


class UnitError(CandleKind):
    """A step by a power of ten that stays: prices come in another unit."""

    name = "unit_error"
    codes = ("CANDLE_UNIT_ERROR",)
    Config: ClassVar[type[UnitErrorConfig]] = UnitErrorConfig
    config: UnitErrorConfig
    sensitivity = ("moves",)
    stage = Stage.PRICES
    level = AlertLevel.CRITICAL
    start = (0.0,)
    look = staticmethod(look)

    def words(self, event: Event) -> str:
        """Both numbers."""
        return f"prices are {event.value:.4g} times what they were, and stay there"

"""A step that stays and is no power of ten: a split, a redenomination, another contract."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from live.bars.kind import Stage
from live.bars.moves import is_smaller, powers_of_ten
from live.bars.values import QUIET, RAISED, STAYED, Bar, Move, Past, Said
from live.contracts import CandleKind, PositiveKeys
from live.events import AlertLevel

if TYPE_CHECKING:
    from live.bars.machine import Event


@dataclass(frozen=True, slots=True)
class LevelShiftConfig(PositiveKeys):
    """`[live_data.level_shift]`.

    Attributes:
        least_pct: A smaller step is a fast market, in percent.
        moves: A step of fewer usual moves is none.
    """

    least_pct: float = 20.0
    moves: float = 8.0


def look(
    bar: Bar, past: Past, move: Move, limits: tuple[float, ...], own: tuple[float, ...]
) -> tuple[tuple[float, ...], Said]:
    """Whether the bar before has stepped by more than markets move, and this one is still there."""
    least, moves, tolerance = limits
    if move.settled != STAYED or move.was_score < moves or powers_of_ten(move.was_ratio, tolerance) != 0.0:
        return own, QUIET
    if is_smaller(move.was_ratio, least):
        return own, QUIET
    return own, Said(RAISED, move.was_ratio, 1.0, move.was_ts)


class LevelShift(CandleKind):
    """A step that stays and is no power of ten: a split, a redenomination, another contract."""

    name = "level_shift"
    codes = ("CANDLE_LEVEL_SHIFT",)
    Config: ClassVar[type[LevelShiftConfig]] = LevelShiftConfig
    config: LevelShiftConfig
    sensitivity = ("least_pct", "moves")
    reads = ("unit_error.tolerance_pct",)
    stage = Stage.PRICES
    level = AlertLevel.WARNING
    look = staticmethod(look)

    def words(self, event: Event) -> str:
        """Both numbers."""
        return f"prices are {event.value:.4g} times what they were, and stay there"

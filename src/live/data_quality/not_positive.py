"""A price of zero or below, where none may be; a volume below zero."""

from __future__ import annotations

from collections.abc import Sequence  # noqa: TC003 - the reader of configurations looks at the annotation
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from live.bars.kind import Stage
from live.bars.values import QUIET, RAISED, Bar, Move, Past, Said
from live.contracts import CandleKind
from live.events import AlertLevel

if TYPE_CHECKING:
    from live.bars.machine import Event


@dataclass(frozen=True, slots=True)
class NotPositiveConfig:
    """`[live_data.not_positive]`.

    Attributes:
        negative_prices: Symbols whose prices may be zero or below, such as spreads and electricity.
    """

    negative_prices: Sequence[str] = ()


def look(
    bar: Bar, past: Past, move: Move, limits: tuple[float, ...], own: tuple[float, ...]
) -> tuple[tuple[float, ...], Said]:
    """Whether a price is not above zero, or the volume below it."""
    (negative_prices,) = limits
    lowest = min(bar.open, bar.high, bar.low, bar.close)
    if lowest <= 0.0 and negative_prices == 0.0:
        return own, Said(RAISED, lowest, 0.0, bar.ts)
    if bar.volume < 0.0:
        return own, Said(RAISED, bar.volume, 0.0, bar.ts)
    return own, QUIET


class NotPositive(CandleKind):
    """A price of zero or below, where none may be; a volume below zero."""

    name = "not_positive"
    codes = ("CANDLE_NOT_POSITIVE",)
    Config: ClassVar[type[NotPositiveConfig]] = NotPositiveConfig
    config: NotPositiveConfig
    stage = Stage.NUMBERS
    skips_plain = True
    level = AlertLevel.CRITICAL
    look = staticmethod(look)

    def limits(self) -> tuple[float, ...]:
        """Whether this series may be negative."""
        return (float(self.series.symbol in self.config.negative_prices),)

    def words(self, event: Event) -> str:
        """Both numbers."""
        return f"a price or the volume is {event.value:g}; the least that may be is {event.bound:g}"

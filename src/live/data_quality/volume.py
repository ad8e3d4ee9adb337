"""A volume that cannot be: many times the usual without a move, none with one, another unit."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from live.bars.kind import Stage
from live.bars.moves import WARM_UP
from live.bars.values import QUIET, RAISED, Bar, Move, Past, Said
from live.contracts import CandleKind, PositiveKeys
from live.events import AlertLevel

if TYPE_CHECKING:
    from live.bars.machine import Event


STAYS = 3.0
"""So many bars in a row, and it is another unit: the new level is accepted."""


@dataclass(frozen=True, slots=True)
class VolumeConfig(PositiveKeys):
    """`[live_data.volume]`.

    Attributes:
        least_factor: A smaller factor is never told.
        spreads: How many times its own usual spread the logarithm may lie away.
    """

    least_factor: float = 20.0
    spreads: float = 4.5


def look(
    bar: Bar, past: Past, move: Move, limits: tuple[float, ...], own: tuple[float, ...]
) -> tuple[tuple[float, ...], Said]:
    """How far the volume is from what moves of that size usually trade.

    What is left of its logarithm, after the usual volume and the size of the bar, is measured against its own
    spread, and against the largest that was seen lately: volumes have heavy tails of their own.
    """
    least, spreads = limits
    center, spread, largest, seen, none, run = own
    if not bar.volume >= 0.0 or past.seen < WARM_UP:
        return own, QUIET
    ranges = bar.high > bar.low
    if bar.volume == 0.0:
        unusual = ranges and seen >= 100.0 and none < 0.01
        none += ((1.0 if ranges else 0.0) - none) / 200.0
        after = (center, spread, largest, seen, none, run)
        return after, Said(RAISED, 0.0, factor(center), bar.ts) if unusual else QUIET
    none -= none / 200.0
    size = max(move.distance, move.range)
    expected = bar.volume / (size / move.usual) if size > move.usual else bar.volume
    left = math.log(max(expected, 5e-324))
    excess = left - center
    far = max(math.log(least), spreads * spread)
    high, low = excess >= max(far, 1.2 * largest), -excess >= far
    if seen >= 50.0 and (high or low):
        run = (max(run, 0.0) + 1.0) if high else (min(run, 0.0) - 1.0)
        stays = abs(run) == STAYS
        said = Said(RAISED, factor(excess), factor(far if high else -far), bar.ts)
        after = (left if stays else center, spread, largest, seen, none, 0.0 if stays else run)
        return after, said if run in (1.0, -STAYS) else QUIET
    seen += 1.0
    if seen > WARM_UP:
        excess = min(max(excess, -4.0 * max(spread, 0.25)), 4.0 * max(spread, 0.25))
        largest = max(largest * 0.999, excess)
    center += excess / min(seen, 200.0)
    spread += (abs(excess) - spread) / min(seen, 200.0)
    return (center, spread, largest, seen, none, 0.0), QUIET


def factor(power: float) -> float:
    """How many times the usual it is; what is beyond all numbers is the largest."""
    return math.exp(min(power, 709.0))


class Volume(CandleKind):
    """A volume that cannot be: many times the usual without a move, none with one, another unit."""

    name = "volume"
    codes = ("CANDLE_VOLUME",)
    Config: ClassVar[type[VolumeConfig]] = VolumeConfig
    config: VolumeConfig
    sensitivity = ("least_factor", "spreads")
    stage = Stage.PRICES
    level = AlertLevel.WARNING
    start = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    look = staticmethod(look)

    def words(self, event: Event) -> str:
        """Both numbers."""
        return (
            f"{event.value:.4g} times the volume that such a bar usually has; {event.bound:.4g} is credible"
        )

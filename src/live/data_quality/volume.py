"""A volume that cannot be: far above all around it, none where there always was one, another unit."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from live.bars.kind import Stage
from live.bars.moves import WARM_UP
from live.bars.tail import SHARE
from live.bars.values import QUIET, RAISED, Bar, Move, Past, Said
from live.bars.volumes import (
    AT_FIRST,
    NO_RUN,
    Empty,
    Held,
    Run,
    Usual,
    anew,
    counted,
    emptied,
    filled,
    holding,
    joined,
    known_shift,
    learnt,
    parted,
    side_of,
)
from live.compiling.seldom import seldom, unlikely
from live.contracts import CandleKind, PositiveKeys
from live.events import AlertLevel

if TYPE_CHECKING:
    from live.bars.machine import Event


SMALLEST, LARGEST = 1e-100, 1e100
"""Less is no volume, and more no number of anything."""
EARLY = 45.0
"""Where few bars have told, bounds are higher: by so many over those that have."""
HEAVIEST = 0.55
"""No tail of volumes is taken to be heavier; those of prices are lighter."""
KNOWN = 100.0
"""So many bars before it means anything that there is no volume, or that all are larger."""
RARE = 0.01
"""Where a larger share of moving bars has no volume, none of them is told."""
LONG = 8.0
"""So many bars more on one side than not, and it is another unit: the new level is accepted."""


@dataclass(frozen=True, slots=True)
class VolumeConfig(PositiveKeys):
    """`[live_data.volume]`.

    Attributes:
        odds: A volume is false when the series' own tail brings one so many times what is around it less
            often than once in so many bars.
        least_factor: It is never false when it is fewer times that.
        unit_factor: In another unit it is so many times the usual, or such a part of it, at the least.
    """

    odds: float = 8_000.0
    least_factor: float = 10.0
    unit_factor: float = 20.0


def look(
    bar: Bar, past: Past, move: Move, limits: tuple[float, ...], own: tuple[float, ...]
) -> tuple[tuple[float, ...], Said]:
    """Whether the bar before traded what nothing around it comes near, this one nothing, or all another unit.

    A true volume is not alone: the bars around it trade more too, and prices move the farther the more is
    traded (P. K. Clark, "A subordinated stochastic process model", Econometrica, 1973). How far above all
    that is too far is told by the series' own tail.
    """
    if not 0.0 <= bar.volume < LARGEST:
        return own, QUIET
    usual, held, empty, run = parted(own)
    if bar.volume < SMALLEST:
        ranges = 1 if bar.high > bar.low else 0
        said = none_at_all(bar, usual, empty, ranges, limits)
        return joined(usual, held, emptied(empty, ranges), run), said
    said = QUIET
    if held.volume > 0.0:
        around = 0.25 * (bar.volume + usual.quick) + 0.5 * usual.level
        score = held.volume / (around * held.moved)
        said = alone(score, held, usual, limits)
        if said.what != RAISED:
            usual = learnt(usual, held.volume, score)
            if unlikely(run.length != 0.0 or side_of(bar.volume, usual.level, limits[2]) != 0.0):
                usual, run, said = beyond(bar, usual, run, limits)
    return joined(usual, holding(bar, move), filled(empty), run), said


@seldom
def none_at_all(bar: Bar, usual: Usual, empty: Empty, ranges: int, limits: tuple[float, ...]) -> Said:
    """Whether a bar without volume is unusual: where prices moved, or where no bar ever was without."""
    unusual = empty.share < RARE if ranges == 1 else empty.wakes <= 0.0
    return Said(RAISED, 0.0, 1.0 / limits[2], bar.ts) if unusual and usual.bars >= KNOWN else QUIET


def alone(score: float, held: Held, usual: Usual, limits: tuple[float, ...]) -> Said:
    """Whether the bar before is so many times what is around it that the series does not bring that."""
    if score <= limits[1] or score <= usual.high or usual.bars < WARM_UP:
        return QUIET
    return far_above(score, held, usual, limits)


@seldom
def far_above(score: float, held: Held, usual: Usual, limits: tuple[float, ...]) -> Said:
    """Whether the tail brings such a one less often than once in so many bars."""
    odds, least = limits[0], limits[1]
    tail = usual.high * math.pow(SHARE * odds, min(usual.high_by, HEAVIEST))
    bound = max(least, tail) * (1.0 + EARLY / usual.bars)
    return Said(RAISED, score, bound, held.ts) if score > bound else QUIET


@seldom
def beyond(bar: Bar, usual: Usual, run: Run, limits: tuple[float, ...]) -> tuple[Usual, Run, Said]:
    """What is known, and what is to be said, where volumes lie on one side of the level."""
    run = counted(run, bar, usual.level, limits[2])
    if abs(run.length) < LONG:
        return usual, run, QUIET
    return anew(usual, run.mean), NO_RUN, another_unit(run, usual, limits)


def another_unit(run: Run, usual: Usual, limits: tuple[float, ...]) -> Said:
    """Whether volumes went farther than they ever did by themselves, as from day to night."""
    bound = max(limits[2], known_shift(usual))
    ratio = run.mean / usual.level
    if usual.bars < KNOWN or 1.0 / bound <= ratio <= bound:
        return QUIET
    return Said(RAISED, ratio, bound if ratio > 1.0 else 1.0 / bound, run.ts)


class Volume(CandleKind):
    """A volume that cannot be: far above all around it, none where there always was one, another unit."""

    name = "volume"
    codes = ("CANDLE_VOLUME",)
    Config: ClassVar[type[VolumeConfig]] = VolumeConfig
    config: VolumeConfig
    sensitivity = ("odds", "least_factor", "unit_factor")
    stage = Stage.PRICES
    level = AlertLevel.WARNING
    start = AT_FIRST
    look = staticmethod(look)

    def words(self, event: Event) -> str:
        """Both numbers."""
        return (
            f"{event.value:.4g} times the volume that such a bar usually has; {event.bound:.4g} is credible"
        )

"""Faults placed in one series and looked for, and the alarms on the series as it is."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.detection.kinds import KINDS, without_volume
from benchmarks.detection.second import second_feed
from drills.replay.placed import alarms_of, frame_of, is_told, spoilt
from drills.series_files import Cut, read_candles
from live.history import check_candles

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from benchmarks.detection.series import Source
    from drills.replay.placed import Alarm, Placed
    from live.candles import Candle, Series

PLACES, BEFORE, AFTER = 50, 600, 60
SEED = 20_260_101


class Measured(NamedTuple):
    """What one series came to.

    Attributes:
        bars: How many it has.
        found: For each kind how many faults were told by its name; None where the series cannot have it.
        alarms: How many there are on the series as it is, by what they come to.
    """

    bars: int
    found: list[int | None]
    alarms: Counter[str]


class Market(NamedTuple):
    """A series with what other feeds say of it."""

    candles: list[Candle]
    series: Series
    other: pl.DataFrame | None

    def told(self, candles: Sequence[Candle]) -> list[Alarm]:
        """What the guards raise of these bars."""
        frame = frame_of(candles)
        if self.other is None:
            return alarms_of(check_candles(frame, self.series, way="compiled"))
        first, last = min(one.ts for one in candles), max(one.ts for one in candles)
        beside = self.other.filter(self.other["ts"].is_between(first, last))
        return alarms_of(check_candles(frame, self.series, others=[beside], way="compiled"))


def measured(source: Source, feeds: int) -> Measured:
    """Whichever faults are found in a series that one feed tells, or two."""
    candles = read_candles("X", source.path, Cut())
    other = second_feed(frame_of(candles), _chance(source.name)) if feeds > 1 else None
    market = Market(candles, source.series(), other)
    told = market.told(candles)
    rng = _chance(source.name)
    parts = [
        candles[place - BEFORE : place + AFTER]
        for place in (rng.randrange(BEFORE, len(candles) - AFTER) for _ in range(PLACES))
    ]
    known = [set(market.told(part)) for part in parts]
    return Measured(
        len(candles),
        [_found(market, kind, parts, known) for kind in KINDS],
        Counter(source.what(alarm) for alarm in told),
    )


def _found(
    market: Market, kind: Placed, parts: Sequence[list[Candle]], known: Sequence[set[Alarm]]
) -> int | None:
    """How many faults of a kind are told by its own name, at one of their bars or at the next."""
    if "CANDLE_VOLUME" in kind.codes and without_volume(market.candles):
        return None
    rng, hits = _chance(kind.name), 0
    for part, before in zip(parts, known, strict=True):
        spoiled = spoilt(part, BEFORE, kind, rng, market.series.timeframe)
        new = [one for one in market.told(spoiled) if one not in before]
        hits += is_told(kind, part, spoiled, BEFORE, new)
    return hits


def _chance(name: str) -> Random:
    return Random(f"{SEED} {name}")  # noqa: S311 - seeded, guards no secret

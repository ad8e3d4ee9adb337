"""How many faults of each size would have been found in a history of one's own."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from drills.errors import UnusableInputError
from drills.replay.curves import LONGEST
from drills.replay.placed import alarms_of, frame_of, is_told, sigma_at, spoilt
from live.candles import Candle

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import polars as pl

    from drills.replay.curves import Curve
    from drills.replay.placed import Alarm
    from drills.replay.watched import Watched

BEFORE = 300
"""Bars that the guards learn from before each fault."""
AFTER = LONGEST + 2
LEAST = BEFORE + AFTER
"""So many bars are needed."""
TRIES = 20
"""So many bars are looked at for one that can have a fault, before it is given up."""


class Point(NamedTuple):
    """How many faults of one size were found, of how many that were placed."""

    size: float
    found: int
    of: int


@dataclass(frozen=True, slots=True)
class Spot:
    """A stretch of the history: `BEFORE` bars, then those that a fault may change.

    Attributes:
        row: Where in the history the fault begins.
        bars: The stretch.
        known: What is raised of it as it is.
    """

    row: int
    bars: list[Candle]
    known: frozenset[Alarm]


@dataclass(frozen=True, slots=True)
class Chance:
    """How faults are placed: so many of each size, by this seed."""

    places: int = 50
    seed: int = 1


def power(
    history: pl.DataFrame, watched: Watched, curves: Sequence[Curve], chance: Chance
) -> dict[str, list[Point]]:
    """Points of each curve, by its name; none of a curve that no bar of the history fits.

    Raises:
        UnusableInputError: the history is too short.
    """
    if history.height < LEAST:
        text = f"{history.height:,} bars are too few to place faults in; {LEAST:,} or more are needed"
        raise UnusableInputError(text)
    sizes = sum(len(curve.sizes) for curve in curves)
    quick = watched.in_small_parts(chance.places * sizes * LEAST)
    spots = _Spots(history, quick)
    return {curve.name: list(_points(curve, spots, quick, chance)) for curve in curves}


class _Spots:
    """Stretches of a history, each asked about once."""

    def __init__(self, history: pl.DataFrame, watched: Watched) -> None:
        self._history, self._watched = history.select("ts", "open", "high", "low", "close", "volume"), watched
        self._made: dict[int, Spot] = {}

    def some(self, curve: Curve, chance: Chance) -> list[Spot]:
        """Stretches where the fault can be; every curve is offered the same ones, in the same order."""
        rng = Random(f"{chance.seed} places")  # noqa: S311 - seeded, guards no secret
        found: list[Spot] = []
        for _ in range(chance.places * TRIES):
            spot = self._at(rng.randrange(BEFORE, self._history.height - AFTER + 1))
            if curve.fits(spot.bars[BEFORE], sigma_at(spot.bars, BEFORE)):
                found.append(spot)
            if len(found) == chance.places:
                break
        return found

    def _at(self, row: int) -> Spot:
        if row not in self._made:
            part = self._history.slice(row - BEFORE, LEAST)
            bars = [Candle(self._watched.series.symbol, *one) for one in part.rows()]
            self._made[row] = Spot(row, bars, frozenset(alarms_of(self._watched.said(part))))
        return self._made[row]


def _points(curve: Curve, spots: _Spots, watched: Watched, chance: Chance) -> Iterator[Point]:
    some = spots.some(curve, chance)
    for size in curve.sizes if some else ():
        yield Point(size, sum(_found(curve, size, spot, watched, chance.seed) for spot in some), len(some))


def _found(curve: Curve, size: float, spot: Spot, watched: Watched, seed: int) -> bool:
    """Whether the fault is told; what chance chooses is the same for every size."""
    kind = curve.made(size)
    rng = Random(f"{seed} {curve.name} {spot.row}")  # noqa: S311 - seeded, guards no secret
    clean = spot.bars[: BEFORE + max(kind.bars, 1) + 1]
    spoiled = spoilt(clean, BEFORE, kind, rng, watched.series.timeframe)
    new = [one for one in alarms_of(watched.said(frame_of(spoiled))) if one not in spot.known]
    return is_told(kind, clean, spoiled, BEFORE, new)

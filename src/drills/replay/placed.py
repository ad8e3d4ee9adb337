"""Faults placed in a real series, seeded, by the same transformers that scenarios use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from drills.registry import SERIES_FAULTS
from drills.replay.candle_summary import raised_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime, timedelta
    from random import Random

    import polars as pl

    from live.candles import Candle

LOCAL = 200
"""Bars that "local" looks back: the median absolute deviation of their returns, as a standard deviation."""
_NUMBERS = ("open", "high", "low", "close", "volume")


@dataclass(frozen=True, slots=True)
class Placed:
    """A kind of fault, as it is placed.

    Attributes:
        name: What a table calls it.
        codes: What the guards should call it.
        fault: Name of the transformer and its parameters, made anew for each place from chance, the local
            standard deviation and the length of a bar.
        bars: How many bars it lasts; 0 for all that follow.
    """

    name: str
    codes: tuple[str, ...]
    fault: Callable[[Random, float, timedelta], tuple[str, dict[str, Any]]]
    bars: int = 1


class Alarm(NamedTuple):
    """An alarm that was raised: its code, and the bar that it is about."""

    code: str
    ts: datetime


def sigma_at(candles: Sequence[Candle], place: int) -> float:
    """The local standard deviation of returns before a bar, robust; NaN where prices have no logarithm."""
    import numpy as np

    with np.errstate(invalid="ignore", divide="ignore"):
        moves = np.diff(np.log([one.close for one in candles[max(0, place - LOCAL) : place]]))
        return float(1.4826 * np.median(np.abs(moves - np.median(moves))))


def spoilt(
    candles: Sequence[Candle], place: int, kind: Placed, rng: Random, timeframe: timedelta
) -> list[Candle]:
    """The series with one fault from that bar on."""
    name, params = kind.fault(rng, sigma_at(candles, place), timeframe)
    leaf = SERIES_FAULTS[name]
    fault = leaf(leaf.Params.model_validate(params), rng)
    until = place + kind.bars if kind.bars else len(candles)
    out: list[Candle] = []
    for number, candle in enumerate(candles):
        out += fault.arrive(candle) if place <= number < until else [candle]
    return out


def is_told(
    kind: Placed,
    clean: Sequence[Candle],
    spoiled: Sequence[Candle],
    place: int,
    new: Iterable[Alarm],
) -> bool:
    """Whether a fault is told by its own name, at one of its bars or at the next.

    Args:
        kind: What was placed.
        clean: The series without the fault.
        spoiled: The series with it.
        place: The bar where it begins.
        new: What the guards raise of the spoiled series and not of the clean one.
    """
    first = min(clean[place].ts, spoiled[min(place, len(spoiled) - 1)].ts)
    last = clean[min(place + max(kind.bars, 1), len(clean) - 1)].ts
    return any(one.code in kind.codes and first <= one.ts <= last for one in new)


def frame_of(candles: Sequence[Candle]) -> pl.DataFrame:
    """Candles as a frame."""
    import polars as pl

    columns = {name: [getattr(one, name) for one in candles] for name in ("ts", *_NUMBERS)}
    return pl.DataFrame(columns, schema_overrides=dict.fromkeys(_NUMBERS, pl.Float64))


def alarms_of(said: pl.DataFrame) -> list[Alarm]:
    """What was raised, out of all that `check_candles` gave."""
    return [Alarm(*row) for row in raised_of(said).select("code", "ts").rows()]

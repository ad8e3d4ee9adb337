"""Faults placed in a real series, seeded, by the same transformers that scenarios use."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from drills.registry import SERIES_FAULTS

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from live.candles import Candle

SIGMAS = (6.0, 40.0)
"""Bad prints are so many local sigmas away, log-uniform."""
LOCAL = 200
"""Bars that "local" looks back: the median absolute deviation of their returns, as a standard deviation."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A kind of fault, as it is placed.

    Attributes:
        name: What the table calls it.
        codes: What the guards should call it.
        fault: Name of the transformer and its parameters, made anew for each place.
        bars: How many bars it lasts; 0 for all that follow.
    """

    name: str
    codes: tuple[str, ...]
    fault: Callable[[Random, float, timedelta], tuple[str, dict[str, Any]]]
    bars: int = 1


def sigma_at(candles: list[Candle], place: int) -> float:
    """The local standard deviation of returns before a bar, robust."""
    closes = np.log([one.close for one in candles[max(0, place - LOCAL) : place]])
    moves = np.diff(closes)
    return float(1.4826 * np.median(np.abs(moves - np.median(moves))))


def spoilt(
    candles: list[Candle], place: int, kind: Placed, rng: Random, timeframe: timedelta
) -> list[Candle]:
    """The series with one fault from that bar on."""
    name, params = kind.fault(rng, sigma_at(candles, place), timeframe)
    leaf = SERIES_FAULTS[name]
    fault = leaf(leaf.Params.model_validate(params), rng)
    until = place + kind.bars if kind.bars else len(candles)
    out: list[Candle] = []
    for number, candle in enumerate(candles):
        out += fault.transform(candle) if place <= number < until else [candle]
    return out


def _spike(rng: Random, sigma: float, _timeframe: timedelta) -> tuple[str, dict[str, Any]]:
    size = math.exp(rng.uniform(*map(math.log, SIGMAS))) * sigma
    field = rng.choice(["close", "close", "high", "low"])
    sign = {"high": 1.0, "low": -1.0}.get(field) or rng.choice([-1.0, 1.0])
    return "spike", {"field": field, "factor": math.exp(sign * size)}


def _set(**values: float) -> Callable[[Random, float, timedelta], tuple[str, dict[str, Any]]]:
    return lambda _rng, _sigma, _timeframe: ("set", values)


def _scaled(what: str, *factors: float) -> Callable[[Random, float, timedelta], tuple[str, dict[str, Any]]]:
    return lambda rng, _sigma, _timeframe: ("scale", {what: rng.choice(factors)})


KINDS = (
    Placed("repeated", ("CANDLE_REPEATED",), lambda *_: ("duplicate", {})),
    Placed("out of order", ("CANDLE_OUT_OF_ORDER",), lambda _r, _s, bar: ("shift", {"back": 5 * bar})),
    Placed("gap", ("DATA_GAP",), lambda *_: ("drop", {}), bars=3),
    Placed("not a number", ("CANDLE_NOT_FINITE",), _set(close=math.nan)),
    Placed("not positive", ("CANDLE_NOT_POSITIVE",), _set(low=0.0)),
    Placed("high below low", ("CANDLE_INCONSISTENT",), _set(high=1e-6)),
    Placed(
        "wrong unit", ("CANDLE_UNIT_ERROR",), _scaled("prices", 0.001, 0.01, 0.1, 10.0, 100.0, 1000.0), bars=0
    ),
    Placed(
        "level shift",
        ("CANDLE_LEVEL_SHIFT",),
        _scaled("prices", 0.25, 0.5, 2 / 3, 1.5, 2.0, 3.0, 4.0),
        bars=0,
    ),
    Placed("frozen", ("CANDLE_FROZEN",), lambda *_: ("freeze", {}), bars=40),
    Placed(
        "clock shift",
        ("CANDLE_CLOCK_SHIFT",),
        lambda _r, _s, _bar: ("shift", {"ahead": timedelta(seconds=7)}),
        bars=0,
    ),
    Placed("volume", ("CANDLE_VOLUME",), _scaled("volume", 0.0, 50.0, 100.0, 300.0, 1000.0)),
    Placed("bad print", ("CANDLE_BAD_PRINT",), _spike),
)


def without_volume(candles: list[Candle]) -> bool:
    """Whether the source has no volume at all."""
    return not any(one.volume > 0 for one in candles)

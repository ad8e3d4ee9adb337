"""Which faults are placed: of each kind those that somebody has met."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from drills.replay.placed import Placed

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from live.candles import Candle

SIGMAS = (6.0, 40.0)
"""Bad prints are so many local sigmas away, log-uniform."""


def _spike(rng: Random, sigma: float, _timeframe: timedelta) -> tuple[str, dict[str, Any]]:
    size = math.exp(rng.uniform(*map(math.log, SIGMAS))) * sigma
    field = rng.choice(["close", "close", "high", "low"])
    sign = {"high": 1.0, "low": -1.0}.get(field) or rng.choice([-1.0, 1.0])
    return "spike", {"field": field, "factor": math.exp(sign * size)}


def _stuck(rng: Random, sigma: float, _timeframe: timedelta) -> tuple[str, dict[str, Any]]:
    size = math.exp(rng.uniform(*map(math.log, SIGMAS))) * sigma
    field = rng.choice(["high", "low"])
    return "freeze", {"field": field, "factor": math.exp(size if field == "high" else -size)}


def _set(**values: float) -> Callable[[Random, float, timedelta], tuple[str, dict[str, Any]]]:
    return lambda _rng, _sigma, _timeframe: ("set", values)


def _scaled(what: str, *factors: float) -> Callable[[Random, float, timedelta], tuple[str, dict[str, Any]]]:
    return lambda rng, _sigma, _timeframe: ("scale", {what: rng.choice(factors)})


KINDS = (
    Placed("repeated", ("CANDLE_REPEATED",), lambda *_: ("duplicate", {})),
    Placed("out of order", ("CANDLE_OUT_OF_ORDER",), lambda *_: ("swap", {}), bars=2),
    Placed("misdated", ("CANDLE_OUT_OF_ORDER",), lambda _r, _s, bar: ("shift", {"back": 100 * bar})),
    Placed("gap", ("DATA_GAP",), lambda *_: ("drop", {}), bars=3),
    Placed("not a number", ("CANDLE_NOT_FINITE",), _set(close=math.nan)),
    Placed("not positive", ("CANDLE_NOT_POSITIVE",), _set(low=0.0)),
    # halved: exchanging high and low changes nothing in a bar without range
    Placed("high below low", ("CANDLE_INCONSISTENT",), _scaled("high", 0.5)),
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
    Placed("last bar repeated", ("CANDLE_FROZEN",), lambda *_: ("freeze", {"whole": True}), bars=10),
    Placed("one price stuck", ("CANDLE_STUCK",), _stuck, bars=20),
    Placed(
        "clock shift",
        ("CANDLE_CLOCK_SHIFT",),
        lambda _r, _s, _bar: ("shift", {"ahead": timedelta(seconds=7)}),
        bars=0,
    ),
    Placed("volume", ("CANDLE_VOLUME",), _scaled("volume", 0.0, 50.0, 100.0, 300.0, 1000.0)),
    Placed("other unit of volume", ("CANDLE_VOLUME",), _scaled("volume", 0.001, 0.01, 100.0, 1000.0), bars=0),
    Placed("bad print", ("CANDLE_BAD_PRINT",), _spike),
)


def without_volume(candles: list[Candle]) -> bool:
    """Whether the source has no volume at all."""
    return not any(one.volume > 0 for one in candles)

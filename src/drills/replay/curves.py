"""Which faults are placed in a history of one's own, and how large: a curve for each."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from drills.replay.placed import Placed

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta
    from random import Random

    from live.candles import Candle

    Fault = Callable[[Random, float, timedelta], tuple[str, dict[str, Any]]]

SIGMAS = (4.0, 6.0, 10.0, 16.0, 25.0, 40.0)
STEPS_PCT = (5.0, 10.0, 25.0, 50.0, 100.0, 200.0)
FACTORS = (3.0, 10.0, 20.0, 50.0, 100.0, 300.0)
GAPS = (1, 2, 3, 5, 10)
RUNS = (3, 4, 5, 7, 10, 20)
LONGEST = max(*GAPS, *RUNS)
"""Bars that the longest fault lasts."""


@dataclass(frozen=True, slots=True)
class Curve:
    """One kind of fault in growing sizes.

    Attributes:
        name: What the table calls it.
        group: What is drawn together, on one axis.
        unit: What a size counts.
        sizes: From the smallest.
        made: The fault of a size.
        fits: Whether a bar can have it; `sigma` is the local standard deviation of returns, a share.
    """

    name: str
    group: str
    unit: str
    sizes: tuple[float, ...]
    made: Callable[[float], Placed]
    fits: Callable[[Candle, float], bool] = lambda _bar, _sigma: True

    @property
    def codes(self) -> tuple[str, ...]:
        """What the guards should call it."""
        return self.made(self.sizes[0]).codes


def _print(field: str) -> Curve:
    def made(size: float) -> Placed:
        def fault(rng: Random, sigma: float, _timeframe: timedelta) -> tuple[str, dict[str, Any]]:
            sign = {"high": 1.0, "low": -1.0}.get(field) or rng.choice((-1.0, 1.0))
            return "spike", {"field": field, "factor": math.exp(sign * size * sigma)}

        return Placed(f"bad {field}", ("CANDLE_BAD_PRINT",), fault)

    return Curve(f"bad {field}", "bad print", "local sigmas", SIGMAS, made, lambda _bar, sigma: 0 < sigma < 1)


def _step(size: float) -> Placed:
    def fault(rng: Random, _sigma: float, _timeframe: timedelta) -> tuple[str, dict[str, Any]]:
        return "scale", {"prices": (1.0 + size / 100.0) ** rng.choice((-1.0, 1.0))}

    return Placed("level step", ("CANDLE_LEVEL_SHIFT", "MARKET_FAST"), fault, bars=0)


def _volume(size: float) -> Placed:
    return Placed("volume", ("CANDLE_VOLUME",), lambda *_: ("scale", {"volume": size}))


def _gap(size: float) -> Placed:
    return Placed("gap", ("DATA_GAP",), lambda *_: ("drop", {}), bars=int(size))


def _frozen(size: float) -> Placed:
    return Placed("frozen", ("CANDLE_FROZEN",), lambda *_: ("freeze", {}), bars=int(size))


CURVES = (
    *map(_print, ("close", "high", "low", "open")),
    Curve("level step", "level step", "percent", STEPS_PCT, _step),
    Curve("volume", "volume", "times as much", FACTORS, _volume, lambda bar, _sigma: bar.volume > 0),
    Curve("gap", "gap", "bars missing", GAPS, _gap),
    Curve("frozen", "frozen", "bars that stand still", RUNS, _frozen),
)

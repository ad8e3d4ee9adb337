"""Candles that cannot be true."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from live.contracts import CandleGuard, Finding
from live.events import AlertLevel
from live.usual_move import Level, UsualMove

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from live.candles import Candle, Series

CODE = "CANDLE_CORRUPT"
_PRICES = ("close", "open", "high", "low")


@dataclass(frozen=True, slots=True)
class CorruptConfig:
    """`[live_data.corrupt]`: when a move between two bars is a jump.

    Attributes:
        jump_factor: Times the usual move of one bar.
        min_jump_pct: A smaller move is never a jump, in percent.
        memory_bars: How many bars "usual" looks back.
        warmup_bars: Bars before "usual" means anything.
        warmup_jump_pct: What is a jump until then, in percent.
    """

    jump_factor: float = 20.0
    min_jump_pct: float = 1.0
    memory_bars: int = 50
    warmup_bars: int = 20
    warmup_jump_pct: float = 50.0

    def __post_init__(self) -> None:
        for name in ("jump_factor", "min_jump_pct", "memory_bars", "warmup_jump_pct"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} is {getattr(self, name)}; it must be above 0")


class _Fault(NamedTuple):
    kind: str
    text: str
    facts: dict[str, object]


class Corrupt(CandleGuard):
    """Raises an alert for every candle that goes back in time, is no number, contradicts itself, or jumps.

    A candle that raised an alarm never enters what is usual. When the bar after a jump stays at the new
    level, that level is accepted: a real shift is one alert, not one a bar.
    """

    name = "corrupt"
    codes = (CODE,)
    Config: ClassVar[type[CorruptConfig]] = CorruptConfig
    config: CorruptConfig

    def __init__(self, series: Series, config: CorruptConfig) -> None:
        """Begin with no idea of the price."""
        super().__init__(series, config)
        self._newest: datetime | None = None
        self._level: Level | None = None
        self._suspect: Level | None = None
        smallest = math.log1p(config.min_jump_pct / 100) / config.jump_factor
        self._usual = UsualMove(series.timeframe, config.memory_bars, smallest)

    def on_candle(self, candle: Candle, now: datetime) -> Iterable[Finding]:
        """Judge time first, then numbers, then level and shape."""
        fault = self._time_fault(candle, now)
        if fault is None:
            self._newest = candle.ts
            fault = _number_fault(candle) or self._price_fault(candle)
        return () if fault is None else (self._finding(candle, fault),)

    def _time_fault(self, candle: Candle, now: datetime) -> _Fault | None:
        if candle.ts > now:
            ahead = (candle.ts - now).total_seconds()
            return _Fault("future", f"opens {ahead:g} s after the present instant", {"ahead_s": ahead})
        if self._newest is None or candle.ts > self._newest:
            return None
        back = (self._newest - candle.ts).total_seconds()
        if not back:
            return _Fault("repeated", "a bar of that instant has come before", {"back_s": back})
        return _Fault("reversed", f"opens {back:g} s before the newest bar", {"back_s": back})

    def _price_fault(self, candle: Candle) -> _Fault | None:
        shape, before = _shape_fault(candle), self._level
        jump = self._jump_from(before, candle)
        if jump is not None and self._suspect is not None and self._jump_from(self._suspect, candle) is None:
            before, jump = self._suspect, None  # it stays where the bar before it jumped to
        if shape is None and jump is None:
            self._accept(candle, before)
        elif shape is None:
            self._suspect = Level(candle.ts, candle.close)
        return jump or shape

    def _accept(self, candle: Candle, before: Level | None) -> None:
        if before is not None:
            self._usual.learn(self._usual.of(candle, before))
        self._level, self._suspect = Level(candle.ts, candle.close), None

    def _jump_from(self, level: Level | None, candle: Candle) -> _Fault | None:
        if level is None or self._usual.of(candle, level) < (allowed := self._allowed()):
            return None
        name = max(_PRICES, key=lambda name: abs(math.log(getattr(candle, name)) - math.log(level.price)))
        price = getattr(candle, name)
        text = (
            f"{name} {price:g} is {price / level.price:.4g} times the last sound close {level.price:g}, "
            f"at most {math.exp(allowed):.4g} times in a bar is credible"
        )
        facts = {"field": name, "value": price, "reference": level.price, "allowed_factor": math.exp(allowed)}
        return _Fault("jump", text, facts)

    def _allowed(self) -> float:
        """The smallest move of one bar that is a jump, a logarithm."""
        usual = self.config.jump_factor * self._usual.size
        if self._usual.seen < self.config.warmup_bars:
            return max(usual, math.log1p(self.config.warmup_jump_pct / 100))
        return usual

    def _finding(self, candle: Candle, fault: _Fault) -> Finding:
        text = (
            f"{candle.symbol}: corrupt candle of {candle.ts:%Y-%m-%dT%H:%M:%SZ}, {fault.kind}: {fault.text}"
        )
        prices = {name: getattr(candle, name) for name in ("open", "high", "low", "close", "volume")}
        context = {"symbol": candle.symbol, "ts": candle.ts, "kind": fault.kind, **prices, **fault.facts}
        return Finding(CODE, AlertLevel.CRITICAL, candle.symbol, text, context)


def _number_fault(candle: Candle) -> _Fault | None:
    """A price that is no positive number, or a volume below zero or infinite; a missing volume is sound."""
    for name in _PRICES:
        price = getattr(candle, name)
        if not _is_finite(price):
            return _Fault("non_finite", f"{name} is {price!r}", {"field": name, "value": price})
        if price <= 0:
            return _Fault("non_positive", f"{name} {price:g} is not above 0", {"field": name, "value": price})
    volume = candle.volume
    if _is_missing(volume) or (_is_finite(volume) and volume >= 0):
        return None
    return _Fault("volume", f"volume {volume!r} is no quantity", {"field": "volume", "value": volume})


def _is_missing(value: object) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def _is_finite(value: object) -> bool:
    """Whether a value that came from outside is a finite number at all."""
    try:
        return isinstance(value, (int, float)) and math.isfinite(value)
    except OverflowError:  # a whole number beyond the range of floats
        return False


def _shape_fault(candle: Candle) -> _Fault | None:
    """A high that is not the highest, or a low that is not the lowest."""
    high, low = candle.high, candle.low
    if low <= candle.open <= high and low <= candle.close <= high:
        return None
    if high < low:
        return _Fault(
            "ohlc", f"high {high:g} below low {low:g}", {"field": "high", "value": high, "bound": low}
        )
    name = "open" if not low <= candle.open <= high else "close"
    price = getattr(candle, name)
    side, bound = ("above high", high) if price > high else ("below low", low)
    facts = {"field": name, "value": price, "bound": bound}
    return _Fault("ohlc", f"{name} {price:g} {side} {bound:g}", facts)

"""`fault: {BTC/EUR: {shift: {back: 1h}}}`, or `{shift: {ahead: 1d}}`."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from pydantic import Field, model_validator

from drills.contracts import SeriesFault
from drills.durations import Duration
from drills.shares import ShareParams

if TYPE_CHECKING:
    from collections.abc import Iterable

    from live.candles import Candle


class ShiftParams(ShareParams):
    """How far a timestamp is off."""

    back: Duration = Field(timedelta(), description="Too early by so much")
    ahead: Duration = Field(timedelta(), description="Too late by so much")

    @model_validator(mode="after")
    def _one_way(self) -> ShiftParams:
        if bool(self.back) == bool(self.ahead):
            raise ValueError("shifts nothing, or both ways; write back: 1h or ahead: 1h")
        return self


class Shift(SeriesFault):
    """Candles arrive in time with a timestamp that is off: a wrong clock, a wrong zone, old data."""

    name = "shift"
    Params = ShiftParams

    def transform(self, candle: Candle) -> Iterable[Candle]:
        """The candle with another opening instant."""
        return [replace(candle, ts=candle.ts - self.params.back + self.params.ahead)]

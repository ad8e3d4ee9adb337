"""`fault: {BTC/EUR: {spike: {field: close, factor: 1.02}}}`: a bad print that its candle agrees with."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from pydantic import ConfigDict, Field

from drills.contracts import SeriesFault
from drills.shares import ShareParams

if TYPE_CHECKING:
    from collections.abc import Iterable

    from live.candles import Candle


class SpikeParams(ShareParams):
    """Which price is false, and by how much."""

    model_config = ConfigDict(allow_inf_nan=False)

    field: Literal["open", "high", "low", "close"] = "close"
    factor: float = Field(gt=0, description="What it is multiplied by")


class Spike(SeriesFault):
    """One price of a candle was never traded; high and low are drawn out to it, as a source would do."""

    name = "spike"
    Params = SpikeParams

    def transform(self, candle: Candle) -> Iterable[Candle]:
        """The candle with that price, and a high and a low that agree with it."""
        price = getattr(candle, self.params.field) * self.params.factor
        high, low = max(candle.high, price), min(candle.low, price)
        return [replace(replace(candle, high=high, low=low), **{self.params.field: price})]

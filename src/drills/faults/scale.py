"""`fault: {BTC/EUR: {scale: {close: 10}}}`, or `{scale: {prices: 100}}` for a wrong unit."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pydantic import Field, model_validator

from drills.contracts import SeriesFault
from drills.shares import ShareParams

if TYPE_CHECKING:
    from collections.abc import Iterable

    from live.candles import Candle

_PRICES = ("open", "high", "low", "close")


class ScaleParams(ShareParams):
    """What each value is multiplied by."""

    prices: float = Field(1.0, description="All four prices")
    open: float = 1.0
    high: float = 1.0
    low: float = 1.0
    close: float = 1.0
    volume: float = 1.0

    @model_validator(mode="after")
    def _something(self) -> ScaleParams:
        if not self.chosen:
            raise ValueError("scales nothing; write a factor, such as close: 10")
        return self


class Scale(SeriesFault):
    """Values come too large or too small by a factor; the other values of the candle stay as they are."""

    name = "scale"
    Params = ScaleParams

    def transform(self, candle: Candle) -> Iterable[Candle]:
        """The candle with its values multiplied."""
        factors = {name: self.params.prices * getattr(self.params, name) for name in _PRICES}
        factors["volume"] = self.params.volume
        return [replace(candle, **{name: getattr(candle, name) * by for name, by in factors.items()})]

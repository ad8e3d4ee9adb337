"""`fault: {BTC/EUR: {freeze: true}}`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from drills.contracts import SeriesFault

if TYPE_CHECKING:
    from collections.abc import Iterable
    from random import Random

    from live.candles import Candle


class FreezeParams(BaseModel):
    """Nothing to choose."""

    model_config = ConfigDict(extra="forbid")


class Freeze(SeriesFault):
    """Candles go on arriving in time, but nothing in them moves any more."""

    name = "freeze"
    Params = FreezeParams

    def __init__(self, params: Any, rng: Random) -> None:
        """Wait for the price to freeze at."""
        super().__init__(params, rng)
        self._price: float | None = None

    def transform(self, candle: Candle) -> Iterable[Candle]:
        """The open of the first candle that the fault sees, four times, and no volume."""
        self._price = candle.open if self._price is None else self._price
        price = self._price
        return [replace(candle, open=price, high=price, low=price, close=price, volume=0.0)]

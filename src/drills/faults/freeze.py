"""`fault: {BTC/EUR: {freeze: true}}`, or `{freeze: {whole: true}}` for a feed that repeats its last bar."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pydantic import Field

from drills.contracts import SeriesFault
from drills.shares import ShareParams

if TYPE_CHECKING:
    from collections.abc import Iterable
    from random import Random

    from live.candles import Candle


class FreezeParams(ShareParams):
    """What stands still."""

    whole: bool = Field(default=False, description="The whole first candle comes again, range and volume too")


class Freeze(SeriesFault):
    """Candles go on arriving in time, but nothing in them moves any more."""

    name = "freeze"
    Params = FreezeParams

    def __init__(self, params: Any, rng: Random) -> None:
        """Wait for the candle to freeze at."""
        super().__init__(params, rng)
        self._first: Candle | None = None

    def transform(self, candle: Candle) -> Iterable[Candle]:
        """The open of the first candle four times and no volume, or that candle as it was."""
        first = self._first = self._first or candle
        if self.params.whole:
            return [replace(first, ts=candle.ts)]
        price = first.open
        return [replace(candle, open=price, high=price, low=price, close=price, volume=0.0)]

"""`fault: {BTC/EUR: {freeze: true}}`; `{freeze: {whole: true}}` for a feed that repeats its last bar.

`{freeze: {field: high}}` for one that goes on reading a single price from the same place.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from pydantic import ConfigDict, Field, model_validator

from drills.contracts import SeriesFault
from drills.shares import ShareParams

if TYPE_CHECKING:
    from collections.abc import Iterable
    from random import Random

    from live.candles import Candle


class FreezeParams(ShareParams):
    """What stands still."""

    model_config = ConfigDict(allow_inf_nan=False)

    whole: bool = Field(default=False, description="The whole first candle comes again, range and volume too")
    field: Literal["open", "high", "low"] | None = Field(
        None, description="This price of the first candle comes again, and all else moves"
    )
    factor: float = Field(1.0, gt=0, description="What that price is multiplied by")

    @model_validator(mode="after")
    def _one_of_them(self) -> FreezeParams:
        if self.whole and self.field is not None:
            raise ValueError("whole and field exclude each other; leave one out")
        if self.field is None and self.factor != 1.0:
            raise ValueError("factor is that of a field; name the field")
        return self


class Freeze(SeriesFault):
    """Candles go on arriving in time, but nothing in them moves any more."""

    name = "freeze"
    Params = FreezeParams

    def __init__(self, params: Any, rng: Random) -> None:
        """Wait for the candle to freeze at."""
        super().__init__(params, rng)
        self._first: Candle | None = None

    def transform(self, candle: Candle) -> Iterable[Candle]:
        """The open of the first candle four times and no volume, or that candle as it was, or its one price.

        High and low are drawn out to that one, as a source would do.
        """
        first = self._first = self._first or candle
        if self.params.field:
            return [self._with_one(first, candle)]
        if self.params.whole:
            return [replace(first, ts=candle.ts)]
        price = first.open
        return [replace(candle, open=price, high=price, low=price, close=price, volume=0.0)]

    def _with_one(self, first: Candle, candle: Candle) -> Candle:
        price = getattr(first, self.params.field) * self.params.factor
        drawn = replace(candle, high=max(candle.high, price), low=min(candle.low, price))
        return drawn if self.params.field != "open" else replace(drawn, open=price)

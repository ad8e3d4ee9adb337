"""`fault: {BTC/EUR: {invert: true}}`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from drills.contracts import SeriesFault
from drills.shares import ShareParams

if TYPE_CHECKING:
    from collections.abc import Iterable

    from live.candles import Candle


class Invert(SeriesFault):
    """High and low stand in each other's column: a feed that was mapped wrongly."""

    name = "invert"
    Params = ShareParams

    def transform(self, candle: Candle) -> Iterable[Candle]:
        """The candle with high and low exchanged."""
        return [replace(candle, high=candle.low, low=candle.high)]

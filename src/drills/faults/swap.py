"""`fault: {BTC/EUR: {swap: true}}`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drills.contracts import SeriesFault
from drills.shares import ShareParams

if TYPE_CHECKING:
    from collections.abc import Iterable
    from random import Random

    from live.candles import Candle


class Swap(SeriesFault):
    """Two candles in a row come in the wrong order; one that is held back when the fault heals is lost."""

    name = "swap"
    Params = ShareParams

    def __init__(self, params: Any, rng: Random) -> None:
        """Hold nothing back."""
        super().__init__(params, rng)
        self._held: Candle | None = None

    def transform(self, candle: Candle) -> Iterable[Candle]:
        """Nothing, and with the next candle both, the later one first."""
        held, self._held = self._held, candle if self._held is None else None
        return [] if held is None else [candle, held]

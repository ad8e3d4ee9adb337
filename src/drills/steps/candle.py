"""`candle: {symbol: BTC/EUR, close: .nan}`."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from drills.contracts import Step
from drills.given import CandleSpec

if TYPE_CHECKING:
    from drills.world import World


class OneCandle(Step):
    """Let one candle arrive that no series holds."""

    name = "candle"
    Params = CandleSpec

    def apply(self, world: World, params: CandleSpec) -> None:
        """Show it to the guards."""
        world.candle_arrives(params.build(world.clock.now() - timedelta(seconds=params.timeframe_s)))

    def summary(self, params: CandleSpec) -> str:
        """The symbol and the close."""
        return f"{params.symbol} close {params.close}"

"""`price: {symbol: BTC/EUR, last: 30000, bid: 29990, ask: 30010, previous_close: 29000}`."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - pydantic reads the type when the class is made
from typing import TYPE_CHECKING, Any

from drills.contracts import Step
from drills.given import Given

if TYPE_CHECKING:
    from drills.world import World


class PriceSpec(Given):
    """A price as it comes in, of this instant unless `at` says otherwise; its numbers are not checked."""

    symbol: str
    last: Any
    at: datetime | None = None
    bid: Any = None
    ask: Any = None
    previous_close: Any = None


class Price(Step):
    """Let a price come in: order checks from now on know it."""

    name = "price"
    Params = PriceSpec

    def apply(self, world: World, params: PriceSpec) -> None:
        """Hand it to the limits."""
        said = params.said()
        world.monitor.limits.price_updated(said.pop("symbol"), said.pop("last"), **said)

    def summary(self, params: PriceSpec) -> str:
        """Which price."""
        return f"{params.symbol} {params.last}"

"""`fx: {USD: 0.92}`: what one unit of a currency is worth in the base currency."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drills.contracts import Step

if TYPE_CHECKING:
    from drills.world import World


class Fx(Step):
    """Let rates of exchange come in."""

    name = "fx"
    Params = dict[str, Any]

    def apply(self, world: World, params: dict[str, Any]) -> None:
        """Hand them to the limits."""
        for currency, rate in params.items():
            world.monitor.limits.fx_updated(currency, rate)

    def summary(self, params: dict[str, Any]) -> str:
        """Which rates."""
        return ", ".join(f"{currency} {rate}" for currency, rate in params.items())

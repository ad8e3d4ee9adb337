"""`reconfigure: {live_risk: {max_order_notional: 5000}, confirmed: true}`: other limits from now on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field

from drills.contracts import Step

if TYPE_CHECKING:
    from drills.world import World


class NewLimits(BaseModel):
    """Keys of `[live_risk]` that are laid over those of the drill; a limit that is null is switched off."""

    model_config = ConfigDict(extra="forbid")

    live_risk: dict[str, Any]
    confirmed: bool = Field(default=False, description="Somebody has looked at the numbers and means them")


class Reconfigure(Step):
    """Hand the limits a new configuration."""

    name = "reconfigure"
    Params = NewLimits

    def apply(self, world: World, params: NewLimits) -> None:
        """Lay the keys over the limits in force."""
        limits = world.monitor.limits
        config = limits.config.but(**params.live_risk)
        limits.reconfigure(config, confirmed=params.confirmed)

    def summary(self, params: NewLimits) -> str:
        """Which keys."""
        return ", ".join(f"{key} {value}" for key, value in params.live_risk.items())

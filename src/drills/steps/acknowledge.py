"""`acknowledge: 1`: somebody takes an alert on, by its number among those raised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from drills.contracts import Step

if TYPE_CHECKING:
    from drills.world import World


class Acknowledge(Step):
    """Take an alert on, as `live-ops alerts acknowledge` does; the drill needs `live_alerts.dispatch`."""

    name = "acknowledge"
    Params = Annotated[int, Field(ge=1, strict=True)]

    def apply(self, world: World, params: int) -> None:
        """It does not escalate any more."""
        world.needed_dispatcher.acknowledge(world.key_of(params))

    def summary(self, params: int) -> str:
        """Which."""
        return f"alert {params}"

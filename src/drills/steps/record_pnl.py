"""`record_pnl: -250`: a closed result in the base currency."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drills.contracts import Step

if TYPE_CHECKING:
    from drills.world import World


class RecordPnl(Step):
    """Let a trade be closed with a result; whatever stands there is handed on as it is."""

    name = "record_pnl"
    Params = Any

    def apply(self, world: World, params: Any) -> None:
        """Hand it to the limits, as of this instant."""
        world.monitor.limits.record_pnl(params, at=world.clock.now())

    def summary(self, params: Any) -> str:
        """How much."""
        return str(params)

"""`outbox: unwritable`: from now on the outbox of the alert delivery cannot be written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drills.contracts import Step
from drills.drilled_outbox import OutboxMood

if TYPE_CHECKING:
    from drills.world import World


class BreakOutbox(Step):
    """Fill the disk, as it were; the drill needs `live_alerts.dispatch`."""

    name = "outbox"
    Params = OutboxMood

    def apply(self, world: World, params: OutboxMood) -> None:
        """From now on."""
        world.needed_outbox.mood = params

    def summary(self, params: OutboxMood) -> str:
        """What it is."""
        return params

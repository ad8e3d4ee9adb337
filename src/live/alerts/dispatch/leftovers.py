"""What a process that is gone has left in the outbox, and no other process knows of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.alerts.dispatch.instants import later
from live.alerts.dispatch.lane import LEASE_S

if TYPE_CHECKING:
    from live.alerts.dispatch.recorder import Recorder
    from live.alerts.dispatch.stages.grouping import Groups

EVERY_S = 5.0
"""So often it is looked for: as far as anybody knows, the other process lives on."""


class Leftovers:
    """Looks for them now and then, and lets them go the way of our own alerts."""

    def __init__(self, recorder: Recorder, groups: Groups) -> None:
        self._recorder, self._groups = recorder, groups
        self._next = 0.0

    def look(self, now: float) -> None:
        """Take over what nobody else will.

        Raises:
            OutboxError: the outbox cannot be read.
        """
        if now < self._next:
            return
        self._next = later(now, EVERY_S)
        # whoever lives lets go of a group sooner
        self._groups.adopt(self._recorder.outbox.held_groups(now, self._groups.longest_s + LEASE_S))

"""The outbox of the alert delivery in a drill: in memory, and it fails on command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from live.alerts.dispatch.database import OutboxError
from live.alerts.dispatch.outbox import Outbox

if TYPE_CHECKING:
    from collections.abc import Sequence

    from live.alerts.dispatch.rows import Entry, Row

OutboxMood = Literal["sound", "unwritable"]


class DrilledOutbox(Outbox):
    """An outbox in memory.

    Attributes:
        mood: Whether it works.
    """

    mood: OutboxMood = "sound"

    def add(self, entries: Sequence[Entry], now: float) -> list[Row]:
        """Record alerts.

        Raises:
            OutboxError: the drill wants it so.
        """
        if self.mood == "unwritable":
            raise OutboxError("the drill has filled the disk")
        return super().add(entries, now)

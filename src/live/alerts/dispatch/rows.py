"""What stands in the outbox: an alert on its way to one destination."""

from __future__ import annotations

from typing import NamedTuple

ACKNOWLEDGED = "acknowledged"
"""Why an escalation is needless."""


class Entry(NamedTuple):
    """An alert on its way to one destination, to be recorded.

    Attributes:
        key: Idempotency key of the alert, the same for all destinations and attempts.
        destination: Where it goes.
        urgent: Whether it goes before all that is not.
        event: The alert, as `record.py` writes it.
        due: Not before this instant, in seconds since 1970.
        held_for: The group that it waits for; empty when it does not.
        unless: What makes it needless: `delivered` elsewhere, or `acknowledged`; empty for what goes anyway.
        fallback: Whether it goes there only because it did not arrive elsewhere.
    """

    key: str
    destination: str
    urgent: bool
    event: str
    due: float
    held_for: str = ""
    unless: str = ""
    fallback: bool = False

    def values(self, now: float) -> tuple[object, ...]:
        """The columns of the row that is written."""
        state = "held" if self.held_for else "pending"
        return (
            self.key,
            self.destination,
            int(self.urgent),
            self.event,
            state,
            now,
            self.due,
            self.held_for,
            self.unless,
            int(self.fallback),
        )


class Row(NamedTuple):
    """An alert on its way to one destination, as it was recorded.

    Attributes:
        seq: Its number; older ones are smaller.
        first_at: When it was recorded, in seconds since 1970.
        attempts: How often it was tried.
        reason: Why it did not arrive the last time; empty before the first.
    """

    seq: int
    key: str
    destination: str
    urgent: int
    event: str
    first_at: float
    attempts: int
    reason: str
    unless: str
    fallback: int

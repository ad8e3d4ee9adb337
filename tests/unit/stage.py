"""What a monitor stands on in a test: a clock that the test moves, and a sink that it reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from live.events import AlertEvent

START = datetime(2026, 1, 27, tzinfo=UTC)


@dataclass
class Stage:
    """A clock and a sink."""

    present: datetime = START
    sent: list[AlertEvent] = field(default_factory=list)

    def now(self) -> datetime:
        """As a clock: the instant that the test has come to."""
        return self.present

    def monotonic(self) -> float:
        """As a clock: seconds since the start."""
        return (self.present - START).total_seconds()

    def send(self, event: AlertEvent) -> None:
        """As a sink: remember."""
        self.sent.append(event)

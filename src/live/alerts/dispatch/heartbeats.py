"""Signs of life, for whoever listens outside and notices when they stop."""

from __future__ import annotations

from live.alerts.dispatch.instants import later


class Heartbeats:
    """When the next one is due.

    Attributes:
        destinations: Where they go; none where no heartbeat sink is configured.
    """

    def __init__(self, destinations: list[str], every_s: float) -> None:
        self.destinations = destinations
        self._every_s = every_s
        self._next = 0.0

    def due(self) -> float | None:
        """The next instant; None when there is nowhere to send one."""
        return self._next if self.destinations else None

    def beats(self, now: float) -> bool:
        """Whether one is due now; if so, the next is a period away."""
        if not self.destinations or now < self._next:
            return False
        self._next = later(now, self._every_s)
        return True

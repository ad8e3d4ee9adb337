"""What is to be said about destinations: one fails for too long, works again, or refuses; each once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.alerts.dispatch import own_alerts
from live.alerts.dispatch.instants import later
from live.alerts.dispatch.policy import DeadLetter, Delivered

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from live.alerts.dispatch.lane import Ended, Lane
    from live.events import AlertEvent


class Outages:
    """Remembers of which destinations it was told that they fail or refuse."""

    def __init__(self, after_s: float) -> None:
        """Say that a destination fails when it has failed for so many seconds."""
        self._after_s = after_s
        self._silent: set[str] = set()
        self._refusing: set[str] = set()

    @property
    def failing(self) -> set[str]:
        """Destinations of which it was told that they take no alert, or refuse them."""
        return self._silent | self._refusing

    def due(self, lanes: Iterable[Lane]) -> float | None:
        """When the next outage is told; None when nothing fails that was not told."""
        failing = [lane.failing_since for lane in lanes if lane.name not in self.failing]
        return min((later(since, self._after_s) for since in failing if since is not None), default=None)

    def found(self, lane: Lane, waiting: int, now: float, at: datetime) -> AlertEvent | None:
        """That a destination has failed for too long, once an outage; None when there is nothing to say."""
        since = lane.failing_since
        if since is None or now < later(since, self._after_s) or lane.name in self.failing:
            return None
        self._silent.add(lane.name)
        return own_alerts.failed(lane.name, lane.reason, waiting, now - since, at)

    def after(self, lane: Lane, ended: Ended, waiting: int, at: datetime) -> AlertEvent | None:
        """What an attempt gives rise to: the outage is over, the destination refuses; None for nothing."""
        decision = ended.decision
        if isinstance(decision, Delivered):
            self._refusing.discard(lane.name)
            if lane.name in self._silent:
                self._silent.discard(lane.name)
                return own_alerts.recovered(lane.name, waiting, ended.recovered_s or 0.0, at)
            return None
        refuses = isinstance(decision, DeadLetter) and decision.permanent and not ended.row.fallback
        if refuses and lane.name not in self._refusing:
            self._refusing.add(lane.name)
            return own_alerts.refuses(lane.name, decision.reason, at)
        return None

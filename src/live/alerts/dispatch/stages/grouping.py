"""Groups: of many alerts of one source and code, the first goes at once and the rest as one, worst first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from live.alerts.dispatch.identity import Identity
from live.alerts.dispatch.instants import later
from live.alerts.dispatch.stage import Passing, Stage, Stopped, facts_of
from live.alerts.serialise import clean_text
from live.events import AlertLevel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from live.events import AlertEvent

SHOWN = 20


@dataclass(slots=True)
class Group:
    """Alerts of one source and code, while they come.

    Attributes:
        level: The worst level that was told.
        until: When what is held is told, and the group ends if nothing is.
        held: How many are held.
    """

    level: AlertLevel
    until: float
    held: int = 0


class Groups(Stage):
    """What is held is recorded in the outbox, so that the death of the process does not lose it."""

    def __init__(
        self,
        wait_s: float,
        every_s: float,
        held: Callable[[str], Sequence[AlertEvent]],
        keys: Callable[[], str],
        wall: Callable[[], datetime],
    ) -> None:
        """Know how long to wait.

        Args:
            wait_s: How long what follows the first is held.
            every_s: How long what follows these is.
            held: Takes out of the outbox what is held for a group, where it is more than one alert.
            keys: Makes the keys of the alerts that stand for several.
            wall: The clock that they show.
        """
        self._wait_s, self._every_s = wait_s, every_s
        self._held = held
        self._keys, self._wall = keys, wall
        self._groups: dict[str, Group] = {}

    @property
    def longest_s(self) -> float:
        """How long an alert is held at most, in seconds."""
        return max(self._wait_s, self._every_s)

    def adopt(self, names: Sequence[str]) -> None:
        """Know the groups that another process held something for: it is told at once."""
        for name in names:
            group = self._groups.setdefault(name, Group(AlertLevel.INFO, 0.0))
            group.held, group.until = group.held + 1, 0.0

    def judge(self, passing: Passing, now: float) -> Passing | Stopped:
        """Hold what follows; what is worse than all that was told goes at once, and so does the end."""
        if not self._wait_s or facts_of(passing.event).get("status") == "resolved":
            return passing
        name = clean_text(f"{passing.identity.source} {passing.identity.code}")  # the outbox takes UTF-8
        group = self._groups.get(name)
        if group is None:
            self._groups[name] = Group(passing.event.level, later(now, self._wait_s))
            return passing
        if passing.event.level > group.level:
            group.level = passing.event.level
            return passing
        group.held += 1
        return passing._replace(group=name)

    def due(self) -> float | None:
        """When the first group is told, or ends."""
        return min((group.until for group in self._groups.values()), default=None)

    def release(self, now: float) -> Iterator[Passing]:
        """One alert for all that is held for a group."""
        for name, group in [*self._groups.items()]:
            if group.until > now:
                continue
            events = self._held(name) if group.held else []
            if not events:
                del self._groups[name]
                continue
            group.held, group.until = 0, later(now, self._every_s)
            yield Passing.of(self._together(events))

    def let_go(self, now: float) -> Iterator[Passing]:
        """One alert for all that is held for a group, whether its time has come or not."""
        for group in self._groups.values():
            group.until = min(group.until, now)
        return self.release(now)

    def _together(self, events: Sequence[AlertEvent]) -> AlertEvent:
        worst = sorted(events, key=lambda event: -event.level)  # stable: the oldest of the worst first
        subjects = [Identity.of(event).subject for event in worst]
        more = len(events) - SHOWN
        return replace(
            worst[0],
            ts=self._wall(),
            key=self._keys(),
            message=f"{len(events)} alerts, the worst: {worst[0].message}",
            context={
                **worst[0].context,
                "grouped": len(events),
                "subjects": subjects[:SHOWN] + ([f"{more} more"] if more > 0 else []),
                "coalesced": [event.key for event in worst[:SHOWN]],
            },
        )

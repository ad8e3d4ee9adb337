"""What works, what does not, and the sum: emitted = delivered + pending + coalesced + suppressed + dead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from live.alerts.dispatch.database import OutboxError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from live.alerts.dispatch.inbox import Inbox
    from live.alerts.dispatch.lane import Lane
    from live.alerts.dispatch.leftovers import Leftovers
    from live.alerts.dispatch.outbox import Outbox

STATES = ("delivered", "pending", "coalesced", "suppressed", "dead")


def sum_of(name: str, counts: Mapping[str, int]) -> str:
    """The conservation law of a destination in words."""
    parts = " + ".join(f"{counts.get(state, 0)} {state}" for state in STATES)
    return f"{name}: {sum(counts.values())} emitted = {parts}"


@dataclass(frozen=True, slots=True)
class DestinationHealth:
    """One destination.

    Attributes:
        name: What it is called.
        circuit: `closed` while it works, `open` while it fails, `unserved` where it is configured no more.
        failures: Attempts in a row that have failed.
        failing_since: When the first of them was, in seconds since 1970; None when it works.
        counts: How many alerts are in each of the states, since the outbox began.
    """

    name: str
    circuit: str
    failures: int
    failing_since: float | None
    counts: Mapping[str, int]

    @property
    def emitted(self) -> int:
        """How many alerts were for it."""
        return sum(self.counts.values())

    def __str__(self) -> str:
        return sum_of(self.name, self.counts)


@dataclass(frozen=True, slots=True)
class DispatchHealth:
    """The delivery as a whole.

    Attributes:
        destinations: One entry each.
        outbox_failure: Why alerts are kept in memory only; empty when they are not, or are meant to be.
        unread: Inboxes that hold what nobody records for the present, and why.
    """

    destinations: tuple[DestinationHealth, ...]
    outbox_failure: str = ""
    unread: tuple[str, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether every destination works, nothing has died, and the outbox holds what it is given."""
        dead = any(one.counts.get("dead") for one in self.destinations)
        works = all(one.circuit == "closed" for one in self.destinations)
        return works and not (dead or self.outbox_failure or self.unread)

    @classmethod
    def of(
        cls,
        outbox: Outbox,
        lanes: Mapping[str, Lane],
        inbox: Inbox,
        leftovers: Leftovers,
        failure: str,
    ) -> DispatchHealth:
        """What is known at this moment; `failure` is that of the outbox."""
        try:
            sums = outbox.sums()
        except OutboxError as error:
            sums, failure = {}, failure or str(error)
        found = [
            DestinationHealth(name, lane.circuit, lane.failures, lane.failing_since, dict(sums.get(name, {})))
            for name, lane in lanes.items()
        ]
        for name in sums:
            if name not in lanes:
                waits = name in leftovers.unserved and sums[name]["pending"] > 0
                circuit = "unserved" if waits else "closed"
                found.append(DestinationHealth(name, circuit, 0, None, dict(sums[name])))
        return cls(tuple(found), failure, (*leftovers.unread, *inbox.unread))
